"""What the facilitator's device may keep of a session, and until when."""

from datetime import datetime, timedelta
from typing import Any

from hearth.sessions.models import Attendance, Session

BEFORE = timedelta(hours=12)  # product default: opened longer before, the page is not kept yet
AFTER = timedelta(hours=4)  # product default: kept so long after the session's end, then forgotten


def kept_until(session: Session, at: datetime) -> dict[str, Any]:
    """`until` in milliseconds and the words of each status, for the page's scripts; nothing where it is not kept."""
    until = session.over_at + AFTER
    if session.cancelled_at is not None or not session.starts_at - BEFORE <= at < until:
        return {}
    return {"until": int(until.timestamp() * 1000), "statuses": Attendance.Status.choices}
