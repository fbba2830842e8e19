"""When somebody could have their first conversation. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MINUTES = timedelta(minutes=45)
STEP = timedelta(hours=1)
"""From one conversation's start to the next: time to write down what was said. Product defaults."""
AHEAD = timedelta(hours=2)
"""Nobody is booked into a conversation that begins sooner."""
DAYS = 14


@dataclass(frozen=True, slots=True)
class Free:
    """When one member of staff could talk with somebody new. `hours`: their weekly stretches, as duty hours."""

    hours: Collection[Mapping[str, Any]]
    taken: Collection[tuple[datetime, datetime]] = ()
    away: Collection[date] = ()


def starts(free: Free, *, at: datetime, zone: ZoneInfo) -> list[datetime]:
    """Every start of a conversation within the coming days, earliest first."""
    today = at.astimezone(zone).date()
    days = (today + timedelta(days=number) for number in range(DAYS))
    found = (moment for day in days if day not in free.away for moment in _on(day, free.hours, zone))
    return [moment for moment in found if moment >= at + AHEAD and not _meets(moment, free.taken)]


def _on(day: date, hours: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> Iterable[datetime]:
    for span in sorted((one for one in hours if one["day"] == day.weekday()), key=lambda one: str(one["from"])):
        moment, end = (_at(day, str(span[edge]), zone) for edge in ("from", "to"))
        while moment + MINUTES <= end:
            yield moment
            moment += STEP


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """That time of this day; duty hours may end at 24:00, which `time` does not know."""
    hour, minute = map(int, clock.split(":"))
    return datetime.combine(day, time(), zone) + timedelta(hours=hour, minutes=minute)


def _meets(moment: datetime, taken: Iterable[tuple[datetime, datetime]]) -> bool:
    return any(start < moment + MINUTES and moment < end for start, end in taken)
