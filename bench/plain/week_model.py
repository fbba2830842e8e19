"""One plain aggregated model of a week, for the bench's bound and its rivals. Shares no code with the engine.

Sections that differ in nothing but their leader are one *type*: `x[student, type, day, start]` says that the student
sits in a section of that type, `open[type, staff, day, start]` that this person leads one. Parallel sections of a type
are interchangeable (a virtual type names its leaders' licences, one in person its room's seats), so the students are
dealt to them afterwards and no symmetry is left. One-to-ones are `one[student, kind, staff, modality, day, start]`.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SLOT = 30  # minutes
DAY = 24 * 60 // SLOT  # slots a day
OPEN, CLOSE = 8 * 60 // SLOT, 21 * 60 // SLOT  # slots of a day between which breaks are asked for
MOST_DAYS = 5
NO_LIMIT = 1 << 40  # of a row
Json = dict[str, Any]
Moment = int  # slots since Monday 00:00


@dataclass(frozen=True, slots=True)
class Type:
    """What sections of one type share. `seats`: most students in one."""

    kind: str
    population: str
    topic: str | None
    language: str
    modality: str
    minutes: int
    licences: tuple[str, ...]
    seats: int


@dataclass
class Model:
    """Minimise `constant` + cost * column over whole columns between 0 and `upper`, each row within its limits."""

    board: Json
    constant: int = 0
    upper: list[int] = field(default_factory=list)
    cost: list[int] = field(default_factory=list)
    lower_limit: list[int] = field(default_factory=list)
    upper_limit: list[int] = field(default_factory=list)
    row_of: list[int] = field(default_factory=list)
    column_of: list[int] = field(default_factory=list)
    coefficient: list[int] = field(default_factory=list)
    sits: dict[tuple[str, Type, Moment], int] = field(default_factory=dict)
    opens: dict[tuple[Type, str, Moment], int] = field(default_factory=dict)
    ones: dict[tuple[str, str, str, str, Moment], int] = field(default_factory=dict)
    virtual_day: dict[tuple[str, int], int] = field(default_factory=dict)
    comes: dict[tuple[str, int], int] = field(default_factory=dict)

    def column(self, *, upper: int = 1, cost: int = 0) -> int:
        self.upper.append(upper)
        self.cost.append(cost)
        return len(self.upper) - 1

    def row(self, terms: Iterable[tuple[int, int]], *, least: int | None = None, most: int | None = None) -> None:
        """`least` <= sum of coefficient * column <= `most`, for (column, coefficient) pairs."""
        number = len(self.lower_limit)
        self.lower_limit.append(-NO_LIMIT if least is None else least)
        self.upper_limit.append(NO_LIMIT if most is None else most)
        for column, coefficient in terms:
            self.row_of.append(number)
            self.column_of.append(column)
            self.coefficient.append(coefficient)


def read(path: str | Path) -> Json:
    """The board in this file."""
    found: Json = json.loads(Path(path).read_text(encoding="utf-8"))
    return found


def build(board: Json) -> Model:
    """The model of this board: its least cost is the least unmet minutes of any week that keeps every rule."""
    model = Model(board)
    away = set(board.get("absent") or ())
    staff = [one for one in board["staff"] if one["id"] not in away]
    shifts = {one["id"]: _moments(one["hours"]) for one in staff}
    led: dict[tuple[str, Moment], list[int]] = defaultdict(list)  # columns that take this slot of this person
    minutes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    came: dict[tuple[str, int, str], dict[Moment, list[int]]] = defaultdict(lambda: defaultdict(list))
    blocks: dict[tuple[str, int], list[int]] = defaultdict(list)
    given: dict[tuple[str, str], list[int]] = defaultdict(list)

    def lead(who: str, column: int, start: Moment, length: int) -> None:
        minutes[who].append((column, length * SLOT))
        for moment in range(start, start + length):
            led[who, moment].append(column)

    def attend(person: Json, column: int, kind: str, modality: str, start: Moment, length: int) -> None:
        day = start // DAY
        given[person["id"], kind].append(column)
        if kind == "group":
            blocks[person["id"], day].append(column)
        for moment in range(start, start + length):
            came[person["id"], day, modality][moment].append(column)

    _add_sections(model, staff, shifts, lead, attend)
    _add_ones(model, staff, shifts, away, lead, attend)
    _limit_rooms(model)
    _limit_staff(model, staff, led, minutes)
    _limit_people(model, came, blocks, given)
    return model


def _moments(spans: Iterable[Json]) -> set[Moment]:
    found: set[Moment] = set()
    for span in spans:
        base = span["day"] * DAY
        found |= set(range(base + _slot(span["from"]), base + _slot(span["to"])))
    return found


def _slot(text: str) -> int:
    return (int(text[:2]) * 60 + int(text[3:])) // SLOT


def _starts(free: set[Moment], length: int) -> set[Moment]:
    """Where a session of `length` slots may start, the whole of it inside these and on one day."""
    return {
        start
        for start in free
        if all(start + step in free for step in range(length)) and start // DAY == (start + length - 1) // DAY
    }


def _add_sections(model: Model, staff: list[Json], shifts: dict[str, set[Moment]], lead: Any, attend: Any) -> None:
    board = model.board
    least, capacity = board["minimum"], board["capacity"]
    rooms = sorted({min(capacity, room["seats"] - 1) for room in board["rooms"]} - set(range(least)))
    leaders: dict[Type, list[str]] = defaultdict(list)
    shapes = sorted(
        {
            (person["population"], kind, person["dose"][kind]["minutes"])
            for person in board["patients"]
            for kind in ("group", "skills")
            if person["dose"][kind]["count"] > 0
        }
    )
    for one in staff:
        for population, kind, minutes in shapes:
            if population not in one["populations"]:
                continue
            for topic in sorted(set(one["topics"])) if kind == "group" else [None]:
                for language in sorted(set(one["languages"])):
                    shared = (kind, population, topic, language)
                    licences = tuple(sorted(set(one["states"])))
                    leaders[Type(*shared, "virtual", minutes, licences, capacity)].append(one["id"])
                    for seats in rooms:
                        leaders[Type(*shared, "in_person", minutes, (), seats)].append(one["id"])
    people = {one["id"]: one for one in board["patients"]}
    free = {one["id"]: _moments(one["available"]) for one in board["patients"]}
    for type_, led_by in leaders.items():
        length = -(-type_.minutes // SLOT)
        coming: dict[Moment, list[str]] = defaultdict(list)
        for who, person in people.items():
            if _may_sit(person, type_):
                for start in _starts(free[who], length):
                    coming[start].append(who)
        leading: dict[Moment, list[str]] = defaultdict(list)
        for each in led_by:
            for start in _starts(shifts[each], length):
                leading[start].append(each)
        for start in sorted(coming.keys() & leading.keys()):
            if len(coming[start]) < least:
                continue
            opened = []
            for each in leading[start]:
                column = model.opens[type_, each, start] = model.column()
                opened.append(column)
                lead(each, column, start, length)
            seated = []
            for who in coming[start]:
                column = model.sits[who, type_, start] = model.column(cost=-type_.minutes)
                seated.append(column)
                attend(people[who], column, type_.kind, type_.modality, start, length)
                model.row([(column, 1), *((each, -1) for each in opened)], most=0)
            model.row([*((each, 1) for each in seated), *((each, -type_.seats) for each in opened)], most=0)
            model.row([*((each, 1) for each in seated), *((each, -least) for each in opened)], least=0)


def _may_sit(person: Json, type_: Type) -> bool:
    dose = person["dose"][type_.kind]
    return (
        person["population"] == type_.population
        and dose["count"] > 0
        and dose["minutes"] == type_.minutes
        and type_.language in person["languages"]
        and (type_.kind == "skills" or type_.topic in person["topics"])
        and person["modality"] in ("either", type_.modality)
        and (type_.modality == "in_person" or person["state"] in type_.licences)
    )


def _add_ones(
    model: Model, staff: list[Json], shifts: dict[str, set[Moment]], away: set[str], lead: Any, attend: Any
) -> None:
    for person in model.board["patients"]:
        free, home = _moments(person["available"]), _moments(person["family_available"])
        for kind in ("individual", "family"):
            dose = person["dose"][kind]
            length = -(-dose["minutes"] // SLOT)
            if dose["count"] <= 0:
                continue
            for one in staff:
                if not _may_see(person, one, away):
                    continue
                both = free & shifts[one["id"]] & (home if kind == "family" else free)
                for modality in ("in_person", "virtual"):
                    if person["modality"] not in ("either", modality):
                        continue
                    if modality == "virtual" and person["state"] not in one["states"]:
                        continue
                    for start in sorted(_starts(both, length)):
                        column = model.column(cost=-dose["minutes"])
                        model.ones[person["id"], kind, one["id"], modality, start] = column
                        lead(one["id"], column, start, length)
                        attend(person, column, kind, modality, start, length)


def _may_see(person: Json, one: Json, away: set[str]) -> bool:
    if person["population"] not in one["populations"]:
        return False
    if person["primary"] in away:
        return bool(set(person["languages"]) & set(one["languages"]))
    return bool(one["id"] == person["primary"])


def _limit_rooms(model: Model) -> None:
    """As many groups at once as there are rooms of their size."""
    board = model.board
    rooms: dict[int, int] = defaultdict(int)
    for room in board["rooms"]:
        rooms[min(board["capacity"], room["seats"] - 1)] += 1
    wanted: dict[tuple[int, Moment], list[int]] = defaultdict(list)
    for (type_, _, start), column in model.opens.items():
        if type_.modality == "in_person":
            for moment in range(start, start + -(-type_.minutes // SLOT)):
                wanted[type_.seats, moment].append(column)
    for (seats, _), columns in wanted.items():
        model.row(((column, 1) for column in columns), most=rooms[seats])


def _limit_staff(
    model: Model,
    staff: list[Json],
    led: dict[tuple[str, Moment], list[int]],
    minutes: dict[str, list[tuple[int, int]]],
) -> None:
    """One place at a time, the week's minutes, and a free slot in time."""
    for one in staff:
        who = one["id"]
        model.row(minutes[who], most=one["max_minutes_week"])
        for moment in range(7 * DAY):
            if led[who, moment]:
                model.row(((column, 1) for column in led[who, moment]), most=1)
        run = one["max_minutes_run"] // SLOT + 1
        for first in (day * DAY + slot for day in range(7) for slot in range(OPEN, CLOSE - run + 1)):
            if not all(led[who, first + step] for step in range(run)):
                continue
            times: dict[int, int] = defaultdict(int)
            for step in range(run):
                for column in led[who, first + step]:
                    times[column] += 1
            model.row(times.items(), most=run - 1)


