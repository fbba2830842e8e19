"""A student's own week: what is made, called off, moved, or covered by somebody else, and the pattern beyond."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hearth.people.models import Modality
from hearth.sessions import services
from hearth.sessions.own_week import own_week
from hearth.sessions.testing import make_episode, make_section, make_session
from hearth.timetable import services as timetable
from hearth.timetable.one_offs import Dates

DENVER = ZoneInfo("America/Denver")
NOW = datetime(2026, 11, 20, 9, tzinfo=DENVER)
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
MY_WEEK = "/my/week/"
WEEK, LATER = {"week": MONDAY.isoformat()}, {"week": "2026-11-30"}


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def section(dana, maya):
    """Maya's group on Tuesdays, made for one week."""
    make_episode(maya, by=dana, starts_on=date(2026, 11, 16))
    found = make_section(dana, maya, since=MONDAY)
    services.make_sessions(section=found, until=date(2026, 11, 28), by=dana, at=NOW)
    return found


def test_one_session_called_off_says_so_and_the_next_week_stands(section, maya, dana, as_user):
    browser = as_user(maya.user)
    assert "3 h together this week" in browser.get(MY_WEEK, WEEK).text
    services.cancel(session=section.sessions.get(), reason="Dana is ill", by=dana, at=NOW)

    page = browser.get(MY_WEEK, WEEK).text
    assert "called off" in page
    assert "3 h together" not in page
    later = browser.get(MY_WEEK, LATER).text
    assert "Evening group" in later
    assert "called off" not in later


def test_a_session_stands_where_it_is_held_with_whom(section, maya, theo, as_user):
    held = section.sessions.get()
    held.starts_at, held.ends_at = (each + timedelta(days=1, hours=-1) for each in (held.starts_at, held.ends_at))
    held.facilitator = theo
    held.save()

    week = own_week(viewer=maya.user, patient=maya, monday=MONDAY, at=NOW)

    assert [(slot.day, f"{slot.starts:%H:%M}", f"{slot.ends:%H:%M}") for slot in week.slots] == [
        (date(2026, 11, 25), "16:30", "19:30")
    ]
    assert theo.name in as_user(maya.user).get(MY_WEEK, WEEK).text


def test_what_the_student_cannot_come_to_is_said_and_not_counted(section, maya):
    timetable.say_cannot_come(patient=maya, dates=[Dates(TUESDAY, TUESDAY)], by=maya.user, at=NOW)

    week = own_week(viewer=maya.user, patient=maya, monday=MONDAY, at=NOW)

    assert [slot.note for slot in week.slots] == ["you said you cannot come"]
    assert week.minutes == 0


def test_a_single_session_stands_beside_the_pattern(section, maya, dana):
    extra = datetime(2026, 12, 3, 10, tzinfo=DENVER)
    make_session(dana, maya, starts_at=extra, name="Catching up", modality=Modality.VIRTUAL)

    week = own_week(viewer=maya.user, patient=maya, monday=date(2026, 11, 30), at=NOW)

    assert [(slot.title, slot.day.day) for slot in week.slots] == [("Evening group", 1), ("Catching up", 3)]
    assert week.minutes == 360


def test_the_week_is_the_students_alone(section, maya, jonah, dana, client, as_user):
    assert "Evening group" in as_user(maya.user).get(MY_WEEK, WEEK).text
    assert "Evening group" not in as_user(jonah.user).get(MY_WEEK, WEEK).text
    assert as_user(dana).get(MY_WEEK, WEEK).status_code == 403
    client.logout()
    assert client.get(MY_WEEK, WEEK).status_code == 302


def test_the_number_of_questions_does_not_grow_with_the_sessions(section, maya, dana, as_user, count_queries):
    browser = as_user(maya.user)
    few = count_queries(browser, f"{MY_WEEK}?week={MONDAY}")
    for day in range(5):
        at = datetime(2026, 11, 23, 10, tzinfo=DENVER) + timedelta(days=day)
        make_session(dana, maya, starts_at=at, name=f"Extra {day}")
    assert count_queries(browser, f"{MY_WEEK}?week={MONDAY}") == few
