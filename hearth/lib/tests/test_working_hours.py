"""A week on the wall clock: days in order, closed days out, the clock of the place, midnight at the end of a day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from hearth.lib.working_hours import DEFAULT, Stretch, between, on_day, read

DENVER, PHOENIX = ZoneInfo("America/Denver"), ZoneInfo("America/Phoenix")
EVENING = [{"day": 0, "from": "17:30", "to": "24:00"}, {"day": 0, "from": "09:00", "to": "12:00"}]


def test_stored_hours_are_a_week_in_order_that_may_end_at_midnight():
    assert read(EVENING) == (Stretch(0, 540, 720), Stretch(0, 1050, 1440))
    monday = date(2026, 11, 30)
    assert [until for _since, until in on_day(read(EVENING), monday, zone=DENVER)][-1] == datetime(
        2026, 12, 1, tzinfo=DENVER
    )


def test_the_same_hours_are_other_moments_on_the_clock_of_another_place():
    day = date(2026, 7, 1)
    ((denver, _end),) = on_day(DEFAULT, day, zone=DENVER)
    ((phoenix, _end),) = on_day(DEFAULT, day, zone=PHOENIX)
    assert phoenix - denver.astimezone(UTC) == timedelta(hours=1)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    st.sets(st.dates(date(2026, 1, 1), date(2027, 2, 1)), max_size=9),
)
def test_nobody_is_at_work_on_a_closed_day_or_a_weekend(since, closed):
    for opens, closes in between(DEFAULT, since, since + timedelta(days=14), zone=DENVER, closed=closed):
        assert opens.date() not in closed
        assert opens.weekday() < 5
        assert (opens.hour, closes.hour) == (9, 17)
