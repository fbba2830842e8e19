"""Sessions from the timetable's sections: all of one or of many, stored together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.people.models import Modality, Patient
from hearth.people.queries import licences_of
from hearth.program import services as program
from hearth.program.queries import closures_within
from hearth.sessions import facts
from hearth.sessions.closing import is_closed, offices_on
from hearth.sessions.curriculum import stays_of
from hearth.sessions.models import WITH_FAMILY, Attendance, Session
from hearth.sessions.outside import standing_links
from hearth.sessions.rules.topics import About, Stay, about
from hearth.sessions.services.letting_go import give_way
from hearth.timetable.facts import Refused
from hearth.timetable.models import Seat, Section

PURPOSE = "care_sessions.session"
WEEK = timedelta(days=7)


class CannotBook(Refused):
    """A session's facilitator, room or student is taken at that time. The text is a sentence for the screen."""

    def __init__(self, session: Session, starts_at: datetime, taken: Sequence[str]) -> None:
        who = ", ".join(taken) or _("someone")
        when = f"{starts_at:%a} {starts_at.day} {starts_at:%b %H:%M}"
        super().__init__(
            _("“%(session)s” on %(when)s cannot be held: %(who)s is booked elsewhere at that time.")
            % {"session": session.name, "when": when, "who": who}
        )
        self.session, self.starts_at, self.taken = session, starts_at, tuple(taken)


class NotLicensed(Refused):
    """A facilitator lacks the licence of a state a student takes part from. The text is a sentence for the screen."""

    def __init__(self, facilitator: User, state: str, section: Section, on: date) -> None:
        super().__init__(
            _(
                "%(name)s holds no licence for %(state)s on %(day)s, where a student of “%(section)s”"
                " takes part by video."
            )
            % {"name": facilitator.name, "state": state, "day": on.isoformat(), "section": section.name}
        )
        self.facilitator, self.state, self.section, self.on = facilitator, state, section, on


@dataclass(frozen=True, slots=True)
class Course:
    """A section's days to come, and whose seats are held on each. Days on which nobody comes are left out."""

    section: Section
    riders: dict[date, list[Seat]]
    stays: Mapping[UUID, Stay]

    def about(self, day: date) -> About:
        """What the curriculum has for the students of this day."""
        stays = [self.stays[seat.patient_id] for seat in self.riders[day] if seat.patient_id in self.stays]
        return about(self.section.kind, stays, on=day, language=self.section.language)

    def starts(self) -> dict[datetime, list[Seat]]:
        return {_starts_at(self.section, day): seats for day, seats in self.riders.items()}


def make_sessions(*, section: Section, until: date, by: User, at: datetime) -> list[Session]:
    """Make this section's sessions before the day `until`; returns the new ones. See `make_all_sessions`."""
    return make_all_sessions(until={section.pk: until}, by=by, at=at)


@transaction.atomic
def make_longer(*, patient: Patient, until: date, by: User, at: datetime) -> list[Session]:
    """A stay lasts longer: the sessions of every section in which they hold a place, before the day `until`.

    The caller has let nobody else change the week (`one_at_a_time`). Raises as `make_all_sessions` does.
    """
    held = Section.objects.current().filter(seats__patient=patient, seats__during__contains=until - timedelta(days=1))
    return make_all_sessions(until=dict.fromkeys(held.values_list("pk", flat=True), until), by=by, at=at)


