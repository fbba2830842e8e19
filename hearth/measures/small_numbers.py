"""What may be told of groups of people, so that nobody can be recognised or worked out. Pure."""

from collections.abc import Collection, Mapping, Sequence

FEWEST = 11  # of fewer people nothing is told: each could be recognised (CMS cell suppression policy)
Ladder = Sequence[int]
"""Counts of one group, each holding the one before it and the last all of the group: better, better or steady, all."""


def tellable(counts: Mapping[str, int]) -> dict[str, int | None]:
    """These counts of people, whose sum is known, with None for those that tell of fewer than FEWEST.

    What is left out must not follow from what is told: so many are left out, the smallest first, that together they are
    FEWEST or more.
    """
    hidden: set[str] = set()
    if any(0 < count < FEWEST for count in counts.values()):
        for name in sorted(counts, key=lambda name: counts[name]):
            if counts[name] >= FEWEST and sum(counts[one] for one in hidden) >= FEWEST:
                break
            hidden.add(name)
    return {name: None if name in hidden else count for name, count in counts.items()}


def told_of_all(ladder: Ladder, *, barred: frozenset[int] = frozenset()) -> frozenset[int]:
    """The rungs of one ladder that may be told; none where the ladder's last is of too few.

    People between two told rungs are nobody, or FEWEST or more; so are those below the first. `barred` are not told for
    a reason of their own.
    """
    told = set(range(len(ladder))) - barred
    while gap := next((pair for pair in _pairs(told) if _is_few(_between(ladder, *pair))), None):
        told -= _costs(gap, ladder)
    return frozenset(told)


def told_of_groups(
    ladders: Mapping[str, Ladder], *, of_all: frozenset[int], barred: Mapping[str, frozenset[int]] | None = None
) -> dict[str, frozenset[int]]:
    """The rungs that may be told of each group, where `of_all` are told of everyone together.

    The groups share nobody and are everyone, so whoever subtracts the told from all of them learns of the others. Those
    too are nobody, or FEWEST or more, between any two rungs; and a rung is never hidden of one group alone.
    """
    size = max((len(ladder) for ladder in ladders.values()), default=0)
    never = frozenset(range(size)) - of_all
    told = {
        name: set(told_of_all(ladder, barred=never | (barred or {}).get(name, frozenset())))
        for name, ladder in ladders.items()
    }
    while loss := _next_loss(ladders, told, of_all):
        name, gap = loss
        told[name] -= _costs(gap, ladders[name])
    return {name: frozenset(rungs) for name, rungs in told.items()}


Pair = tuple[int, int]
"""Two rungs, the lower first; -1 is the ground below them, where nobody is."""


def _pairs(told: Collection[int]) -> list[Pair]:
    rungs = [-1, *sorted(told)]
    return [(low, high) for at, low in enumerate(rungs) for high in rungs[at + 1 :]]


def _between(ladder: Ladder, low: int, high: int) -> int:
    return ladder[high] - (ladder[low] if low >= 0 else 0)


def _is_few(count: int) -> bool:
    return 0 < count < FEWEST


def _costs(gap: Pair, ladder: Ladder) -> set[int]:
    """What is hidden to hide the people between two rungs: the lower, or all where the whole group is too small."""
    low, high = gap
    if low >= 0:
        return {low}
    return {high} if high < len(ladder) - 1 else set(range(len(ladder)))


def _next_loss(
    ladders: Mapping[str, Ladder], told: Mapping[str, set[int]], of_all: frozenset[int]
) -> tuple[str, Pair] | None:
    """The group of which less is to be told, the smallest there, and between which rungs; None where nothing leaks."""
    for gap in _pairs(of_all):
        open_to_all = [name for name in ladders if {one for one in gap if one >= 0} <= told[name]]
        others = [name for name in ladders if name not in open_to_all]
        together = sum(_between(ladders[name], *gap) for name in others)
        if open_to_all and (_is_few(together) or len(others) == 1):
            return min(open_to_all, key=lambda name: (_between(ladders[name], *gap), name)), gap
    return None
