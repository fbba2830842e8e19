"""Staff say how somebody took part, where what is known tells it wrongly."""

from datetime import datetime

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.sessions.models import Attendance
from hearth.sessions.queries import standing_of
from hearth.sessions.rules.taking_part import Way
from hearth.sessions.services import presence
from hearth.sessions.services.attending import follow_up, lock_place
from hearth.sessions.services.running import ReasonMissing


@transaction.atomic
def say_way(*, attendance: Attendance, way: Way, reason: str, by: User, at: datetime) -> Attendance:
    """Write down that they took part this way, and why; minutes, the roster and the note follow.

    It holds whatever else becomes known, until it is said again. Raises ReasonMissing, NotNow, NoteLocked.
    """
    row = lock_place(attendance, by=by, at=at)
    if not reason.strip():
        raise ReasonMissing
    before, row.planned = row.modality, row.planned or row.modality
    row.modality, row.modality_reason = way, reason.strip()
    if standing_of(row):
        presence.judge(row)
    row.save()
    audit.record("sessions.way_said", by=by, about=row, at=at, reason=row.modality_reason, before=before, now=way)
    follow_up(row, by=by, at=at)
    return row
