"""What students tell staff alone: who hears it, what is a concern, and what is written down of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.audit.models import Event
from hearth.people.models import Modality
from hearth.safety.models import Concern
from hearth.safety.rules import ANSWER_WITHIN
from hearth.sessions import services
from hearth.sessions.models import Attendance, GroupNote, QuietWord, Session
from hearth.sessions.rules.quiet import SEVERITY, severity_of
from hearth.sessions.testing import make_session

Why = QuietWord.Why
RISKS = ["driving", "intoxicated", "unsafe", "signal"]


@pytest.fixture
def evening(dana, maya, jonah, now, time_machine):
    time_machine.move_to(now, tick=False)
    return make_session(dana, maya, jonah, starts_at=now - timedelta(minutes=10), modality=Modality.VIRTUAL)


@pytest.fixture
def says(evening, maya, now):
    def say(why="word", patient=maya):
        row = evening.roster.get(patient=patient)
        return services.say_quietly(attendance=row, why=why, by=patient.user, at=now)

    return say


def url(name, session):
    return reverse(f"sessions:{name}", args=[session.pk])


def test_every_reason_is_a_concern_of_a_known_severity_or_none():
    assert set(SEVERITY) == set(RISKS)
    assert all(severity_of(why) in ANSWER_WITHIN for why in RISKS)
    assert severity_of("word") is severity_of("not_alone") is None


@pytest.mark.parametrize("why", Why.values)
def test_a_risk_is_a_concern_at_once_and_a_word_is_none(says, why):
    word = says(why)
    assert [each.severity for each in Concern.objects.all()] == [SEVERITY[each] for each in RISKS if each == why]
    assert (word.concern is not None) == (why in RISKS)
    assert Event.objects.get(verb="sessions.quiet_word").detail == {"why": why}


def test_the_same_again_changes_nothing_until_it_is_settled(says, dana, now):
    first = says("signal")
    assert says("signal") == first
    services.settle_word(word=first.pk, by=dana, at=now)
    assert says("signal") != first
    assert Concern.objects.count() == 2


def test_nobody_speaks_for_another(evening, maya, jonah, now):
    with pytest.raises(PermissionDenied):
        services.say_quietly(attendance=evening.roster.get(patient=maya), why="word", by=jonah.user, at=now)


def test_staff_of_the_session_see_it_at_once_and_others_do_not(says, evening, as_user, dana, theo, ruth, maya, jonah):
    says("unsafe")
    for reader in (dana, ruth):
        assert "does not feel safe where they are" in as_user(reader).get(url("quiet", evening)).text
        assert "does not feel safe where they are" in as_user(reader).get("/today/").text
    for page in ("room", "video"):
        assert "does not feel safe where they are" in as_user(dana).get(url(page, evening)).text
    browser = as_user(theo)
    assert browser.get(url("quiet", evening)).status_code == 403
    assert "does not feel safe" not in browser.get("/today/").text
    assert "does not feel safe" not in browser.get(reverse("sessions:quiet-waiting")).text
    browser = as_user(jonah.user)
    assert browser.get(url("quiet", evening)).status_code == 403
    for page in ("mine", "before"):
        assert "Maya" not in browser.get(url(page, evening)).text


def test_each_reading_is_written_down(says, evening, as_user, dana, maya):
    says()
    as_user(dana).get(url("quiet", evening))
    assert Event.objects.filter(verb="quiet_word.read", patient_id=maya.pk, actor_id=dana.pk).count() == 1


def test_what_is_settled_is_read_by_nobody_any_more(says, evening, as_user, dana, now):
    services.settle_word(word=says().pk, by=dana, at=now)
    browser = as_user(dana)
    for page in (url("quiet", evening), url("room", evening), url("video", evening), "/today/"):
        assert "would like a word" not in browser.get(page).text
    assert not Event.objects.filter(verb="quiet_word.read").exists()


def test_whom_to_call_opens_beside_the_video_so_that_the_call_goes_on(says, evening, as_user, dana):
    says()
    browser = as_user(dana)
    for page, is_beside in ((url("video", evening), True), (url("room", evening), False)):
        link = next(
            each for each in browser.get(page).text.split("<a ") if "Whom to call there" in each.split("</a>")[0]
        )
        assert ('target="_blank"' in link.split(">")[0]) == is_beside


def test_the_student_reads_what_happens_now_and_the_silent_sign_changes_nothing_on_the_screen(
    evening, as_user, maya, dana
):
    browser = as_user(maya.user)
    for page in ("before", "mine"):
        text = browser.get(url(page, evening)).text
        assert "I need a word with staff" in text
        assert "data-sign" in text
    answer = browser.post(url("my-quiet", evening), {"why": "driving"}, headers={"HX-Request": "true"})
    assert "Stop where it is safe first." in answer.text
    assert "<form" not in answer.text  # it goes below the buttons, which stay for another word
    assert 'hx-target="find .said"' in browser.get(url("mine", evening)).text
    answer = browser.post(url("my-quiet", evening), {"why": "signal"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert browser.post(url("my-quiet", evening), {"why": "word"})["Location"] == url("mine", evening)
    assert "Staff know." in browser.get(url("mine", evening)).text
    assert "cannot speak freely" not in browser.get(url("mine", evening)).text.replace("If you cannot speak freely", "")
    assert browser.post(url("my-quiet", evening), {"why": "nonsense"}).status_code == 400
    assert as_user(dana).post(url("my-quiet", evening), {"why": "word"}).status_code == 403


def test_a_student_of_another_group_says_nothing_here(evening, as_user, jonah):
    evening.roster.filter(patient=jonah).delete()
    assert as_user(jonah.user).post(url("my-quiet", evening), {"why": "word"}).status_code == 403


def test_what_staff_did_is_written_down_once_and_without_blame(says, evening, as_user, dana, theo):
    word = says("intoxicated")
    browser = as_user(dana)
    for said in ({"does": "see"}, {"step": "talked"}, {"step": "way_home"}, {"step": "way_home"}, {"step": "medical"}):
        assert browser.post(url("quiet", evening), {"word": word.pk, **said}).status_code == 302
    assert [each.what for each in word.steps.order_by("what")] == ["medical", "talked", "way_home"]
    word.refresh_from_db()
    assert word.seen_by == dana
    page = browser.get(url("quiet", evening)).text
    assert "Dana Kim sees to it" in page
    assert "safe way home arranged (" in page
    browser.post(url("quiet", evening), {"word": word.pk, "does": "settle"})
    assert "drank or took something" not in browser.get(url("quiet", evening)).text
    assert Concern.objects.get().is_open  # it has its own named person and its own end
    for bad in ({"word": "x"}, {"word": word.pk, "does": "y"}):
        assert browser.post(url("quiet", evening), bad).status_code == 400
    assert as_user(theo).post(url("quiet", evening), {"word": word.pk, "does": "see"}).status_code == 403


def test_who_comes_another_time_as_agreed_is_excused(says, evening, dana, maya, now):
    word = says("driving")
    services.take_step(word=word.pk, what="another_day", by=dana, at=now)
    row = evening.roster.get(patient=maya)
    assert (row.status, row.reason) == (Attendance.Status.EXCUSED, "agreed with staff")


@pytest.mark.parametrize("why_not", ["cancelled", "signed"])
def test_where_attendance_is_closed_the_step_is_written_down_and_it_stays(
    says, evening, as_user, dana, maya, now, why_not
):
    word = says("driving")
    if why_not == "cancelled":
        Session.objects.filter(pk=evening.pk).update(cancelled_at=now)
    else:
        GroupNote.objects.create(session=evening, saved_at=now, signed_by=dana, signed_at=now)
    answer = as_user(dana).post(url("quiet", evening), {"word": word.pk, "step": "another_day"})
    assert answer.status_code == 302
    assert word.steps.get().what == "another_day"
    assert evening.roster.get(patient=maya).status == Attendance.Status.EXPECTED


def test_a_word_of_another_session_is_not_reached_through_ones_own(says, evening, dana, theo, maya, now):
    other = make_session(theo, maya, starts_at=now, modality=Modality.VIRTUAL, name="Another group")
    row = other.roster.get(patient=maya)
    word = services.say_quietly(attendance=row, why="word", by=maya.user, at=now)
    with pytest.raises(PermissionDenied):
        services.see_to(word=word.pk, by=dana, at=now)


@pytest.mark.parametrize("people", [1, 2])
def test_the_panel_asks_the_same_of_the_database_for_one_and_for_many(
    says, evening, as_user, dana, maya, jonah, count_queries, people
):
    for patient in (maya, jonah)[:people]:
        for why in Why.values[: people * 3]:
            says(why, patient)
    assert count_queries(as_user(dana), url("quiet", evening)) == 13
