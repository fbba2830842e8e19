"""The best week one person could have out of single sessions they could come to. Pure and exact.

A day is worked out once for each way of taking part; days are then put together. More minutes of the dose come first,
then fewer days beyond those wished for, fewer waits between sessions, and best topics. Nobody is given two individual
or two family sessions on one day, nor two sites on one day.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from hearth.timetable.board import KINDS, SLOT, Dose, Group, Individual
from hearth.timetable.rules import MOST_DAYS

Counts = tuple[int, int, int, int]  # sessions in the order of KINDS
Cost = tuple[int, int]  # waits between sessions, second-choice topics
Options = dict[Counts, tuple[Cost, "tuple[Chance, ...]"]]
State = tuple[int, int, int, int, int]  # counts, and days on which the person comes
States = dict[State, tuple[Cost, "tuple[Chance, ...]"]]
Together = Callable[["Chance", "Chance"], bool]
NOTHING: Counts = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Chance:
    """One session the person could come to, alone; `second` is 1 where its topic is not their first.

    `site` is where it is held in person, empty where sites do not matter.
    """

    session: Group | Individual
    mask: int
    second: int = 0
    site: str = ""


@dataclass(frozen=True, slots=True)
class OneWeek:
    """Sessions that can all be had together, in order of time, and the minutes of dose they give."""

    chances: tuple[Chance, ...]
    minutes: int

    @property
    def sessions(self) -> tuple[Group | Individual, ...]:
        """The sessions, without what they were weighed by."""
        return tuple(chance.session for chance in self.chances)


def options_of_day(chances: Iterable[Chance], dose: Dose, *, together: Together) -> Options:
    """For each number of sessions of each kind the best way to have them on this one day.

    `together` says whether an individual and a family session may both be had.
    """
    all_of_them = list(chances)
    found: Options = {NOTHING: ((0, 0), ())}
    for way in sorted({(chance.session.modality, chance.site) for chance in all_of_them}):
        here = [chance for chance in all_of_them if (chance.session.modality, chance.site) == way]
        kinds = {kind: [chance for chance in here if chance.session.kind == kind] for kind in KINDS}
        for groups in _apart(kinds["group"], min(dose.per_day, dose.group.count)):
            for skills in _apart(kinds["skills"], dose.skills.count):
                both = (*groups, *skills)
                if _are_apart(both):
                    _with_one_to_ones(found, both, (len(groups), len(skills)), kinds, together)
    return found


def _apart(chances: list[Chance], most: int) -> Iterator[tuple[Chance, ...]]:
    """Every set of at most so many that do not overlap; the empty one first."""
    for size in range(min(most, len(chances)) + 1):
        for some in combinations(chances, size):
            if _are_apart(some):
                yield some


def _are_apart(chances: Sequence[Chance]) -> bool:
    taken = 0
    for chance in chances:
        if taken & chance.mask:
            return False
        taken |= chance.mask
    return True


def _with_one_to_ones(
    found: Options,
    both: tuple[Chance, ...],
    counts: tuple[int, int],
    kinds: dict[str, list[Chance]],
    together: Together,
) -> None:
    taken, second = 0, 0
    for chance in both:
        taken |= chance.mask
        second += chance.second
    _keep(found, (*counts, 0, 0), (_waits(taken), second), both)
    least = (0, second)
    for family in kinds["family"]:
        if not family.mask & taken and not _is_had(found, (*counts, 0, 1), least):
            _keep(found, (*counts, 0, 1), (_waits(taken | family.mask), second), (*both, family))
    for one in kinds["individual"]:
        if one.mask & taken:
            continue
        mask = taken | one.mask
        if not _is_had(found, (*counts, 1, 0), least):
            _keep(found, (*counts, 1, 0), (_waits(mask), second), (*both, one))
        for family in kinds["family"]:
            if _is_had(found, (*counts, 1, 1), least):
                break
            if not family.mask & mask and together(one, family):
                _keep(found, (*counts, 1, 1), (_waits(mask | family.mask), second), (*both, one, family))


def _is_had(found: Options, counts: Counts, least: Cost) -> bool:
    """Whether nothing better than what was found for these counts can follow."""
    return counts in found and found[counts][0] <= least


def _keep(found: Options, counts: Counts, cost: Cost, chances: tuple[Chance, ...]) -> None:
    if counts not in found or cost < found[counts][0]:
        found[counts] = cost, chances


def _waits(mask: int) -> int:
    """Idle stretches within a day with these sessions."""
    return max(0, (mask & ~(mask << 1)).bit_count() - 1)


def weeks(days: Iterable[Options], dose: Dose) -> States:
    """The best way to each number of sessions and days that these days allow together."""
    states: States = {(0, 0, 0, 0, 0): ((0, 0), ())}
    for options in days:
        states = with_day(states, options, dose)
    return states


def with_day(states: States, options: Options, dose: Dose) -> States:
    """These weeks with one more day."""
    most = tuple(dose.part(kind).count for kind in KINDS)
    found: States = {}
    for (g, s, i, f, days), (cost, had) in states.items():
        for (dg, ds, di, df), (more, chances) in options.items():
            state = (g + dg, s + ds, i + di, f + df, days + bool(chances))
            if state[0] > most[0] or state[1] > most[1] or state[2] > most[2] or state[3] > most[3]:
                continue
            if state[4] > MOST_DAYS:
                continue
            total = cost[0] + more[0], cost[1] + more[1]
            if state not in found or total < found[state][0]:
                found[state] = total, (*had, *chances)
    return found


def best(states: States, dose: Dose, *, one_to_one_minutes: int) -> OneWeek:
    """The best of these weeks whose individual and family sessions take at most so many minutes of whole slots."""
    lengths = tuple(dose.part(kind).minutes for kind in KINDS)
    slots = tuple(-(-minutes // SLOT) for minutes in lengths)
    ranked = []
    for state, (cost, chances) in states.items():
        g, s, i, f = (count * minutes for count, minutes in zip(state[:4], lengths, strict=True))
        if (state[2] * slots[2] + state[3] * slots[3]) * SLOT <= one_to_one_minutes:
            ranked.append((-(g + s + i + f), max(0, state[4] - dose.days), cost, state, chances))
    minutes, _, _, _, chances = min(ranked, key=lambda one: one[:4])
    ordered = sorted(chances, key=lambda chance: (chance.session.day, chance.session.start))
    return OneWeek(tuple(ordered), -minutes)
