"""From people's observations to what a page may tell of them: everyone, then each group beside the rest. Pure."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from hearth.measures.outcomes import Interval, Time, mean, mean_difference, share, still_in
from hearth.measures.small_numbers import FEWEST, Ladder, told_of_all, told_of_groups

FEW = "\n"  # the people of every group that is too small to be told of, kept together; no program has such a name
WEEKS = (4, 8, 12)
AS_LONG_AS_MEANT = 7 * WEEKS[-1] + 1  # days: whoever completed did not leave, however soon that was


@dataclass(frozen=True, slots=True)
class Period:
    """Stays that began from `first` on and before `until`."""

    first: date
    until: date

    @property
    def last_day(self) -> date:
        return self.until - timedelta(days=1)


def periods(today: date, *, count: int) -> list[Period]:
    """Spans of twelve whole months that share no day, the newest first; it ends with the last month that is over.

    Spans that shared days could be subtracted, and so could yesterday's figures from today's.
    """
    ends = [date(today.year - back, today.month, 1) for back in range(count + 1)]
    return [Period(first, until) for until, first in pairwise(ends)]


@dataclass(frozen=True, slots=True)
class Family[Seen]:
    """Figures from the same people. `people` are those counted, each with what was seen of them.

    `ladder` counts some of them; figure number n is told where rung n of it may be, and `estimate` makes it.
    """

    figures: Sequence[str]
    people: Mapping[UUID, Seen]
    ladder: Callable[[Sequence[Seen]], Ladder]
    estimate: Callable[[Sequence[Seen], int], Interval]
    difference: Callable[[Sequence[Seen], Sequence[Seen], int], Interval]
    barred: Callable[[Sequence[Seen]], frozenset[int]]
    is_share: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One group, or everyone where `group` is None. `counted` is None where it would tell of few who are not.

    `value` is None where it would tell of few who are, or where nobody is; `difference` is to everyone else.
    """

    group: str | None
    counted: int | None
    value: Interval | None
    difference: Interval | None


@dataclass(frozen=True, slots=True)
class Table:
    """One figure: everyone first, then each group. Where it is of nobody yet, there are no rows."""

    title: str
    is_share: bool
    rows: Sequence[Row]


def sizes(groups: Mapping[UUID, str]) -> tuple[dict[UUID, str], dict[str, int]]:
    """Everyone's group, with FEW for those of small groups, and how many people each other group has."""
    counts: dict[str, int] = defaultdict(int)
    for group in groups.values():
        counts[group] += 1
    ladders = {group: (count,) for group, count in counts.items()}
    told = told_of_groups(ladders, of_all=told_of_all((len(groups),)))
    shown = {group: count for group, count in counts.items() if told[group]}
    return {one: group if group in shown else FEW for one, group in groups.items()}, shown


def tables[Seen](family: Family[Seen], groups: Mapping[UUID, str], shown: Sequence[str]) -> list[Table]:
    """Every figure of the family, for everyone and for the `shown` groups; `groups` is of `sizes`."""
    members: dict[str, list[Seen]] = {group: [] for group in {*groups.values()}}
    for one, seen in family.people.items():
        members[groups[one]].append(seen)
    everyone = list(family.people.values())
    if not everyone:
        return [Table(title, family.is_share, ()) for title in family.figures]
    of_all = told_of_all(family.ladder(everyone), barred=family.barred(everyone))
    told = told_of_groups(
        {group: family.ladder(seen) for group, seen in members.items()},
        of_all=of_all,
        barred={group: family.barred(seen) for group, seen in members.items()},
    )
    of_everyone, counted = _counted(family, members, groups, of_all, told)
    found = []
    for figure, title in enumerate(family.figures):
        rows = [_row(family, figure, None, everyone, [], told=of_all, counted=of_everyone)]
        for group in shown if figure in of_all else ():
            rest = [seen for other, several in members.items() if other != group for seen in several]
            row = _row(family, figure, group, members[group], rest, told=told[group], counted=counted[group])
            rows.append(row)
        found.append(Table(title, family.is_share, rows))
    return found


def _row[Seen](
    family: Family[Seen],
    figure: int,
    group: str | None,
    seen: Sequence[Seen],
    rest: Sequence[Seen],
    *,
    told: frozenset[int],
    counted: int | None,
) -> Row:
    if figure not in told:
        return Row(group, None, None, None)
    if not seen:
        return Row(group, 0, None, None)
    beside = family.difference(seen, rest, figure) if len(rest) >= FEWEST else None
    return Row(group, counted, family.estimate(seen, figure), beside)


