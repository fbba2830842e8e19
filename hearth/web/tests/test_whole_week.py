"""The whole week of a student: sessions, school, work and family together, on one page."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hearth.admission.testing import make_episode
from hearth.sessions.models import Attendance, Session
from hearth.skills.own_services import plan_activity
from hearth.skills.week_services import keep_hours
from hearth.timetable.calendar import Slot
from hearth.timetable.models import Availability
from hearth.web.whole_week import clashes

PAGE = reverse("web:my-whole-week")
MONDAY = date(2026, 11, 30)
WORK: dict[str, Any] = {"kind": "work", "what": "Bakery", "days": [0, 1], "starts": time(7), "ends": time(14)}


def seat(patient, *, led_by, at):
    held = Session.objects.create(
        kind="group", name="Evening group", facilitator=led_by, modality="virtual",
        starts_at=at, ends_at=at + timedelta(hours=2),
    )  # fmt: skip
    return Attendance.objects.create(session=held, patient=patient, modality="virtual")


@pytest.fixture
def tuesday(maya, now):
    """Seven in the evening of this week's Tuesday, where the program is."""
    monday = timezone.localdate(now) - timedelta(days=timezone.localdate(now).weekday())
    return datetime.combine(monday + timedelta(days=1), time(19), tzinfo=maya.user.organisation.zone)


def test_sessions_work_family_and_small_things_stand_on_one_page(as_user, maya, dana, now, tuesday):
    make_episode(maya, by=dana, at=now)
    seat(maya, led_by=dana, at=tuesday)
    keep_hours(by=maya.user, at=now, **WORK)
    keep_hours(
        by=maya.user, at=now, **WORK | {"kind": "family", "what": "Supper", "starts": time(18), "ends": time(20)}
    )
    plan_activity(what="Water the basil", on=tuesday.date(), by=maya.user, at=now)
    Availability.objects.create(
        patient=maya, entered_by=maya.user, entered_at=now, hours=[{"day": 2, "from": "17:00", "to": "21:00"}],
        family_hours=[{"day": 3, "from": "18:00", "to": "20:00"}],
    )  # fmt: skip
    page = as_user(maya.user).get(f"{PAGE}?week={tuesday.date()}").text
    for words in ("Evening group", "Bakery", "Water the basil", "17:00–21:00", "18:00–20:00"):
        assert words in page
    assert "Evening group are at the same time" in page
    later = as_user(maya.user).get(f"{PAGE}?week={tuesday.date() + timedelta(weeks=1)}").text
    assert "Bakery" in later
    assert "Evening group" not in later


def test_an_empty_week_says_how_to_begin_also_after_the_program(as_user, maya):
    assert "Put in school, work and family hours" in as_user(maya.user).get(PAGE).text


def test_nobody_else_has_this_page_and_a_strange_week_is_this_one(as_user, maya, jonah, dana, now):
    keep_hours(by=maya.user, at=now, **WORK)
    assert "Bakery" not in as_user(jonah.user).get(PAGE).text
    assert as_user(dana).get(PAGE).status_code == 403
    assert "Bakery" in as_user(maya.user).get(f"{PAGE}?week=soon").text


def test_a_full_week_asks_no_more_queries_than_one_with_a_line(as_user, maya, now, count_queries):
    counts = []
    for many in (1, 4):
        for _ in range(many):
            keep_hours(by=maya.user, at=now, **WORK)
            plan_activity(what="Walk", on=timezone.localdate(now), by=maya.user, at=now)
        counts.append(count_queries(as_user(maya.user), PAGE))
    assert counts[0] == counts[1]


def slot(day, start, minutes, state=""):
    begins = datetime.combine(MONDAY, time(start))
    ends = (begins + timedelta(minutes=minutes)).time()
    return Slot(MONDAY + timedelta(days=day), time(start), ends, "x", "", "plain", state)


slots = st.lists(st.builds(slot, st.integers(0, 6), st.integers(0, 20), st.integers(15, 170)), max_size=8)


@given(slots)
def test_what_clashes_is_on_one_day_and_shares_a_minute_and_what_is_called_off_clashes_with_nothing(found):
    told = clashes(found)
    for clash in told:
        assert clash.one.day == clash.other.day == clash.day
        assert max(clash.one.starts, clash.other.starts) < min(clash.one.ends, clash.other.ends)
    assert len({(id(clash.one), id(clash.other)) for clash in told}) == len(told)
    assert clashes([slot(0, 9, 60, "off"), slot(0, 9, 60)]) == []
