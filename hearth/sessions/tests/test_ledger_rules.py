"""The dose ledger's rules: what is authorised and billable, and a reason for every minute that is missing."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.sessions.rules import dose
from hearth.sessions.rules.attendance import Status
from hearth.sessions.rules.authorised import Authorised, Unit
from hearth.sessions.rules.dose import Meeting, Prescription
from hearth.sessions.rules.ledger import Gap, Totals, Why, ledger

DENVER = ZoneInfo("America/Denver")
FIRST = date(2026, 10, 19)  # a Monday; the clocks change on 1 November
LAST = date(2026, 11, 15)
ASKED = Prescription(FIRST, {"group": 540, "skills": 60, "individual": 60, "family": 0}, 3)
AFTER = datetime(2026, 12, 1, tzinfo=DENVER)


def group(day, **fields):
    start = datetime.combine(FIRST + timedelta(days=day), time(17, 30), DENVER)
    told: dict[str, Any] = {"attended": 180, "status": "present"} | fields
    return Meeting("group", start, start + timedelta(hours=3), **told)


def books(meetings, *granted, at=AFTER, billable_day=120):
    weeks = dose.weeks(meetings, prescriptions=[ASKED], starts_on=FIRST, ends_on=LAST, zone=DENVER, at=at, floor=540)
    return ledger(weeks, meetings, granted=granted, billable_day=billable_day, zone=DENVER, at=at)


def test_a_gap_says_why_for_every_cause():
    meetings = [
        group(0, attended=170, status="late", reason="bus"),
        group(1, attended=0, status="excused", reason="Ill"),
        group(3, attended=0, is_cancelled=True, reason="Snow"),
        group(4, attended=100, shortened=60, status="present"),
    ]
    first = books(meetings).weeks[0]
    assert first.gaps == (
        Gap(Why.CANCELLED, 120, FIRST + timedelta(days=3), "Snow"),
        Gap(Why.LATE, 10, FIRST, "bus"),
        Gap(Why.EXCUSED, 180, FIRST + timedelta(days=1), "Ill"),
        Gap(Why.SHORTENED, 60, FIRST + timedelta(days=4)),
        Gap(Why.AWAY, 20, FIRST + timedelta(days=4)),
    )
    assert [gap.why for gap in books([]).weeks[1].gaps] == [Why.NOT_SCHEDULED]


def test_what_was_made_up_is_no_gap_of_its_week_and_counts_for_no_other():
    """Missed in the first week, had in the second, which then is short by what it missed itself."""
    missed, again = group(4), group(9)
    meetings = [
        *(group(day) for day in (0, 2)),
        group(4, attended=0, status="absent", made_up=180, made_up_at=again.starts_at),
        group(7),
        group(9, makes_up_for=missed.starts_at),
        group(11, attended=0, status="absent"),
        group(12),
    ]
    first, second = books(meetings).weeks[:2]
    assert Gap(Why.MADE_UP, 180, again.starts_at.date()) in first.gaps
    assert first.dose.shortfall is None
    assert (second.dose.attended, second.dose.for_others) == (540, 180)
    assert second.dose.shortfall is not None


def test_hours_that_make_up_for_another_week_leave_a_week_without_enough_of_its_own_unscheduled():
    missed = group(4)
    meetings = [*(group(day) for day in (7, 9)), group(11, makes_up_for=missed.starts_at)]
    second = books(meetings).weeks[1]
    assert (second.dose.scheduled, second.dose.own, second.dose.had) == (540, 360, 360)
    assert second.gaps == (Gap(Why.NOT_SCHEDULED, second.dose.prescribed - 360),)


@pytest.mark.parametrize(("attended", "status"), [(0, "absent"), (100, "left"), (180, "present")])
def test_a_missed_make_up_lends_its_minutes_to_no_other_week(attended, status):
    """What it makes up for stays missing in the week that missed it; this week's own hours were never planned."""
    again = group(11, attended=attended, status=status, makes_up_for=group(4).starts_at)
    week = books([group(7), group(9), again]).weeks[1]
    assert (week.dose.own, week.dose.had) == (360, 360)
    assert week.gaps == (Gap(Why.NOT_SCHEDULED, week.dose.prescribed - 360),)
    assert week.dose.shortfall == dose.Shortfall(dose.Cause.NOT_SCHEDULED, week.dose.prescribed - 360)


