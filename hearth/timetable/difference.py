"""Two weeks held side by side: what changes for whom, which groups begin, end or move, and a part of the change.

A *place* is one person's seat in one session. Places that someone gives up and gets are paired by kind, so that a
move reads as one change (before -> after) and a part of a change never gives anyone more than both weeks do.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product

from hearth.timetable.board import KINDS, Group, Solution
from hearth.timetable.week import Session, people_in

Key = tuple[int, int, str]
"""What tells one session of a week from the others: day, start, staff."""


class Turn(StrEnum):
    """What becomes of a group."""

    BEGINS = "begins"
    ENDS = "ends"
    MOVES = "moves"  # with most of its people: to another time, leader, room or way
    PEOPLE = "people"  # it stays as it is; people join or leave


@dataclass(frozen=True, slots=True)
class Change:
    """One place of one person in both weeks; None where they have none. Sessions are without their people."""

    patient: str
    before: Session | None
    after: Session | None

    @property
    def keeps_the_hour(self) -> bool:
        """Whether day, hour, leader and way stay and only the room, topic or language changes."""
        return self.before is not None and self.after is not None and _hour(self.before) == _hour(self.after)

    def touches(self, sections: Collection[Key]) -> bool:
        """Whether this place is or comes to be in one of these sessions."""
        return any(one is not None and key_of(one) in sections for one in (self.before, self.after))


@dataclass(frozen=True, slots=True)
class PersonChange:
    """Everything that changes for one person, in order of kind and time."""

    patient: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class SectionChange:
    """What becomes of one group. `joins` and `leaves` are the people who do."""

    turn: Turn
    before: Group | None
    after: Group | None
    joins: tuple[str, ...]
    leaves: tuple[str, ...]

    @property
    def keys(self) -> frozenset[Key]:
        """The sessions it is about."""
        return frozenset(key_of(one) for one in (self.before, self.after) if one is not None)


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes from one week to another. `kept` places stay exactly as they are."""

    people: tuple[PersonChange, ...]
    sections: tuple[SectionChange, ...]
    kept: int


def key_of(session: Session) -> Key:
    """The session's key; nobody leads two at once, so a week has one session for each."""
    return session.day, session.start, session.staff


def bare(session: Session) -> Session:
    """The session without its people, where it is a group: what stays the same while people come and go."""
    return replace(session, patients=()) if isinstance(session, Group) else session


def difference(before: Solution, after: Solution) -> Difference:
    """What changes from the week `before` to the week `after`, in the order of people's ids and of the week."""
    old, new = _places(before), _places(after)
    people = []
    for patient in sorted(old.keys() | new.keys()):
        gone, come = old[patient] - new[patient], new[patient] - old[patient]
        if gone or come:
            people.append(PersonChange(patient, tuple(_paired(patient, gone, come))))
    kept = sum(len(places & new[patient]) for patient, places in old.items())
    return Difference(tuple(people), tuple(_sections(before, after)), kept)


def part(before: Solution, after: Solution, *, people: Collection[str], sections: Collection[Key] = ()) -> Solution:
    """The week `before` with the changes of these people and of these sessions alone; the rest stays as it is.

    Whether that week may stand is not asked here: that is `rules.violations`.
    """
    changes = (change for person in difference(before, after).people for change in person.changes)
    return made(before, (one for one in changes if one.patient in people or one.touches(sections)))


def made(week: Solution, changes: Iterable[Change]) -> Solution:
    """The week with these changes of places in it."""
    rosters: dict[Session, list[str]] = {bare(one): list(people_in(one)) for one in _sessions(week)}
    for change in changes:
        if change.before is not None:
            rosters[change.before].remove(change.patient)
        if change.after is not None:
            rosters.setdefault(change.after, []).append(change.patient)
    groups, alone = [], []
    for session, roster in rosters.items():
        if not roster:
            continue
        if isinstance(session, Group):
            groups.append(replace(session, patients=tuple(roster)))
        else:
            alone.append(session)
    return Solution(tuple(sorted(groups, key=key_of)), tuple(sorted(alone, key=key_of)))