def _limit_people(
    model: Model,
    came: dict[tuple[str, int, str], dict[Moment, list[int]]],
    blocks: dict[tuple[str, int], list[int]],
    given: dict[tuple[str, str], list[int]],
) -> None:
    """One place at a time, one modality a day, five days, the dose and its group blocks a day."""
    for person in model.board["patients"]:
        who = person["id"]
        for kind in ("group", "skills", "individual", "family"):
            dose = person["dose"][kind]
            model.constant += dose["count"] * dose["minutes"]
            if given[who, kind]:
                model.row(((column, 1) for column in given[who, kind]), most=dose["count"])
        days = sorted({day for each, day, _ in came if each == who})
        for day in days:
            in_person, virtual = came.get((who, day, "in_person"), {}), came.get((who, day, "virtual"), {})
            # `most` of the slots of a day is 1, or the column that says whether the person comes at all
            present = None
            if len(days) > MOST_DAYS:
                present = model.comes[who, day] = model.column()
            online = None
            if in_person and virtual:
                online = model.virtual_day[who, day] = model.column()
            for columns in virtual.values():
                terms = [(column, 1) for column in columns]
                limit = online if online is not None else present
                model.row([*terms, *([(limit, -1)] if limit is not None else [])], most=0 if limit is not None else 1)
            for columns in in_person.values():
                terms = [(column, 1) for column in columns]
                if online is not None:
                    terms.append((online, 1))
                model.row([*terms, *([(present, -1)] if present is not None else [])], most=int(present is None))
            if present is not None and online is not None:
                model.row([(online, 1), (present, -1)], most=0)
            if blocks[who, day]:
                model.row(((column, 1) for column in blocks[who, day]), most=person["dose"]["group"]["per_day"])
        if len(days) > MOST_DAYS:
            model.row(((model.comes[who, day], 1) for day in days), most=MOST_DAYS)
