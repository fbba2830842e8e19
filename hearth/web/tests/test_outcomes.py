from datetime import timedelta

import pytest
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.admission.testing import make_episode
from hearth.measures.testing import PHQ_9_MILD, make_response
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.skills.models import Practice
from hearth.web.outcomes import program_outcomes
from hearth.web.tests.test_today import seat, settle

LINK = reverse("web:outcomes")
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def at(now):
    return now


def answer_twice(patient, at, last=PHQ_9_MILD):
    make_response(patient, "phq-9", [2] * 9, at=at - timedelta(days=1))
    make_response(patient, "phq-9", last, at=at)


def people(*names, dana, at):
    for name in names:
        patient = make_patient(name, "Many", at=at)
        CareTeamMember.objects.create(patient=patient, member=dana, role=Role.COUNSELOR, since=at.date())
        settle(patient, by=dana, at=at - 2 * WEEK)
        answer_twice(patient, at)


def test_nothing_is_told_of_ten_people_and_much_of_eleven(as_user, walt, dana, at, count_queries):
    people(*(f"Ada{n}" for n in range(10)), dana=dana, at=at)
    client = as_user(walt)
    assert "Too few people" in client.get(LINK).text
    few = count_queries(client, LINK)
    people("Eleventh", dana=dana, at=at)
    page = client.get(LINK).text
    assert "11 of 11" in page
    assert "-11.0" in page
    assert "100 %" in page
    assert "Eleventh" not in page
    assert count_queries(client, LINK) == few


def test_only_what_was_answered_within_a_stay_that_began_counts(walt, dana, at):
    people(*(f"Ada{n}" for n in range(11)), dana=dana, at=at)
    gone = make_episode(make_patient("Gone", "Early", at=at), by=dana, at=at - 2 * WEEK)
    gone.ended_at, gone.end_reason = at - 9 * DAY, "left"
    gone.save()
    make_response(gone.patient, "phq-9", [2] * 9, at=at - 10 * DAY)
    make_response(gone.patient, "phq-9", [3] * 9, at=at)  # long after the stay
    make_episode(make_patient("Next", "Month", at=at), by=dana, at=at, starts_on=(at + 4 * WEEK).date())
    line = next(line for one in program_outcomes(viewer=walt, at=at) for line in one.lines)
    assert line.outcome is not None
    assert (line.outcome.asked, line.outcome.measured, line.outcome.change.value) == (12, 11, -11)


def test_of_two_stays_of_one_person_the_newest_counts(walt, dana, at):
    people(*(f"Ada{n}" for n in range(11)), dana=dana, at=at)
    back = make_patient("Back", "Again", at=at)
    first = make_episode(back, by=dana, at=at - 20 * WEEK)
    make_response(back, "phq-9", [3] * 9, at=at - 19 * WEEK)
    first.ended_at, first.end_reason = at - 10 * WEEK, "completed"
    first.save()
    make_episode(back, by=dana, at=at - 2 * WEEK)
    answer_twice(back, at)
    line = next(line for one in program_outcomes(viewer=walt, at=at) for line in one.lines)
    assert line.outcome is not None
    assert (line.outcome.asked, line.outcome.measured, line.outcome.change.value) == (12, 12, -11)


def test_outcomes_are_for_those_who_lead(as_user, walt, ruth, dana, maya):
    for leader in (walt, ruth):
        assert as_user(leader).get(LINK).status_code == 200
    for other in (dana, maya.user):
        assert as_user(other).get(LINK).status_code == 403


def test_a_students_line_says_what_they_did_in_those_weeks(as_user, maya, jonah, dana, at, count_queries):
    settle(maya, by=dana, at=at - 2 * WEEK)
    seat(maya, led_by=dana, starts_at=at - timedelta(days=2))
    Practice.objects.create(patient=maya, lesson="ride-the-wave", practised_at=at - timedelta(days=1))
    answer_twice(maya, at)
    link = reverse("web:my-line", args=["phq-9"])
    page = as_user(maya.user).get(link)
    assert "You practised 1 time." in page.text
    assert "some" in page.text
    assert "not on track" not in page.text
    before = count_queries(as_user(maya.user), link)
    make_response(maya, "phq-9", PHQ_9_MILD, at=at)
    assert count_queries(as_user(maya.user), link) == before
    assert "No line yet" in as_user(jonah.user).get(link).text
    assert as_user(dana).get(link).status_code == 403
    assert as_user(maya.user).get(reverse("web:my-line", args=["unheard-of"])).status_code == 404
