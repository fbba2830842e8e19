"""How soon somebody must answer for a concern. Plain values; the clock stays outside."""

from datetime import datetime, timedelta
from enum import StrEnum

ANSWER_WITHIN = {
    "emergency": timedelta(minutes=15),
    "urgent": timedelta(minutes=60),
    "watch": timedelta(hours=24),
}
"""From being raised until a named person has taken it. Product defaults; the organisation's protocol goes first."""


class State(StrEnum):
    """Where a concern stands."""

    OVERDUE = "overdue"
    WAITING = "waiting"
    TAKEN = "taken"
    RESOLVED = "resolved"


def state(
    severity: str, *, raised_at: datetime, taken_at: datetime | None, resolved_at: datetime | None, at: datetime
) -> State:
    """Where it stands at `at`. Overdue: nobody has taken it, and by now somebody should have."""
    if resolved_at is not None:
        return State.RESOLVED
    if taken_at is not None:
        return State.TAKEN
    return State.OVERDUE if at - raised_at >= ANSWER_WITHIN[severity] else State.WAITING
