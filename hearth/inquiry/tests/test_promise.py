from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from hearth.inquiry import queries
from hearth.inquiry.promise import promised_by
from hearth.lib.working_hours import DEFAULT, read
from hearth.program.services import close, say_hours

DENVER = ZoneInfo("America/Denver")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=DENVER)


@pytest.mark.parametrize(
    ("received", "hours", "answered"),
    [
        ("2026-11-24T10:00", 4, "2026-11-24T14:00"),
        ("2026-11-24T13:00", 4, "2026-11-24T17:00"),
        ("2026-11-24T15:30", 4, "2026-11-25T11:30"),
        ("2026-11-24T02:00", 4, "2026-11-24T13:00"),
        ("2026-11-24T23:48", 4, "2026-11-25T13:00"),
        ("2026-11-27T16:00", 4, "2026-11-30T12:00"),
        ("2026-11-28T12:00", 4, "2026-11-30T13:00"),
        ("2026-11-24T10:00", 20, "2026-11-26T14:00"),
        ("2026-10-30T16:00", 2, "2026-11-02T10:00"),
    ],
)
def test_only_working_hours_count(received, hours, answered):
    assert promised_by(at(received), hours=hours, week=DEFAULT, closed=(), zone=DENVER) == at(answered)


EVENINGS = read([{"day": day, "from": "15:00", "to": "21:00"} for day in (0, 1, 2)])


@pytest.mark.parametrize(
    ("received", "answered"),
    [
        ("2026-11-24T10:00", "2026-11-24T19:00"),  # a Tuesday
        ("2026-11-24T20:00", "2026-11-25T18:00"),
        ("2026-11-25T20:00", "2026-11-30T18:00"),
        ("2026-11-21T12:00", "2026-11-24T19:00"),  # closed on the Monday between
    ],
)
def test_it_counts_the_hours_that_the_house_says_and_no_day_on_which_it_is_closed(received, answered):
    closed = {date(2026, 11, 23)}
    assert promised_by(at(received), hours=4, week=EVENINGS, closed=closed, zone=DENVER) == at(answered)


def test_what_is_promised_to_whoever_writes_follows_what_an_administrator_said(organisation, walt, now):
    assert queries.promise(house=organisation, at=at("2026-11-24T10:00")) == at("2026-11-24T14:00")
    hours = [{"day": 1, "from": "15:00", "to": "21:00"}]
    say_hours(program=None, hours=hours, by=walt, at=now)
    assert queries.promise(house=organisation, at=at("2026-11-24T10:00")) == at("2026-11-24T19:00")
    close(name="Snow", first_on=date(2026, 11, 24), last_on=date(2026, 11, 24), site=None, by=walt, at=now)
    assert queries.promise(house=organisation, at=at("2026-11-24T10:00")) == at("2026-12-01T19:00")
