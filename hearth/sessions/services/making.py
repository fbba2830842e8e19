"""Sessions from the timetable's sections, and letting go of those that will not be needed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.audit import services as audit
from hearth.people.models import Modality, Patient
from hearth.people.queries import states_licensed_in
from hearth.program import services as program
from hearth.program.models import Booking
from hearth.sessions import facts
from hearth.sessions.models import Attendance, Session
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


@transaction.atomic
def make_sessions(*, section: Section, until: date, by: User, at: datetime) -> list[Session]:
    """Make this section's sessions before the day `until`, with rosters and bookings, each at its local time.

    Every date is turned into an instant by itself, so that a group at 17:30 stays at 17:30 when the clocks change.
    Sessions that stand already get whoever is new on the section's seats. Students are on the roster while they
    hold a seat and before their planned end. Returns the new sessions. Raises NotLicensed, CannotBook.
    """
    if not by.is_staff:
        raise PermissionDenied
    section = Section.objects.select_for_update(of=("self",)).select_related("facilitator", "room").get(pk=section.pk)
    seats = list(section.seats.select_related("patient"))
    ends = dict(
        Episode.objects.active()
        .filter(patient__in=[seat.patient_id for seat in seats])
        .values_list("patient", "planned_end_on")
    )
    riders = {
        day: [seat for seat in seats if day in seat.during and day < ends.get(seat.patient_id, until)]
        for day in _days(section, until=until, at=at)
    }
    riders = {day: held for day, held in riders.items() if held}
    _check_licences(section, riders)
    made = _store(section, riders)
    if made:
        audit.record("sessions.made", by=by, about=section, at=at, sessions=len(made), until=until.isoformat())
        facts.sessions_made.send(
            Session, section_id=section.pk, session_ids=[each.pk for each in made], by_id=by.pk, at=at
        )
    return made


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


def _check_licences(section: Section, riders: dict[date, list[Seat]]) -> None:
    """Whoever takes part by video must live where the facilitator is licensed, on the first day and on the last."""
    for day in sorted({min(riders), max(riders)}) if riders else ():
        held = states_licensed_in([section.facilitator], on=day)[section.facilitator_id]
        needed = {seat.patient.state for seat in riders[day] if _modality(section, seat) == Modality.VIRTUAL}
        for state in sorted(needed - held):
            raise NotLicensed(section.facilitator, state or _("an unknown state"), section, day)


def _store(section: Section, riders: dict[date, list[Seat]]) -> list[Session]:
    starts = {_starts_at(section, day): seats for day, seats in riders.items()}
    standing = {
        each.starts_at: each for each in section.sessions.filter(starts_at__in=list(starts)).prefetch_related("roster")
    }
    made = [_session(section, instant) for instant in starts if instant not in standing]
    Session.objects.bulk_create(made)
    rows: list[Attendance] = []
    for session in [*made, *standing.values()]:
        known = {row.patient_id for row in session.roster.all()} if session.starts_at in standing else set()
        new = [seat for seat in starts[session.starts_at] if seat.patient_id not in known]
        if session.cancelled_at is None and new:
            rows += [
                Attendance(session=session, patient=seat.patient, modality=_modality(section, seat)) for seat in new
            ]
            _book(section, session, [seat.patient for seat in new], is_new=session.starts_at not in standing)
    Attendance.objects.bulk_create(rows)
    return made


def _session(section: Section, starts_at: datetime) -> Session:
    return Session(
        section=section,
        kind=section.kind,
        name=section.name,
        facilitator=section.facilitator,
        modality=section.modality,
        room=section.room,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=section.minutes),
    )


def _book(section: Section, session: Session, patients: Sequence[Patient], *, is_new: bool) -> None:
    names = {patient.pk: patient.name for patient in patients}
    rooms: dict[UUID, str] = {}
    if is_new:
        names[section.facilitator_id] = section.facilitator.name
        rooms = {section.room.pk: section.room.name} if section.room else {}
    try:
        program.book(
            people=names,
            rooms=rooms,
            start=session.starts_at,
            end=session.ends_at,
            purpose_kind=PURPOSE,
            purpose_id=session.pk,
        )
    except program.AlreadyBooked as trouble:
        held = Booking.objects.filter(resource_id__in=[*names, *rooms], during__overlap=trouble.during)
        taken = [(names | rooms)[each] for each in held.values_list("resource_id", flat=True).distinct()]
        local = session.starts_at.astimezone(ZoneInfo(section.time_zone))
        raise CannotBook(session, local, sorted(taken)) from trouble


@transaction.atomic
def release_future_sessions(*, patient: Patient, start: date, by: User | None, at: datetime) -> int:
    """Take `patient` off every roster from the local day `start` on, and free those hours; returns how many.

    A session nobody is left in is let go of too. What has begun stays as it is.
    """
    rows = Attendance.objects.filter(
        patient=patient, session__starts_at__gt=at, session__started_at=None, status=Attendance.Status.EXPECTED
    ).select_related("session__section")
    gone = [row for row in rows if _day_of(row.session) >= start]
    _let_go(gone)
    if gone:
        audit.record("sessions.released", by=by, about=patient, at=at, sessions=len(gone), start=start.isoformat())
    return len(gone)


@transaction.atomic
def settle_seats(*, by: User | None, at: datetime, sections: Iterable[UUID] | None = None) -> int:
    """Take off future rosters whoever holds no seat any more (of `sections`, or of all); returns how many."""
    rows = Attendance.objects.filter(
        session__section__isnull=False,
        session__starts_at__gt=at,
        session__started_at=None,
        status=Attendance.Status.EXPECTED,
    ).select_related("session__section")
    seats = Seat.objects.all()
    if sections is not None:
        wanted = list(sections)
        rows, seats = rows.filter(session__section__in=wanted), seats.filter(section__in=wanted)
    held: dict[tuple[UUID, UUID], list[Seat]] = {}
    for seat in seats:
        held.setdefault((seat.section_id, seat.patient_id), []).append(seat)
    gone = [row for row in rows if not _is_held(row, held)]
    _let_go(gone)
    if gone:
        audit.record("sessions.settled", by=by, about=gone[0].session, at=at, places=len(gone))
    return len(gone)


def _is_held(row: Attendance, held: dict[tuple[UUID, UUID], list[Seat]]) -> bool:
    section, day = row.session.section, _day_of(row.session)
    if section is None or (section.ended_on and day >= section.ended_on):
        return section is None
    return any(day in seat.during for seat in held.get((section.pk, row.patient_id), ()))


def _day_of(session: Session) -> date:
    zone = ZoneInfo(session.section.time_zone) if session.section else UTC
    return session.starts_at.astimezone(zone).date()


def _let_go(rows: Sequence[Attendance]) -> None:
    """Remove these places with their bookings, and sessions of which nobody is left."""
    sessions = {row.session_id for row in rows}
    for patient in {row.patient_id for row in rows}:
        program.unbook(
            purpose_ids=[row.session_id for row in rows if row.patient_id == patient], resource_ids=[patient]
        )
    Attendance.objects.filter(pk__in=[row.pk for row in rows]).delete()
    empty = list(
        Session.objects.filter(pk__in=sessions, roster=None, started_at=None, cancelled_at=None).values_list(
            "pk", flat=True
        )
    )
    program.unbook(purpose_ids=empty)
    Session.objects.filter(pk__in=empty).delete()