@transaction.atomic
def make_all_sessions(*, until: Mapping[UUID, date], by: User, at: datetime) -> list[Session]:
    """Make the sessions of many sections, each before its day `until`, with rosters and bookings, at its local time.

    Nothing is made for closed days. Every date is turned into an instant by itself, so that a group at 17:30 stays at
    17:30 when the clocks change. Sessions that stand already get whoever is new on the section's seats. Students are
    on the roster while they hold a seat and before their planned end. Returns the new sessions; all are made or none,
    in a number of queries that grows only by the audit's one for each section. Raises NotLicensed, CannotBook.
    """
    if not by.is_staff:
        raise PermissionDenied
    courses = _courses(until, at=at)
    _check_licences(courses)
    made, joined = _store(courses)
    give_way(joined, by=by, at=at)
    for course in courses:
        section = course.section
        own = [each.pk for each in made if each.section_id == section.pk]
        if own:
            last = until[section.pk].isoformat()
            audit.record("sessions.made", by=by, about=section, at=at, sessions=len(own), until=last)
            facts.sessions_made.send(Session, section_id=section.pk, session_ids=own, by_id=by.pk, at=at)
    return made


def _courses(until: Mapping[UUID, date], *, at: datetime) -> list[Course]:
    """These sections, locked in the week's order, with who comes when."""
    rows = Section.objects.select_for_update(of=("self",)).select_related(
        "facilitator", "co_facilitator", "interpreter", "room"
    )
    sections = list(
        rows.filter(pk__in=list(until)).prefetch_related("seats__patient").order_by("weekday", "starts", "pk")
    )
    seated = {seat.patient_id for section in sections for seat in section.seats.all()}
    shut = _shut_days(sections, until, at=at)
    stays = stays_of(seated)
    ends = {patient: stay.ends_on for patient, stay in stays.items()}
    courses = []
    for section in sections:
        last = until[section.pk]
        riders = {
            day: [seat for seat in section.seats.all() if day in seat.during and day < ends.get(seat.patient_id, last)]
            for day in _days(section, until=last, at=at)
            if not shut(section, day)
        }
        courses.append(Course(section, {day: seats for day, seats in riders.items() if seats}, stays))
    return courses


def _shut_days(
    sections: Sequence[Section], until: Mapping[UUID, date], *, at: datetime
) -> Callable[[Section, date], bool]:
    """Says whether a section falls on a closed day. Three queries."""
    today = at.date() - timedelta(days=1)
    closures = list(closures_within(today, max(until.values(), default=today)))
    offices = offices_on(today) if any(each.site_id for each in closures) else {}

    def is_shut(section: Section, day: date) -> bool:
        site = section.room.site_id if section.room else offices.get(section.facilitator_id)
        return any(each.holds_on(day) and is_closed(each, section.modality, site) for each in closures)

    return is_shut


def _days(section: Section, *, until: date, at: datetime) -> list[date]:
    """The section's days still to come, before `until`."""
    zone = ZoneInfo(section.time_zone)
    today = at.astimezone(zone).date()
    last = min(until, section.ended_on) if section.ended_on else until
    day = max(section.started_on, today)
    day += timedelta(days=(section.weekday - day.weekday()) % 7)
    if day == today and _starts_at(section, day) <= at:
        day += WEEK
    days = []
    while day < last:
        days.append(day)
        day += WEEK
    return days


def _starts_at(section: Section, day: date) -> datetime:
    return datetime.combine(day, section.starts, ZoneInfo(section.time_zone)).astimezone(UTC)


def _modality(section: Section, seat: Seat) -> str:
    for each in (seat.modality, section.modality):
        if each != Modality.EITHER:
            return each
    return Modality.IN_PERSON


def _check_licences(courses: Sequence[Course]) -> None:
    """Whoever takes part by video must live where those who lead are licensed, on the first day and on the last."""
    leaders = [(course, leader) for course in courses for leader in course.section.leaders]
    licences = licences_of([leader for _course, leader in leaders])
    for course, leader in leaders:
        section, riders = course.section, course.riders
        for day in sorted({min(riders), max(riders)}) if riders else ():
            held = {each.state for each in licences[leader.pk] if each.is_held_on(day)}
            needed = {seat.patient.state for seat in riders[day] if _modality(section, seat) == Modality.VIRTUAL}
            for state in sorted(needed - held):
                raise NotLicensed(leader, state or _("an unknown state"), section, day)