def test_a_day_below_the_least_is_not_billed_and_without_payers_rules_all_else_is():
    week = books([group(0), group(1, attended=119, status="left")]).weeks[0]
    assert (week.authorised, week.billable, week.days_billable) == (None, 180, 1)
    assert week.unbilled == (Gap(Why.TOO_SHORT, 119, FIRST + timedelta(days=1)),)


def test_two_sessions_of_one_day_are_judged_together():
    start = datetime.combine(FIRST, time(16), DENVER)
    alone = Meeting("individual", start, start + timedelta(hours=1), attended=60, status="present")
    assert books([group(0, attended=70, status="left"), alone]).weeks[0].billable == 130


def test_days_are_used_up_one_by_one_and_then_nothing_is_authorised():
    paid = Authorised(FIRST, LAST, Unit.DAYS, 2)
    found = books([group(0), group(2), group(4)], paid)
    week = found.weeks[0]
    assert (week.authorised, week.days_authorised, week.billable, week.days_billable) == (360, 2, 360, 2)
    assert week.unbilled == (Gap(Why.USED_UP, 180, FIRST + timedelta(days=4)),)
    assert found.used == (2,)


def test_hours_are_used_to_the_minute_and_the_next_authorisation_goes_on():
    first, second = Authorised(FIRST, FIRST, Unit.HOURS, 2), Authorised(FIRST, LAST, Unit.HOURS, 3)
    found = books([group(0), group(2)], second, first)
    assert (found.used, found.weeks[0].billable) == ((180, 120), 300)
    assert found.weeks[0].unbilled == (Gap(Why.USED_UP, 60, FIRST + timedelta(days=2)),)


def test_a_day_outside_every_authorisation_is_not_authorised():
    later = Authorised(FIRST + timedelta(days=1), LAST, Unit.DAYS, 9)
    assert books([group(0)], later).weeks[0].unbilled == (Gap(Why.NOT_AUTHORISED, 180, FIRST),)


def test_it_says_on_which_day_the_authorisation_runs_out():
    at = datetime.combine(FIRST + timedelta(days=1), time(9), DENVER)
    meetings = [group(0), *(group(day, attended=0, status="expected") for day in (2, 4, 7))]
    assert books(meetings, Authorised(FIRST, LAST, Unit.DAYS, 3), at=at).runs_out_on == FIRST + timedelta(days=7)
    assert books(meetings, Authorised(FIRST, LAST, Unit.DAYS, 4), at=at).runs_out_on is None
    assert books(meetings, at=at).runs_out_on is None


def test_to_date_leaves_out_the_weeks_ahead():
    at = datetime.combine(FIRST + timedelta(days=8), time(9), DENVER)
    found = books([group(0), group(21, attended=0, status="expected")], Authorised(FIRST, LAST, Unit.DAYS, 9), at=at)
    assert found.to_date == Totals(1320, 180, 180, 180, 180, 6, 1, 1, 1, 1)


def test_an_hour_over_the_night_the_clocks_change_is_a_real_hour():
    start = datetime(2026, 11, 1, 0, 30, tzinfo=DENVER)  # 01:00 to 02:00 comes twice
    night = Meeting("group", start, datetime(2026, 11, 1, 2, 30, tzinfo=DENVER), attended=180, status="present")
    found = books([night], Authorised(FIRST, LAST, Unit.HOURS, 3))
    assert (found.weeks[1].dose.scheduled, found.weeks[1].billable, found.used) == (180, 180, (180,))


STATUSES = [each.value for each in Status]


