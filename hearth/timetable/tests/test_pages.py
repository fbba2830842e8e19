from datetime import date, timedelta

import pytest
from django.urls import reverse

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.people.testing import make_patient
from hearth.timetable import services
from hearth.timetable.models import Availability, CalendarFeed, Proposal, Section
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_section
from hearth.timetable.tests.conftest import MONDAY, SECONDS

MY_WEEK, MY_HOURS, WEEK = "/my/week/", "/my/hours/", "/timetable/"


@pytest.fixture(autouse=True)
def _at_that_time(time_machine, now):
    """The clock of every request stands at `now`."""
    time_machine.move_to(now, tick=False)


@pytest.fixture
def in_care(maya, evening, team, dana, ines, now):
    """Maya with an episode, a plan, and a group on Tuesdays."""
    make_plan(make_episode(maya, evening, by=ines, at=now), by=dana, at=now)
    make_section(evening, dana, [maya], on=date(2026, 11, 23))
    return maya


def evenings(*days: int, start: str = "17:00", end: str = "21:00") -> dict[str, object]:
    typed: dict[str, object] = {"note": ""}
    for day in days:
        typed |= {f"week-{day}-from": [start], f"week-{day}-to": [end]}
    return typed


def ready(ines: User, now) -> Proposal:
    proposal = services.propose(week_of=MONDAY, by=ines, at=now)
    services.solve_proposal(proposal_id=proposal.pk, organisation_id=tenancy.current(), seconds=SECONDS, workers=1)
    proposal.refresh_from_db()
    return proposal


# ---- the student's week and hours


def test_a_student_sees_their_own_week(in_care, as_user):
    page = as_user(in_care.user).get(MY_WEEK).content.decode()

    assert "Evening group" in page
    assert "by video" in page
    assert "17:30" in page


def test_a_place_is_shown_until_the_planned_end_and_no_longer(in_care, as_user):
    last = in_care.episodes.get().planned_end_on
    browser = as_user(in_care.user)

    assert "17:30" in browser.get(MY_WEEK, {"week": (last - timedelta(days=7)).isoformat()}).content.decode()
    assert "17:30" not in browser.get(MY_WEEK, {"week": last.isoformat()}).content.decode()


def test_a_week_that_is_no_date_is_this_week(in_care, as_user):
    assert "17:30" in as_user(in_care.user).get(MY_WEEK, {"week": "soon"}).content.decode()


def test_before_anything_is_planned_the_student_is_asked_for_their_hours(maya, as_user):
    assert MY_HOURS in as_user(maya.user).get(MY_WEEK).content.decode()


def test_staff_have_no_week_of_a_student(dana, as_user):
    assert as_user(dana).get(MY_WEEK).status_code == 403
    assert as_user(dana).get(MY_HOURS).status_code == 403


def test_hours_typed_without_scripts_are_kept_and_shown_again(in_care, as_user):
    browser = as_user(in_care.user)

    answer = browser.post(MY_HOURS, evenings(0, 2, 4), follow=True)

    assert Availability.objects.get().hours == [{"day": day, "from": "17:00", "to": "21:00"} for day in (0, 2, 4)]
    assert 'name="week-0-from" value="17:00"' in answer.content.decode()


def test_two_stretches_of_one_day_are_two_rows(in_care, as_user):
    typed = evenings(0) | {"week-0-from": ["09:00", "17:00", ""], "week-0-to": ["11:00", "21:00", ""]}

    as_user(in_care.user).post(MY_HOURS, typed)

    assert [each["from"] for each in Availability.objects.get().hours] == ["09:00", "17:00"]


