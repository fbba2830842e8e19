"""Which other times are offered, and until when."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.sessions.rules.make_ups import (
    NOTICE,
    Option,
    answer_by,
    last_day,
    may_be_made_up,
    offered,
    weeks_to_look_at,
)
from hearth.sessions.rules.policy import Policy

DENVER = ZoneInfo("America/Denver")
NOW = datetime(2026, 10, 28, 18, tzinfo=UTC)  # a Wednesday; the clocks change on Sunday
UNTIL = date(2026, 11, 8)
STAFF = UUID(int=1)


def option(hours, **fields):
    start = NOW + timedelta(hours=hours)
    return Option(start, start + timedelta(hours=1), STAFF, "virtual", **fields)


def choose(*options, most=3, taken=()):
    return offered(options, at=NOW, until=UNTIL, zone=DENVER, most=most, taken=taken)


@pytest.mark.parametrize(
    ("kind", "status", "policy", "may"),
    [
        ("group", "absent", Policy(), True),
        ("individual", "excused", Policy(), True),
        ("group", "excused", Policy(makes_up=("absent",)), False),
        ("group", "absent", Policy(makes_up=()), False),
        ("group", "late", Policy(), False),
        ("peer", "absent", Policy(), False),
    ],
)
def test_the_programs_policy_says_what_may_be_made_up(kind, status, policy, may):
    assert may_be_made_up(kind, status, policy) is may


def test_what_fits_best_comes_before_what_comes_sooner_and_one_of_a_day_is_enough():
    soon, later, same_day = option(5), option(50, fits=(True, True, True)), option(51, fits=(True, True, True))
    assert choose(soon, same_day, later, most=1) == [later]
    assert choose(soon, same_day, later) == [soon, later]
    assert choose(soon, later, taken={later.key}) == [soon]


def test_this_week_and_the_next_are_looked_at_as_far_as_the_policy_reaches():
    missed = date(2026, 10, 26)
    assert last_day(missed, Policy()) == date(2026, 11, 9)
    assert weeks_to_look_at(date(2026, 10, 28), UNTIL) == [date(2026, 10, 26), date(2026, 11, 2)]
    assert weeks_to_look_at(date(2026, 10, 28), date(2026, 11, 1)) == [date(2026, 10, 26)]
    assert weeks_to_look_at(date(2026, 11, 9), UNTIL) == []


def test_an_answer_never_counts_beyond_the_last_time_that_is_offered():
    assert answer_by([option(5), option(30)], at=NOW, policy=Policy()) == NOW + timedelta(hours=30)
    assert answer_by([option(100)], at=NOW, policy=Policy()) == NOW + timedelta(hours=48)


options = st.lists(
    st.builds(
        lambda hours, fits: option(hours, fits=fits),
        st.integers(-50, 400),
        st.tuples(st.booleans(), st.booleans(), st.booleans()),
    ),
    max_size=20,
)


@given(found=options, most=st.integers(0, 5), order=st.randoms())
def test_no_more_than_asked_each_on_its_own_day_in_time_and_in_any_order(found, most, order):
    chosen = choose(*found, most=most)
    days = [one.starts_at.astimezone(DENVER).date() for one in chosen]
    assert len(chosen) <= most
    assert len(set(days)) == len(days)
    assert all(day <= UNTIL for day in days)
    assert all(one.starts_at >= NOW + NOTICE for one in chosen)
    assert chosen == sorted(chosen, key=lambda one: one.starts_at)
    mixed = list(found)
    order.shuffle(mixed)
    assert [one.starts_at for one in choose(*mixed, most=most)] == [one.starts_at for one in chosen]
