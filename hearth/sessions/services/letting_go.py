"""Letting go of sessions and places in them that will not be needed."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.people.models import Patient
from hearth.program import services as program
from hearth.sessions.models import Attendance, MakeUp, Session
from hearth.timetable.models import Seat
from hearth.timetable.queries import monday_of
from hearth.timetable.services import tell_week_changed

ON_HOLD = "On hold"
"""What rosters say; why a stay rests is told in the chart alone."""

TO_COME = Q(status=Attendance.Status.EXPECTED) | Q(status=Attendance.Status.EXCUSED, reason=ON_HOLD)
"""Places still meant for somebody: they come, or their stay is on hold and the place waits for them."""


@transaction.atomic
def release_future_sessions(*, patient: Patient, start: date, by: User, at: datetime) -> int:
    """Take `patient` off every roster from the local day `start` on, and free those hours; returns how many.

    A session nobody is left in is let go of too. What has begun stays as it is.
    """
    rows = Attendance.objects.filter(TO_COME, patient=patient, session__starts_at__gt=at, session__started_at=None)
    rows = rows.prefetch_related("session__section", "session__organisation")
    gone = [row for row in rows if local_day(row.session) >= start]
    _let_go(gone, by=by, at=at)
    if gone:
        audit.record("sessions.released", by=by, about=patient, at=at, sessions=len(gone), start=start.isoformat())
    return len(gone)


@transaction.atomic
def excuse_after_death(*, patient: Patient, by: User, at: datetime) -> int:
    """Whoever has died was not absent: what was marked so from that day on is excused; how many."""
    rows = Attendance.objects.filter(patient=patient, status=Attendance.Status.ABSENT)
    rows = rows.prefetch_related("session__section", "session__organisation")
    wrong = [row.pk for row in rows if is_after_death(patient, row.session)]
    Attendance.objects.filter(pk__in=wrong).update(status=Attendance.Status.EXCUSED, excused_by_death=True)
    if wrong:
        audit.record("sessions.absences_excused", by=by, about=patient, at=at, sessions=len(wrong))
    return len(wrong)


@transaction.atomic
def count_absences_again(*, patient: Patient, by: User, at: datetime) -> int:
    """The death was a mistake: whoever was excused by it alone was absent; how many times. Nobody is told."""
    rows = Attendance.objects.filter(patient=patient, excused_by_death=True, status=Attendance.Status.EXCUSED)
    found = rows.update(status=Attendance.Status.ABSENT, excused_by_death=False)
    if found:
        audit.record("sessions.absences_counted_again", by=by, about=patient, at=at, sessions=found)
    return found


@transaction.atomic
def excuse_on_hold(*, patient: Patient, before: datetime, by: User | None, at: datetime) -> int:
    """Whoever's stay rests is excused from what begins until `before`; their place on the roster stays. How many.

    `by` is who put the stay on hold, whoever leads these sessions; the caller has checked that they may. Nobody where
    what was planned since is excused. Nothing is offered instead of these, see `offer_make_ups`.
    """
    rows = _to_come(patient, Attendance.Status.EXPECTED, at).filter(session__starts_at__lt=before)
    found = rows.update(status=Attendance.Status.EXCUSED, reason=ON_HOLD)
    if found:
        audit.record("sessions.excused_on_hold", by=by, about=patient, at=at, sessions=found)
    return found


@transaction.atomic
def expect_after_hold(*, patient: Patient, by: User, at: datetime) -> int:
    """They are back: what is to come and was excused by the hold alone is expected again. How many."""
    rows = _to_come(patient, Attendance.Status.EXCUSED, at).filter(reason=ON_HOLD)
    found = rows.update(status=Attendance.Status.EXPECTED, reason="")
    if found:
        audit.record("sessions.expected_after_hold", by=by, about=patient, at=at, sessions=found)
    return found


def _to_come(patient: Patient, status: str, at: datetime) -> QuerySet[Attendance]:
    rows = Attendance.objects.filter(patient=patient, status=status, session__starts_at__gt=at)
    return rows.filter(session__started_at=None, session__cancelled_at=None)


def is_after_death(patient: Patient, session: Session) -> bool:
    """Whether this session is of the day of their death or later; where it is not known, of the day it was recorded."""
    day = local_day(session)
    if patient.died_on is None and patient.death_noted_at is not None:
        return day >= patient.death_noted_at.astimezone(_zone(session)).date()
    return patient.has_died and (patient.died_on is None or day >= patient.died_on)


@transaction.atomic
def settle_seats(*, by: User, at: datetime, sections: Iterable[UUID] | None = None) -> int:
    """Take off future rosters whoever holds no seat any more (of `sections`, or of all); returns how many.

    Whoever makes up for a missed session needs no seat: their place stays as long as the section does.
    """
    rows = Attendance.objects.filter(
        TO_COME, session__section__isnull=False, session__starts_at__gt=at, session__started_at=None
    ).prefetch_related("session__section", "session__organisation", "makes_up")
    seats = Seat.objects.all()
    if sections is not None:
        wanted = list(sections)
        rows, seats = rows.filter(session__section__in=wanted), seats.filter(section__in=wanted)
    held: dict[tuple[UUID, UUID], list[Seat]] = {}
    for seat in seats:
        held.setdefault((seat.section_id, seat.patient_id), []).append(seat)
    gone = [row for row in rows if not _is_held(row, held)]
    _let_go(gone, by=by, at=at)
    if gone:
        audit.record("sessions.settled", by=by, about=gone[0].session, at=at, places=len(gone))
    return len(gone)


def _is_held(row: Attendance, held: dict[tuple[UUID, UUID], list[Seat]]) -> bool:
    section, day = row.session.section, local_day(row.session)
    if section is None or (section.ended_on and day >= section.ended_on):
        return section is None
    if hasattr(row, "makes_up"):
        return True
    return any(day in seat.during for seat in held.get((section.pk, row.patient_id), ()))


def local_day(session: Session) -> date:
    """The day on which it begins, by its own clock."""
    return session.starts_at.astimezone(_zone(session)).date()


def _zone(session: Session) -> ZoneInfo:
    return ZoneInfo(session.section.time_zone) if session.section else session.organisation.zone


def fall_through(places: Iterable[Attendance], *, by: User, at: datetime) -> list[MakeUp]:
    """What these places made up for is open again: other times are looked for, and whoever had one is told."""
    rows = MakeUp.objects.select_for_update(of=("self",)).filter(place__in=[row.pk for row in places])
    gone = list(rows.select_related("patient__user", "place__session__section", "place__session__organisation"))
    weeks: dict[date, set[User]] = {}
    for row in gone:
        place = row.place
        if place is not None and row.patient.user is not None:
            weeks.setdefault(monday_of(local_day(place.session)), set()).add(row.patient.user)
        row.status, row.place = MakeUp.Status.AGAIN, None
        audit.record("sessions.make_up_fell_through", by=by, about=row, at=at)
    MakeUp.objects.bulk_update(gone, ["status", "place"])
    for monday, people in weeks.items():
        tell_week_changed(people=people, week_of=monday, by=by, at=at)
    return gone


def give_way(sessions: Iterable[UUID], *, by: User, at: datetime) -> None:
    """Where seats filled these sessions, whoever came to make something up last gives way. One query if nobody did."""
    rows = MakeUp.objects.filter(place__session__in=list(sessions), place__session__started_at=None)
    extra = rows.select_related("place__session__section", "place__session__room").order_by("-decided_at", "pk")
    over: dict[UUID, int] = {}
    gone: list[Attendance] = []
    for row in extra:
        place = row.place
        if place is None:
            continue
        session = place.session
        if session.pk not in over:
            over[session.pk] = session.roster.count() - session.seats_in_all()
        if over[session.pk] > 0:
            over[session.pk] -= 1
            gone.append(place)
    _let_go(gone, by=by, at=at)


def _let_go(rows: Sequence[Attendance], *, by: User, at: datetime) -> None:
    """Remove these places with their bookings, and sessions of which nobody is left."""
    if not rows:
        return
    fall_through(rows, by=by, at=at)
    sessions = {row.session_id for row in rows}
    program.unbook_all([(row.session_id, row.patient_id) for row in rows])
    Attendance.objects.filter(pk__in=[row.pk for row in rows]).delete()
    empty = list(
        Session.objects.filter(pk__in=sessions, roster=None, started_at=None, cancelled_at=None).values_list(
            "pk", flat=True
        )
    )
    program.unbook(purpose_ids=empty)
    Session.objects.filter(pk__in=empty).delete()
