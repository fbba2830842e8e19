"""What a board says, looked up once, with times as bit masks.

A week has 7 x 48 half-hour slots, and a mask is an `int` with one bit for each.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from hearth.timetable.board import SLOT, Board, Group, Individual, Interpreter, Patient, Room, Span, Staff
from hearth.timetable.week import follows, helpers_of, leaders_of

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


def bits_where(places: Iterable[int]) -> int:
    """The mask of these places."""
    mask = 0
    for place in places:
        mask |= 1 << place
    return mask


def bits(mask: int) -> list[int]:
    """The places of the bits of a mask, lowest first."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


@dataclass(frozen=True, slots=True)
class Tables:
    """What a board says, looked up once. Staff who are away are left out.

    `shift` has interpreters too. `apart`: for each whom they are never to meet. `ways`: for each site the others with
    the slots it takes to get there. `closed`: for each site the days on which nobody meets there.
    """

    board: Board
    staff: dict[str, Staff]
    people: dict[str, Patient]
    rooms: dict[str, Room]
    interpreters: dict[str, Interpreter]
    shift: dict[str, int]
    available: dict[str, int]
    family: dict[str, int]
    apart: dict[str, frozenset[str]]
    ways: dict[str, dict[str, int]]
    closed: dict[str, int]

    @classmethod
    def of(cls, board: Board) -> "Tables":
        """The tables of this board."""
        return cls(
            board=board,
            staff={one.id: one for one in board.staff if one.id not in board.absent},
            people={one.id: one for one in board.patients},
            rooms={room.id: room for room in board.rooms},
            interpreters={one.id: one for one in board.interpreters},
            shift={one.id: mask_of(one.hours) for one in board.staff}
            | {one.id: mask_of(one.hours) for one in board.interpreters},
            available={one.id: mask_of(one.available) for one in board.patients},
            family={one.id: mask_of(one.family_available) for one in board.patients},
            apart=_kept_apart(board),
            ways=_ways(board),
            closed=_closed(board),
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

    def group_seats(self, room: Room, helpers: int = 1) -> int:
        """How many people a group in this room may hold; so many seats are for its leaders and interpreter."""
        return min(self.board.capacity, room.seats - helpers)

    def site_of(self, session: Group | Individual) -> str:
        """Where it is held in person; empty for a virtual one, without a room yet, or where sites do not matter."""
        if session.modality != "in_person":
            return ""
        if isinstance(session, Individual):
            return self.staff[session.staff].site
        return self.rooms[session.room].site if session.room in self.rooms else ""

    def could_follow(self, patient: Patient, language: str) -> bool:
        """Whether someone can follow a group in this language, with whatever interpreter could be booked."""
        return follows(patient, language, (what for one in self.interpreters.values() for what in one.offers))

    def suits(self, patient: Patient, group: Group) -> bool:
        """Whether someone fits this group as far as it is known: everything but their time."""
        if patient.population != group.population or patient.dose.part(group.kind).minutes != group.minutes:
            return False
        if group.kind == "group" and group.topic not in patient.topics:
            return False
        interpreter = self.interpreters.get(group.interpreter or "")
        if not follows(patient, group.language, interpreter.offers if interpreter else ()):
            return False
        if group.modality == "virtual" and any(
            patient.state not in self.staff[who].states for who in leaders_of(group)
        ):
            return False
        room = self.rooms.get(group.room or "")
        if room and not set(patient.equipment) <= set(room.equipment):
            return False
        never = self.apart.get(patient.id)
        return not never or never.isdisjoint((*helpers_of(group), *group.patients))

    def serves(self, staff: Staff, group: Group) -> bool:
        """Whether this member of staff may lead this group as far as population, language and topic go."""
        fits = group.population in staff.populations and group.language in staff.languages
        return fits and (group.kind == "skills" or group.topic in staff.topics)

    def may_lead_together(self, first: str, second: str | None) -> bool:
        """Whether pairs of staff allow these two, or without a second this one alone, to lead a group."""
        for pair in self.board.staff_pairs:
            if pair.first in (first, second):
                together = pair.second in (first, second)
                if (pair.lead == "must" and not together) or (pair.lead == "never" and together):
                    return False
        return True


def _kept_apart(board: Board) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for pair in board.apart:
        for one in pair:
            found[one] |= pair - {one}
    return {one: frozenset(others) for one, others in found.items()}


def _closed(board: Board) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for one in board.closed:
        found[one.site] |= block(one.day, 0, 24 * 60)
    return dict(found)


def _ways(board: Board) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for one in board.travel:
        here, there = sorted(one.sites)
        found[here][there] = found[there][here] = -(-one.minutes // SLOT)
    return dict(found)


def around(mask: int, slots: int) -> int:
    """The mask of a session with so many slots of its day before and after it."""
    first = (mask & -mask).bit_length() - 1
    day, start = divmod(first, SLOTS_A_DAY)
    begin, end = max(0, start - slots), min(SLOTS_A_DAY, start + mask.bit_count() + slots)
    return ((1 << (end - begin)) - 1) << (day * SLOTS_A_DAY + begin)
