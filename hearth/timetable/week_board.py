"""The board of a week, made from the rows: who needs what, who can give it, and the week as it stands."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext

from hearth.accounts.models import Organisation, User
from hearth.admission.models import Episode
from hearth.people.models import CareTeamMember
from hearth.people.models import Patient as Person
from hearth.people.queries import states_licensed_in
from hearth.plan.queries import plans_of
from hearth.program import pack
from hearth.program import queries as program
from hearth.program.models import Interpreter as InterpreterRow
from hearth.program.models import Program, StaffDuty
from hearth.program.models import Room as RoomRow
from hearth.timetable import hours, week_beyond
from hearth.timetable.board import Board, Group, Individual, Patient, Room, Solution, Span, Staff
from hearth.timetable.board_json import parse_board, parse_dose
from hearth.timetable.left_out import LeftOut, episodes_in_week, missing
from hearth.timetable.models import Availability, PlaceOffer, Proposal, Seat, Section
from hearth.timetable.moving import as_solution
from hearth.timetable.one_offs import in_week
from hearth.timetable.promised import names_of_waiting, with_promises
from hearth.timetable.queries import hours_of_all, one_offs_of_all
from hearth.timetable.scope import scoped, with_those_beside
from hearth.timetable.week import Session
from hearth.timetable.what_if import HIRE

CAPACITY, MINIMUM = 12, 2
"""Largest and least group: product defaults; 9 CCR 10345 (CA) limits groups to 2 to 12."""


@dataclass(frozen=True, slots=True)
class WeekBoard:
    """A board with what stands beside it. `names` are the people, staff and rooms by board id.

    `standing` are the sessions of `board.current` by the id of their section, in the order of the week. `resting` are
    sections that do not meet because it is closed on their day: they stand as they are for the weeks after, and nobody
    is given another session for them. `promised` are the offers of those for whom places are kept.
    `away` are the days of this week on which staff are on leave, `busy` what people's own dates take out of it.
    """

    board: Board
    names: dict[str, str]
    episodes: dict[str, Episode]
    left_out: tuple[LeftOut, ...]
    standing: Mapping[str, Session] = field(default_factory=dict)
    resting: frozenset[str] = frozenset()
    promised: Mapping[str, PlaceOffer] = field(default_factory=dict)
    away: Mapping[str, frozenset[int]] = field(default_factory=dict)
    busy: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    @property
    def is_usual(self) -> bool:
        """Whether nobody is on leave and no dates were named on which somebody cannot come."""
        return not (self.away or self.busy)

    def program_of(self, who: str) -> Program:
        """The program that somebody of the board is in, or waits for."""
        return self.promised[who].entry.program if who in self.promised else self.episodes[who].program


def board_of_week(
    *, viewer: User, week_of: date, with_promised: bool = True, as_usual: bool = False, since: date | None = None
) -> WeekBoard:
    """The board of the week of `week_of`, a Monday: everyone in an episode then, all staff on duty, every room.

    Times are wall-clock times of the organisation's zone. Dates of that week on which somebody cannot come are not
    among their hours, nor are closed days, leave and days outside an episode; the dose is that week's. `current` is
    the week as accepted. Whoever lacks hours, a plan or a state is in `left_out`,
    with the reason. Those who were promised a place are on it `with_promised`; `as_usual` it is as if nobody
    were on leave, nothing closed and no dates named. For what lasts `since` a day of a week that has begun, `current`
    is the week as it goes on from then: what ended earlier in it is gone. A fixed number of queries.
    """
    home, first = viewer.organisation.state, max(week_of, since or week_of)
    here = episodes_in_week(viewer=viewer, week_of=week_of)
    week = _week_board(here, week_of, home=home, as_usual=as_usual, first=first)
    return _with_promised(week, home=home) if with_promised else week


def _with_promised(week: WeekBoard, *, home: str) -> WeekBoard:
    found = with_promises(week.board, week.standing, home=home)
    if not found.offers:
        return week
    board = week_beyond.in_its_form(replace(found.board, current=as_solution(found.sessions)))
    names = week.names | found.names
    return replace(week, board=board, names=names, standing=found.sessions, promised=found.offers)


def board_for_visitors(*, organisation: Organisation, week_of: date) -> Board:
    """The same board without anybody's name, for pages that tell visitors of free places and nothing of people."""
    return week_for_the_worker(organisation=organisation, week_of=week_of).board


def week_for_the_worker(*, organisation: Organisation, week_of: date) -> WeekBoard:
    """The same week with what stands in it, for work that nobody looks at; promised places are not on it."""
    last = week_of + timedelta(days=6)
    rows = Episode.objects.active().filter(starts_on__lte=last, planned_end_on__gt=week_of)
    return _week_board(rows.select_related("patient", "program"), week_of, home=organisation.state, first=week_of)


def week_to_propose(*, organisation: Organisation, week_of: date) -> WeekBoard:
    """The same with promised places: what a proposal is worked out from that nobody asked for at a screen."""
    return _with_promised(week_for_the_worker(organisation=organisation, week_of=week_of), home=organisation.state)


