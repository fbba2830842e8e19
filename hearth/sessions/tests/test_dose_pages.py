"""The dose ledger on the screen, what payers approved, and who gets too little: for owner, colleague and stranger."""

import csv
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.people.testing import make_patient
from hearth.sessions import services
from hearth.sessions.models import Attendance, Authorisation, MakeUp
from hearth.sessions.shortfalls import running_out, short_last_week
from hearth.sessions.testing import make_episode, make_session

Status = Attendance.Status
DENVER = ZoneInfo("America/Denver")
FIRST = date(2026, 11, 9)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=DENVER)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


def url(name, *args):
    return reverse(f"sessions:{name}", args=[getattr(each, "pk", each) for each in args])


def hold(patient, leader, day, status=Status.PRESENT, reason=""):
    session = make_session(
        leader, patient, starts_at=datetime.combine(day, datetime.min.time(), DENVER).replace(hour=17)
    )
    if status != Status.ABSENT:
        services.mark(attendance=session.roster.get(), status=status, by=leader, at=session.starts_at, reason=reason)
    services.end(session=session, by=leader, at=session.ends_at)
    return session


@pytest.fixture
def stay(dana, maya):
    """Two weeks: three groups, then one, one excused and one missed; two more to come."""
    episode = make_episode(maya, by=dana, starts_on=FIRST)
    for day in (0, 1, 3, 7):
        hold(maya, dana, FIRST + timedelta(days=day))
    hold(maya, dana, FIRST + timedelta(days=8), Status.EXCUSED, "Ill")
    hold(maya, dana, FIRST + timedelta(days=10), Status.ABSENT)
    for day in (16, 17):
        make_session(dana, maya, starts_at=datetime(2026, 11, 9, 17, tzinfo=DENVER) + timedelta(days=day))
    return episode


TYPED = {"payer": "Front Range Health", "number": "A-77", "first_on": "2026-11-09", "last_on": "2026-12-31"}


def approve(episode, by, **fields):
    typed: dict[str, Any] = {"first_on": FIRST, "last_on": date(2026, 12, 31), "unit": "days", "approved": 5}
    asked: dict[str, Any] = {"payer": "Front Range Health", "number": "A-77"} | typed | fields
    return services.record_authorisation(episode=episode, by=by, at=NOW, **asked)


def test_the_ledger_says_every_week_with_the_reason_of_each_gap(stay, as_user, dana, maya):
    page = as_user(dana).get(url("dose-of-patient", maya))
    first, second = (line["week"] for line in reversed(page.context["weeks"][1:]))
    assert (first.dose.attended, first.billable, second.dose.attended) == (540, 540, 180)
    assert [(gap.why, gap.minutes) for gap in second.gaps] == [
        ("not_scheduled", 120),
        ("excused", 180),
        ("absent", 180),
    ]
    for words in ("excused", "“Ill”", "absent without word", "not scheduled", "12 h"):
        assert words in page.text


def test_staff_write_down_an_authorisation_in_the_browser_and_withdraw_it(stay, as_user, dana, maya):
    browser = as_user(dana)
    answer = browser.post(url("dose-of-patient", maya), TYPED | {"approved": "6", "unit": "days"})
    assert answer.status_code == 302
    row = Authorisation.objects.get()
    page = browser.get(url("dose-of-patient", maya))
    assert "4 of 6 days used" in page.text
    assert page.context["runs_out_on"] is None
    wrong = browser.post(
        url("dose-of-patient", maya), TYPED | {"last_on": "2026-11-08", "approved": "6", "unit": "days"}
    )
    assert (wrong.status_code, "lies before the first" in wrong.text) == (422, True)
    assert browser.post(url("withdraw-authorisation", row), {"reason": " "}).status_code == 422
    browser.post(url("withdraw-authorisation", row), {"reason": "Typed twice"})
    row.refresh_from_db()
    assert (row.withdrawn_at, row.withdrawn_reason) == (NOW, "Typed twice")
    assert "days used" not in browser.get(url("dose-of-patient", maya)).text
    assert browser.get(url("withdraw-authorisation", row)).status_code == 403


def test_the_ledger_says_from_when_on_nothing_is_authorised(stay, as_user, dana, maya):
    approve(stay, dana, approved=5)
    page = as_user(dana).get(url("dose-of-patient", maya))
    assert page.context["runs_out_on"] == date(2026, 11, 26)
    assert "From Thursday 26 November on" in page.text


def test_whose_authorisation_runs_out_stands_on_today_of_who_deals_with_it(stay, as_user, dana, theo, ines, walt, maya):
    approve(stay, dana, approved=60)
    assert list(running_out(viewer=ines, at=NOW)) == []
    Authorisation.objects.update(approved=5)
    services.picture_everyones_hours(at=NOW)
    for viewer in (dana, ines):
        page = as_user(viewer).get(reverse("web:today"))
        assert "not covered from Thu 26 Nov" in page.text
    for viewer in (theo, walt):
        assert "Authorization runs out" not in as_user(viewer).get(reverse("web:today")).text


