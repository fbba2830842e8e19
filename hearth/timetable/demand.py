"""Hours wanted against hours offered in one week: by topic, language and way, by day and hour; what is full next.

Wanted are the group and life skills hours of people's plans, under their first topic and first language. By the hour
they are spread evenly over the hours in which each person could come: whoever has few hours weighs heavily in them.
People who wait for a place count with what they need, after those who are in a program.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from hearth.timetable.board import (
    CLOSE,
    KINDS,
    MODALITIES,
    OPEN,
    SLOT,
    Board,
    Group,
    Individual,
    Patient,
    Solution,
    Staff,
)
from hearth.timetable.filling import Filling, filled
from hearth.timetable.tables import Tables, block
from hearth.timetable.week import moments, slots_of

HOUR = 60
MOST_BOTTLENECKS, MOST_TIMES = 5, 12  # looked into; times tried for one more group
GROUP_KINDS = ("group", "skills")


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of group. `way`: in_person, virtual, or either, which only somebody who wants it can be."""

    kind: str
    topic: str
    language: str
    way: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Minutes a week: wanted by people's plans, offered by seats, and taken of those."""

    wanted: int = 0
    offered: int = 0
    taken: int = 0

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(self.wanted + other.wanted, self.offered + other.offered, self.taken + other.taken)


@dataclass(frozen=True, slots=True)
class Fill:
    """One group with how many of its seats are taken."""

    group: Group
    taken: int
    seats: int


@dataclass(frozen=True, slots=True)
class Opening:
    """One more group that would serve these people. `staff` is None where whoever could lead it is not free then."""

    day: int
    start: int
    minutes: int
    way: str
    staff: str | None
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Sessions of one sort that people lack. `full`: groups that would fit some of them but for a seat.

    For individual and family sessions `staff` is the counselor whose hours they need, and there is no opening.
    `waiting`: how many of the people wait for a place.
    """

    kind: str
    population: str
    topic: str
    language: str
    people: tuple[str, ...]
    minutes: int
    full: tuple[Group, ...] = ()
    opening: Opening | None = None
    staff: str | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Nearest:
    """Groups of one sort for one population in which few seats are left."""

    population: str
    sort: Sort
    groups: int
    left: int


@dataclass(frozen=True, slots=True)
class Demand:
    """The whole picture. `hours` are by day and hour of the day; `fills` fullest first; `bottlenecks` worst first.

    `servable` are minutes that people lack although seats and hours that are free would serve them; what is left of
    these would serve those who wait for `servable_waiting` minutes. `waiting` is what they want of the total.
    """

    sorts: dict[Sort, Cell]
    hours: dict[tuple[int, int], Cell]
    fills: tuple[Fill, ...]
    servable: int
    bottlenecks: tuple[Bottleneck, ...]
    nearest: tuple[Nearest, ...]
    waiting: int = 0
    servable_waiting: int = 0

    @property
    def total(self) -> Cell:
        """Everything wanted, offered and taken."""
        return sum(self.sorts.values(), Cell())


def demand(board: Board, week: Solution, waiting: Sequence[Patient] = ()) -> Demand:
    """What this board's people, and those who are `waiting`, want and this week offers."""
    everyone = replace(board, patients=(*board.patients, *waiting))
    filling = filled(Tables.of(everyone), week)
    fills = [Fill(group, len(group.patients), max(filling.seats(group), len(group.patients))) for group in week.groups]
    servable, servable_waiting = (_use_what_is_free(filling, people) for people in (board.patients, waiting))
    return Demand(
        sorts=_by_sort(everyone, fills),
        hours=_by_hour(everyone, fills),
        fills=tuple(sorted(fills, key=lambda one: (-one.taken / one.seats, one.group.day, one.group.start))),
        servable=servable,
        bottlenecks=tuple(_bottlenecks(filling, {one.id for one in waiting})),
        nearest=tuple(_nearest(fills)),
        waiting=sum(_group_minutes(one) for one in waiting),
        servable_waiting=servable_waiting,
    )


# ---- wanted and offered


