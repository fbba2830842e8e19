"""One week of the timetable as plain data: who needs what, who can give it, and what was placed.

Times of day are minutes after midnight; days 0 to 6 are Monday to Sunday. `board_json` reads and writes
these.
"""

from dataclasses import dataclass

FORMAT = "hearth.board/1"
SLOT = 30  # minutes; every start lies on this grid
OPEN, CLOSE = 8 * 60, 21 * 60  # the hours in which sessions are placed
KINDS = ("group", "skills", "individual", "family")
MODALITIES = ("in_person", "virtual")
POPULATIONS = ("adult", "adolescent")


class MalformedBoard(ValueError):
    """The board or solution cannot be read; the text is one sentence that says where and why."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one day, from `start` up to but without `end`."""

    day: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """How many sessions of one kind a week, and how long each is in minutes."""

    count: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Dose:
    """What one week should hold. `per_day`: most group blocks on one day; `days`: days a week wished for."""

    group: Part
    skills: Part
    individual: Part
    family: Part
    per_day: int
    days: int

    def part(self, kind: str) -> Part:
        """The part of the dose for one of `KINDS`."""
        parts = {"group": self.group, "skills": self.skills}
        return parts.get(kind) or {"individual": self.individual, "family": self.family}[kind]

    def minutes(self) -> int:
        """All minutes prescribed for one week."""
        return sum(self.part(kind).count * self.part(kind).minutes for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Patient:
    """A person who needs a week. `topics`: any of these groups serves, the first is best."""

    id: str
    population: str
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    modality: str  # in_person, virtual or either
    state: str
    available: tuple[Span, ...]
    family_available: tuple[Span, ...]
    primary: str | None  # the counselor; None where nobody is named yet
    dose: Dose


@dataclass(frozen=True, slots=True)
class Staff:
    """Someone who leads sessions, inside their hours and licences."""

    id: str
    populations: tuple[str, ...]
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    states: tuple[str, ...]
    hours: tuple[Span, ...]
    max_minutes_week: int
    max_minutes_run: int


@dataclass(frozen=True, slots=True)
class Room:
    """A group room. One of its seats is the leader's."""

    id: str
    seats: int


@dataclass(frozen=True, slots=True)
class Group:
    """One group or life skills session (`kind` group or skills) with the people in it."""

    kind: str
    population: str
    topic: str | None
    language: str
    modality: str
    day: int
    start: int
    minutes: int
    staff: str
    room: str | None
    patients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Individual:
    """One individual or family session (`kind` individual or family)."""

    kind: str
    patient: str
    staff: str
    modality: str
    day: int
    start: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Solution:
    """A week filled in. `unmet_bound`: minutes of dose that provably cannot be placed (0: none known)."""

    groups: tuple[Group, ...] = ()
    individual: tuple[Individual, ...] = ()
    unmet_bound: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """One week's people, staff and rooms. `current`: the week as it stands, to be changed little."""

    capacity: int
    minimum: int
    rooms: tuple[Room, ...]
    staff: tuple[Staff, ...]
    patients: tuple[Patient, ...]
    current: Solution | None = None
    absent: frozenset[str] = frozenset()


def clock(minutes: int) -> str:
    """`930` as `15:30`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
