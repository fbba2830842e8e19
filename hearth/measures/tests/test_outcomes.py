"""Figures of many people: right where the papers say so, and their intervals hold them."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hearth.measures import instrument, outcomes
from hearth.measures.outcomes import Interval, Time

PHQ = instrument.get("phq-9")
NEARLY = 1e-9
times = st.lists(st.builds(Time, days=st.integers(0, 120), left=st.booleans()), min_size=1, max_size=60)
values = st.lists(st.integers(-27, 27), min_size=11, max_size=40)


def holds(found: Interval) -> bool:
    return found.low - NEARLY <= found.value <= found.high + NEARLY


@given(st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_lies_in_its_interval_and_the_interval_between_none_and_all(case):
    found = outcomes.share(*case)
    assert holds(found)
    assert 0 <= found.low <= found.high <= 1


def test_a_share_has_wilsons_interval():
    found = outcomes.share(8, 10)
    assert (found.low, found.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)


@given(st.integers(1, 200), st.data())
def test_more_of_as_many_people_is_a_greater_share_with_greater_ends(of, data):
    fewer = data.draw(st.integers(0, of - 1))
    less, more = outcomes.share(fewer, of), outcomes.share(fewer + 1, of)
    assert (less.low, less.value, less.high) <= (more.low, more.value, more.high)


@given(times)
def test_who_is_still_in_falls_week_by_week_and_lies_in_its_interval(people):
    found = [outcomes.still_in(people, days=days) for days in (28, 56, 84)]
    assert all(holds(one) and 0 <= one.low <= one.high <= 1 for one in found)
    assert all(later.value <= before.value for before, later in pairwise(found))


@given(st.lists(st.integers(0, 60), min_size=1, max_size=60), st.integers(0, 60))
def test_where_everyone_was_seen_long_enough_it_is_the_plain_share(days_of_leaving, days):
    people = [Time(one, left=one <= 40) for one in days_of_leaving]
    people = [one if one.left else Time(200, left=False) for one in people]
    stayed = sum(not one.left or one.days > days for one in people)
    assume(stayed)  # where nobody stayed it knows less: of those alone who were there on the last day
    found, plain = outcomes.still_in(people, days=days), outcomes.share(stayed, len(people))
    assert (found.value, found.low, found.high) == pytest.approx((plain.value, plain.low, plain.high))


def test_whoever_is_still_underway_counts_for_as_long_as_they_were_seen():
    """Kaplan and Meier's own example (1958): deaths at 0.8, 3.1, 5.4, 9.2; losses at 1.0, 2.7, 7.0, 12.1."""
    deaths, losses = (8, 31, 54, 92), (10, 27, 70, 121)
    people = [Time(day, left=True) for day in deaths] + [Time(day, left=False) for day in losses]
    found = [outcomes.still_in(people, days=days).value for days in (8, 31, 54, 92)]
    assert found == pytest.approx([7 / 8, 7 / 8 * 4 / 5, 7 / 8 * 3 / 5, 7 / 8 * 3 / 5 / 2])


def test_a_mean_has_students_interval():
    found = outcomes.mean([-4] * 8 + [-8] * 8)
    assert found.value == -6
    assert found.high - found.value == pytest.approx(2.13145 * 2.06559 / 4, abs=1e-4)


@pytest.mark.parametrize(("free", "value"), [(10, 2.22814), (15, 2.13145), (30, 2.04227), (120, 1.97993)])
def test_students_t_is_that_of_the_tables(free, value):
    assert outcomes.t_value(free) == pytest.approx(value, abs=1e-4)


@given(values, values)
def test_a_mean_and_a_difference_lie_in_their_intervals_and_a_difference_turned_round_is_the_same(these, others):
    assert holds(outcomes.mean(these))
    there, back = outcomes.mean_difference(these, others), outcomes.mean_difference(others, these)
    assert holds(there)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


def test_a_difference_of_shares_has_newcombes_interval():
    """56 of 70 and 48 of 80: example (a) of Newcombe 1998, table II, method 10."""
    found = outcomes.share(56, 70).against(outcomes.share(48, 80))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)
    assert found.direction == 1


@given(st.integers(1, 90), st.integers(1, 90), st.data())
def test_a_difference_of_shares_lies_in_its_interval_and_is_not_called_sure_between_equals(of, others, data):
    one = outcomes.share(data.draw(st.integers(0, of)), of)
    other = outcomes.share(data.draw(st.integers(0, others)), others)
    assert holds(one.against(other))
    assert -1 <= one.against(other).low <= one.against(other).high <= 1
    assert one.against(one).direction == 0


def test_a_distribution_counts_every_band():
    assert outcomes.distribution(PHQ, [0] * 12 + [5] * 11) == {
        "minimal": 12,
        "mild": 11,
        "moderate": 0,
        "moderately-severe": 0,
        "severe": 0,
    }
