"""Going on longer, on fewer days, and ending by the program, on real PostgreSQL."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.admission.models import Episode
from hearth.admission.testing import make_episode
from hearth.aftercare import deciding, services
from hearth.aftercare import ending as endings
from hearth.aftercare.models import Decision, EndingReview, FollowUpWish
from hearth.aftercare.queries import endings_to_look_at, readiness, weeks_to_plan
from hearth.aftercare.stepping import weeks_to_step_down
from hearth.aftercare.tests.test_services import WORDS, plan_next
from hearth.inquiry.models import Inquiry
from hearth.outbox.models import Message
from hearth.plan.queries import current_plan
from hearth.plan.services import UnusablePlan, draft_plan
from hearth.program import pack
from hearth.safety.models import Concern
from hearth.safety.services import raise_concern
from hearth.sessions import services as sessions
from hearth.sessions.models import Attendance
from hearth.sessions.testing import make_section, make_session

MONDAY = date(2026, 12, 7)


@pytest.fixture
def episode(maya, dana, now):
    episode = make_episode(maya, by=dana, at=now)
    draft_plan(episode=episode, weeks=14, by=dana, at=now)
    return episode


def ask(episode, *, by, at, grounds=("harassment", "use")):
    return endings.ask_to_end(episode=episode, grounds=grounds, reasons="Said it three times.", by=by, at=at)


def end(episode, *, by, at, reason="administrative", how=""):
    return services.discharge(episode=episode, reason=reason, words=WORDS, despite="", how=how, by=by, at=at)


def test_an_open_concern_is_said_with_its_figure_and_comes_before_everything(episode, maya, dana, now):
    raise_concern(
        patient=maya, source_kind="staff", source_id=None, severity="watch", summary="Sounded low.", by=dana, at=now
    )
    ready = readiness(episode=episode, today=now.date(), at=now, language="en")
    safety = next(one for _words, one in ready.met if one.id == "safety")
    assert (str(safety.state), safety.figures) == ("not_met", "1")
    assert ready.proposal == "safety_first"


def test_fewer_days_change_the_dose_from_that_week_on_and_wait_for_a_new_week(episode, maya, dana, ines, now):
    usual = pack.get("adult-evening").dose.as_board()
    row = deciding.fewer_days(episode=episode, days=1, from_on=MONDAY, why="Steady for weeks.", by=dana, at=now)
    plan = current_plan(episode)
    assert plan
    assert plan.signed_by == dana
    assert plan.dose_on(MONDAY)["days"] == 1
    assert plan.dose_on(now.date()) == usual
    assert (row.days, row.from_on) == (1, MONDAY)
    assert [(one.days, one.from_on, one.proposal) for one in weeks_to_step_down(viewer=ines, at=now)] == [
        (1, MONDAY, None)
    ]
    assert weeks_to_step_down(viewer=dana, at=now) == []
    with pytest.raises(UnusablePlan, match="not_fewer_days"):
        deciding.fewer_days(episode=episode, days=1, from_on=MONDAY, why="Again.", by=dana, at=now)


def test_a_later_end_keeps_the_dose_and_stays_within_the_program(episode, dana, now):
    ends_on = episode.planned_end_on
    deciding.extend(episode=episode, until=ends_on + timedelta(days=7), why="Housing fell through.", by=dana, at=now)
    assert Episode.objects.get().planned_end_on == ends_on + timedelta(days=7)
    with pytest.raises(UnusablePlan, match="too_long"):
        deciding.extend(episode=episode, until=ends_on + timedelta(weeks=30), why="More.", by=dana, at=now)
    assert Decision.objects.get().kind == "extended"


@pytest.fixture
def evenings(episode, maya, theo, dana, now):
    """Theo's evening group, in which Maya has a place, with its sessions until her stay ends."""
    section = make_section(theo, maya, since=now.date())
    sessions.make_sessions(section=section, until=episode.planned_end_on, by=dana, at=now)
    return section


def last_day():
    return max(Attendance.objects.values_list("session__starts_at__date", flat=True))