def _week_board(
    episodes: QuerySet[Episode], week_of: date, *, home: str, first: date, as_usual: bool = False
) -> WeekBoard:
    last = week_of + timedelta(days=6)
    plans, here = plans_of(episodes), list(episodes)
    free = hours_of_all(episode.patient_id for episode in here)
    people_here = () if as_usual else [episode.patient_id for episode in here]
    away = one_offs_of_all(people_here, first=week_of, last=last)
    duties = list(StaffDuty.objects.on(week_of).select_related("member").order_by("member__name", "pk"))
    interpreters = program.interpreters_on(week_of)
    staff = _staff(duties, week_of)
    primaries = _primaries(here)
    on_duty, people, left_out = {one.id for one in staff}, [], []
    busy: dict[str, tuple[Span, ...]] = {}
    for episode in here:
        plan, given = plans.get(episode.pk), free.get(episode.patient_id)
        if reasons := missing(episode, has_plan=plan is not None, has_hours=bool(given and given.hours)):
            left_out.append(LeftOut(episode.patient, reasons))
        elif plan and given:
            counselor = str(primaries.get(episode.patient_id, ""))
            primary = counselor if counselor in on_duty else None
            dose = plan.dose_on(max(week_of, episode.starts_on))
            person = _patient(episode, dose, given, primary, home=home)
            dates = in_week((row.dates for row in away.get(episode.patient_id, ())), week_of)
            if dates:
                busy[person.id] = dates
            taken = (*dates, *_outside(episode, week_of))
            people.append(_without(person, taken) if taken else person)
    rooms = list(RoomRow.objects.order_by("site__name", "name", "pk"))
    board = Board(
        capacity=CAPACITY,
        minimum=MINIMUM,
        rooms=(),
        staff=tuple(staff),
        patients=tuple(people),
    )
    board = week_beyond.with_sites(
        board,
        (Room(str(room.pk), room.seats, str(room.site_id), tuple(room.equipment)) for room in rooms),
        {str(duty.member_id): str(duty.site_id) for duty in duties if duty.site_id},
    )
    board = week_beyond.with_needs(board, interpreters)
    off = week_beyond.NOTHING_OFF if as_usual else week_beyond.days_off(week_of)
    standing = _standing(board, first)
    board, resting = week_beyond.with_days_off(board, off), week_beyond.resting(board, off, standing)
    board = week_beyond.without_lost_dose(board, [standing.pop(key) for key in resting])
    board = week_beyond.in_its_form(replace(board, current=as_solution(standing)) if standing else board)
    names = {str(each.patient_id): each.patient.name for each in here}
    names |= {str(duty.member_id): duty.member.name for duty in duties} | {str(room.pk): room.name for room in rooms}
    names |= {str(each.pk): each.name for each in interpreters}
    return WeekBoard(
        board,
        names,
        {str(each.patient_id): each for each in here},
        tuple(left_out),
        standing,
        resting,
        away={str(who): days for who, days in off.staff.items() if str(who) in on_duty},
        busy=busy,
    )


def _outside(episode: Episode, week_of: date) -> tuple[Span, ...]:
    """The days of this week before the episode begins and after its planned end."""
    days = (week_of + timedelta(days=number) for number in range(7))
    return tuple(
        Span(day.weekday(), 0, 24 * 60) for day in days if not episode.starts_on <= day < episode.planned_end_on
    )


def _without(person: Patient, busy: tuple[Span, ...]) -> Patient:
    return replace(person, available=hours.without(person.available, busy), best=hours.without(person.best, busy))


def _patient(episode: Episode, dose: dict[str, Any], given: Availability, primary: str | None, *, home: str) -> Patient:
    """`dose` is that of the week, `home` the organisation's state, where those who come in person are."""
    person = episode.patient
    return Patient(
        id=str(person.pk),
        population=person.population,
        topics=pack.get(episode.program.pack).track(episode.track).group_topics,
        languages=tuple(person.languages) or ("en",),
        modality=person.modality,
        state=person.state or home,
        available=hours.from_json(given.hours),
        family_available=hours.from_json(given.family_hours),
        primary=primary,
        dose=parse_dose(dose),
        best=hours.best_from_json(given.hours),
    )


def _primaries(episodes: Iterable[Episode]) -> dict[UUID, UUID]:
    rows = CareTeamMember.objects.current().filter(is_primary=True, patient__in=[one.patient_id for one in episodes])
    return dict(rows.values_list("patient", "member"))


def _staff(duties: list[StaffDuty], week_of: date) -> list[Staff]:
    """Everyone on duty, licensed only where they are so on the first and on the last day of the week."""
    members = [duty.member for duty in duties]
    first = states_licensed_in(members, on=week_of)
    last = states_licensed_in(members, on=week_of + timedelta(days=6))
    return [
        Staff(
            id=str(duty.member_id),
            populations=tuple(duty.populations),
            topics=tuple(duty.topics),
            languages=tuple(duty.languages),
            states=tuple(sorted(first[duty.member_id] & last[duty.member_id])),
            hours=hours.from_json(duty.hours),
            max_minutes_week=duty.max_minutes_week,
            max_minutes_run=duty.max_minutes_run,
        )
        for duty in duties
        if duty.member.is_active
    ]


