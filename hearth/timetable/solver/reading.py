"""From a week to the program's values and back: people are dealt to leaders, groups get rooms and topics."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import replace

from hearth.timetable.board import Group, Individual, Solution
from hearth.timetable.solver.program import Program, Values
from hearth.timetable.solver.sheet import ON_SCREEN
from hearth.timetable.solver.sorts import Finder, Sort, first_slot
from hearth.timetable.tables import Tables, block


def values_of(program: Program, week: Solution) -> Values:
    """The values of this week. What the program has no column for is left out."""
    finder = Finder(program.tables, program.sorts)
    room_class = {room: place for place, each in enumerate(program.rooms) for room in each.rooms}
    values = program.columns.lower.copy()
    for group in week.groups:
        sort = finder.sort_of(group)
        place = ON_SCREEN if group.modality == "virtual" else room_class.get(group.room or "", -1)
        opened = None if sort is None else program.open.get((sort, finder.staff[group.staff], place))
        if sort is not None and opened is not None:
            values[opened] = 1
            values[[program.seat[sort, finder.people[who]] for who in group.patients]] = 1
    for one in week.individual:
        column = program.one.get(one, program.one.get(replace(one, modality="either")))
        if column is not None:
            values[column] = 1
    return program.complete(values)


def solution_of(program: Program, values: Values) -> Solution:
    """The week that these values say, in a steady order."""
    tables = program.tables
    staff, people = list(tables.staff), list(tables.people)
    leaders: dict[int, list[tuple[str, int]]] = defaultdict(list)  # sort: leader, room class
    for (sort, who, place), column in program.open.items():
        if values[column]:
            leaders[sort].append((staff[who], place))
    seated: dict[int, list[str]] = defaultdict(list)
    for (sort, who), column in program.seat.items():
        if values[column]:
            seated[sort].append(people[who])
    groups: list[tuple[Group, int]] = []
    for index, team in leaders.items():
        if program.sorts[index].pinned:
            groups.append((program.sorts[index].group, team[0][1]))
        else:
            groups += _deal(program, program.sorts[index], team, seated[index])
    pinned = set(program.scope.pinned.groups)
    placed = [g if g in pinned else with_best_topic(tables, g) for g in _roomed(program, groups)]
    ones = [one for one, column in program.one.items() if values[column]]
    return Solution(
        tuple(sorted(placed, key=lambda each: (each.day, each.start, each.staff))),
        tuple(sorted(_with_way(placed, ones), key=lambda each: (each.day, each.start, each.staff))),
    )


def _deal(program: Program, sort: Sort, team: list[tuple[str, int]], people: list[str]) -> list[tuple[Group, int]]:
    """Parallel groups of these leaders with these people in them."""
    tables, minimum = program.tables, program.tables.board.minimum
    seats = {who: program.rooms[place].seats for who, place in team}

    def may_lead(leader: str, who: str) -> bool:
        on_screen = sort.group.modality == "virtual"
        return not on_screen or tables.people[who].state in tables.staff[leader].states

    dealt = _Deal(seats, minimum, may_lead)
    wished = _wished_leaders(program, sort)
    for who in sorted(people, key=lambda each: (wished.get(each) not in seats, tables.people[each].topics[:1], each)):
        dealt.place(who, wished.get(who, ""))
    dealt.fill_smallest()
    return [
        (replace(sort.group, staff=who, patients=tuple(sorted(dealt.seated[who], key=people.index))), place)
        for who, place in team
        if len(dealt.seated[who]) >= minimum
    ]


def _wished_leaders(program: Program, sort: Sort) -> dict[str, str]:
    """Who leads each person at this time in the week as it stands."""
    return {
        who: group.staff
        for group in program.scope.stands.groups
        if first_slot(group.day, group.start) == sort.first
        and (group.kind, group.modality) == (sort.group.kind, sort.group.modality)
        for who in group.patients
    }


class _Deal:
    """People at tables: each table has seats, each person may sit at some."""

    def __init__(self, seats: dict[str, int], minimum: int, may_sit: Callable[[str, str], bool]) -> None:
        self.seats, self.minimum, self.may_sit = seats, minimum, may_sit
        self.seated: dict[str, list[str]] = {leader: [] for leader in seats}

    def place(self, who: str, wished: str) -> None:
        """Seat this person, others moving up where need be; where it cannot be, they are left out."""
        if wished in self.seated and self.may_sit(wished, who) and len(self.seated[wished]) < self.seats[wished]:
            self.seated[wished].append(who)
            return
        open_to = [each for each in self.seated if self.may_sit(each, who)]
        small = [each for each in open_to if 0 < len(self.seated[each]) < self.minimum]
        free = small or [each for each in open_to if len(self.seated[each]) < self.seats[each]]
        if free:
            self.seated[min(free, key=lambda each: len(self.seated[each]))].append(who)
            return
        for leader in open_to:
            if self._make_way(leader, lambda each: len(self.seated[each]) < self.seats[each]):
                self.seated[leader].append(who)
                return

    def fill_smallest(self) -> None:
        """Move people to tables below the minimum from those above it."""
        for leader in self.seated:
            while len(self.seated[leader]) < self.minimum:
                givers = [each for each in self.seated if len(self.seated[each]) > self.minimum]
                if not any(self._make_way(each, lambda other: other == leader) for each in givers):  # noqa: B023
                    break

    def _make_way(self, start: str, is_end: Callable[[str], bool]) -> bool:
        """Move one person from table to table along the shortest way from `start` to an end; says if it could."""
        came_from: dict[str, tuple[str, str]] = {}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for other in self.seated:
                mover = next((who for who in self.seated[here] if self.may_sit(other, who)), None)
                if other == start or other in came_from or mover is None:
                    continue
                came_from[other] = (here, mover)
                if is_end(other):
                    while other != start:
                        giver, who = came_from[other]
                        self.seated[giver].remove(who)
                        self.seated[other].append(who)
                        other = giver
                    return True
                queue.append(other)
        return False


def _roomed(program: Program, groups: list[tuple[Group, int]]) -> list[Group]:
    """Each group in person with a room of its class, the one it stands in where it can be.

    In each class no more groups overlap than there are rooms, so taking them by start always works out.
    """
    stood = {(group.day, group.start, group.staff): group.room for group in program.scope.stands.groups if group.room}
    busy: dict[str, int] = defaultdict(int)
    placed = []
    for group, place in sorted(groups, key=lambda each: (each[0].day, each[0].start, each[0].staff)):
        if place == ON_SCREEN or group.room is not None:  # on screen, or pinned
            placed.append(group)
            continue
        mask = block(group.day, group.start, group.minutes)
        free = [room for room in program.rooms[place].rooms if not busy[room] & mask]
        own = stood.get((group.day, group.start, group.staff))
        room = own if own in free else free[0]
        busy[room] |= mask
        placed.append(replace(group, room=room))
    return placed


def with_best_topic(tables: Tables, group: Group) -> Group:
    """The group with the topic most of its people put first, of those all take and its leader teaches."""
    people = [tables.people[who] for who in group.patients]
    shared = set(tables.staff[group.staff].topics).intersection(*(set(one.topics) for one in people))
    if tables.board.group_needs:
        need = replace(tables.board.need(group.kind, group.topic), topic=None)
        shared = {topic for topic in shared if replace(tables.board.need(group.kind, topic), topic=None) == need}
    if group.kind != "group" or not shared:
        return group
    first = [one.topics[0] for one in people]
    return replace(group, topic=max(sorted(shared), key=lambda each: (first.count(each), each == group.topic)))


def _with_way(groups: list[Group], ones: list[Individual]) -> list[Individual]:
    """One-to-ones that may be either way get the modality of their person's day."""
    ways = {(who, group.day): group.modality for group in groups for who in group.patients}
    ways |= {(one.patient, one.day): one.modality for one in ones if one.modality != "either"}
    return [
        replace(one, modality=ways.get((one.patient, one.day), "in_person")) if one.modality == "either" else one
        for one in ones
    ]
