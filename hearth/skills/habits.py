"""A habit's streak, which forgives. Pure: days in, what may kindly be said of them out.

One missed day is life: it breaks nothing. Two in a row let the streak rest, and coming back is glad news, never a
beginning from nothing: all days together are never lost. Today is missed only once it is over.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MOST = 5  # habits at once: a few tiny ones grow, a long list is a reproach
FORGIVEN = 1  # missed days in a row that do not let a streak rest


class State(StrEnum):
    """How a habit stands."""

    NEW = "new"
    GOING = "going"
    BACK = "back"  # done again after a rest, for the first time
    RESTING = "resting"


@dataclass(frozen=True, slots=True)
class Streak:
    """How a habit stands today: `days` done in this run, and `total` days in all."""

    state: State
    days: int
    total: int
    done_today: bool


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The student's own day at this moment, also where clocks change."""
    return at.astimezone(zone).date()


def streak(days: Collection[date], today: date) -> Streak:
    """What these days, on which the habit was done, come to on `today`.

    A day after today is one that began earlier in a zone further east: it counts.
    """
    done = sorted(set(days), reverse=True)
    if not done:
        return Streak(State.NEW, 0, 0, False)
    if _missed(done[0], today) > FORGIVEN:
        return Streak(State.RESTING, 0, len(done), False)
    run = 1
    while run < len(done) and _missed(done[run], done[run - 1]) <= FORGIVEN:
        run += 1
    is_back = run == 1 and len(done) > 1
    return Streak(State.BACK if is_back else State.GOING, run, len(done), done[0] >= today)


def _missed(last: date, until: date) -> int:
    """Whole days between these two on which nothing was done."""
    return (until - last - timedelta(days=1)).days
