"""What closures do to sessions: those on closed days are cancelled, and planned again when it is open after all."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.program import services as program
from hearth.program.models import Closure
from hearth.sessions import facts
from hearth.sessions.closing import is_closed, offices_on
from hearth.sessions.models import Attendance, Session
from hearth.sessions.services.letting_go import fall_through, local_day
from hearth.sessions.services.making import make_all_sessions
from hearth.sessions.services.telling import tell_people, those_of
from hearth.timetable.models import Section


@transaction.atomic
def cancel_closed(*, closure: Closure, by: User, at: datetime) -> list[Session]:
    """Cancel every session to come that this closure hits, free its hours, and tell whoever was in it; gives them."""
    hit = [each for each in _hit_by(closure, at) if each.cancelled_at is None]
    for session in hit:
        session.cancelled_at, session.cancel_reason = at, closure.name
        session.revision, session.changed_at = session.revision + 1, at
    Session.objects.bulk_update(hit, ["cancelled_at", "cancel_reason", "revision", "changed_at"])
    program.unbook(purpose_ids=[each.pk for each in hit])
    fall_through(Attendance.objects.filter(session__in=[each.pk for each in hit]), by=by, at=at)
    for session in hit:
        audit.record("sessions.cancelled", by=by, about=session, at=at, reason=closure.name)
        facts.session_cancelled.send(Session, session_id=session.pk, by_id=by.pk, at=at)
    tell_people(those_of(hit), by=by, at=at)
    return hit


@transaction.atomic
def plan_again(*, closure: Closure, by: User, at: datetime) -> list[Session]:
    """Make what would have met on the days of this closure and no other closure hits; gives the new sessions."""
    lost = [each for each in _hit_by(closure, at) if each.cancelled_at and each.cancel_reason == closure.name]
    lost = [each for each in lost if each.section_id is not None]
    Attendance.objects.filter(session__in=[each.pk for each in lost]).delete()
    Session.objects.filter(pk__in=[each.pk for each in lost]).delete()
    days = [
        closure.first_on + timedelta(days=number) for number in range((closure.last_on - closure.first_on).days + 1)
    ]
    sections = Section.objects.current().filter(
        weekday__in={day.weekday() for day in days}, started_on__lte=closure.last_on
    )
    until = dict.fromkeys(sections.values_list("pk", flat=True), closure.last_on + timedelta(days=1))
    made = make_all_sessions(until=until, by=by, at=at)
    tell_people(those_of(made), by=by, at=at)
    return made


def _hit_by(closure: Closure, at: datetime) -> list[Session]:
    """Sessions to come that lie on days of this closure, by their own clock, and at its site."""
    zone = closure.organisation.zone
    first = datetime.combine(closure.first_on - timedelta(days=1), time(), zone)
    last = datetime.combine(closure.last_on + timedelta(days=2), time(), zone)
    rows = Session.objects.filter(starts_at__gt=at, started_at=None, starts_at__range=(first, last))
    rows = rows.select_related(
        "section", "room", "facilitator", "co_facilitator", "interpreter__account", "organisation"
    ).order_by("starts_at", "pk")
    offices: dict[date, dict[UUID, UUID]] = {}
    found = []
    for session in rows:
        day = local_day(session)
        if closure.first_on <= day <= closure.last_on:
            if day not in offices:
                offices[day] = offices_on(day)
            site = session.room.site_id if session.room else offices[day].get(session.facilitator_id)
            if is_closed(closure, session.modality, site):
                found.append(session)
    return found
