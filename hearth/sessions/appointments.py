"""A person's own appointments for their private calendar: real sessions, as they stand now."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.program.models import Closure
from hearth.program.queries import closures_within, leaves_within
from hearth.sessions.feed import Appointment
from hearth.sessions.models import Session
from hearth.sessions.queries import zone_of
from hearth.sessions.said import falls_into
from hearth.timetable.models import OneOff

BEHIND = timedelta(weeks=4)
"""How far back a calendar still shows what was; ahead it shows all that is made."""


def appointments_of(*, user: User, at: datetime) -> list[Appointment]:
    """What `user` comes to, leads or interprets, from four weeks ago on, in order. A fixed number of queries.

    What was called off says so. Left out are closed days, days of leave, and what a student said they cannot come to.
    """
    rows = Session.objects.filter(starts_at__gte=at - BEHIND).select_related("section", "room__site")
    if user.is_staff:
        rows = rows.led_by(user)
    elif user.has_role(Role.INTERPRETER):
        rows = rows.interpreted_by(user)
    else:
        rows = rows.filter(roster__patient__user=user)
    home = user.organisation.zone
    sessions = list(rows.order_by("starts_at", "pk"))
    if not sessions:
        return []
    first, last = sessions[0].starts_at.date() - timedelta(days=1), sessions[-1].starts_at.date() + timedelta(days=1)
    closures = list(closures_within(first, last))
    away = [(row.first_on, row.last_on) for row in leaves_within(first, last).filter(member=user)]
    cannot = list(OneOff.objects.filter(patient__user=user, last_on__gte=first, first_on__lte=last))
    found = []
    for session in sessions:
        zone = zone_of(session, home=home)
        day = session.starts_at.astimezone(zone).date()
        is_away = any(first_on <= day <= last_on for first_on, last_on in away)
        is_missed = any(falls_into(session, each, home) for each in cannot)
        if not is_away and not is_missed and not _is_closed(session, day, closures):
            found.append(
                Appointment(
                    uid=session.pk,
                    starts_at=session.starts_at,
                    ends_at=session.ends_at,
                    zone=zone,
                    is_called_off=session.cancelled_at is not None,
                    revision=session.revision,
                    changed_at=session.changed_at,
                )
            )
    return found


def _is_closed(session: Session, day: date, closures: Iterable[Closure]) -> bool:
    site = session.room.site_id if session.room else None
    return any(each.holds_on(day) and each.site_id in (None, site) for each in closures)
