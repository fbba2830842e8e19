"""The order of the waitlist is the file's: pregnancy and injecting where the block grant pays, then risk, then time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.timetable.waitlist_order import Person, in_order, order, rank, reasons

SINCE = datetime(2026, 11, 2, 17, tzinfo=UTC)
SUD = Person(since=SINCE, track="substance-use", is_federal=True)
DAY = timedelta(days=1)


def test_the_version_of_the_order_is_the_one_these_tests_know():
    assert order().version == "2026-11-30"


def test_who_is_asked_first_where_the_block_grant_pays():
    waiting = {
        "longest": replace(SUD, since=SINCE - 30 * DAY),
        "at risk": replace(SUD, risk=2),
        "injects": replace(SUD, injects=True),
        "pregnant": replace(SUD, pregnant=True),
        "both": replace(SUD, pregnant=True, injects=True, since=SINCE + 9 * DAY),
        "some risk": replace(SUD, risk=1),
    }
    assert in_order(waiting.items(), order()) == ["both", "pregnant", "injects", "at risk", "some risk", "longest"]


@pytest.mark.parametrize("person", [replace(SUD, is_federal=False), replace(SUD, track="mental-health")])
def test_other_care_goes_by_risk_and_time_alone(person):
    first = replace(person, since=SINCE - DAY)
    assert in_order([("hers", replace(person, pregnant=True, injects=True)), ("his", first)], order()) == [
        "his",
        "hers",
    ]
    assert [one.id for one in reasons(replace(person, pregnant=True, risk=1), order())] == ["raised", "date"]


def test_the_reasons_name_their_source_and_whether_it_was_read():
    both, risk, date = reasons(replace(SUD, pregnant=True, injects=True, risk=2), order())
    assert (both.id, both.source, both.status) == ("pregnant_injects", "45 CFR 96.131(a)(1)", "to_check")
    assert (risk.id, date.id) == ("high", "date")


def test_interim_support_is_due_within_two_days():
    assert order().interim_within == timedelta(hours=48)


people = st.builds(
    Person,
    since=st.datetimes(timezones=st.just(UTC)),
    track=st.sampled_from(["substance-use", "co-occurring", "mental-health"]),
    is_federal=st.booleans(),
    pregnant=st.booleans(),
    injects=st.booleans(),
    risk=st.integers(0, 2),
)


@given(people)
def test_waiting_longer_or_being_at_more_risk_never_moves_anybody_back(person):
    now = rank(person, order())
    assert (
        rank(replace(person, since=person.since - timedelta(seconds=1)) if person.since.year > 1 else person, order())
        <= now
    )
    assert rank(replace(person, risk=2), order()) <= now
    assert rank(replace(person, pregnant=True), order()) <= now
