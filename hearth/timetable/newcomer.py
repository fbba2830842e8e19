"""Someone who asks for a place, beside what stands: free seats, free hours of counselors, the best week of both.

Nobody else's week is touched.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from hearth.timetable.board import (
    CLOSE,
    MODALITIES,
    OPEN,
    SLOT,
    Board,
    Group,
    Individual,
    Patient,
    Solution,
    Span,
    Staff,
)
from hearth.timetable.filling import Filling, runs_too_long
from hearth.timetable.one_week import Chance, OneWeek, Options, best, options_of_day, weeks
from hearth.timetable.tables import Tables, block, mask_of
from hearth.timetable.week import helpers_of

ALWAYS = tuple(Span(day, 0, 24 * 60) for day in range(7))
WITHOUT_LIMIT = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Place:
    """A week that could be had. Groups are as they stand, without the person; `minutes` of `of` are given."""

    sessions: tuple[Group | Individual, ...]
    minutes: int
    of: int
    counselor: str | None
    free: tuple[int, ...]  # free seats of each session, the person's own counted

    @property
    def is_full(self) -> bool:
        """Whether it holds the whole dose."""
        return self.minutes >= self.of


@dataclass(frozen=True)
class Desk:
    """What stands, and a person who asks. `groups` have a seat and fit but for the hours."""

    filling: Filling
    person: Patient
    free: int
    family: int
    groups: tuple[Group, ...]
    opening: Group | None = None  # a group that would be opened, whose leader then has less time
    known: dict[tuple[str, int, str], bool] = field(default_factory=dict)  # who may lead when, once asked


def desk_of(board: Board, person: Patient, week: Solution, waiting: Sequence[Patient]) -> Desk:
    """This person before this week. Others who wait stand on the board without a seat."""
    others = [one for one in board.patients if one.id != person.id]
    known = {person.id} | {one.id for one in others}
    queue = [one for one in waiting if one.id not in known]
    anytime = replace(person, available=ALWAYS, family_available=ALWAYS)
    tables = Tables.of(replace(board, patients=(*others, *queue, anytime), current=None))
    filling = standing(tables, week, without=person.id)
    groups = joinable(filling, person)
    return Desk(filling, person, mask_of(person.available), mask_of(person.family_available), groups)


def standing(tables: Tables, week: Solution, *, without: str) -> Filling:
    """What of this week may stand on these tables, booking by booking, without one person's seats."""
    filling = Filling(tables)
    people = {who: one for who, one in tables.people.items() if who != without}
    for group in week.groups:
        empty = replace(group, patients=())
        if group.staff in tables.staff and filling.can_open(empty):
            here = filling.joining(empty, [people[who] for who in dict.fromkeys(group.patients) if who in people])
            filling.add_group(replace(group, patients=tuple(one.id for one in here)))
    for one in week.individual:
        patient = people.get(one.patient)
        fits = patient and one.staff in tables.staff and one.minutes == patient.dose.part(one.kind).minutes
        if fits and filling.can_meet(one):
            filling.add_individual(one)
    return filling


def joinable(filling: Filling, person: Patient) -> tuple[Group, ...]:
    """Groups with a seat that fit this person but for the hours."""
    return tuple(
        group
        for group in filling.groups
        if len(group.patients) < filling.seats(group) and filling.can_join(person, group)
    )


def week_of(desk: Desk) -> Place:
    """The best week of this person in what stands."""
    dose, team = desk.person.dose, team_of(desk)
    found = best(weeks(days_of(desk, team), dose), dose, one_to_one_minutes=WITHOUT_LIMIT)
    if dose.individual.count + dose.family.count > 1:  # all with one counselor; `found` is the most to hope for
        most, found = found.minutes, _with_one_counselor(desk, None)
        for staff in team:
            if found.minutes == most:
                break
            found = max(found, _with_one_counselor(desk, staff), key=lambda one: one.minutes)
    return _place(desk, found)


