"""Telling those whom a change of single sessions concerns, and only them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from hearth.accounts.models import User
from hearth.sessions.models import Attendance, Session
from hearth.sessions.services.letting_go import local_day
from hearth.timetable.queries import monday_of
from hearth.timetable.services import tell_week_changed


def those_of(sessions: Sequence[Session]) -> dict[date, set[User]]:
    """Who is in these sessions, by the Monday of the week: students and interpreters with an account, and who leads."""
    found: dict[date, set[User]] = {}
    mondays = {session.pk: monday_of(local_day(session)) for session in sessions}
    for session in sessions:
        found.setdefault(mondays[session.pk], set()).update(session.leaders)
        if session.interpreter is not None and session.interpreter.account is not None:
            found[mondays[session.pk]].add(session.interpreter.account)
    for row in Attendance.objects.filter(session__in=list(mondays)).select_related("patient__user"):
        if row.patient.user is not None:
            found[mondays[row.session_id]].add(row.patient.user)
    return found


def tell_people(by_week: Mapping[date, Iterable[User]], *, by: User, at: datetime) -> None:
    """A notice and a message to each of these for their week."""
    for monday, people in by_week.items():
        tell_week_changed(people=people, week_of=monday, by=by, at=at)
