"""When a team is at work: a week of stretches on the wall clock, and a product default where nobody said one. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(9), time(17)
WORKDAYS = range(5)  # Monday to Friday


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """On this weekday (Monday is 0) from one minute of the day until another; 1440 is midnight at its end."""

    day: int
    since: int
    until: int


Week = tuple[Stretch, ...]

DEFAULT: Week = tuple(Stretch(day, OPENS.hour * 60, CLOSES.hour * 60) for day in WORKDAYS)
"""Where neither the house nor the program says anything: a product default."""


def read(hours: Iterable[Mapping[str, Any]]) -> Week:
    """Stored hours, `{"day": 0, "from": "09:00", "to": "17:00"}`, as a week in order."""
    return tuple(sorted(Stretch(int(each["day"]), _minute(each["from"]), _minute(each["to"])) for each in hours))


def on_day(week: Week, day: date, *, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """From when until when the team is at work on `day`, on the clock of `zone`, in order."""
    midnight = datetime.combine(day, time(), zone)
    for each in week:
        if each.day == day.weekday():
            yield midnight + timedelta(minutes=each.since), midnight + timedelta(minutes=each.until)


def between(
    week: Week, since: datetime, until: datetime, *, zone: ZoneInfo, closed: Collection[date]
) -> list[tuple[datetime, datetime]]:
    """The same for every day that these two moments touch, but not for days on which it is closed."""
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return [stretch for day in days if day not in closed for stretch in on_day(week, day, zone=zone)]


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
