"""What a page may tell of groups of people: right figures, and nothing that subtraction turns into few."""

from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.measures.outcomes import Time
from hearth.measures.small_numbers import FEWEST
from hearth.web.outcomes import rules
from hearth.web.outcomes.rules import FEW

EVERYONE = None
NAMES = ("a", "b", "c", "d", "e")


def people(**counts: int) -> dict[UUID, str]:
    """So many people of each group."""
    groups = [name for name, count in counts.items() for _one in range(count)]
    return {UUID(int=number): group for number, group in enumerate(groups, start=1)}


def told(family, groups):
    """The rows of each figure by group, everyone under EVERYONE."""
    known, shown = rules.sizes(groups)
    return [{row.group: row for row in table.rows} for table in rules.tables(family, known, sorted(shown))]


def first(groups, group, count):
    """The first so many people of a group."""
    return set([one for one, name in groups.items() if name == group][:count])


@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)))
def test_periods_are_of_twelve_whole_months_and_share_no_day(today):
    several = rules.periods(today, count=3)
    assert several[0].until == today.replace(day=1)
    assert all(before.until == later.first for later, before in pairwise(several))
    assert all(one.first == one.until.replace(year=one.until.year - 1) for one in several)
    assert several[0].last_day + timedelta(days=1) == several[0].until


def test_a_small_group_and_one_more_are_kept_together():
    groups, shown = rules.sizes(people(a=40, b=15, c=3))
    assert shown == {"a": 40}
    assert sum(group == FEW for group in groups.values()) == 18
    assert rules.sizes(people(a=40, b=6, c=5))[1] == {"a": 40}
    assert rules.sizes(people(a=6))[1] == {}


def test_a_share_is_told_of_everyone_and_of_each_group_beside_the_rest():
    groups = people(a=40, b=60)
    yes = first(groups, "a", 20) | first(groups, "b", 45)
    (found,) = told(rules.of_shares("", {one: one in yes for one in groups}), groups)
    assert found[EVERYONE].value.value == pytest.approx(0.65)
    assert (found["a"].value.value, found["a"].difference.value) == (0.5, -0.25)
    assert found["a"].difference.direction == -1
    assert found["b"].difference.value == 0.25
    assert (found["a"].counted, found[EVERYONE].counted) == (40, 100)
    assert found[EVERYONE].difference is None


def test_everyone_is_counted_beside_those_of_whom_a_group_is_not_known():
    groups = people(a=40) | {UUID(int=number): "" for number in range(100, 120)}
    (found,) = told(rules.of_means("", {one: number % 5 for number, one in enumerate(groups)}), groups)
    assert (found[EVERYONE].counted, found["a"].counted, found[""].counted) == (60, 40, 20)


def test_a_group_of_whom_nobody_is_counted_says_so_and_hides_nothing():
    groups = people(a=40, b=60, c=20)
    yes = first(groups, "a", 20) | first(groups, "b", 30)
    (found,) = told(rules.of_shares("", {one: one in yes for one, group in groups.items() if group != "c"}), groups)
    assert (found["c"].counted, found["c"].value) == (0, None)
    assert found["a"].value.value == 0.5
    (found,) = told(rules.of_means("", dict.fromkeys(first(groups, "a", 20), 1.5)), groups)
    assert (found["a"].value.value, found["b"].value, found["c"].value) == (1.5, None, None)


def test_what_few_share_is_not_told_nor_what_they_are_subtracted_from():
    groups = people(a=40, b=60, c=50)
    yes = first(groups, "a", 5) | first(groups, "b", 20) | first(groups, "c", 25)
    (found,) = told(rules.of_shares("", {one: one in yes for one in groups}), groups)
    assert found[EVERYONE].value
    assert found["a"].value is None
    assert found["b"].value is None  # else the five would follow
    assert found["c"].value.value == 0.5


def test_how_many_are_counted_is_left_out_where_few_are_missing():
    groups = people(a=40, b=60)
    seen = {one: one in first(groups, "a", 20) | first(groups, "b", 30) for one in groups}
    for one in first(groups, "a", 3):
        del seen[one]
    (found,) = told(rules.of_shares("", seen), groups)
    assert (found[EVERYONE].counted, found["a"].counted, found["b"].counted) == (None, None, None)
    assert found["a"].value


def test_whoever_is_still_underway_counts_rightly_and_only_as_far_as_enough_were_seen():
    groups = people(a=60)
    times = [Time(20, left=True)] * 15 + [Time(70, left=True)] * 15 + [Time(90, left=False)] * 20
    family = rules.of_times(("4", "8", "12"), dict(zip(groups, times + [Time(30, left=False)] * 10, strict=True)))
    four, eight, twelve = told(family, groups)
    assert four[EVERYONE].value.value == 0.75
    assert eight[EVERYONE].value.value == 0.75
    assert twelve[EVERYONE].value.value == pytest.approx(0.75 * 20 / 35)
    early = rules.of_times(("4", "8", "12"), dict.fromkeys(groups, Time(40, left=False)))
    assert [bool(table[EVERYONE].value) for table in told(early, groups)] == [True, False, False]


def test_better_and_worse_are_shares_of_the_same_people():
    groups = people(a=100)
    verdicts = dict(zip(groups, [-1] * 20 + [0] * 30 + [1] * 50, strict=True))
    worse, better = told(rules.of_verdicts("", "", verdicts), groups)
    assert (worse[EVERYONE].value.value, better[EVERYONE].value.value) == (0.2, 0.5)
    few_steady = dict(zip(groups, [-1] * 20 + [0] * 5 + [1] * 75, strict=True))
    worse, better = told(rules.of_verdicts("", "", few_steady), groups)
    assert (worse[EVERYONE].value, better[EVERYONE].value.value) == (None, 0.75)


def test_a_figure_of_nobody_has_no_rows():
    (table,) = rules.tables(rules.of_means("", {}), people(a=20), ["a"])
    assert table.rows == ()


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=5))
def test_nothing_small_is_left_of_what_is_told(counts):
    """Yes and no of each told group, and of all that are not told together, are nobody or enough people."""
    groups = people(**{name: yes + no for name, (yes, no) in zip(NAMES, counts, strict=False)})
    answers: dict[UUID, bool] = {}
    for name, (yes, _no) in zip(NAMES, counts, strict=False):
        some = first(groups, name, yes)
        answers |= {one: one in some for one, group in groups.items() if group == name}
    (found,) = told(rules.of_shares("", answers), groups)
    hidden = [0, 0]
    for name, (yes, no) in zip(NAMES, counts, strict=False):
        if name in found and found[name].value:
            assert not 0 < yes < FEWEST
            assert not 0 < no < FEWEST
            assert found[name].value.value == pytest.approx(yes / (yes + no))
        else:
            hidden = [hidden[0] + yes, hidden[1] + no]
    if EVERYONE in found and found[EVERYONE].value:
        assert not any(0 < count < FEWEST for count in hidden)