def test_overlapping_hours_are_explained_beside_and_what_was_typed_is_kept(in_care, as_user):
    typed = evenings(0) | {"week-0-from": ["16:00", "18:07"], "week-0-to": ["19:00", "20:00"]}

    answer = as_user(in_care.user).post(MY_HOURS, typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "These hours overlap with others on the same day" in page
    assert 'value="18:07" aria-invalid="true"' in page
    assert not Availability.objects.exists()


def test_a_form_without_hours_says_so(in_care, as_user):
    answer = as_user(in_care.user).post(MY_HOURS, {"note": "I work shifts"})

    assert "No hours are marked yet" in answer.content.decode()
    assert "I work shifts" in answer.content.decode()


def test_off_the_grid_is_rounded_inward_and_told(in_care, as_user):
    answer = as_user(in_care.user).post(MY_HOURS, evenings(0, start="17:10", end="20:50"), follow=True)

    assert "17:10–20:50 counts as 17:30–20:30" in answer.content.decode()


def test_too_few_hours_are_kept_with_a_kind_word_and_numbers(in_care, as_user):
    answer = as_user(in_care.user).post(MY_HOURS, evenings(0, 1), follow=True)

    page = answer.content.decode()
    assert "The plan needs 10 h on 3 days a week; these hours hold 8 h." in page
    assert "The plan has 3 groups of 2 h 30 min each; these hours have room for 2." in page
    assert Availability.objects.exists()


def test_an_adolescent_is_asked_for_the_familys_hours_too(now, organisation, as_user):
    sam = make_patient("Sam", "Young", at=now, birth_date=date(2011, 3, 2))

    as_user(sam.user).post(MY_HOURS, evenings(0) | {"family-0-from": "18:00", "family-0-to": "20:00"})

    assert Availability.objects.get().family_hours == [{"day": 0, "from": "18:00", "to": "20:00"}]


def test_an_adult_without_family_sessions_is_not(in_care, as_user):
    assert "family-0-from" not in as_user(in_care.user).get(MY_HOURS).content.decode()


# ---- staff on behalf


def test_a_counselor_writes_down_hours_for_their_student(in_care, dana, as_user):
    as_user(dana).post(reverse("timetable:hours", args=[in_care.pk]), evenings(0, 1, 2))

    assert Availability.objects.get().entered_by == dana


def test_a_counselor_of_others_and_a_student_do_not(in_care, theo, jonah, as_user):
    address = reverse("timetable:hours", args=[in_care.pk])

    assert as_user(theo).get(address).status_code == 403
    assert as_user(jonah.user).get(address).status_code == 403
    assert as_user(in_care.user).get(address).status_code == 403


def test_nobody_reads_a_week_without_signing_in(client, organisation):
    for address in (MY_WEEK, MY_HOURS, WEEK):
        assert client.get(address).status_code == 302


# ---- the timetable and proposals


def test_staff_see_the_groups_of_the_week(in_care, theo, as_user):
    page = as_user(theo).get(WEEK).content.decode()

    assert "Evening group" in page
    assert "1 of 12" in page
    assert "23 November to 29 November 2026" in page


def test_individual_hours_are_shown_to_who_leads_or_plans_them_alone(in_care, evening, dana, theo, ines, as_user):
    make_section(evening, dana, [in_care], on=date(2026, 11, 23), weekday=3, kind="individual", name="One-to-one")
    by_dana = {"staff": str(dana.pk)}

    assert "1:1: Maya R." in as_user(dana).get(WEEK, by_dana).content.decode()
    assert "1:1: Maya R." in as_user(ines).get(WEEK, by_dana).content.decode()
    assert "1:1" not in as_user(theo).get(WEEK).content.decode()


def test_the_week_can_be_seen_by_staff_and_room(in_care, theo, as_user):
    assert "17:30" not in as_user(theo).get(WEEK, {"staff": str(theo.pk)}).content.decode()


def test_students_and_billers_have_no_timetable_of_all(in_care, organisation, as_user):
    biller = make_user("Bea Holt", Role.BILLER, organisation=organisation)

    assert as_user(in_care.user).get(WEEK).status_code == 403
    assert as_user(biller).get(WEEK).status_code == 403


def test_a_proposal_is_asked_for_waits_and_is_found_again(class_of_four, ines, as_user):
    browser = as_user(ines)

    answer = browser.post(reverse("timetable:propose"), {"week_of": MONDAY.isoformat()}, follow=True)

    assert "Waiting for its turn" in answer.content.decode()
    assert "Being worked out" in browser.get(WEEK).content.decode()


def test_who_cannot_be_placed_is_listed_and_asking_says_so(in_care, ines, as_user):
    browser = as_user(ines)

    answer = browser.post(reverse("timetable:propose"), {"week_of": MONDAY.isoformat()})

    assert answer.status_code == 422
    assert "1 person is in a program that week but lacks hours or a plan" in answer.content.decode()
    assert "has not said which hours fit" in answer.content.decode()


def test_a_week_that_is_not_offered_is_refused_beside_the_field(class_of_four, ines, as_user):
    answer = as_user(ines).post(reverse("timetable:propose"), {"week_of": "2020-01-06"})

    assert answer.status_code == 422
    assert not Proposal.objects.exists()


def test_a_week_can_be_worked_out_up_to_the_last_one_of_anybodys_stay(class_of_four, ines, as_user):
    browser = as_user(ines)
    last, after = date(2027, 2, 22), date(2027, 3, 1)  # everyone's 14 weeks end on that Monday

    page = browser.get(WEEK).text

    assert f'<option value="{last.isoformat()}">22 February 2027</option>' in page
    assert after.isoformat() not in page
    assert browser.post(reverse("timetable:propose"), {"week_of": last.isoformat()}).status_code == 302
    assert browser.post(reverse("timetable:propose"), {"week_of": after.isoformat()}).status_code == 422


def test_pronouns_stand_beside_a_name_for_those_whom_their_owner_shows_them(in_care, ines, dana, ruth, as_user):
    address = reverse("timetable:hours", args=[in_care.pk])
    in_care.pronouns, in_care.pronouns_shown_to = "she/her", "team"
    in_care.save()
    assert "Maya Reyes (she/her)" in as_user(dana).get(address).text
    assert "she/her" not in as_user(ines).get(address).text
    in_care.pronouns_shown_to = "staff"
    in_care.save()
    assert "Maya Reyes (she/her)" in as_user(ines).get(address).text


def test_the_proposal_shows_the_week_what_has_no_place_and_why(class_of_four, ines, jonah, evening, dana, now, as_user):
    make_plan(make_episode(jonah, evening, by=ines, at=now), by=dana, at=now)
    make_hours(jonah, by=ines, at=now, hours=[{"day": 6, "from": "09:00", "to": "12:00"}])
    proposal = ready(ines, now)

    page = as_user(ines).get(reverse("timetable:proposal", args=[proposal.pk])).content.decode()

    assert "of the plan hours placed" in page
    assert "group: mental health" in page
    assert "Jonah Park has no primary counselor yet." in page
    assert str(jonah.pk) not in page.replace(reverse("timetable:hours", args=[jonah.pk]), "")


def test_progress_is_polled_until_the_week_is_there(class_of_four, ines, now, as_user):
    proposal = services.propose(week_of=MONDAY, by=ines, at=now)
    browser, address = as_user(ines), reverse("timetable:proposal", args=[proposal.pk])

    assert "<html" not in browser.get(address, headers={"HX-Request": "true"}).content.decode()
    services.solve_proposal(proposal_id=proposal.pk, organisation_id=tenancy.current(), seconds=SECONDS, workers=1)

    assert browser.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_planner_accepts_and_the_week_stands(class_of_four, ines, now, as_user):
    proposal = ready(ines, now)

    answer = as_user(ines).post(reverse("timetable:accept", args=[proposal.pk]), follow=True)

    assert "The week is accepted" in answer.content.decode()
    assert Section.objects.current().exists()


def test_a_week_that_no_longer_holds_is_refused_in_sentences(class_of_four, ines, maya, now, as_user):
    proposal = ready(ines, now)
    Availability.objects.filter(patient=maya).update(hours=[{"day": 6, "from": "08:00", "to": "09:00"}])

    answer = as_user(ines).post(reverse("timetable:accept", args=[proposal.pk]))

    assert answer.status_code == 409
    assert "Maya Reyes" in answer.content.decode()
    assert not Section.objects.exists()


def test_a_planner_lets_a_proposal_go(class_of_four, ines, now, as_user):
    proposal = ready(ines, now)

    as_user(ines).post(reverse("timetable:drop", args=[proposal.pk]))

    assert Proposal.objects.get().status == Proposal.Status.DROPPED


def test_counselors_see_no_proposals_and_decide_none(class_of_four, ines, dana, now, as_user):
    proposal = ready(ines, now)
    browser = as_user(dana)

    assert browser.get(reverse("timetable:proposal", args=[proposal.pk])).status_code == 403
    assert browser.post(reverse("timetable:accept", args=[proposal.pk])).status_code == 403
    assert browser.post(reverse("timetable:propose"), {"week_of": MONDAY.isoformat()}).status_code == 403
    assert "Work out a proposal" not in browser.get(WEEK).content.decode()


# ---- the calendar address


def test_the_calendar_address_is_shown_once_and_ends_when_asked(in_care, as_user, client):
    browser = as_user(in_care.user)

    first = browser.post(reverse("timetable:my-calendar"), {"do": "make"}, follow=True).content.decode()

    assert "/calendar/" in first
    assert "/calendar/" not in browser.get(MY_WEEK).content.decode().replace(reverse("timetable:my-calendar"), "")
    browser.post(reverse("timetable:my-calendar"), {"do": "revoke"})
    assert not CalendarFeed.objects.exists()


# ---- questions to the database


def count(queries, browser, address, **asked) -> int:
    with queries as found:
        assert browser.get(address, asked).status_code == 200
    return len(found)


def test_pages_ask_the_same_number_of_questions_however_full_the_week_is(
    in_care, evening, dana, ines, now, as_user, django_assert_max_num_queries
):
    def measured() -> list[int]:
        student = count(django_assert_max_num_queries(27), as_user(in_care.user), MY_WEEK)
        staff = count(django_assert_max_num_queries(30), as_user(ines), WEEK)
        return [student, staff]

    few = measured()
    for number in range(5):
        person = make_patient(f"P{number}", "More", at=now)
        make_plan(make_episode(person, evening, by=ines, at=now), by=dana, at=now)
        make_section(evening, dana, [person, in_care], on=date(2026, 11, 23), weekday=number)

    assert measured() == few
