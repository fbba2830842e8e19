"""Who said beforehand that they cannot come to a session. The caller has passed the sessions' door."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hearth.sessions.models import Attendance, Session
from hearth.sessions.queries import zone_of
from hearth.timetable.models import OneOff, minutes_after_midnight
from hearth.timetable.queries import one_offs_of_all


def falls_into(session: Session, one_off: OneOff, home: ZoneInfo) -> bool:
    """Whether the session lies in these dates, on the session's own clock."""
    local = session.starts_at.astimezone(zone_of(session, home=home))
    return one_off.dates.covers(local.date(), minutes_after_midnight(local.time()) or 0, session.minutes)


def cannot_come(sessions: Iterable[Session], *, home: ZoneInfo) -> dict[UUID, dict[UUID, OneOff]]:
    """For each of these sessions who on its roster said so, by patient. Two queries, whatever the number."""
    by_id = {session.pk: session for session in sessions}
    if not by_id:
        return {}
    first = min(session.starts_at for session in by_id.values()).date() - timedelta(days=1)
    last = max(session.starts_at for session in by_id.values()).date() + timedelta(days=1)
    places = list(Attendance.objects.filter(session__in=by_id).values_list("session", "patient"))
    said = one_offs_of_all({patient for _, patient in places}, first=first, last=last)
    found: dict[UUID, dict[UUID, OneOff]] = {}
    for pk, patient in places:
        for one_off in said.get(patient, ()):
            if falls_into(by_id[pk], one_off, home):
                found.setdefault(pk, {})[patient] = one_off
    return found