def test_a_longer_stay_has_its_usual_sessions_in_the_weeks_that_came(episode, evenings, dana, ines, now):
    ends_on = episode.planned_end_on
    assert ends_on - timedelta(days=7) <= last_day() < ends_on
    deciding.extend(episode=episode, until=ends_on + timedelta(days=7), why="Housing fell through.", by=dana, at=now)
    assert ends_on <= last_day() < ends_on + timedelta(days=7)
    assert weeks_to_plan(viewer=ines, at=now) == []


def test_a_longer_stay_whose_sessions_cannot_be_held_is_decided_and_waits_for_a_week(
    as_user, episode, evenings, theo, jonah, dana, ines, now
):
    ends_on = episode.planned_end_on
    others = make_section(theo, jonah, since=ends_on, name="Music")  # at the same time, from then on
    make_episode(jonah, by=dana, at=now, planned_end_on=ends_on + timedelta(days=7))
    sessions.make_sessions(section=others, until=ends_on + timedelta(days=7), by=dana, at=now)
    row = deciding.extend(
        episode=episode, until=ends_on + timedelta(days=7), why="Housing fell through.", by=dana, at=now
    )
    assert Episode.objects.get(pk=episode.pk).planned_end_on == ends_on + timedelta(days=7)
    assert weeks_to_plan(viewer=ines, at=now) == [row]
    assert weeks_to_plan(viewer=ines, at=now + timedelta(weeks=12)) == []  # nothing is left to plan
    assert b"without sessions in the last week" in as_user(ines).get(reverse("web:today")).content
    make_session(dana, episode.patient, starts_at=now + (ends_on - now.date()))
    assert weeks_to_plan(viewer=ines, at=now) == []


def test_only_a_clinician_of_theirs_decides(episode, theo, ines, now):
    for user in (theo, ines):
        with pytest.raises(PermissionDenied):
            deciding.fewer_days(episode=episode, days=1, from_on=MONDAY, why="No.", by=user, at=now)


def test_whoever_leaves_early_was_reached_out_to_and_hears_a_kind_word(episode, dana, now):
    plan_next(episode, by=dana, at=now)
    with pytest.raises(services.NotReady, match="no_outreach"):
        end(episode, by=dana, at=now, reason="left")
    end(episode, by=dana, at=now, reason="left", how="Called twice; she wants a break and knows the door is open.")
    message = Message.objects.get(key__startswith="door-open/")
    assert "The door is open" in message.body
    assert Decision.objects.get().kind == "left"


@pytest.mark.parametrize(
    ("wish", "to"),
    [
        (None, ["maya.reyes@students.example"]),
        ({"wants": False, "way": "", "address": ""}, []),
        ({"wants": True, "way": "call", "address": "+13035550199"}, []),
        ({"wants": True, "way": "text", "address": "+13035550199"}, ["+13035550199"]),
        ({"wants": True, "way": "mail", "address": "safe@elsewhere.example"}, ["safe@elsewhere.example"]),
    ],
)
def test_the_kind_word_goes_the_way_they_named_as_safe(episode, maya, dana, now, wish, to):
    plan_next(episode, by=dana, at=now)
    FollowUpWish.objects.all().delete()
    if wish:
        services.say_follow_up_wish(patient=maya, by=dana, at=now, **wish)
    end(episode, by=dana, at=now, reason="left", how="Called twice.")
    assert [one.to for one in Message.objects.filter(key__startswith="door-open/")] == to


def test_a_transfer_says_what_was_handed_over_to_whom(episode, dana, now):
    plan_next(episode, by=dana, at=now)
    with pytest.raises(services.NotReady, match="no_hand_over"):
        end(episode, by=dana, at=now, reason="transferred")


@pytest.mark.parametrize("grounds", [["symptoms"], ["use"], ["debt"], ["symptoms", "use", "debt"], []])
def test_symptoms_use_or_debt_alone_end_nobodys_care(episode, dana, now, grounds):
    with pytest.raises(endings.NeverAlone):
        ask(episode, by=dana, at=now, grounds=grounds)
    assert not EndingReview.objects.exists()


