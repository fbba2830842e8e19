"""By when a person with a name answers. Pure: the clock and the zone are passed in."""

from datetime import datetime, timedelta
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
