"""Taking away what a session shows: by those who lead it, and with its end."""

from datetime import datetime

from hearth.lib import live
from hearth.sessions.models import Session, Shown, Stroke


def shown_channel(session_id: object) -> str:
    """Where everyone in a session hears that what is shown has changed."""
    return f"shown:{session_id}"


def clear_away(session: Session, *, at: datetime) -> bool:
    """Nothing is shown any more, and what stood on a whiteboard is gone for good; whether something was shown.

    The caller holds the session's lock.
    """
    was_shown = bool(Shown.objects.filter(session=session, ended_at=None).update(ended_at=at))
    Stroke.objects.filter(shown__session=session).delete()  # after it: a stroke may have been drawn meanwhile
    if was_shown:
        live.tell(shown_channel(session.pk))
    return was_shown
