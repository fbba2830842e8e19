"""The code shown in a room: whoever types or scans it stands in front of it. It changes every minute."""

from datetime import datetime
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

WINDOW = 60  # seconds a code is shown; it is taken for as long again
A_DAY = 24 * 60  # windows


def code_at(session: UUID, at: datetime) -> str:
    """Six figures for this session and minute."""
    return _code(session, int(at.timestamp()) // WINDOW)


def is_right(session: UUID, code: str, *, at: datetime) -> bool:
    """Whether this code is, or was a minute ago, shown in the room of this session."""
    typed = "".join(figure for figure in code if figure.isdecimal())
    window = int(at.timestamp()) // WINDOW
    return any(constant_time_compare(typed, _code(session, each)) for each in (window, window - 1))


def was_right(session: UUID, code: str, *, at: datetime) -> bool:
    """Whether this code was shown in that room within the last day; it opens nothing any more."""
    typed = "".join(figure for figure in code if figure.isdecimal())
    window = int(at.timestamp()) // WINDOW
    return any(constant_time_compare(typed, _code(session, each)) for each in range(window - A_DAY, window))


def _code(session: UUID, window: int) -> str:
    digest = salted_hmac("hearth.sessions.door_code", f"{session}:{window}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"