def test_an_ending_is_reviewed_by_somebody_uninvolved_and_waits_for_an_appeal(episode, maya, dana, ruth, walt, now):
    plan_next(episode, by=dana, at=now)
    with pytest.raises(services.NotReady, match="not_reviewed"):
        end(episode, by=dana, at=now)
    review = ask(episode, by=dana, at=now)
    with pytest.raises(PermissionDenied):
        endings.review_ending(review=review, agrees=True, words="Fine.", by=dana, at=now)
    assert endings_to_look_at(viewer=ruth) == [review]
    endings.review_ending(review=review, agrees=True, words="I spoke with both.", by=ruth, at=now)
    assert endings_to_look_at(viewer=ruth) == []
    with pytest.raises(services.NotReady, match="appeal_days"):
        end(episode, by=dana, at=now)
    endings.appeal(episode=episode, words="It was not me.", by=maya.user, at=now)
    with pytest.raises(PermissionDenied):
        endings.answer_appeal(review=review, upheld=False, words="No.", by=ruth, at=now)
    endings.answer_appeal(review=review, upheld=True, words="You are right.", by=walt, at=now)
    with pytest.raises(services.NotReady, match="appeal_upheld"):
        end(episode, by=dana, at=now + timedelta(days=30))
    ask(episode, by=dana, at=now)  # something else may be asked for later


def test_where_nobody_appeals_the_end_is_signed_after_seven_days(episode, dana, ruth, now):
    plan_next(episode, by=dana, at=now)
    endings.review_ending(review=ask(episode, by=dana, at=now), agrees=True, words="Yes.", by=ruth, at=now)
    end(episode, by=dana, at=now + timedelta(days=7))
    assert Episode.objects.get().end_reason == "administrative"


def test_what_was_agreed_holds_for_thirty_days_and_may_then_be_asked_for_anew(as_user, episode, maya, dana, ruth, now):
    plan_next(episode, by=dana, at=now)
    long_ago = now - timedelta(days=30)
    first = ask(episode, by=dana, at=long_ago)
    endings.review_ending(review=first, agrees=True, words="Yes.", by=ruth, at=long_ago)
    with pytest.raises(services.NotReady, match="review_lapsed"):
        end(episode, by=dana, at=now)
    student = as_user(maya.user)
    for page in ("aftercare:mine", "aftercare:appeal"):
        assert b"it holds no longer: your stay goes on" in student.get(reverse(page)).content
    with pytest.raises(endings.NotNow):
        endings.appeal(episode=episode, words="It was not me.", by=maya.user, at=now)
    counselor, page = as_user(dana), reverse("aftercare:ending", args=[maya.pk])
    assert b"Ask for a review" in counselor.get(page).content
    assert counselor.post(page, {"grounds": ["privacy"], "reasons": "Posted a photo."}).status_code == 302
    assert b"It waits for somebody" in counselor.get(page).content
    with pytest.raises(services.NotReady, match="not_reviewed"):
        end(episode, by=dana, at=now)


@pytest.fixture
def appealed_after_the_end(episode, maya, dana, ruth, now):
    plan_next(episode, by=dana, at=now)
    review = ask(episode, by=dana, at=now, grounds=["violence"])
    endings.review_ending(review=review, agrees=True, words="Yes.", by=ruth, at=now)
    end(episode, by=dana, at=now)
    return endings.appeal(episode=episode, words="I was not there.", by=maya.user, at=now)


def test_words_of_danger_in_an_appeal_are_a_concern_at_once_and_help_is_shown(as_user, episode, maya, dana, ruth, now):
    endings.review_ending(review=ask(episode, by=dana, at=now), agrees=True, words="Yes.", by=ruth, at=now)
    student, page = as_user(maya.user), reverse("aftercare:appeal")
    assert b"You do not have to carry this alone" not in student.get(page).content
    student.post(page, {"words": "If this ends I am going to kill myself tonight."})
    assert b"You do not have to carry this alone" in student.get(page).content
    concern = Concern.objects.get()
    assert (concern.patient, concern.severity, concern.source_kind) == (maya, "emergency", "aftercare.appeal")


def test_an_appeal_without_such_words_worries_nobody(appealed_after_the_end):
    assert not Concern.objects.exists()


