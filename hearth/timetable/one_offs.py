"""Dates on which someone cannot come: whole days, or a part of one, as plain data. Pure.

Times of day are minutes after midnight of the organisation's clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hearth.timetable.board import CLOSE, OPEN, Span, clock
from hearth.timetable.hours import minutes_of

LONGEST = 60  # days in one go
WHOLE_DAY = (OPEN, CLOSE)


class NotDates(ValueError):
    """This is not the text of dates."""


@dataclass(frozen=True, slots=True, order=True)
class Dates:
    """The days `first` to `last`; with `start` and `end` a part of one day, for which `first` equals `last`."""

    first: date
    last: date
    start: int | None = None
    end: int | None = None

    @property
    def is_whole_day(self) -> bool:
        return self.start is None

    @property
    def times(self) -> str:
        """`10:00–12:00`, or nothing for whole days."""
        return "" if self.start is None or self.end is None else f"{clock(self.start)}–{clock(self.end)}"

    def covers(self, day: date, start: int, minutes: int) -> bool:
        """Whether something on `day` from the minute `start` on, so many minutes long, falls into it."""
        if not self.first <= day <= self.last:
            return False
        return self.start is None or self.end is None or (self.start < start + minutes and start < self.end)

    def as_text(self) -> str:
        """`2026-12-03/2026-12-05` or `2026-12-03 10:00-12:00`, as forms carry it."""
        if self.start is None or self.end is None:
            return f"{self.first.isoformat()}/{self.last.isoformat()}"
        return f"{self.first.isoformat()} {clock(self.start)}-{clock(self.end)}"


def from_text(text: str) -> Dates:
    """What `as_text` wrote. Raises NotDates."""
    try:
        if "/" in text:
            first, last = (date.fromisoformat(part) for part in text.split("/", 1))
            dates = Dates(first, last)
        else:
            day, times = text.split(" ", 1)
            start, end = (minutes_of(part) for part in times.split("-", 1))
            if start is None or end is None or start >= end:
                raise NotDates(text)
            dates = Dates(date.fromisoformat(day), date.fromisoformat(day), start, end)
    except ValueError as trouble:
        raise NotDates(text) from trouble
    if not 0 <= (dates.last - dates.first).days < LONGEST:
        raise NotDates(text)
    return dates


def in_week(found: Iterable[Dates], monday: date) -> tuple[Span, ...]:
    """What these dates take out of the week of `monday`."""
    spans = []
    for dates in found:
        for number in range(7):
            if dates.first <= monday + timedelta(days=number) <= dates.last:
                start, end = (dates.start, dates.end) if dates.start is not None else WHOLE_DAY
                spans.append(Span(number, start or 0, end or CLOSE))
    return tuple(spans)
