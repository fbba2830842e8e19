"""One week of the timetable as plain data: who needs what, who can give it, and what was placed.

Times of day are minutes after midnight; days 0 to 6 are Monday to Sunday. `board_json` reads and writes
these. What has a default here belongs to `hearth.board/2` (docs/board.md); a board of the first format has none of it.
"""

from dataclasses import dataclass

FORMAT = "hearth.board/1"
FORMAT_2 = "hearth.board/2"
CAPTIONS = "captions"  # what a captioner offers, beside the languages that interpreters do
SLOT = 30  # minutes; every start lies on this grid
OPEN, CLOSE = 8 * 60, 21 * 60  # the hours in which sessions are placed
KINDS = ("group", "skills", "individual", "family")
PAIRINGS = ("must", "should", "never")
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
    """A person who needs a week. `topics`: any of these groups serves, the first is best.

    `interpreting`: the language (or `CAPTIONS`) into which a group must be interpreted for them, unless it is held in
    it. `equipment`: what a room must have for them to come to it. `best`: hours they like best, empty for no wish.
    """

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
    interpreting: str | None = None
    equipment: tuple[str, ...] = ()
    best: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Staff:
    """Someone who leads sessions, inside their hours and licences.

    `site`: where their office is, in which they hold individual and family sessions in person.
    """

    id: str
    populations: tuple[str, ...]
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    states: tuple[str, ...]
    hours: tuple[Span, ...]
    max_minutes_week: int
    max_minutes_run: int
    site: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A group room. Its seats are also for the leaders and the interpreter."""

    id: str
    seats: int
    site: str = ""
    equipment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Someone who can be booked for a group: an interpreter into languages, or a captioner (`CAPTIONS`)."""

    id: str
    offers: tuple[str, ...]
    modalities: tuple[str, ...]
    hours: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Travel:
    """Minutes between two sites, one way as the other."""

    sites: frozenset[str]
    minutes: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A day on which nobody meets in person at a site."""

    site: str
    day: int


@dataclass(frozen=True, slots=True)
class GroupNeed:
    """What groups of this kind need; with a `topic`, only those on it. `leaders`: 1 or 2."""

    kind: str
    topic: str | None = None
    leaders: int = 1
    equipment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffPair:
    """How `first` leads groups: `must` or `should` only together with `second`, or `never` with them."""

    first: str
    second: str
    lead: str


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
    co_staff: str | None = None
    interpreter: str | None = None


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
    """One week's people, staff and rooms. `current`: the week as it stands, to be changed little.

    `apart`: pairs (two people, or one and a member of staff or interpreter) who are never in one session.
    `together`: people who would rather sit in the same groups.
    `kept`: people whose places in `current` stay as they are.
    """

    capacity: int
    minimum: int
    rooms: tuple[Room, ...]
    staff: tuple[Staff, ...]
    patients: tuple[Patient, ...]
    current: Solution | None = None
    absent: frozenset[str] = frozenset()
    format: str = FORMAT
    travel: tuple[Travel, ...] = ()
    closed: tuple[Closed, ...] = ()
    interpreters: tuple[Interpreter, ...] = ()
    group_needs: tuple[GroupNeed, ...] = ()
    apart: frozenset[frozenset[str]] = frozenset()
    staff_pairs: tuple[StaffPair, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    kept: frozenset[str] = frozenset()

    def need(self, kind: str, topic: str | None) -> GroupNeed:
        """What a group of this kind and topic needs, all of `group_needs` taken together."""
        fitting = [one for one in self.group_needs if one.kind == kind and one.topic in (None, topic)]
        leaders = max((one.leaders for one in fitting), default=1)
        equipment = dict.fromkeys(thing for one in fitting for thing in one.equipment)
        return GroupNeed(kind, topic, leaders, tuple(equipment))


def clock(minutes: int) -> str:
    """`930` as `15:30`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
