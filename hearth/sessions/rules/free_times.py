"""When everybody of a single session is free, on the half hour. Pure.

Instants are compared in UTC; the clock is that of `zone`, so that an hour the clocks skip is never offered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hearth.timetable.board import CLOSE, OPEN, SLOT, Span

Held = tuple[datetime, datetime]
"""An hour that is taken: [start, end) as instants."""


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A start at which nobody is booked. `suits`: it also lies inside the hours that everybody gave."""

    starts_at: datetime
    suits: bool


def free_times(
    days: Iterable[date],
    *,
    minutes: int,
    held: Iterable[Held],
    hours: Sequence[Sequence[Span]],
    zone: ZoneInfo,
    after: datetime,
) -> list[FreeTime]:
    """Every start later than `after` on these days at which nobody and no room of a session of this length is taken.

    `hours` are those of each person, on the clock of `zone`; whoever gave none can come at any time.
    """
    taken = [(start.astimezone(UTC), end.astimezone(UTC)) for start, end in held]
    found = []
    for day in days:
        for start in range(OPEN, CLOSE - minutes + 1, SLOT):
            starts_at = _instant(day, start, zone)
            if starts_at is None or starts_at <= after:
                continue
            ends_at = starts_at + timedelta(minutes=minutes)
            if not any(begun < ends_at and starts_at < over for begun, over in taken):
                suits = all(_holds(spans, day.weekday(), start, minutes) for spans in hours if spans)
                found.append(FreeTime(starts_at, suits))
    return found


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime | None:
    """This time of that day as an instant; None where the clocks skip it."""
    wall = datetime.combine(day, time(minutes // 60, minutes % 60), zone)
    instant = wall.astimezone(UTC)
    return instant if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None) else None


def _holds(spans: Sequence[Span], weekday: int, start: int, minutes: int) -> bool:
    return any(span.day == weekday and span.start <= start and start + minutes <= span.end for span in spans)