def _store(courses: Sequence[Course]) -> tuple[list[Session], list[UUID]]:
    """Every session that does not stand yet, and everyone who is new on a roster, with their hours held.

    The new sessions, and those that stood and got somebody more.
    """
    standing, rosters = _standing(courses)
    made: list[Session] = []
    joined: list[UUID] = []
    rows: list[Attendance] = []
    wanted: list[program.Wanted] = []
    meetings: dict[UUID, tuple[Section, Session]] = {}
    links = standing_links([course.section.pk for course in courses])
    for course in courses:
        section = course.section
        for starts_at, seats in course.starts().items():
            found = standing.get((section.pk, starts_at))
            session = found or _session(course, starts_at, links.get(section.pk, ""))
            new = [seat for seat in seats if (session.pk, seat.patient_id) not in rosters]
            if found is None:
                made.append(session)
            if session.cancelled_at is not None or not new:
                continue
            if found is not None:
                joined.append(session.pk)
            rows += [
                Attendance(session=session, patient=seat.patient, modality=_modality(section, seat)) for seat in new
            ]
            wanted.append(_wanted(section, session, new, is_new=found is None))
            meetings[session.pk] = (section, session)
    Session.objects.bulk_create(made)
    _book(wanted, meetings)
    Attendance.objects.bulk_create(rows)
    return made, joined


def _standing(
    courses: Sequence[Course],
) -> tuple[dict[tuple[UUID | None, datetime], Session], set[tuple[UUID, UUID]]]:
    """The sessions that stand already, by section and start, and who is on their rosters, as (session, patient)."""
    instants = [starts_at for course in courses for starts_at in course.starts()]
    if not instants:
        return {}, set()
    rows = Session.objects.filter(
        section__in=[course.section.pk for course in courses], starts_at__range=(min(instants), max(instants))
    )
    sessions = {(each.section_id, each.starts_at): each for each in rows}
    rosters = Attendance.objects.filter(session__in=[each.pk for each in sessions.values()])
    return sessions, set(rosters.values_list("session", "patient"))


def _session(course: Course, starts_at: datetime, link: str) -> Session:
    section = course.section
    subject = course.about(starts_at.astimezone(ZoneInfo(section.time_zone)).date())
    return Session(
        section=section,
        kind=section.kind,
        name=section.name,
        topic=subject.topic[:160],
        lesson=subject.lesson,
        facilitator=section.facilitator,
        co_facilitator=section.co_facilitator,
        interpreter=section.interpreter,
        modality=section.modality,
        room=section.room,
        link="" if section.modality == Modality.IN_PERSON or section.kind in WITH_FAMILY else link,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=section.minutes),
    )


def _wanted(section: Section, session: Session, seats: Sequence[Seat], *, is_new: bool) -> program.Wanted:
    """The hours of those new in this session; a new session takes those of who works in it and its room's too."""
    people = {seat.patient_id for seat in seats}
    rooms: set[UUID] = set()
    if is_new:
        helpers = (section.facilitator_id, section.co_facilitator_id, section.interpreter_id)
        people |= {each for each in helpers if each is not None}
        rooms = {section.room_id} if section.room_id else rooms
    return program.Wanted(
        session.starts_at, session.ends_at, PURPOSE, session.pk, people=frozenset(people), rooms=frozenset(rooms)
    )


def _book(wanted: Sequence[program.Wanted], meetings: Mapping[UUID, tuple[Section, Session]]) -> None:
    try:
        program.book_all(wanted)
    except program.AlreadyBooked as trouble:
        section, session = meetings[trouble.wanted.purpose_id]
        names = {seat.patient_id: seat.patient.name for seat in section.seats.all()}
        for helper in (section.facilitator, section.co_facilitator, section.interpreter):
            if helper is not None:
                names[helper.pk] = helper.name
        if section.room:
            names[section.room.pk] = section.room.name
        local = session.starts_at.astimezone(ZoneInfo(section.time_zone))
        raise CannotBook(session, local, sorted(names[each] for each in trouble.taken)) from trouble
