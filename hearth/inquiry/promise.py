"""By when a person with a name answers. Pure: the clock, the zone and the hours of work are passed in."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
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