def _by_sort(board: Board, fills: Iterable[Fill]) -> dict[Sort, Cell]:
    found: dict[Sort, Cell] = defaultdict(Cell)
    for person in board.patients:
        for kind in GROUP_KINDS:
            part = person.dose.part(kind)
            if part.count:
                topic = person.topics[0] if kind == "group" else ""
                found[Sort(kind, topic, person.languages[0], person.modality)] += Cell(part.count * part.minutes)
    for one in fills:
        found[_sort_of(one.group)] += Cell(0, one.seats * one.group.minutes, one.taken * one.group.minutes)
    return dict(found)


def _sort_of(group: Group) -> Sort:
    return Sort(group.kind, group.topic or "" if group.kind == "group" else "", group.language, group.modality)


def _by_hour(board: Board, fills: Iterable[Fill]) -> dict[tuple[int, int], Cell]:
    wanted: dict[tuple[int, int], float] = defaultdict(float)
    for person in board.patients:
        need = _group_minutes(person)
        free = [one for one in moments(person.available) if OPEN <= one[1] < CLOSE]
        for day, minute in free:
            wanted[day, minute // HOUR] += need / len(free)
    found: dict[tuple[int, int], Cell] = defaultdict(Cell)
    for key, minutes in wanted.items():
        found[key] += Cell(round(minutes))
    for one in fills:
        for day, minute in slots_of(one.group):
            found[day, minute // HOUR] += Cell(0, one.seats * SLOT, one.taken * SLOT)
    return dict(found)


def _group_minutes(person: Patient) -> int:
    return sum(person.dose.part(kind).count * person.dose.part(kind).minutes for kind in GROUP_KINDS)


def _nearest(fills: Iterable[Fill]) -> list[Nearest]:
    """Sorts of groups with the fewest seats left, fewest first."""
    alike: dict[tuple[str, Sort], list[Fill]] = defaultdict(list)
    for one in fills:
        alike[one.group.population, _sort_of(one.group)].append(one)
    found = [
        Nearest(population, sort, len(several), sum(one.seats - one.taken for one in several))
        for (population, sort), several in alike.items()
    ]
    return sorted(found, key=lambda one: (one.left / one.groups, one.sort.kind, one.sort.topic, one.sort.language))[:3]


# ---- bottlenecks


def _use_what_is_free(filling: Filling, people: Iterable[Patient]) -> int:
    """Book free seats and counselors' free hours for whoever of these lacks them; how many minutes that is."""
    before = _lacking(filling)
    for person in people:
        for index in range(len(filling.groups)):
            group = filling.groups[index]
            if len(group.patients) < filling.seats(group) and filling.can_join(person, group):
                filling.join(index, person.id)
        for one in _hours_alone(filling, person):
            if filling.need[person.id, one.kind] > 0 and filling.can_meet(one):
                filling.add_individual(one)
    return before - _lacking(filling)


def _lacking(filling: Filling) -> int:
    return sum(_minutes(filling, kind, filling.tables.board.patients) for kind in KINDS)


def _hours_alone(filling: Filling, person: Patient) -> Iterator[Individual]:
    """Every hour at which this person, who lacks one, might see their counselor."""
    kinds = [kind for kind in ("individual", "family") if filling.need[person.id, kind] > 0]
    for kind, staff in product(kinds, filling.tables.counselors(person)):
        minutes = person.dose.part(kind).minutes
        for day, start in product(range(7), range(OPEN, CLOSE - minutes + 1, SLOT)):
            mask = block(day, start, minutes)
            if filling.free[person.id] & filling.tables.shift[staff.id] & mask == mask:
                for way in MODALITIES:
                    yield Individual(kind, person.id, staff.id, way, day, start, minutes)


def _bottlenecks(filling: Filling, waiting: Collection[str]) -> list[Bottleneck]:
    """What people lack, most minutes first; into the worst it is looked what would help.

    Of those who wait only groups count: they have no counselor yet whose hours could be full.
    """
    lacking: dict[tuple[str, str, str, str], list[Patient]] = defaultdict(list)
    for person in filling.tables.board.patients:
        for kind in KINDS:
            if filling.need[person.id, kind] > 0 and (kind in GROUP_KINDS or person.id not in waiting):
                about = person.topics[0] if kind == "group" else ""
                key = about if kind in GROUP_KINDS else person.primary or ""
                lacking[kind, person.population, key, person.languages[0]].append(person)
    worst = sorted(lacking.items(), key=lambda item: (-_minutes(filling, item[0][0], item[1]), item[0]))
    found = [_bottleneck(filling, *key, people) for key, people in worst[:MOST_BOTTLENECKS]]
    return [replace(one, waiting=sum(who in waiting for who in one.people)) for one in found]


def _minutes(filling: Filling, kind: str, people: Iterable[Patient]) -> int:
    return sum(max(0, filling.need[one.id, kind]) * one.dose.part(kind).minutes for one in people)


def _bottleneck(
    filling: Filling, kind: str, population: str, about: str, language: str, people: list[Patient]
) -> Bottleneck:
    ids, minutes = tuple(one.id for one in people), _minutes(filling, kind, people)
    if kind not in GROUP_KINDS:
        return Bottleneck(kind, population, "", language, ids, minutes, staff=about or None)
    full = tuple(
        group
        for group in filling.groups
        if group.kind == kind
        and len(group.patients) >= filling.seats(group)
        and any(filling.can_join(one, group) for one in people)
    )
    opening = _best_opening(filling, Sort(kind, about, language, ""), people)
    return Bottleneck(kind, population, about, language, ids, minutes, full, opening)


def _best_opening(filling: Filling, sort: Sort, people: list[Patient]) -> Opening | None:
    """The group that would serve most of them: with somebody who is free to lead it, else with somebody new."""
    minutes = max(people[0].dose.part(sort.kind).minutes, SLOT)
    times = _likely_times(filling, minutes, people)
    led: Opening | None = None
    alone: Opening | None = None
    for day, start in times:
        for way in MODALITIES:
            empty = Group(
                sort.kind,
                people[0].population,
                sort.topic or None,
                sort.language,
                way,
                day,
                start,
                minutes,
                "",
                None,
                (),
            )
            for leader in _leaders(filling, empty):
                led = _better(led, _opened(filling, empty, leader, people))
            alone = _better(alone, _alone(filling, empty, people))
    return led or alone


def _likely_times(filling: Filling, minutes: int, people: Sequence[Patient]) -> list[tuple[int, int]]:
    """Days and starts at which most of these people are free, most first."""
    counts = []
    for day in range(7):
        for start in range(OPEN, CLOSE - minutes + 1, SLOT):
            mask = block(day, start, minutes)
            free = sum(filling.free[one.id] & mask == mask for one in people)
            if free >= filling.tables.board.minimum:
                counts.append((-free, start % HOUR, day, start))
    return [(day, start) for *_, day, start in sorted(counts)[:MOST_TIMES]]


def _leaders(filling: Filling, empty: Group) -> Iterator[Staff]:
    mask = block(empty.day, empty.start, empty.minutes)
    for one in filling.tables.staff.values():
        if filling.tables.serves(one, empty) and filling.can_lead(one.id, mask):
            yield one


def _opened(filling: Filling, empty: Group, leader: Staff, people: list[Patient]) -> Opening | None:
    found = filling.placed(replace(empty, staff=leader.id), people)
    if found is None:
        return None
    group, joining = found
    return _opening(filling, empty, leader.id, joining[: filling.seats(group)])


def _alone(filling: Filling, empty: Group, people: list[Patient]) -> Opening | None:
    """With somebody new, who is licensed wherever these people are."""
    mask, seats = block(empty.day, empty.start, empty.minutes), filling.tables.board.capacity
    if empty.modality == "in_person":
        room = filling.free_room(mask, len(people))
        if room is None:
            return None
        seats = filling.tables.group_seats(room)
    coming = [one for one in people if filling.can_attend(one, empty.kind, empty.day, mask, empty.modality)]
    return _opening(filling, empty, None, coming[:seats])


def _opening(filling: Filling, empty: Group, staff: str | None, coming: Sequence[Patient]) -> Opening | None:
    if len(coming) < filling.tables.board.minimum:
        return None
    return Opening(empty.day, empty.start, empty.minutes, empty.modality, staff, tuple(one.id for one in coming))


def _better(one: Opening | None, other: Opening | None) -> Opening | None:
    if one is None or other is None:
        return one or other
    return other if len(other.people) > len(one.people) else one


def hours_of_day(hours: Iterable[tuple[int, int]]) -> range:
    """From the first to the last hour of the day that is among these."""
    found = [hour for _day, hour in hours]
    return range(min(found, default=9), max(found, default=16) + 1)
