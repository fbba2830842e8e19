"""Geometry of weeks and charts."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hearth.lib import charts, week_grid
from hearth.lib.templatetags import hearth

MONDAY = date(2026, 11, 23)
DAYS = [MONDAY + timedelta(days=n) for n in range(7)]


@dataclass(frozen=True)
class Slot:
    day: date
    starts: time
    ends: time


@dataclass(frozen=True)
class Score:
    date: date
    value: float


BANDS = [charts.Band("minimal", 0, 4), charts.Band("mild", 5, 9), charts.Band("severe", 10, 27)]


def test_a_session_stands_at_its_quarter_hour():
    week = week_grid.lay_out(DAYS, [Slot(MONDAY, time(17, 30), time(20, 30))], earliest=9)
    (place,) = week.days[0].placed
    assert (place.row, place.rows, place.lane) == (35, 12, None)
    assert week.hours == tuple(range(9, 21))


def test_overlapping_sessions_stand_side_by_side():
    slots = [Slot(MONDAY, time(9), time(12)), Slot(MONDAY, time(11), time(12)), Slot(MONDAY, time(12), time(13))]
    day = week_grid.lay_out(DAYS, slots).days[0]
    assert [place.lane for place in day.placed] == [1, 2, None]
    assert day.lanes == 2


def test_a_session_that_ends_at_midnight_reaches_the_bottom():
    week = week_grid.lay_out(DAYS, [Slot(MONDAY, time(22), time(0))])
    assert week.hours[-1] == 23
    assert week.days[0].placed[0].rows == 8


slots = st.builds(
    lambda day, start, length: Slot(DAYS[day], time(start // 4, start % 4 * 15), _at(min(start + length, 95))),
    st.integers(0, 6),
    st.integers(0, 90),
    st.integers(1, 16),
)


def _at(quarter: int) -> time:
    return time(quarter // 4, quarter % 4 * 15)


@given(st.lists(slots, max_size=8))
def test_every_session_is_placed_inside_the_grid_and_never_on_another(given_slots):
    week = week_grid.lay_out(DAYS, given_slots)
    assert sum(len(day.placed) for day in week.days) == len(given_slots)
    for day in week.days:
        for place in day.placed:
            assert place.row >= 1
            assert (place.lane or 1) <= day.lanes
        for one in day.placed:
            for other in day.placed:
                if one is not other and one.lane == other.lane and one.lane:
                    a, b = one.slot, other.slot
                    assert a.ends <= b.starts or b.ends <= a.starts


def test_a_lower_score_stands_lower_and_names_its_band():
    drawn = charts.trajectory([Score(MONDAY, 20), Score(MONDAY + timedelta(days=7), 4)], BANDS)
    assert drawn.dots[0].y < drawn.dots[1].y
    assert [dot.band for dot in drawn.dots] == ["severe", "minimal"]
    assert drawn.dots[1].last


def test_bands_meet_without_a_gap():
    stripes = charts.trajectory([], BANDS).stripes
    for below, above in pairwise(stripes):
        assert abs(above.y + above.height - below.y) < 0.2


def test_one_score_and_no_score_are_pictures_too():
    assert len(charts.trajectory([Score(MONDAY, 3)], []).dots) == 1
    assert charts.trajectory([], []).line == ""
    assert charts.sparkline([]) == ("", None)


def test_hours_are_said_as_people_say_them():
    assert [hearth.hours(minutes) for minutes in (0, 45, 540, 200)] == ["0 min", "45 min", "9 h", "3 h 20 min"]


def test_initials_leave_out_what_is_not_a_name():
    assert [hearth.initials(name) for name in ("Maya Reyes", "Jonah P.", "Dana", "Ana de la Cruz", "")] == [
        "MR",
        "JP",
        "D",
        "AC",
        "",
    ]
