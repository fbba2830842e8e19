"""What makes a week's board one of `hearth.board/2`: sites, days off, needs, pairs and interpreters, from the rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

from hearth.program import queries as program
from hearth.program.models import Interpreter as InterpreterRow
from hearth.timetable import hours
from hearth.timetable.board import (
    FORMAT_2,
    KINDS,
    Board,
    Closed,
    Group,
    GroupNeed,
    Interpreter,
    Part,
    Patient,
    Room,
    Span,
    StaffPair,
    Travel,
)
from hearth.timetable.models import Accommodation, KeepApart
from hearth.timetable.needs import accommodations_of
from hearth.timetable.week import Session, people_in


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Which days of one week (Monday is 0) are off: for everyone, for a site, for a member of staff."""

    everywhere: frozenset[int]
    sites: dict[UUID, frozenset[int]]
    staff: dict[UUID, frozenset[int]]

    def hits(self, day: int, modality: str, site: str) -> bool:
        """Whether what meets on this day, in person at this site, does not because it is closed."""
        if day in self.everywhere:
            return True
        return modality == "in_person" and any(str(each) == site and day in days for each, days in self.sites.items())


NOTHING_OFF = DaysOff(frozenset(), {}, {})


def days_off(week_of: date) -> DaysOff:
    """The closures and confirmed leaves of the week of `week_of`, a Monday. Two queries."""
    sites: dict[UUID | None, set[int]] = defaultdict(set)
    staff: dict[UUID, set[int]] = defaultdict(set)
    last = week_of + timedelta(days=6)
    for closure in program.closures_within(week_of, last):
        sites[closure.site_id] |= _weekdays(closure.first_on, closure.last_on, week_of)
    for leave in program.leaves_within(week_of, last):
        staff[leave.member_id] |= _weekdays(leave.first_on, leave.last_on, week_of)
    everywhere = frozenset(sites.pop(None, ()))
    return DaysOff(
        everywhere,
        {site: frozenset(days) for site, days in sites.items() if site},
        {member: frozenset(days) for member, days in staff.items()},
    )


def resting(board: Board, off: DaysOff, standing: Mapping[str, Session]) -> frozenset[str]:
    """The keys of those of these sessions that do not meet because it is closed on their day."""
    sites = {room.id: room.site for room in board.rooms} | {one.id: one.site for one in board.staff}
    return frozenset(
        key
        for key, each in standing.items()
        if off.hits(each.day, each.modality, sites.get((isinstance(each, Group) and each.room) or each.staff, ""))
    )


def without_lost_dose(board: Board, lost: Iterable[Session]) -> Board:
    """The board on which nobody needs another session for one of these, which they lose."""
    fewer = Counter((who, each.kind) for each in lost for who in people_in(each))
    if not fewer:
        return board
    return replace(board, patients=tuple(_with_less(one, fewer) for one in board.patients))


def _with_less(patient: Patient, fewer: Mapping[tuple[str, str], int]) -> Patient:
    def part(kind: str) -> Part:
        given = patient.dose.part(kind)
        return replace(given, count=max(0, given.count - fewer.get((patient.id, kind), 0)))

    group, skills, individual, family = (part(kind) for kind in KINDS)
    dose = replace(patient.dose, group=group, skills=skills, individual=individual, family=family)
    return replace(patient, dose=dose)


def _weekdays(first: date, last: date, monday: date) -> set[int]:
    days = (monday + timedelta(days=number) for number in range(7))
    return {day.weekday() for day in days if first <= day <= last}


def with_days_off(board: Board, off: DaysOff) -> Board:
    """The board without the hours that are off. Whoever has none left because of leave is `absent`."""
    staff, absent = [], set(board.absent)
    for one in board.staff:
        away = off.staff.get(UUID(one.id), frozenset())
        left = _on_other_days(one.hours, off.everywhere | away)
        if one.hours and not left and away:
            absent.add(one.id)
        staff.append(replace(one, hours=left))
    return replace(
        board,
        staff=tuple(staff),
        patients=tuple(_without_days(one, off.everywhere) for one in board.patients),
        interpreters=tuple(replace(one, hours=_on_other_days(one.hours, off.everywhere)) for one in board.interpreters),
        closed=tuple(Closed(str(site), day) for site, days in off.sites.items() for day in sorted(days)),
        absent=frozenset(absent),
    )


