"""Letting go of sessions and places in them that will not be needed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.people.models import Patient
from hearth.program import services as program
from hearth.sessions.models import Attendance, Session
from hearth.timetable.models import Seat


@transaction.atomic
def release_future_sessions(*, patient: Patient, start: date, by: User | None, at: datetime) -> int:
    """Take `patient` off every roster from the local day `start` on, and free those hours; returns how many.

    A session nobody is left in is let go of too. What has begun stays as it is.
    """
    rows = Attendance.objects.filter(
        patient=patient, session__starts_at__gt=at, session__started_at=None, status=Attendance.Status.EXPECTED
    ).prefetch_related("session__section")
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
    ).prefetch_related("session__section")
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
    if not rows:
        return
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
