"""A week looked up: a board and a solution in the ways the rules and figures need. Nothing is judged here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from hearth.timetable.board import (
    FORMAT,
    KINDS,
    MODALITIES,
    SLOT,
    Board,
    Group,
    Individual,
    Interpreter,
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
    def interpreters(self) -> dict[str, Interpreter]:
        return {one.id: one for one in self.board.interpreters}

    @cached_property
    def hours(self) -> dict[str, frozenset[Moment]]:
        """The slots in which each member of staff and each interpreter works."""
        found = {one.id: moments(one.hours) for one in self.board.staff}
        return found | {one.id: moments(one.hours) for one in self.board.interpreters}

    @cached_property
    def available(self) -> dict[str, frozenset[Moment]]:
        return {one.id: moments(one.available) for one in self.board.patients}

    @cached_property
    def groups(self) -> list[Group]:
        """Sound groups; the first format knows neither second leaders nor interpreters."""
        groups = [group for group in self.solution.groups if is_sound_group(group)]
        if self.board.format == FORMAT:
            return [
                replace(one, co_staff=None, interpreter=None) if one.co_staff or one.interpreter else one
                for one in groups
            ]
        return groups

    @cached_property
    def individual(self) -> list[Individual]:
        return [one for one in self.solution.individual if is_sound_individual(self, one)]

    @cached_property
    def sessions(self) -> list[Session]:
        return [*self.groups, *self.individual]

    @cached_property
    def led(self) -> list[tuple[Session, Staff]]:
        """Each session with each of its leaders."""
        return [(one, self.staff[who]) for one in self.sessions for who in leaders_of(one) if who in self.staff]

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
    def in_person_at(self) -> dict[str, list[tuple[str, Session]]]:
        """For each person, member of staff and interpreter the sessions in person at a site, with the site."""
        found: dict[str, list[tuple[str, Session]]] = defaultdict(list)
        for session in self.sessions:
            if site := self.site_of(session):
                for who in (*people_in(session), *helpers_of(session)):
                    found[who].append((site, session))
        return found

    def site_of(self, session: Session) -> str:
        """Where a session is held in person: a group at its room's site, others at the office of who leads them."""
        if session.modality != "in_person":
            return ""
        if isinstance(session, Group):
            room = self.rooms.get(session.room or "")
            return room.site if room else ""
        return self.staff[session.staff].site if session.staff in self.staff else ""

    def offers_in(self, group: Group) -> tuple[str, ...]:
        """What this group's interpreter offers."""
        interpreter = self.interpreters.get(group.interpreter or "")
        return interpreter.offers if interpreter else ()

    @cached_property
    def on_day(self) -> dict[tuple[str, int], list[Session]]:
        found: dict[tuple[str, int], list[Session]] = defaultdict(list)
        for session, patient in self.attended:
            found[patient.id, session.day].append(session)
        return found


@lru_cache(maxsize=4096)
def moments(spans: tuple[Span, ...]) -> frozenset[Moment]:
    """The slots inside these stretches of time."""
    return frozenset((span.day, minute) for span in spans for minute in range(span.start, span.end, SLOT))


def slots_of(session: Session) -> frozenset[Moment]:
    """The slots a session takes."""
    return _slots(session.day, session.start, session.minutes)


@lru_cache(maxsize=4096)
def _slots(day: int, start: int, minutes: int) -> frozenset[Moment]:
    return frozenset((day, minute) for minute in range(start, start + minutes, SLOT))


def longest_run(slots: list[int]) -> int:
    """The most minutes without a break; the slots begin at these minutes, in order."""
    longest = run = before = 0
    for minute in slots:
        run = run + SLOT if minute == before + SLOT else SLOT
        longest, before = max(longest, run), minute
    return longest


def people_in(session: Session) -> tuple[str, ...]:
    """The ids of the patients in a session."""
    return session.patients if isinstance(session, Group) else (session.patient,)


def leaders_of(session: Session) -> tuple[str, ...]:
    """The ids of who leads a session: one, or two of a group."""
    second = session.co_staff if isinstance(session, Group) else None
    return (session.staff, second) if second else (session.staff,)


def helpers_of(session: Session) -> tuple[str, ...]:
    """The ids of who works in a session: its leaders and its interpreter."""
    interpreter = session.interpreter if isinstance(session, Group) else None
    return (*leaders_of(session), interpreter) if interpreter else leaders_of(session)


def follows(patient: Patient, language: str, offers: Iterable[str]) -> bool:
    """Whether someone can follow a group in this language with an interpreter who offers these.

    Whoever needs interpreting follows only what is held in that language or interpreted into it.
    """
    if patient.interpreting and patient.interpreting != language:
        return patient.interpreting in offers
    return language in patient.languages


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