def test_an_appeal_upheld_after_the_end_makes_the_way_back_and_says_so(
    as_user, appealed_after_the_end, maya, dana, walt, now
):
    endings.answer_appeal(review=appealed_after_the_end, upheld=True, words="You are right.", by=walt, at=now)
    assert Inquiry.objects.waiting().get().patient == maya
    student = as_user(maya.user)
    assert b"Your appeal was right." in student.get(reverse("aftercare:mine")).content
    page = student.get(reverse("aftercare:appeal")).content
    assert b"Somebody calls or writes to you about coming back." in page
    assert b"the stay goes on" not in page
    assert b"waits on the intake board" in as_user(dana).get(reverse("aftercare:ending", args=[maya.pk])).content


def test_whoever_answers_after_the_end_is_not_asked_whether_the_stay_goes_on(
    as_user, appealed_after_the_end, maya, walt
):
    page = as_user(walt).get(reverse("aftercare:ending", args=[maya.pk])).content
    assert b"they may come back" in page
    assert b"the stay goes on" not in page


def test_an_answer_that_cannot_open_the_way_back_is_not_kept(as_user, appealed_after_the_end, maya, walt):
    FollowUpWish.objects.all().delete()
    maya.email = maya.phone = ""
    maya.save()
    maya.user.email = maya.user.phone = None
    maya.user.save()
    page = as_user(walt).post(reverse("aftercare:ending", args=[maya.pk]), {"says": "yes", "words": "Right."})
    assert b"we know no phone or e-mail of theirs" in page.content
    appealed_after_the_end.refresh_from_db()
    assert appealed_after_the_end.answered_at is None


def test_an_appeal_not_upheld_after_the_end_opens_nothing(appealed_after_the_end, walt, now):
    endings.answer_appeal(review=appealed_after_the_end, upheld=False, words="It stands.", by=walt, at=now)
    assert not Inquiry.objects.exists()


def test_a_stay_that_ended_otherwise_waits_for_no_review(as_user, episode, maya, dana, ruth, now):
    plan_next(episode, by=dana, at=now)
    review = ask(episode, by=dana, at=now)
    end(episode, by=dana, at=now, reason="left", how="Called twice.")
    assert endings_to_look_at(viewer=ruth) == []
    with pytest.raises(endings.NotNow):
        endings.review_ending(review=review, agrees=True, words="Yes.", by=ruth, at=now)
    page = as_user(ruth).get(reverse("aftercare:ending", args=[maya.pk]))
    assert (page.context["form"], b"It waits for somebody" in page.content) == (None, False)


def test_the_pages_lead_through_it(as_user, episode, maya, dana, theo, ruth, now):
    counselor = as_user(dana)
    page = reverse("aftercare:ending", args=[maya.pk])
    refused = counselor.post(page, {"grounds": ["debt"], "reasons": "Owes for March."})
    assert refused.status_code == 422
    assert counselor.post(page, {"grounds": ["privacy"], "reasons": "Posted a photo."}).status_code == 302
    assert b"It waits for somebody" in counselor.get(page).content
    fewer = {"form": "fewer", "days": "1", "from_on": "2027-01-04", "why": "Steady."}
    assert counselor.post(reverse("aftercare:go-on", args=[maya.pk]), fewer).status_code == 302
    assert b"Fewer days a week" in counselor.get(reverse("aftercare:of-patient", args=[maya.pk])).content
    assert as_user(theo).get(page).status_code == 403
    supervisor = as_user(ruth)
    assert b"to review" in supervisor.get(reverse("web:today")).content
    assert supervisor.post(page, {"says": "yes", "words": "Seen."}).status_code == 302
    student = as_user(maya.user)
    assert b"About the end of your stay" in student.get(reverse("aftercare:mine")).content
    assert student.post(reverse("aftercare:appeal"), {"words": "It was my own photo."}).status_code == 302
    assert b"Your appeal is being read." in student.get(reverse("aftercare:appeal")).content
    assert as_user(ruth).get(page).context["form"] is None  # she reviewed it: a third person answers
    other = make_user("Omar Haddad", Role.DIRECTOR, organisation=dana.organisation)
    assert as_user(other).get(page).context["form"] is not None
