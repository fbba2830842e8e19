"""Taking away what a session shows: by those who lead it, with its end, and where nobody ends it."""

from datetime import datetime

from django.db import transaction

from hearth.lib import live
from hearth.sessions.models import Session, Shown, Stroke
from hearth.sessions.video.rules import RUNS_OVER


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


@transaction.atomic
def clear_forgotten(*, at: datetime) -> int:
    """Put away what is shown still in sessions that are over and that nobody ended. In how many."""
    shown = Shown.objects.filter(ended_at=None, session__ends_at__lte=at - RUNS_OVER)
    forgotten = Session.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=shown.values("session"))
    return sum(clear_away(session, at=at) for session in forgotten)
