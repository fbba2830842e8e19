"""By when a person with a name answers, and who hears if nobody does. Pure: the clock and the zone are passed in."""

from datetime import datetime, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from hearth.lib.working_hours import CLOSES, OPENS, WORKDAYS


def promised_by(received_at: datetime, *, hours: int, zone: ZoneInfo) -> datetime:
    """The instant `hours` working hours after `received_at`, counted on the clock of `zone`."""
    moment, left = received_at.astimezone(zone), timedelta(hours=hours)
    while True:
        opens = datetime.combine(moment.date(), OPENS, zone)
        closes = datetime.combine(moment.date(), CLOSES, zone)
        if moment.weekday() in WORKDAYS and moment < closes:
            start = max(moment, opens)
            if left <= closes - start:
                return start + left
            left -= closes - start
        moment = datetime.combine(moment.date() + timedelta(days=1), OPENS, zone)


class Rung(IntEnum):
    """Who has been told that somebody waits for an answer."""

    NOBODY = 0
    OWNER = 1
    LEAD = 2
    DIRECTOR = 3


SOON = timedelta(hours=1)


def rung(*, promised_by: datetime, at: datetime, urgent: bool) -> Rung:
    """Who should know by now: the owner before the promise breaks, a lead when it does, the director after that.

    What tells of danger is always one rung further up.
    """
    reached = sum(at >= promised_by + late for late in (-SOON, timedelta(0), SOON))
    return Rung(min(Rung.DIRECTOR, reached + (1 if urgent else 0)))
