"""Write the program of a board: one method for each rule.

A new rule of the timetable is a function in `rules`, and here what keeps the search inside it: a column that is
never made, or a row.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np

from hearth.timetable.board import MODALITIES, SLOT, Individual, Patient, Staff
from hearth.timetable.rules import MOST_DAYS
from hearth.timetable.solver.program import ENDLESS, Columns, Ints, Program, RoomClass, Rows, What
from hearth.timetable.solver.sorts import Finder, Scope, Sort, first_slot, slots_of, sorts_of, starts
from hearth.timetable.tables import SLOTS_A_DAY, Tables

ON_SCREEN = 0  # the class of rooms that is none
MOST_UNIONS = 63  # rows on licences for one sort; who cannot be dealt for want of more is left out when read


def program(tables: Tables, scope: Scope) -> Program:
    """The program of this board as far as the scope goes."""
    return _Writer(tables, scope).write()


class _Writer:
    def __init__(self, tables: Tables, scope: Scope) -> None:
        self.tables, self.scope = tables, scope
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

    def write(self) -> Program:
        """Write all of it."""
        for index, sort in enumerate(self.sorts):
            self._add_sort(index, sort)
        self._add_ones()
        self._limit_rooms()
        self._limit_staff()
        self._limit_doses()
        self._limit_days()
        self._stay_at_one_site_a_day()
        self._count_gaps()
        self._keep_standing()
        return self._program()

    def _program(self) -> Program:
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

    def _new(self, what: What, *, lower: int = 0, upper: int = 1, dose: int = 0, **about: int) -> int:
        index = len(self.fields["what"])
        for name in ("person", "staff", "sort", "first", "comes", "virtual", "there", "led_there"):
            self.fields[name].append(about.get(name, -1))
        for name, value in (("what", what), ("lower", lower), ("upper", upper), ("dose", dose)):
            self.fields[name].append(value)
        return index

    def _row(
        self, terms: Iterable[tuple[int, int]], least: int = -ENDLESS, most: int = ENDLESS, *, comfort: bool = False
    ) -> int:
        row = len(self.least)
        for column, weight in terms:
            self.terms["row"].append(row)
            self.terms["column"].append(column)
            self.terms["weight"].append(weight)
        self.least.append(least)
        self.most.append(most)
        self.of_comfort.append(comfort)
        return row

    def _sum(self, columns: list[int], upper: int, **about: int) -> int:
        """A column that stands for what these add up to."""
        total = self._new(What.SUM, upper=upper, **about)
        self.sums.append((self._row([*((c, 1) for c in columns), (total, -1)], least=0, most=0), total))
        return total

    # ---- groups

    def _add_sort(self, index: int, sort: Sort) -> None:
        opened: dict[int, list[tuple[int, int]]] = defaultdict(list)  # staff: columns with their seats
        must = int(sort.pinned)
        for who in sort.staff:
            for place in self._classes(sort):
                column = self._new(What.OPEN, lower=must, staff=who, sort=index, first=sort.first)
                self.open[index, who, place] = column
                opened[who].append((column, self.rooms[place].seats))
                for slot in range(sort.first, sort.first + sort.slots):
                    self.led[who, slot].append(column)
                    if sort.group.co_staff:
                        self.led[self.place[sort.group.co_staff], slot].append(column)
                    if place != ON_SCREEN:
                        self.roomed[place, slot].append(column)
            for leader in (self.staff[who].id, sort.group.co_staff):
                if leader:
                    self._meet_at(leader, sort.first, sort.slots, sort, [column for column, _ in opened[who]])
        if not opened:
            return
        seated = {}
        for who in sort.people:
            column = self._new(What.SEAT, lower=must, person=who, sort=index, first=sort.first, dose=sort.group.minutes)
            self.seat[index, who] = seated[who] = column
            self._attend(who, column, sort.first, sort.slots, sort.group.kind, sort.group.modality)
            self._meet_at(self.people[who].id, sort.first, sort.slots, sort, [column])
        self._limit_groups(sort, opened, seated)
        if not sort.pinned:
            self._keep_apart(opened, seated)
            self._equip(index, seated)

    def _classes(self, sort: Sort) -> list[int]:
        if sort.group.modality == "virtual":
            return [ON_SCREEN]
        if sort.pinned:
            return [place for place, each in enumerate(self.rooms) if sort.group.room in each.rooms]
        board, group = self.tables.board, sort.group
        if self.tables.closed.get(sort.site, 0) >> sort.first & 1:
            return []
        needed = set(board.need(group.kind, group.topic).equipment)
        return [
            place
            for place, each in enumerate(self.rooms)
            if place != ON_SCREEN
            and each.seats >= board.minimum
            and each.site == sort.site
            and needed <= each.equipment
        ]

    def _keep_apart(self, opened: dict[int, list[tuple[int, int]]], seated: dict[int, int]) -> None:
        """Of two who are to be kept apart only one is in groups of this sort, also where they are parallel."""
        apart = self.tables.apart
        for who in seated if apart else ():
            for other in sorted(apart.get(self.people[who].id, ())):
                if who < self.person.get(other, -1) and self.person[other] in seated:
                    self._row([(seated[who], 1), (seated[self.person[other]], 1)], most=1)
                for column, _ in opened.get(self.place.get(other, -1), ()):
                    self._row([(seated[who], 1), (column, 1)], most=1)

    def _equip(self, index: int, seated: dict[int, int]) -> None:
        """Nobody sits in groups of a sort that meet in a room without what they need."""
        sort = self.sorts[index]
        for who, seat in seated.items() if sort.group.modality == "in_person" else ():
            needed = set(self.people[who].equipment)
            for place, each in enumerate(self.rooms) if needed else ():
                for staff in sort.staff if place != ON_SCREEN and not needed <= each.equipment else ():
                    if (sort_open := self.open.get((index, staff, place))) is not None:
                        self._row([(seat, 1), (sort_open, 1)], most=1)

    def _meet_at(self, who: str, first: int, slots: int, sort: Sort | None, columns: list[int], site: str = "") -> None:
        """Note that these columns have someone in person at a site."""
        if sort is not None:
            site = self.tables.site_of(sort.group) if sort.pinned else sort.site
        for slot in range(first, first + slots) if site and self.tables.ways else ():
            self.at[who, slot, site] += columns

    def _stay_at_one_site_a_day(self) -> None:
        """The way between sites: what is newly placed leaves everyone at one site a day.

        Where someone is at two in the week the search starts from, only what leaves no time for the way is forbidden.
        """
        days: dict[tuple[str, int], dict[str, dict[int, list[int]]]] = defaultdict(dict)  # site: column: slots
        for (who, slot, site), columns in self.at.items():
            here = days[who, slot // SLOTS_A_DAY].setdefault(site, defaultdict(list))
            for column in columns:
                here[column].append(slot)
        for (who, day), sites in days.items():
            if (who, day) in self.scope.at_two_sites:
                self._leave_time_for_the_way(sites)
            elif len(sites) > 1:
                self._choose_one_site(day, sites)

    def _choose_one_site(self, day: int, sites: dict[str, dict[int, list[int]]]) -> None:
        chosen = []
        for columns in sites.values():
            there = self._new(What.THERE, first=day * SLOTS_A_DAY)
            chosen.append((there, 1))
            at_once: dict[int, list[int]] = defaultdict(list)
            for column, slots in columns.items():
                self.fields["there" if self.fields["there"][column] < 0 else "led_there"][column] = there
                for slot in slots:
                    at_once[slot].append(column)
            for several in at_once.values():
                self._row([*((column, 1) for column in several), (there, -1)], most=0)
        self._row(chosen, most=1)

    def _leave_time_for_the_way(self, sites: dict[str, dict[int, list[int]]]) -> None:
        for here, there in combinations(sites, 2):
            way = self.tables.ways.get(here, {}).get(there, 0)
            for one, slots in sites[here].items():
                for other, others in sites[there].items():
                    if others[0] < slots[-1] + 1 + way and slots[0] < others[-1] + 1 + way:
                        self._row([(one, 1), (other, 1)], most=1)

    def _limit_groups(self, sort: Sort, opened: dict[int, list[tuple[int, int]]], seated: dict[int, int]) -> None:
        """Seats only where a group opens that may serve the person; no group too small or too large.

        The leaders of a sort are told apart by the states in which they are licensed. For each set of states: no
        more people from there than seats with staff licensed for one of them. For each set of narrow licences: at
        least the minimum of people from their states for each such group. Then people can be dealt to leaders.
        """
        minimum = self.tables.board.minimum
        states = frozenset(self.people[who].state for who in seated)
        alike: dict[tuple[frozenset[str], int], list[int]] = defaultdict(list)  # states, seats: open columns
        for who, columns in opened.items():
            reach = states & set(self.staff[who].states) if sort.group.modality == "virtual" else states
            for column, seats in columns:
                alike[reach, seats].append(column)
        total = {
            key: columns[0] if len(columns) == 1 else self._sum(columns, len(columns), first=sort.first)
            for key, columns in alike.items()
        }
        everyone = [(column, 1) for column in seated.values()]
        self._row([*everyone, *((column, -seats) for (_, seats), column in total.items())], most=0)
        self._row([*everyone, *((column, -minimum) for column in total.values())], least=0)
        for who, column in seated.items():
            able = [each for (reach, _), each in total.items() if self.people[who].state in reach]
            self._row([(column, 1), *((each, -1) for each in able)], most=0)
        scarce = sorted(state for state in states if not all(state in reach for reach, _ in total))
        for some in _unions([frozenset({state}) for state in scarce]):
            wanting = [(column, 1) for who, column in seated.items() if self.people[who].state in some]
            self._row([*wanting, *((c, -seats) for (reach, seats), c in total.items() if reach & some)], most=0)
        narrow = sorted({reach for reach, _ in total if reach != states}, key=sorted)
        for some in _unions(narrow):
            if some != states:
                near = [(column, 1) for who, column in seated.items() if self.people[who].state in some]
                self._row([*near, *((c, -minimum) for (reach, _), c in total.items() if reach <= some)], least=0)

    def _limit_rooms(self) -> None:
        """In each class no more groups at once than rooms."""
        for (place, _), columns in sorted(self.roomed.items()):
            if len(columns) > len(self.rooms[place].rooms):
                self._row([(column, 1) for column in columns], most=len(self.rooms[place].rooms))

    # ---- one-to-ones

    def _add_ones(self) -> None:
        for one in self.scope.pinned.individual:
            self._add_one(one, lower=1)
        for who, patient in enumerate(self.people):
            for kind in ("individual", "family"):
                for one in self._possible(who, patient, kind):
                    if one not in self.one:
                        self._add_one(one)
        for one in self.scope.stands.individual:
            if one not in self.one:
                self._add_one(one)

    def _possible(self, who: int, patient: Patient, kind: str) -> Iterator[Individual]:
        part, wants = patient.dose.part(kind), self.scope.wants
        if not part.count or not part.minutes or who not in self.scope.free:
            return
        if wants is not None and (who, kind) not in wants:
            return
        slots = slots_of(part.minutes)
        for staff in self.tables.counselors(patient):
            if staff.id in self.tables.apart.get(patient.id, ()):
                continue
            free = self.scope.free[who] & self.scope.shift.get(self.place[staff.id], 0)
            if kind == "family":
                free &= self.tables.family[patient.id]
            if part.minutes > min(staff.max_minutes_run, staff.max_minutes_week):
                continue
            for first in starts(free, slots):
                day, start = first // SLOTS_A_DAY, first % SLOTS_A_DAY * SLOT
                for way in self._ways(patient, staff):
                    if way == "in_person" and self.tables.closed.get(staff.site, 0) >> first & 1:
                        continue
                    yield Individual(kind, patient.id, staff.id, way, day, start, part.minutes)

    def _ways(self, patient: Patient, staff: Staff) -> list[str]:
        """`either` is decided when the week is read, but for where a week stands whose seats have a modality."""
        if patient.state not in staff.states:
            return ["in_person"] if patient.modality != "virtual" else []
        if patient.modality != "either":
            return [patient.modality]
        is_told_apart = self.tables.board.current or self.tables.ways or self.tables.closed
        return list(MODALITIES) if is_told_apart else ["either"]

    def _add_one(self, one: Individual, lower: int = 0) -> None:
        who, staff = self.person[one.patient], self.place[one.staff]
        first, slots = first_slot(one.day, one.start), slots_of(one.minutes)
        column = self._new(What.ONE, lower=lower, person=who, staff=staff, first=first, dose=one.minutes)
        self.one[one] = column
        for slot in range(first, first + slots):
            self.led[staff, slot].append(column)
        self._attend(who, column, first, slots, one.kind, one.modality)
        if one.modality == "in_person":
            for each in (one.patient, one.staff):
                self._meet_at(each, first, slots, None, [column], self.staff[staff].site)

    def _attend(self, who: int, column: int, first: int, slots: int, kind: str, way: str) -> None:
        self.given[who, kind].append(column)
        self.way[column] = way
        self.begins[who, first].append(column)
        self.ends[who, first + slots].append(column)
        if kind == "group":
            self.blocks[who, first // SLOTS_A_DAY].append(column)
        for slot in range(first, first + slots):
            self.came[who, slot].append(column)

    # ---- staff and people

    def _limit_staff(self) -> None:
        """One place at a time, the week's minutes, and a free slot in time."""
        busy: dict[int, dict[int, int]] = defaultdict(dict)
        for (who, slot), columns in sorted(self.led.items()):
            busy[who][slot] = self._sum(columns, 1, staff=who, first=slot)
        for who, slots in busy.items():
            week, run = self.staff[who].max_minutes_week // SLOT, self.staff[who].max_minutes_run // SLOT
            if len(slots) > week:
                self._row([(column, 1) for column in slots.values()], most=week)
            for slot in slots:
                window = [slots[each] for each in range(slot, slot + run + 1) if each in slots]
                if len(window) > run:
                    self._row([(column, 1) for column in window], most=run)

    def _limit_doses(self) -> None:
        """Nobody gets more than prescribed, nor more group blocks a day than the dose allows."""
        for (who, kind), columns in self.given.items():
            count = self.people[who].dose.part(kind).count
            if len(columns) > count:
                self._row([(column, 1) for column in columns], most=count)
        for (who, _), columns in self.blocks.items():
            per_day = self.people[who].dose.per_day
            if len(columns) > per_day:
                self._row([(column, 1) for column in columns], most=per_day)

    def _limit_days(self) -> None:
        """One place at a time, one modality a day, five days a week; a day beyond those wished for is extra."""
        days: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        for (who, slot), at_once in sorted(self.came.items()):
            days[who][slot // SLOTS_A_DAY].update(at_once)
        for who, by_day in days.items():
            for day, columns in by_day.items():
                self.comes[who, day] = self._new(What.COMES, person=who, first=day * SLOTS_A_DAY)
                if {"virtual", "in_person"} <= {self.way[column] for column in columns}:
                    self.virtual[who, day] = self._new(What.VIRTUAL, person=who, first=day * SLOTS_A_DAY)
                for column in columns:
                    self.fields["comes"][column] = self.comes[who, day]
                    if self.way[column] == "virtual":
                        self.fields["virtual"][column] = self.virtual.get((who, day), -1)
            week = [(self.comes[who, day], 1) for day in by_day]
            if len(week) > MOST_DAYS:
                self._row(week, most=MOST_DAYS)
            wished = self.people[who].dose.days
            if len(week) > wished:
                extra = self._new(What.EXTRA, person=who, upper=7)
                # the sum of days less the extra ones stays below what is wished for
                self.excess.append((self._row([*week, (extra, -1)], most=wished, comfort=True), extra))
        for (who, slot), at_once in self.came.items():
            self._limit_slot(who, slot // SLOTS_A_DAY, at_once)

    def _limit_slot(self, who: int, day: int, columns: list[int]) -> None:
        comes, virtual = self.comes[who, day], self.virtual.get((who, day))
        self._row([*((column, 1) for column in columns), (comes, -1)], most=0)
        if virtual is None:
            return
        screen = [(column, 1) for column in columns if self.way[column] == "virtual"]
        there = [(column, 1) for column in columns if self.way[column] == "in_person"]
        if screen:
            self._row([*screen, (virtual, -1)], most=0)
        if there:
            self._row([*there, (virtual, 1)], most=1)

    def _count_gaps(self) -> None:
        """Each beginning of a stretch counts, but for the day's first."""
        days: dict[tuple[int, int], list[int]] = defaultdict(list)
        for (who, slot), columns in self.begins.items():
            days[who, slot // SLOTS_A_DAY] += columns
            begins = self._new(What.BEGINS, person=who, first=slot)
            before = [(column, -1) for column in self.ends.get((who, slot), ())]
            row = self._row([*((c, 1) for c in columns), *before, (begins, -1)], most=0, comfort=True)
            self.excess.append((row, begins))
        for (who, day), columns in days.items():
            terms = [*((column, -1) for column in columns), (self.comes[who, day], 1)]
            self._row(terms, most=0, comfort=True)

    def _keep_standing(self) -> None:
        """A column for each seat of the week as it stands that says whether it is kept."""
        finder, classes = Finder(self.tables, self.sorts), range(len(self.rooms))
        for group in self.scope.stands.groups:
            sort = finder.sort_of(group)
            if sort is None:
                continue
            leader = finder.staff[group.staff]
            opened = [self.open[sort, leader, each] for each in classes if (sort, leader, each) in self.open]
            led = opened[0] if len(opened) == 1 else self._sum(opened, 1)
            for who in group.patients:
                self._keep(self.seat[sort, finder.people[who]], led)
        for one in self.scope.stands.individual:
            if one in self.one:
                self._keep(self.one[one])

    def _keep(self, *needs: int) -> None:
        kept = self._new(What.KEPT)
        for column in needs:
            self._row([(kept, 1), (column, -1)], most=0)
        self.kept.append(needs)
        self.kept_column.append(kept)


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


def _unions(sets: list[frozenset[str]]) -> list[frozenset[str]]:
    """Every union of some of these sets, once."""
    found = dict[frozenset[str], None]()
    for size in range(1, len(sets) + 1):
        for some in combinations(sets, size):
            found[frozenset[str]().union(*some)] = None
            if len(found) == MOST_UNIONS:
                return list(found)
    return list(found)


def _pairs(pairs: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]
