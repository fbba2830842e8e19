"""A week while it is being filled: who is still free when, kept as bit masks so that asking is cheap.

Everything booked through `Filling` keeps the hard rules, for it asks `can_lead`, `can_attend` and the rest first. For
whether a whole group may be opened ask `can_open`, and for the room, second leader and interpreter it needs `placed`.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from hearth.timetable.board import KINDS, SLOT, Group, Individual, Patient, Room, Solution
from hearth.timetable.rules import MOST_DAYS
from hearth.timetable.tables import Tables, around, block
from hearth.timetable.week import helpers_of


def runs_too_long(busy: int, max_minutes: int) -> bool:
    """Whether this mask holds a stretch of slots longer than `max_minutes`."""
    for _ in range(max_minutes // SLOT):
        busy &= busy >> 1
        if not busy:
            return False
    return bool(busy)


class Filling:
    """The bookings made so far and what they leave free."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.free = dict(tables.available)
        self.led = dict.fromkeys(tables.shift, 0)  # of staff and interpreters
        self.room_busy = {room.id: 0 for room in tables.board.rooms}
        self.need = {(p.id, kind): p.dose.part(kind).count for p in tables.board.patients for kind in KINDS}
        self.days: dict[str, set[int]] = defaultdict(set)
        self.blocks: dict[tuple[str, int], int] = defaultdict(int)
        self.modes: dict[tuple[str, int], str] = {}
        self.there: dict[tuple[str, str], int] = defaultdict(int)  # who, site: when they are at it
        self.groups: list[Group] = []
        self.individual: list[Individual] = []

    def can_be_there(self, who: str, site: str, mask: int) -> bool:
        """Whether this site is open then, and the way to and from other sites that day leaves time to be there."""
        ways = self.tables.ways.get(site)
        if self.tables.closed and self.tables.closed.get(site, 0) & mask:
            return False
        return not ways or not any(self.there.get((who, other), 0) & around(mask, ways[other]) for other in ways)

    def can_lead(self, staff: str, mask: int, site: str = "") -> bool:
        """Whether this member of staff may lead a session at this time, and at this site if one is named."""
        busy = self.led[staff]
        if mask & busy or mask & self.tables.shift[staff] != mask or not self.can_be_there(staff, site, mask):
            return False
        one, busy = self.tables.staff[staff], busy | mask
        return busy.bit_count() * SLOT <= one.max_minutes_week and not runs_too_long(busy, one.max_minutes_run)

    def can_interpret(self, interpreter: str, group: Group) -> bool:
        """Whether this interpreter may be booked for this group."""
        if group.modality not in self.tables.interpreters[interpreter].modalities:
            return False
        mask = block(group.day, group.start, group.minutes)
        if mask & self.led[interpreter] or mask & self.tables.shift[interpreter] != mask:
            return False
        return self.can_be_there(interpreter, self.tables.site_of(group), mask)

    def can_attend(self, patient: Patient, kind: str, day: int, mask: int, modality: str, site: str = "") -> bool:
        """Whether this person still needs such a session and may come to it at this time, at this site if named."""
        who = patient.id
        if self.free[who] & mask != mask or self.need[who, kind] <= 0:
            return False
        if patient.modality not in ("either", modality) or self.modes.get((who, day), modality) != modality:
            return False
        if day not in self.days[who] and len(self.days[who]) >= MOST_DAYS:
            return False
        if kind == "family" and self.tables.family[who] & mask != mask:
            return False
        if kind == "group" and self.blocks[who, day] >= patient.dose.per_day:
            return False
        return self.can_be_there(who, site, mask)

    def can_join(self, patient: Patient, group: Group) -> bool:
        """Whether this person fits the group and may come to it; free seats are not counted here."""
        if not self.tables.suits(patient, group):
            return False
        mask = block(group.day, group.start, group.minutes)
        return self.can_attend(patient, group.kind, group.day, mask, group.modality, self.tables.site_of(group))

    def can_open(self, group: Group) -> bool:
        """Whether this group may be held with these leaders, room and interpreter; of its people nothing is asked."""
        tables, need = self.tables, self.tables.board.need(group.kind, group.topic)
        leader, second = tables.staff.get(group.staff), group.co_staff
        if leader is None or not tables.serves(leader, group) or not tables.may_lead_together(group.staff, second):
            return False
        if need.leaders == 2 and not second:
            return False
        if second and (second == group.staff or not self._can_be_second(second, group)):
            return False
        if group.interpreter and (
            group.interpreter not in tables.interpreters or not self.can_interpret(group.interpreter, group)
        ):
            return False
        mask = block(group.day, group.start, group.minutes)
        if group.modality == "in_person":
            room = tables.rooms.get(group.room or "")
            if room is None or self.room_busy[room.id] & mask or not set(need.equipment) <= set(room.equipment):
                return False
        return self.can_lead(group.staff, mask, tables.site_of(group))

    def _can_be_second(self, staff: str, group: Group) -> bool:
        one = self.tables.staff.get(staff)
        if one is None or group.population not in one.populations or group.language not in one.languages:
            return False
        return self.can_lead(staff, block(group.day, group.start, group.minutes), self.tables.site_of(group))

    def can_meet(self, one: Individual) -> bool:
        """Whether this individual or family session may be booked."""
        patient, staff = self.tables.people[one.patient], self.tables.staff[one.staff]
        if one.modality == "virtual" and patient.state not in staff.states:
            return False
        if one.staff in self.tables.apart.get(one.patient, ()):
            return False
        mask, site = block(one.day, one.start, one.minutes), self.tables.site_of(one)
        if not self.can_attend(patient, one.kind, one.day, mask, one.modality, site):
            return False
        return self.can_lead(one.staff, mask, site)

    def seats(self, group: Group) -> int:
        """How many people this group may hold, in its room or on screen."""
        room = self.tables.rooms.get(group.room or "")
        return self.tables.group_seats(room, len(helpers_of(group))) if room else self.tables.board.capacity

    def free_room(self, mask: int, people: int) -> Room | None:
        """The smallest room free at this time that seats so many people; else the largest that is free."""
        rooms = [room for room in self.tables.board.rooms if not self.room_busy[room.id] & mask]
        fitting = [room for room in rooms if self.tables.group_seats(room) >= people]
        if fitting:
            return min(fitting, key=lambda room: room.seats)
        return max(rooms, key=lambda room: room.seats, default=None)

    def placed(self, group: Group, people: list[Patient]) -> tuple[Group, list[Patient]] | None:
        """This group with its room (in person) and the second leader and interpreter it needs, and who may join it.

        Of all that can be had it is what most of `people` can use; those who can are all returned, however few the
        seats. None if no room or second leader is to be had. `group` has its leader and is empty.
        """
        best: tuple[int, Group, list[Patient]] | None = None
        for choice in self._choices(group, people):
            joining = self.joining(choice, people)
            value = min(len(joining), self.seats(choice))
            if best is None or value > best[0]:
                best = value, choice, joining
        return best[1:] if best else None

    def joining(self, group: Group, people: list[Patient]) -> list[Patient]:
        """Who of these may join this group together; of two who are to be kept apart the first. Seats do not count."""
        apart, found = self.tables.apart, list[Patient]()
        mask, kind = block(group.day, group.start, group.minutes), group.kind
        for one in people:
            if self.free[one.id] & mask == mask and self.need[one.id, kind] > 0 and self.can_join(one, group):
                never = apart.get(one.id)
                if not never or never.isdisjoint(other.id for other in found):
                    found.append(one)
        return found

    def _choices(self, group: Group, people: list[Patient]) -> Iterator[Group]:
        """This group in every room, with every second leader and interpreter that may matter; the plainest first."""
        wanted = {one.interpreting for one in people}
        interpreters = [one.id for one in self.tables.interpreters.values() if wanted.intersection(one.offers)]
        for roomed in self._roomed(group, len(people)):
            for led in self._with_second(roomed):
                for name in (None, *interpreters):
                    choice = replace(led, interpreter=name) if name else led
                    if self.can_open(choice):
                        yield choice

    def _roomed(self, group: Group, people: int) -> Iterator[Group]:
        mask, tables = block(group.day, group.start, group.minutes), self.tables
        if group.modality != "in_person":
            yield group
        elif not any(room.site or room.equipment for room in tables.board.rooms):
            room = self.free_room(mask, people)
            if room:
                yield replace(group, room=room.id)
        else:
            free = [room for room in tables.board.rooms if not self.room_busy[room.id] & mask]
            for room in sorted(free, key=lambda one: (one.seats <= people, one.seats, len(one.equipment))):
                yield replace(group, room=room.id)

    def _with_second(self, group: Group) -> Iterator[Group]:
        """Alone where that may be, else with each other member of staff: who should first, then whoever led least."""
        needs_two = self.tables.board.need(group.kind, group.topic).leaders == 2
        if not needs_two and self.tables.may_lead_together(group.staff, None):
            yield group
            return
        seconds = [who for who in self.tables.staff if who != group.staff and self._can_be_second(who, group)]
        wished = {pair.second for pair in self.tables.board.staff_pairs if pair.first == group.staff}
        for who in sorted(seconds, key=lambda each: (each not in wished, self.led[each].bit_count())):
            yield replace(group, co_staff=who)

    def add_group(self, group: Group) -> None:
        """Book this group; whoever calls has asked whether it may be."""
        mask, site = block(group.day, group.start, group.minutes), self.tables.site_of(group)
        for who in helpers_of(group):
            self.led[who] |= mask
            if site:
                self.there[who, site] |= mask
        if group.room:
            self.room_busy[group.room] |= mask
        self.groups.append(group)
        for who in group.patients:
            self._seat(who, group, mask)

    def join(self, index: int, patient: str) -> None:
        """Seat one more person in the group at this place in `groups`."""
        group = self.groups[index]
        self.groups[index] = replace(group, patients=(*group.patients, patient))
        self._seat(patient, group, block(group.day, group.start, group.minutes))

    def add_individual(self, one: Individual) -> None:
        """Book this individual or family session; whoever calls has asked whether it may be."""
        mask, site = block(one.day, one.start, one.minutes), self.tables.site_of(one)
        self.led[one.staff] |= mask
        if site:
            self.there[one.staff, site] |= mask
        self.individual.append(one)
        self._seat(one.patient, one, mask)

    def _seat(self, who: str, session: Group | Individual, mask: int) -> None:
        self.free[who] &= ~mask
        self.need[who, session.kind] -= 1
        self.days[who].add(session.day)
        self.modes[who, session.day] = session.modality
        self.blocks[who, session.day] += session.kind == "group"
        if site := self.tables.site_of(session):
            self.there[who, site] |= mask

    def solution(self) -> Solution:
        """The bookings as a solution, in a steady order."""
        groups = sorted(self.groups, key=lambda g: (g.day, g.start, g.staff))
        ones = sorted(self.individual, key=lambda one: (one.day, one.start, one.staff))
        return Solution(tuple(groups), tuple(ones))


def filled(tables: Tables, solution: Solution) -> Filling:
    """The week of a solution that keeps the rules."""
    filling = Filling(tables)
    for group in solution.groups:
        filling.add_group(group)
    for one in solution.individual:
        filling.add_individual(one)
    return filling