def places_of(solution: Solution, people: Collection[str]) -> Solution:
    """The places of these people alone; a group is there with those of them who sit in it."""
    chosen = set(people)
    groups = []
    for group in solution.groups:
        seated = tuple(who for who in group.patients if who in chosen)
        if seated:
            groups.append(replace(group, patients=seated))
    return Solution(tuple(groups), tuple(one for one in solution.individual if one.patient in chosen))


def pins(solution: Solution, *, people: Collection[str], sections: Collection[Key] = ()) -> Solution:
    """These sessions and every one that these people come to, each with everyone in it, to stay as they are."""
    chosen = set(people)
    groups = [one for one in solution.groups if key_of(one) in sections or not chosen.isdisjoint(one.patients)]
    alone = [one for one in solution.individual if key_of(one) in sections or one.patient in chosen]
    return Solution(tuple(groups), tuple(alone))


def _sessions(solution: Solution) -> Iterable[Session]:
    return (*solution.groups, *solution.individual)


def _places(solution: Solution) -> defaultdict[str, set[Session]]:
    found: defaultdict[str, set[Session]] = defaultdict(set)
    for session in _sessions(solution):
        for who in people_in(session):
            found[who].add(bare(session))
    return found


def _paired(patient: str, gone: set[Session], come: set[Session]) -> list[Change]:
    """The changes of one person: of each kind the places nearest to each other make one change."""
    found = []
    for kind in KINDS:
        old = sorted((one for one in gone if one.kind == kind), key=key_of)
        new = sorted((one for one in come if one.kind == kind), key=key_of)
        for before, after in sorted(product(old, new), key=lambda pair: _distance(*pair)):
            if before in old and after in new:
                found.append(Change(patient, before, after))
                old.remove(before)
                new.remove(after)
        found += [Change(patient, one, None) for one in old] + [Change(patient, None, one) for one in new]
    return sorted(found, key=_when)


def _hour(session: Session) -> tuple[object, ...]:
    return session.day, session.start, session.minutes, session.staff, session.modality


def _distance(before: Session, after: Session) -> tuple[int, int, bool]:
    return abs(before.day - after.day), abs(before.start - after.start), before.staff != after.staff


def _when(change: Change) -> tuple[int, Key]:
    session = change.before or change.after
    assert session is not None  # a change has one of the two
    return KINDS.index(session.kind), key_of(session)


def _sections(before: Solution, after: Solution) -> list[SectionChange]:
    old, new = {bare(one): one for one in before.groups}, {bare(one): one for one in after.groups}
    found = []
    for same in old.keys() & new.keys():
        change = _of_group(Turn.PEOPLE, old[same], new[same])
        if change.joins or change.leaves:
            found.append(change)
    ending = [one for same, one in old.items() if same not in new]
    beginning = [one for same, one in new.items() if same not in old]
    for one, other in _moving(ending, beginning):
        found.append(_of_group(Turn.MOVES, one, other))
        ending.remove(one)
        beginning.remove(other)
    found += [_of_group(Turn.ENDS, one, None) for one in ending]
    found += [_of_group(Turn.BEGINS, None, one) for one in beginning]
    return sorted(found, key=lambda change: (list(Turn).index(change.turn), sorted(change.keys)))


def _moving(ending: Sequence[Group], beginning: Sequence[Group]) -> list[tuple[Group, Group]]:
    """Pairs of groups of one kind that share at least half of the smaller one's people, most shared first."""
    pairs = []
    for one, other in product(ending, beginning):
        shared = len(set(one.patients) & set(other.patients))
        alike = (one.kind, one.population) == (other.kind, other.population)
        if alike and shared and 2 * shared >= min(len(one.patients), len(other.patients)):
            pairs.append((-shared, _distance(one, other), key_of(one), key_of(other), one, other))
    found: list[tuple[Group, Group]] = []
    for *_, one, other in sorted(pairs, key=lambda pair: pair[:4]):
        if all(one is not taken[0] and other is not taken[1] for taken in found):
            found.append((one, other))
    return found


def _of_group(turn: Turn, before: Group | None, after: Group | None) -> SectionChange:
    old, new = before.patients if before else (), after.patients if after else ()
    joins = tuple(sorted(set(new) - set(old)))
    leaves = tuple(sorted(set(old) - set(new)))
    return SectionChange(turn, before, after, joins, leaves)