def _without_days(patient: Patient, days: frozenset[int]) -> Patient:
    return replace(
        patient,
        available=_on_other_days(patient.available, days),
        family_available=_on_other_days(patient.family_available, days),
        best=_on_other_days(patient.best, days),
    )


def _on_other_days(spans: Iterable[Span], days: frozenset[int]) -> tuple[Span, ...]:
    return tuple(span for span in spans if span.day not in days)


def with_needs(board: Board, interpreters: Iterable[InterpreterRow]) -> Board:
    """The board with accommodations, interpreters, what groups need, pairs and whom to keep apart. Four queries."""
    needs = accommodations_of(UUID(one.id) for one in board.patients)
    on_board = {one.id for one in board.patients} | {one.id for one in board.staff}
    return replace(
        board,
        patients=tuple(_with_need(one, needs.get(UUID(one.id))) for one in board.patients),
        interpreters=tuple(_interpreter(row) for row in interpreters),
        group_needs=tuple(
            GroupNeed(row.kind, row.topic or None, row.leaders, tuple(row.equipment)) for row in program.group_needs()
        ),
        apart=frozenset(pair for pair in _apart() if pair <= on_board),
        staff_pairs=tuple(
            StaffPair(str(row.first_id), str(row.second_id), row.lead)
            for row in program.staff_pairs()
            if {str(row.first_id), str(row.second_id)} <= on_board
        ),
    )


def _with_need(patient: Patient, need: Accommodation | None) -> Patient:
    if need is None:
        return patient
    return replace(patient, interpreting=need.interpreting or None, equipment=tuple(need.equipment))


def _interpreter(row: InterpreterRow) -> Interpreter:
    return Interpreter(str(row.pk), tuple(row.offers), tuple(row.modalities), hours.from_json(row.hours))


def _apart() -> Iterable[frozenset[str]]:
    for row in KeepApart.objects.filter(ended_at=None).order_by("pk"):
        yield frozenset({str(row.patient_id), str(row.other_id or row.member_id)})


def with_sites(board: Board, rooms: Iterable[Room], staff_sites: dict[str, str]) -> Board:
    """The board with these rooms, the offices of staff and the ways between all sites named. One query."""
    found = tuple(rooms)
    sites = {room.site for room in found} | {site for site in staff_sites.values() if site}
    minutes = program.travel_minutes()
    return replace(
        board,
        rooms=found,
        staff=tuple(replace(one, site=staff_sites.get(one.id, "")) for one in board.staff),
        travel=tuple(
            Travel(frozenset(pair), minutes.get(frozenset(UUID(site) for site in pair), program.TRAVEL_MINUTES))
            for pair in combinations(sorted(sites), 2)
        ),
    )


def in_its_form(board: Board) -> Board:
    """The board in the second format if it says anything beyond the first; then groups would rather stay together.

    Where there is nothing beyond, the one site is left out.
    """
    groups = board.current.groups if board.current else ()
    beyond = (
        board.kept, board.travel, board.closed, board.interpreters, board.group_needs, board.apart, board.staff_pairs,
        any(room.equipment for room in board.rooms),
        any(one.interpreting or one.equipment or one.best for one in board.patients),
        any(group.co_staff or group.interpreter for group in groups),
    )  # fmt: skip
    if not any(beyond):
        rooms = tuple(replace(room, site="") for room in board.rooms)
        return replace(board, rooms=rooms, staff=tuple(replace(one, site="") for one in board.staff))
    together = dict.fromkeys(tuple(sorted(group.patients)) for group in groups if len(group.patients) > 1)
    return replace(board, format=FORMAT_2, together=tuple(together))