def _with_one_counselor(desk: Desk, staff: Staff | None) -> OneWeek:
    dose = desk.person.dose
    left = staff.max_minutes_week - _busy(desk, staff).bit_count() * SLOT if staff else 0
    states = weeks(days_of(desk, [staff] if staff else []), dose)
    return best(states, dose, one_to_one_minutes=left)


def _place(desk: Desk, found: OneWeek) -> Place:
    sessions = found.sessions
    counselor = next((one.staff for one in sessions if isinstance(one, Individual)), None)
    free = tuple(desk.filling.seats(one) - len(one.patients) if isinstance(one, Group) else 1 for one in sessions)
    return Place(sessions, found.minutes, desk.person.dose.minutes(), counselor, free)


def team_of(desk: Desk) -> list[Staff]:
    """Who could be this person's counselor, whoever has most time left first."""
    tables, person = desk.filling.tables, desk.person
    fitting = tables.counselors(person)
    if person.primary is None:
        fitting = [
            one
            for one in tables.staff.values()
            if person.population in one.populations and set(person.languages) & set(one.languages)
        ]
    never = tables.apart.get(person.id, frozenset())
    fitting = [one for one in fitting if one.id not in never]
    left = {one.id: one.max_minutes_week - desk.filling.led[one.id].bit_count() * SLOT for one in fitting}
    return sorted(fitting, key=lambda one: -left[one.id])


def days_of(desk: Desk, team: Sequence[Staff]) -> list[Options]:
    return [day_of(desk, team, day) for day in range(7)]


def day_of(desk: Desk, team: Sequence[Staff], day: int) -> Options:
    chances = [*_seats_on(desk, day), *_one_to_ones_on(desk, team, day)]
    return options_of_day(chances, desk.person.dose, together=lambda one, two: _may_lead_both(desk, one, two))


def _seats_on(desk: Desk, day: int) -> Iterator[Chance]:
    for group in desk.groups:
        mask = block(group.day, group.start, group.minutes)
        if group.day == day and desk.free & mask == mask:
            second = int(group.kind == "group" and group.topic != desk.person.topics[0])
            yield Chance(group, mask, second, desk.filling.tables.site_of(group))


def _one_to_ones_on(desk: Desk, team: Sequence[Staff], day: int) -> Iterator[Chance]:
    """One chance for each start and way of taking part, with the first of the team who can."""
    person = desk.person
    for kind in ("individual", "family"):
        part = person.dose.part(kind)
        free = desk.free & (desk.family if kind == "family" else -1)
        for start in range(OPEN, CLOSE - part.minutes + 1, SLOT) if part.count else ():
            mask = block(day, start, part.minutes)
            if free & mask != mask:
                continue
            for way in MODALITIES if person.modality == "either" else (person.modality,):
                staff = next((one for one in team if can_meet(desk, one, mask, way)), None)
                if staff:
                    site = staff.site if way == "in_person" else ""
                    yield Chance(Individual(kind, person.id, staff.id, way, day, start, part.minutes), mask, 0, site)


def can_meet(desk: Desk, staff: Staff, mask: int, way: str) -> bool:
    """Whether this member of staff could see the person then, in person or by video."""
    if way == "virtual" and desk.person.state not in staff.states:
        return False
    opening = _opening(desk, staff)
    key = staff.id, mask | opening, staff.site if way == "in_person" else ""
    if key not in desk.known:
        desk.known[key] = desk.filling.can_lead(*key)
    return not mask & opening and desk.known[key]


def _opening(desk: Desk, staff: Staff) -> int:
    group = desk.opening
    return block(group.day, group.start, group.minutes) if group and staff.id in helpers_of(group) else 0


def _busy(desk: Desk, staff: Staff) -> int:
    return desk.filling.led[staff.id] | _opening(desk, staff)


def _may_lead_both(desk: Desk, one: Chance, two: Chance) -> bool:
    if one.session.staff != two.session.staff:
        return True
    staff = desk.filling.tables.staff[one.session.staff]
    return not runs_too_long(_busy(desk, staff) | one.mask | two.mask, staff.max_minutes_run)