def _standing(board: Board, first: date) -> dict[str, Session]:
    """The seven days from `first` on as they stand, of the people and staff who are on the board."""
    people, staff = {one.id for one in board.patients}, {one.id for one in board.staff}
    sections = Section.objects.within_week(first).prefetch_related(Prefetch("seats", Seat.objects.order_by("pk")))
    found: dict[str, Session] = {}
    for section in sections.order_by("weekday", "starts", "pk"):
        seated = tuple(who for who in seated_in(section, first) if who in people)
        if not seated or str(section.facilitator_id) not in staff or section.start_minute % 30:
            continue
        one = group_of(section, seated) if section.is_group else individual_of(section, seated[0])
        found[str(section.pk)] = one
    return found


def seated_in(section: Section, first: date) -> list[str]:
    """The ids of those who hold a seat of this section when it meets in the seven days from `first` on."""
    day = section.day_in(first)
    if not section.meets_on(day):
        return []
    return [str(seat.patient_id) for seat in section.seats.all() if seat.is_held_on(day)]


def group_of(section: Section, patients: tuple[str, ...]) -> Group:
    """A section as the engine's group."""
    return Group(
        kind=section.kind,
        population=section.population,
        topic=section.topic or None,
        language=section.language,
        modality=section.modality,
        day=section.weekday,
        start=section.start_minute,
        minutes=section.minutes,
        staff=str(section.facilitator_id),
        room=str(section.room_id) if section.room_id else None,
        patients=patients,
        co_staff=str(section.co_facilitator_id) if section.co_facilitator_id else None,
        interpreter=str(section.interpreter_id) if section.interpreter_id else None,
    )


def individual_of(section: Section, patient: str) -> Individual:
    """A section as the engine's individual or family session."""
    return Individual(
        kind=section.kind,
        patient=patient,
        staff=str(section.facilitator_id),
        modality=section.modality,
        day=section.weekday,
        start=section.start_minute,
        minutes=section.minutes,
    )


def part_of_board(week: WeekBoard, programs: Collection[UUID]) -> Board:
    """The board of the people in these programs, and of those who share a group with them, in their sites' rooms."""
    chosen = {one.id for one in week.board.patients if week.program_of(one.id).pk in set(programs)}
    people = with_those_beside(week.board.current, chosen)
    sites = {week.program_of(who).site_id for who in people}
    rooms = RoomRow.objects.all() if None in sites else RoomRow.objects.filter(site__in=sites)
    return scoped(week.board, people, rooms={str(pk) for pk in rooms.values_list("pk", flat=True)})


@dataclass(frozen=True, slots=True)
class Beside:
    """What a proposal is held against: a board whose `current` is the week as it stands, and everyone's names.

    `is_unusual`: somebody is on leave or cannot come on a date, so that what changes because of it passes.
    """

    board: Board
    names: dict[str, str]
    is_unusual: bool = False

    @property
    def stands(self) -> Solution:
        return self.board.current or Solution()


def board_for(proposal: Proposal, *, viewer: User, at: datetime) -> WeekBoard:
    """The board on which this proposal is decided: of cover the week as it is, else as it goes on from today."""
    since = None if proposal.cover else at.astimezone(viewer.organisation.zone).date()
    return board_of_week(viewer=viewer, week_of=proposal.week_of, since=since)


def beside(*, viewer: User, proposal: Proposal, at: datetime) -> Beside:
    """Today's rows while the proposal can be decided on; afterwards, and for a what-if, those it was judged by."""
    if proposal.is_what_if or proposal.status != Proposal.Status.READY:
        stored = parse_board(proposal.board)
        return Beside(stored, names_on(stored))
    week = board_for(proposal, viewer=viewer, at=at)
    board = part_of_board(week, [UUID(one) for one in proposal.programs]) if proposal.programs else week.board
    gone = {one["id"] for one in proposal.board["patients"]} - week.names.keys()
    names = week.names | (names_on(parse_board(proposal.board)) if gone else {})
    return Beside(board, names, is_unusual=not week.is_usual)


def names_on(board: Board) -> dict[str, str]:
    """The names of everyone and every room on a stored board, by board id. The caller has passed a door."""
    patients = Person.objects.filter(pk__in=[one.id for one in board.patients])
    staff = User.objects.filter(pk__in=[one.id for one in board.staff if one.id != HIRE])
    rooms = RoomRow.objects.filter(pk__in=[one.id for one in board.rooms])
    interpreters = InterpreterRow.objects.filter(pk__in=[one.id for one in board.interpreters])
    waiting = PlaceOffer.objects.filter(entry__in=[UUID(one) for one in board.kept]).select_related("entry__patient")
    promised = names_of_waiting(row.entry for row in waiting) if board.kept else {}
    names = promised | {str(row.pk): row.name for rows in (patients, staff, rooms, interpreters) for row in rows}
    return names | {HIRE: gettext("Somebody new")}