@st.composite
def meetings(draw):
    """Any meetings of these weeks, also at the change of the clocks and from another zone's clock."""
    found = []
    for _ in range(draw(st.integers(0, 12))):
        start = datetime(2026, 10, 19, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 27 * 24 * 60)))
        length = draw(st.integers(1, 240))
        attended = draw(st.integers(0, length))
        is_cancelled = draw(st.booleans())
        zone = draw(st.sampled_from([DENVER, UTC, ZoneInfo("America/New_York")]))
        found.append(
            Meeting(
                draw(st.sampled_from([*dose.KINDS, "peer"])),
                start.astimezone(zone),
                (start + timedelta(minutes=length)).astimezone(zone),
                attended=0 if is_cancelled else attended,
                is_cancelled=is_cancelled,
                status=draw(st.sampled_from(STATUSES)),
                shortened=draw(st.integers(0, length)),
                made_up=draw(st.sampled_from([0, 30, 240])),
                made_up_at=start + timedelta(days=draw(st.integers(0, 14))),
                makes_up_for=draw(st.sampled_from([None, start - timedelta(days=9), start])),
            )
        )
    return found


granted = st.lists(
    st.builds(
        lambda first, days, unit, approved: Authorised(
            FIRST + timedelta(days=first), FIRST + timedelta(days=first + days), unit, approved
        ),
        st.integers(-5, 27),
        st.integers(0, 20),
        st.sampled_from(list(Unit)),
        st.integers(1, 12),
    ),
    max_size=3,
)
moments = st.integers(-24, 30 * 24).map(lambda hour: datetime(2026, 10, 19, tzinfo=UTC) + timedelta(hours=hour))


@given(meetings=meetings(), paid=granted, at=moments, order=st.randoms())
def test_every_minute_is_accounted_for_in_any_order(meetings, paid, at, order):
    found = books(meetings, *paid, at=at)
    for week in found.weeks:
        missing = sum(gap.minutes for gap in week.gaps)
        own = week.dose.attended + week.dose.to_come - week.dose.for_others
        assert week.dose.prescribed + week.surplus == own + missing
        assert week.dose.own >= 0
        assert 0 <= week.dose.had - week.dose.regained <= week.dose.own
        if week.dose.shortfall:
            assert 0 < week.dose.prescribed - week.dose.had <= missing
        assert week.dose.attended == week.billable + sum(gap.minutes for gap in week.unbilled)
        assert 0 <= week.billable <= week.dose.attended <= week.dose.scheduled
        assert 0 <= week.days_billable <= week.dose.days_attended <= 7
        assert week.authorised is None or 0 <= week.authorised <= week.dose.scheduled
        assert all(gap.minutes > 0 for gap in (*week.gaps, *week.unbilled))
    for one, used in zip(paid, found.used, strict=True):
        assert 0 <= used <= one.whole
    mixed = list(meetings)
    order.shuffle(mixed)
    again = books(mixed, *paid, at=at)
    assert (again.used, again.to_date, again.runs_out_on) == (found.used, found.to_date, found.runs_out_on)


@given(meetings=meetings(), paid=granted, at=moments)
def test_more_authorised_never_means_less_billable(meetings, paid, at):
    more = [*paid, Authorised(FIRST, LAST, Unit.DAYS, 28)]
    if paid:
        assert books(meetings, *more, at=at).to_date.billable >= books(meetings, *paid, at=at).to_date.billable


@pytest.mark.parametrize("zone", ["America/Denver", "America/New_York", "Pacific/Honolulu", "Asia/Kolkata"])
def test_where_a_clock_hangs_moves_no_minute(zone):
    other = ZoneInfo(zone)
    here = [group(day) for day in (0, 2, 4, 13)]
    there = [
        Meeting("group", one.starts_at.astimezone(other), one.ends_at.astimezone(other), 180, status="present")
        for one in here
    ]
    assert books(there).to_date == books(here).to_date
