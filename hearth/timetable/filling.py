"""A week while it is being filled: who is still free when, kept as bit masks so that asking is cheap.

A week has 7 x 48 half-hour slots, and a mask is an `int` with one bit for each. Everything booked through
`Filling` keeps the hard rules, for it asks `can_lead`, `can_attend` and the rest first.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from hearth.timetable.board import KINDS, SLOT, Board, Group, Individual, Patient, Room, Solution, Span, Staff
from hearth.timetable.rules import MOST_DAYS

SLOTS_A_DAY = 24 * 60 // SLOT


def block(day: int, start: int, minutes: int) -> int:
    """The mask of a session."""
    return ((1 << -(-minutes // SLOT)) - 1) << (day * SLOTS_A_DAY + start // SLOT)


def mask_of(spans: Iterable[Span]) -> int:
    """The mask of these stretches of time."""
    mask = 0
    for span in spans:
        mask |= block(span.day, span.start, span.end - span.start)
    return mask


@dataclass(frozen=True, slots=True)
class Tables:
    """What a board says, looked up once. Staff who are away are left out."""

    board: Board
    staff: dict[str, Staff]
    people: dict[str, Patient]
    shift: dict[str, int]
    available: dict[str, int]
    family: dict[str, int]

    @classmethod
    def of(cls, board: Board) -> "Tables":
        """The tables of this board."""
        return cls(
            board=board,
            staff={one.id: one for one in board.staff if one.id not in board.absent},
            people={one.id: one for one in board.patients},
            shift={one.id: mask_of(one.hours) for one in board.staff},
            available={one.id: mask_of(one.available) for one in board.patients},
            family={one.id: mask_of(one.family_available) for one in board.patients},
        )

    def counselors(self, patient: Patient) -> list[Staff]:
        """Who may hold this person's one-to-ones: their primary counselor, or if away any who fits."""
        if patient.primary is None:
            return []
        if patient.primary not in self.board.absent:
            primary = self.staff[patient.primary]
            return [primary] if patient.population in primary.populations else []
        return [
            one
            for one in self.staff.values()
            if patient.population in one.populations and set(patient.languages) & set(one.languages)
        ]

    def group_seats(self, room: Room) -> int:
        """How many people a group in this room may hold; one seat is the leader's."""
        return min(self.board.capacity, room.seats - 1)


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
        self.led = dict.fromkeys(tables.shift, 0)
        self.room_busy = {room.id: 0 for room in tables.board.rooms}
        self.need = {(p.id, kind): p.dose.part(kind).count for p in tables.board.patients for kind in KINDS}
        self.days: dict[str, set[int]] = defaultdict(set)
        self.blocks: dict[tuple[str, int], int] = defaultdict(int)
        self.modes: dict[tuple[str, int], str] = {}
        self.groups: list[Group] = []
        self.individual: list[Individual] = []

    def can_lead(self, staff: str, mask: int) -> bool:
        """Whether this member of staff may lead a session at this time."""
        busy = self.led[staff]
        if mask & busy or mask & self.tables.shift[staff] != mask:
            return False
        one, busy = self.tables.staff[staff], busy | mask
        return busy.bit_count() * SLOT <= one.max_minutes_week and not runs_too_long(busy, one.max_minutes_run)

    def can_attend(self, patient: Patient, kind: str, day: int, mask: int, modality: str) -> bool:
        """Whether this person still needs such a session and may come to it at this time."""
        who = patient.id
        if self.free[who] & mask != mask or self.need[who, kind] <= 0:
            return False
        if patient.modality not in ("either", modality) or self.modes.get((who, day), modality) != modality:
            return False
        if day not in self.days[who] and len(self.days[who]) >= MOST_DAYS:
            return False
        if kind == "family" and self.tables.family[who] & mask != mask:
            return False
        return kind != "group" or self.blocks[who, day] < patient.dose.per_day

    def can_join(self, patient: Patient, group: Group) -> bool:
        """Whether this person fits the group and may come to it; free seats are not counted here."""
        if patient.population != group.population or group.language not in patient.languages:
            return False
        if patient.dose.part(group.kind).minutes != group.minutes:
            return False
        if group.kind == "group" and group.topic not in patient.topics:
            return False
        if group.modality == "virtual" and patient.state not in self.tables.staff[group.staff].states:
            return False
        mask = block(group.day, group.start, group.minutes)
        return self.can_attend(patient, group.kind, group.day, mask, group.modality)

    def can_meet(self, one: Individual) -> bool:
        """Whether this individual or family session may be booked."""
        patient, staff = self.tables.people[one.patient], self.tables.staff[one.staff]
        if one.modality == "virtual" and patient.state not in staff.states:
            return False
        mask = block(one.day, one.start, one.minutes)
        if not self.can_attend(patient, one.kind, one.day, mask, one.modality):
            return False
        return self.can_lead(one.staff, mask)

    def seats(self, group: Group) -> int:
        """How many people this group may hold, in its room or on screen."""
        room = next((room for room in self.tables.board.rooms if room.id == group.room), None)
        return self.tables.group_seats(room) if room else self.tables.board.capacity

    def free_room(self, mask: int, people: int) -> Room | None:
        """The smallest room free at this time that seats so many people; else the largest that is free."""
        rooms = [room for room in self.tables.board.rooms if not self.room_busy[room.id] & mask]
        fitting = [room for room in rooms if self.tables.group_seats(room) >= people]
        if fitting:
            return min(fitting, key=lambda room: room.seats)
        return max(rooms, key=lambda room: room.seats, default=None)

    def add_group(self, group: Group) -> None:
        """Book this group; whoever calls has asked whether it may be."""
        mask = block(group.day, group.start, group.minutes)
        self.led[group.staff] |= mask
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
        mask = block(one.day, one.start, one.minutes)
        self.led[one.staff] |= mask
        self.individual.append(one)
        self._seat(one.patient, one, mask)

    def _seat(self, who: str, session: Group | Individual, mask: int) -> None:
        self.free[who] &= ~mask
        self.need[who, session.kind] -= 1
        self.days[who].add(session.day)
        self.modes[who, session.day] = session.modality
        self.blocks[who, session.day] += session.kind == "group"

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
