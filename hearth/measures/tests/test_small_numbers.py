"""Of fewer than eleven people nothing is told, nor what subtraction would tell."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.measures.small_numbers import FEWEST, tellable, told_of_all, told_of_groups


def ladders(rungs: int) -> st.SearchStrategy[list[tuple[int, ...]]]:
    ladder = st.lists(st.one_of(st.integers(0, 14), st.integers(0, 60)), min_size=rungs, max_size=rungs)
    return st.lists(ladder.map(lambda steps: tuple(accumulate(steps))), min_size=1, max_size=6)


def follows(row: Sequence[int], known: Iterable[Sequence[int]]) -> bool:
    """Whether `row` is a sum of multiples of the `known` rows, by elimination in whole fractions."""
    basis: list[tuple[int, list[Fraction]]] = []
    for one in [*known, row]:
        left = [Fraction(value) for value in one]
        for at, base in basis:
            if left[at]:
                left = [value - left[at] * of for value, of in zip(left, base, strict=True)]
        first = next((place for place, value in enumerate(left) if value), None)
        if first is not None:
            basis.append((first, [value / left[first] for value in left]))
        elif one is row:
            return True
    return False


@given(st.integers(1, 4).flatmap(ladders))
def test_no_group_of_few_follows_from_all_that_is_told(counts):
    """What is told are sums of steps; a step of few must be no combination of them."""
    size = len(counts[0])
    named = {str(at): ladder for at, ladder in enumerate(counts)}
    everyone = [sum(ladder[rung] for ladder in counts) for rung in range(size)]
    of_all = told_of_all(everyone)
    told = told_of_groups(named, of_all=of_all)

    def up_to(groups: Iterable[int], low: int, high: int) -> list[int]:
        return [int(group in groups and low < rung <= high) for group in range(len(counts)) for rung in range(size)]

    known = [up_to(range(len(counts)), -1, rung) for rung in of_all]
    known += [up_to([int(name)], -1, rung) for name, rungs in told.items() for rung in rungs]
    for group, ladder in enumerate(counts):
        for high in range(size):
            for low in range(-1, high):
                few = ladder[high] - (ladder[low] if low >= 0 else 0)
                if 0 < few < FEWEST:
                    assert not follows(up_to([group], low, high), known)
    for rung in of_all:
        assert len([1 for rungs in told.values() if rung not in rungs]) != 1


@pytest.mark.parametrize(
    ("ladders", "told"),
    [
        ({"a": (20, 40), "b": (15, 30)}, {"a": {0, 1}, "b": {0, 1}}),
        ({"a": (20, 40), "b": (12, 30), "c": (5, 10)}, {"a": {0, 1}, "b": set(), "c": set()}),  # c alone would follow
        ({"a": (20, 40), "b": (15, 30), "c": (25, 30)}, {"a": {0, 1}, "b": {1}, "c": {1}}),  # five of c did not
        ({"a": (6, 12), "b": (5, 30), "c": (30, 50)}, {"a": {1}, "b": {1}, "c": {0, 1}}),  # together eleven
        ({"a": (0, 12), "b": (30, 50)}, {"a": {0, 1}, "b": {0, 1}}),  # nobody is nobody
        ({"a": (3, 40), "b": (30, 70)}, {"a": {1}, "b": {1}}),
    ],
)
def test_what_is_told_of_groups(ladders, told):
    everyone = [sum(steps) for steps in zip(*ladders.values(), strict=True)]
    assert told_of_groups(ladders, of_all=told_of_all(everyone)) == told


def test_a_week_is_left_out_where_few_left_since_the_week_before():
    assert told_of_all((12, 15, 30, 90)) == {1, 2, 3}
    assert told_of_all((5, 12, 30, 90)) == {1, 2, 3}
    assert told_of_all((12, 30, 85, 90)) == {0, 1, 3}
    assert told_of_all((2, 5, 10)) == frozenset()


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((20, 3), (None, None)),  # 3 would follow from the sum
        ((40, 20, 3), (40, None, None)),
        ((40, 6, 5), (40, None, None)),  # together eleven
        ((40, 0, 3), (None, None, None)),
        ((40, 0, 0), (40, 0, 0)),
        ((11, 12, 13), (11, 12, 13)),
    ],
)
def test_fewer_than_eleven_are_neither_told_nor_found_out(counts, told):
    assert tuple(tellable({str(at): count for at, count in enumerate(counts)}).values()) == told


@given(st.lists(st.integers(0, 60), min_size=2, max_size=6))
def test_what_is_left_out_is_nobody_or_eleven_together(counts):
    told = tellable({str(at): count for at, count in enumerate(counts)})
    left_out = sum(counts[int(at)] for at, count in told.items() if count is None)
    assert not any(0 < count < FEWEST for count in told.values() if count is not None)
    assert left_out == 0 or left_out >= min(FEWEST, sum(counts))