def test_hours_that_made_up_for_another_week_hide_no_short_week_and_stop_no_picture(stay, dana, ines, maya):
    services.picture_everyones_hours(at=NOW)
    assert short_last_week(viewer=ines).get().missing == 660 - 180
    for day in (2, 4, 5, 6):  # missed in the first week, had in the second
        missed = hold(maya, dana, FIRST + timedelta(days=day), Status.ABSENT).roster.get()
        place = hold(maya, dana, FIRST + timedelta(days=day + 7)).roster.get()
        MakeUp.objects.create(
            patient=maya, missed=missed, place=place, status=MakeUp.Status.ACCEPTED, looked_at=NOW, until=NOW
        )
    row = approve(stay, dana, approved=60)
    picture = short_last_week(viewer=ines).get()
    assert (picture.prescribed, picture.attended, picture.missing) == (660, 900, 660 - 180)
    services.withdraw_authorisation(authorisation=row, by=dana, at=NOW, reason="-")


@pytest.mark.parametrize("fields", [{"last_on": date(2026, 11, 20)}, {"unit": "hours", "approved": 13}])
def test_what_ended_or_has_too_few_hours_left_runs_out(stay, dana, fields):
    approve(stay, dana, **{"approved": 60} | fields)
    assert [(one.episode, one.runs_out_on) for one in running_out(viewer=dana, at=NOW)] == [(stay, date(2026, 11, 25))]


def test_the_file_holds_the_weeks_and_no_formula(stay, as_user, dana, maya):
    Attendance.objects.filter(status=Status.EXCUSED).update(reason="=1+1")
    answer = as_user(dana).get(url("dose-export", maya))
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert [row["attended_minutes"] for row in rows[:3]] == ["540", "180", "0"]
    assert (
        rows[1]["gaps"]
        == "120 min not scheduled; 180 min 2026-11-17 excused =1+1; 180 min 2026-11-19 absent without word"
    )
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert "Maya" not in answer["Content-Disposition"] + answer.text


def test_students_see_their_own_hours_in_plain_words(stay, as_user, maya, jonah):
    page = as_user(maya.user).get(url("my-dose")).text
    assert "You missed a session." in page
    assert "You could not come, and told us." in page
    assert "You came on 4 days." in page
    assert "Nothing to count yet" in as_user(jonah.user).get(url("my-dose")).text


def test_a_colleague_a_stranger_and_the_student_stay_outside_the_staffs_ledger(stay, as_user, theo, maya, dana, jonah):
    row = approve(stay, dana)
    for viewer in (theo, maya.user, jonah.user):
        browser = as_user(viewer)
        for address in (url("dose-of-patient", maya), url("dose-export", maya), url("withdraw-authorisation", row)):
            assert browser.get(address).status_code == 403
        assert browser.post(url("dose-of-patient", maya), TYPED | {"approved": "6", "unit": "days"}).status_code == 403
    assert as_user(dana).get(url("my-dose")).status_code == 403
    assert Authorisation.objects.count() == 1


def test_a_director_reads_and_a_peer_writes_no_authorisation(stay, organisation, walt, maya):
    peer = make_user("Pat Lee", Role.PEER, organisation=organisation)
    for viewer in (walt, peer, maya.user):
        with pytest.raises(PermissionDenied):
            approve(stay, viewer)


def test_directors_see_who_was_short_last_week_and_why(stay, as_user, walt, theo, maya, dana):
    services.picture_everyones_hours(at=NOW)
    page = as_user(walt).get(url("short"))
    assert [one["short"].episode.patient for one in page.context["lines"]] == [maya]
    assert "absent without word" in page.text
    read = Event.objects.get(kind=Event.Kind.READ, verb="dose.read", actor_id=walt.pk)
    assert (read.patient_id, read.purpose) == (maya.pk, "HOPERAT")
    assert as_user(theo).get(url("short")).status_code == 403
    with pytest.raises(PermissionDenied):
        short_last_week(viewer=theo)


def test_who_had_the_least_dose_or_began_this_week_is_not_short(dana, walt, maya, jonah):
    make_episode(maya, by=dana, starts_on=date(2026, 11, 16))
    for day in (0, 1, 3):
        hold(maya, dana, date(2026, 11, 16) + timedelta(days=day))
    make_episode(jonah, by=dana, starts_on=date(2026, 11, 23))
    services.picture_everyones_hours(at=NOW)
    assert list(short_last_week(viewer=walt)) == []


def test_the_list_and_the_ledger_ask_as_often_for_many_as_for_few(stay, as_user, count_queries, walt, ines, dana, maya):
    approve(stay, dana, approved=5)
    places = (url("short"), url("dose-of-patient", maya), reverse("web:today"))
    services.picture_everyones_hours(at=NOW)
    few = [count_queries(as_user(ines), place) for place in places]
    for number in range(4):
        other = make_patient(f"Ana{number}", "Lopez", at=NOW)
        episode = make_episode(other, by=dana, starts_on=FIRST)
        hold(other, dana, FIRST + timedelta(days=8), Status.ABSENT)
        make_session(dana, other, starts_at=NOW + timedelta(days=1))
        approve(episode, ines, approved=1, last_on=FIRST + timedelta(days=3))
        hold(maya, dana, FIRST + timedelta(days=number + 2))
    services.picture_everyones_hours(at=NOW)
    assert len(short_last_week(viewer=walt)) == 5
    assert len(running_out(viewer=ines, at=NOW)) == 5
    assert [count_queries(as_user(ines), place) for place in places] == few
