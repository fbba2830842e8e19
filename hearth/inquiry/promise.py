"""By when a person with a name answers, and who hears if nobody does. Pure: the clock and hours are passed in."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from hearth.lib.working_hours import Week, on_day


def promised_by(received_at: datetime, *, hours: int, week: Week, closed: Collection[date], zone: ZoneInfo) -> datetime:
    """The instant `hours` working hours after `received_at`, counted on the clock of `zone` in a `week` with hours."""
    day, left = received_at.astimezone(zone).date(), timedelta(hours=hours)
    while True:
        for opens, closes in on_day(week, day, zone=zone) if day not in closed else ():
            start = max(received_at.astimezone(zone), opens)
            if left <= closes - start:
                return start + left
            left -= max(closes - start, timedelta())
        day += timedelta(days=1)


class Rung(IntEnum):
    """Who has been told that somebody waits for an answer."""

    NOBODY = 0
    OWNER = 1
    LEAD = 2
    DIRECTOR = 3


SOON = timedelta(hours=1)


def rung(*, received_at: datetime, promised_by: datetime, at: datetime, urgent: bool) -> Rung:
    """Who should know by now: the owner before the promise breaks, a lead when it does, the director after that.

    What tells of danger is always one rung further up, and waits out no night and no closure: the owner knows at
    once, a lead an hour after it came, the director an hour later.
    """
    reached = sum(at >= promised_by + late for late in (-SOON, timedelta(0), SOON))
    if urgent:
        reached = 1 + max(reached, sum(at >= received_at + late for late in (SOON, 2 * SOON)))
    return Rung(min(Rung.DIRECTOR, reached))
