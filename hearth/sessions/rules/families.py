"""Whether a student's family has come as often as the program asks, and when they are due again. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SOON = timedelta(days=7)


class State(StrEnum):
    """Where a family stands."""

    ON_TIME = "on_time"
    SOON = "soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Standing:
    """`due_on` is the last day on which they are still on time; `last_on` when they came last, if ever."""

    state: State
    due_on: date
    last_on: date | None
    times: int


def standing(*, every: int, since: date, until: date, came: Iterable[date], today: date) -> Standing | None:
    """Where a family stands that is asked to come once in `every` days of a stay [since, until).

    None where the program asks nothing (`every` is 0) or nothing is due before the stay ends.
    """
    days = sorted(day for day in came if since <= day <= today)
    last = days[-1] if days else None
    due_on = (last or since) + timedelta(days=every)
    if not every or today >= until or due_on >= until:
        return None
    state = State.OVERDUE if today > due_on else State.SOON if today >= due_on - SOON else State.ON_TIME
    return Standing(state, due_on, last, len(days))
