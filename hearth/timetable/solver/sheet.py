"""The sheet a program is written on: its columns and rows so far, and which columns are about whom and when."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np

from hearth.timetable.board import Individual
from hearth.timetable.solver.program import ENDLESS, Columns, Ints, Program, RoomClass, Rows, What
from hearth.timetable.solver.sorts import Scope, Sort, sorts_of
from hearth.timetable.tables import SLOTS_A_DAY, Tables

ON_SCREEN = 0  # the class of rooms that is none
ROWS_AT_ONCE = 1024  # written before it is heeded again whether to go on


class Sheet:
    """What the rules of a board have written so far."""

    def __init__(self, tables: Tables, scope: Scope, heed: Callable[[], None]) -> None:
        self.tables, self.scope, self.heed = tables, scope, heed
        self.sorts = sorts_of(tables, scope)
        self.rooms = _room_classes(tables, scope)
        self.staff, self.people = list(tables.staff.values()), list(tables.people.values())
        self.place = {one.id: index for index, one in enumerate(self.staff)}
        self.person = {one.id: index for index, one in enumerate(self.people)}
        self.fields = {name: array("q") for name in Columns.__slots__ if name != "adult"}
        self.terms = {name: array("i") for name in ("row", "column", "weight")}
        self.least, self.most, self.of_comfort = array("q"), array("q"), bytearray()
        self.seat: dict[tuple[int, int], int] = {}
        self.open: dict[tuple[int, int, int], int] = {}
        self.one: dict[Individual, int] = {}
        self.sums: list[tuple[int, int]] = []
        self.excess: list[tuple[int, int]] = []
        self.kept: list[tuple[int, ...]] = []
        self.kept_column: list[int] = []
        self.led: dict[tuple[int, int], list[int]] = defaultdict(list)  # staff, slot: columns
        self.came: dict[tuple[int, int], list[int]] = defaultdict(list)  # person, slot: columns
        self.begins: dict[tuple[int, int], list[int]] = defaultdict(list)  # person, slot: columns that begin
        self.ends: dict[tuple[int, int], list[int]] = defaultdict(list)  # person, slot: columns over just before
        self.way: dict[int, str] = {}
        self.given: dict[tuple[int, str], list[int]] = defaultdict(list)
        self.blocks: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.roomed: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.at: dict[tuple[str, int, str], list[int]] = defaultdict(list)  # id, slot, site: columns
        self.comes: dict[tuple[int, int], int] = {}
        self.virtual: dict[tuple[int, int], int] = {}

    def new(self, what: What, *, lower: int = 0, upper: int = 1, dose: int = 0, **about: int) -> int:
        """A new column; `about` names what of `Columns` it is about."""
        index = len(self.fields["what"])
        for name in ("person", "staff", "sort", "first", "comes", "virtual", "there", "led_there"):
            self.fields[name].append(about.get(name, -1))
        for name, value in (("what", what), ("lower", lower), ("upper", upper), ("dose", dose)):
            self.fields[name].append(value)
        return index

    def row(
        self, terms: Iterable[tuple[int, int]], least: int = -ENDLESS, most: int = ENDLESS, *, comfort: bool = False
    ) -> int:
        """A new row of (column, weight) terms that add up to something from `least` to `most`."""
        row = len(self.least)
        if not row % ROWS_AT_ONCE:
            self.heed()
        for column, weight in terms:
            self.terms["row"].append(row)
            self.terms["column"].append(column)
            self.terms["weight"].append(weight)
        self.least.append(least)
        self.most.append(most)
        self.of_comfort.append(comfort)
        return row

    def sum(self, columns: list[int], upper: int, **about: int) -> int:
        """A column that stands for what these add up to."""
        total = self.new(What.SUM, upper=upper, **about)
        self.sums.append((self.row([*((c, 1) for c in columns), (total, -1)], least=0, most=0), total))
        return total

    def attend(self, who: int, column: int, first: int, slots: int, kind: str, way: str) -> None:
        """Note that this column has a person take part for some slots, in person or on screen (`way`)."""
        self.given[who, kind].append(column)
        self.way[column] = way
        self.begins[who, first].append(column)
        self.ends[who, first + slots].append(column)
        if kind == "group":
            self.blocks[who, first // SLOTS_A_DAY].append(column)
        for slot in range(first, first + slots):
            self.came[who, slot].append(column)

    def meet_at(self, who: str, first: int, slots: int, sort: Sort | None, columns: list[int], site: str = "") -> None:
        """Note that these columns have someone in person at a site."""
        if sort is not None:
            site = self.tables.site_of(sort.group) if sort.pinned else sort.site
        for slot in range(first, first + slots) if site and self.tables.ways else ():
            self.at[who, slot, site] += columns

    def program(self) -> Program:
        """What is written, as arrays."""
        adult = np.zeros(len(self.fields["what"]), bool)
        columns = Columns(adult=adult, **{name: np.array(values, np.int64) for name, values in self.fields.items()})
        adults = np.array([one.population == "adult" for one in self.people], bool)
        of_sort = np.array([sort.group.population == "adult" for sort in self.sorts], bool)
        personal, shared = columns.person >= 0, (columns.person < 0) & (columns.sort >= 0)
        columns.adult[personal] = adults[columns.person[personal]]
        columns.adult[shared] = of_sort[columns.sort[shared]]
        terms = {name: np.array(values, np.int32) for name, values in self.terms.items()}
        least, most = np.array(self.least, np.int64), np.array(self.most, np.int64)
        negative = np.bincount(terms["row"], terms["weight"] < 0, len(least)) > 0
        comfort = np.array(self.of_comfort, bool)
        rows = Rows(**terms, least=least, most=most, comfort=comfort, packing=~negative & (most < ENDLESS))
        return Program(
            tables=self.tables,
            scope=self.scope,
            sorts=self.sorts,
            rooms=self.rooms,
            columns=columns,
            rows=rows,
            seat=self.seat,
            open=self.open,
            one=self.one,
            sums=_pairs(self.sums),
            excess=_pairs(self.excess),
            kept=self.kept,
            kept_column=np.array(self.kept_column, np.int64),
            total=sum(one.dose.minutes() for one in self.people),
        )


def _room_classes(tables: Tables, scope: Scope) -> list[RoomClass]:
    """The screen, then rooms by seats, site and equipment. A room in which a group is pinned stands for itself."""
    own = {group.room for group in scope.pinned.groups if group.modality == "in_person"}
    alike: dict[tuple[int, str, str, tuple[str, ...]], list[str]] = defaultdict(list)
    for room in tables.board.rooms:
        name = room.id if room.id in own else ""
        alike[tables.group_seats(room), name, room.site, tuple(sorted(room.equipment))].append(room.id)
    screen = RoomClass(tables.board.capacity, ())
    return [
        screen,
        *(
            RoomClass(seats, tuple(rooms), site, frozenset(things))
            for (seats, _, site, things), rooms in sorted(alike.items())
        ),
    ]


def _pairs(pairs: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]