def _counted[Seen](
    family: Family[Seen],
    members: Mapping[str, Sequence[Seen]],
    groups: Mapping[UUID, str],
    of_all: frozenset[int],
    told: Mapping[str, frozenset[int]],
) -> tuple[int | None, dict[str, int | None]]:
    """How many of everyone are counted, and of each group, where that tells nothing of the few who are not."""
    began: dict[str, int] = defaultdict(int)
    for group in groups.values():
        began[group] += 1
    ladders = {group: (len(seen), began[group]) for group, seen in members.items()}

    def barred(rungs: frozenset[int]) -> frozenset[int]:
        """The number where no figure is told."""
        return frozenset(() if any(figure in rungs for figure in range(len(family.figures))) else (0,))

    everyone = (len(family.people), len(groups))
    open_to_all = told_of_all(everyone, barred=barred(of_all))
    found = told_of_groups(ladders, of_all=open_to_all, barred={group: barred(rungs) for group, rungs in told.items()})
    counts = {group: ladders[group][0] if 0 in rungs else None for group, rungs in found.items()}
    return everyone[0] if 0 in open_to_all else None, counts


def nothing_barred(_seen: Sequence[object]) -> frozenset[int]:
    """Every rung may be told, as far as numbers of people go."""
    return frozenset()


def of_shares(figure: str, people: Mapping[UUID, bool]) -> Family[bool]:
    """What share of these people it is true of."""

    def ladder(seen: Sequence[bool]) -> Ladder:
        return sum(seen), len(seen)

    def estimate(seen: Sequence[bool], _rung: int) -> Interval:
        return share(sum(seen), len(seen))

    return Family([figure], people, ladder, estimate, _beside(estimate), nothing_barred, is_share=True)


def of_means(figure: str, people: Mapping[UUID, float]) -> Family[float]:
    """The mean of these people's values."""

    def ladder(seen: Sequence[float]) -> Ladder:
        return (len(seen),)

    def estimate(seen: Sequence[float], _rung: int) -> Interval:
        return mean(seen)

    def difference(seen: Sequence[float], rest: Sequence[float], _rung: int) -> Interval:
        return mean_difference(seen, rest)

    return Family([figure], people, ladder, estimate, difference, nothing_barred, is_share=False)


def of_verdicts(worse: str, better: str, people: Mapping[UUID, int]) -> Family[int]:
    """What shares became clearly worse (-1) and clearly better (1); the others did neither (0)."""

    def ladder(seen: Sequence[int]) -> Ladder:
        return sum(one < 0 for one in seen), sum(one <= 0 for one in seen), len(seen)

    def estimate(seen: Sequence[int], rung: int) -> Interval:
        return share(sum(one < 0 if rung == 0 else one > 0 for one in seen), len(seen))

    return Family([worse, better], people, ladder, estimate, _beside(estimate), nothing_barred, is_share=True)


def of_times(figures: Sequence[str], people: Mapping[UUID, Time]) -> Family[Time]:
    """What share is still in the program after each of WEEKS."""

    def ladder(seen: Sequence[Time]) -> Ladder:
        left = [sum(one.left and one.days <= 7 * weeks for one in seen) for weeks in WEEKS]
        return *left, len(seen)

    def estimate(seen: Sequence[Time], rung: int) -> Interval:
        return still_in(seen, days=7 * WEEKS[rung])

    def barred(seen: Sequence[Time]) -> frozenset[int]:
        """The weeks beyond which too few have been seen to know of them, unless all had left by then."""
        return frozenset(
            at
            for at, weeks in enumerate(WEEKS)
            if sum(one.days > 7 * weeks for one in seen) < FEWEST
            and not all(one.left and one.days <= 7 * weeks for one in seen)
        )

    return Family(figures, people, ladder, estimate, _beside(estimate), barred, is_share=True)


def _beside[Seen](
    estimate: Callable[[Sequence[Seen], int], Interval],
) -> Callable[[Sequence[Seen], Sequence[Seen], int], Interval]:
    """The difference of two groups' shares, made of the interval of each."""
    return lambda seen, rest, rung: estimate(seen, rung).against(estimate(rest, rung))
