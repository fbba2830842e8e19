"""A week looked up: a board and a solution in the ways the rules and figures need. Nothing is judged here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from hearth.timetable.board import (
    KINDS,
    MODALITIES,
    SLOT,
    Board,
    Group,
    Individual,
    Patient,
    Room,
    Solution,
    Span,
    Staff,
    clock,
)

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Session = Group | Individual
Moment = tuple[int, int]  # day, minute at which a slot starts
Seat = tuple[str, str, int, int, str, str]  # patient, kind, day, start, staff, modality


@dataclass(frozen=True)
class Week:
    """A board and a solution, looked up in the ways the rules need."""

    board: Board
    solution: Solution

    @cached_property
    def staff(self) -> dict[str, Staff]:
        return {one.id: one for one in self.board.staff}

    @cached_property
    def patients(self) -> dict[str, Patient]:
        return {one.id: one for one in self.board.patients}

    @cached_property
    def rooms(self) -> dict[str, Room]:
        return {one.id: one for one in self.board.rooms}

    @cached_property
    def hours(self) -> dict[str, set[Moment]]:
        return {one.id: moments(one.hours) for one in self.board.staff}

    @cached_property
    def available(self) -> dict[str, set[Moment]]:
        return {one.id: moments(one.available) for one in self.board.patients}

    @cached_property
    def groups(self) -> list[Group]:
        return [group for group in self.solution.groups if is_sound_group(group)]

    @cached_property
    def individual(self) -> list[Individual]:
        return [one for one in self.solution.individual if is_sound_individual(self, one)]

    @cached_property
    def sessions(self) -> list[Session]:
        return [*self.groups, *self.individual]

    @cached_property
    def led(self) -> list[tuple[Session, Staff]]:
        return [(one, self.staff[one.staff]) for one in self.sessions if one.staff in self.staff]

    @cached_property
    def attended(self) -> list[tuple[Session, Patient]]:
        """Each seat: a session and someone in it, twice where someone is listed twice."""
        return [(s, self.patients[who]) for s in self.sessions for who in people_in(s) if who in self.patients]

    @cached_property
    def given(self) -> dict[tuple[str, str], int]:
        """How many sessions of a kind each patient has."""
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for session, patient in self.attended:
            counts[patient.id, session.kind] += 1
        return counts

    @cached_property
    def staff_busy(self) -> dict[str, set[Moment]]:
        busy: dict[str, set[Moment]] = defaultdict(set)
        for session, staff in self.led:
            busy[staff.id] |= slots_of(session)
        return busy

    @cached_property
    def day_slots(self) -> dict[str, dict[int, set[int]]]:
        """For each patient the slots of each day on which they come, in day order."""
        found: dict[str, dict[int, set[int]]] = {one.id: defaultdict(set) for one in self.board.patients}
        for session, patient in self.attended:
            for day, minute in slots_of(session):
                found[patient.id][day].add(minute)
        return {who: {day: days[day] for day in sorted(days) if day in range(7)} for who, days in found.items()}

    @cached_property
    def on_day(self) -> dict[tuple[str, int], list[Session]]:
        found: dict[tuple[str, int], list[Session]] = defaultdict(list)
        for session, patient in self.attended:
            found[patient.id, session.day].append(session)
        return found


def moments(spans: Iterable[Span]) -> set[Moment]:
    """The slots inside these stretches of time."""
    return {(span.day, minute) for span in spans for minute in range(span.start, span.end, SLOT)}


def slots_of(session: Session) -> set[Moment]:
    """The slots a session takes."""
    return {(session.day, minute) for minute in range(session.start, session.start + session.minutes, SLOT)}


def people_in(session: Session) -> tuple[str, ...]:
    """The ids of the patients in a session."""
    return session.patients if isinstance(session, Group) else (session.patient,)


def label(session: Session) -> str:
    """A session in words, as the middle of a sentence."""
    day = DAYS[session.day] if session.day in range(7) else f"day {session.day}"
    about = f"{session.topic} " if isinstance(session, Group) and session.topic and session.kind == "group" else ""
    return f"the {about}{session.kind} session on {day} at {clock(session.start)} with {session.staff}"


def is_sound_group(group: Group) -> bool:
    """Whether this group lies on the grid and is of a known kind; the rules look at no other."""
    on_grid = group.start % SLOT == 0 and group.day in range(7)
    return on_grid and group.kind in ("group", "skills") and group.modality in MODALITIES


def is_sound_individual(week: Week, one: Individual) -> bool:
    """Whether this session is on the grid, of a known kind and of its person's prescribed length."""
    patient = week.patients.get(one.patient)
    if patient is None or one.start % SLOT or one.kind not in ("individual", "family"):
        return False
    return one.modality in MODALITIES and one.minutes == patient.dose.part(one.kind).minutes


def unmet_minutes(week: Week) -> int:
    """Minutes of prescribed dose that this week does not place."""
    return sum(
        max(0, patient.dose.part(kind).count - week.given[patient.id, kind]) * patient.dose.part(kind).minutes
        for patient in week.board.patients
        for kind in KINDS
    )
