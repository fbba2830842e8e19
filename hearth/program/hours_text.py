"""Hours of one weekday as people type them: `12:00–17:00, 18–21`. Pure."""

import re
from itertools import pairwise
from typing import Any

SLOT = 30  # minutes; the grid on which sessions lie
_SPAN = re.compile(r"^\s*([0-9]{1,2})(?:[:.]([0-5][0-9]))?\s*[-–—]\s*([0-9]{1,2})(?:[:.]([0-5][0-9]))?\s*$")


class NotHours(ValueError):
    """This is not a list of stretches on the half hour, each ending after it begins and none over another."""


def read_day(day: int, text: str) -> list[dict[str, Any]]:
    """The stretches of this weekday (Monday is 0), in order, as duty hours are stored. Raises NotHours."""
    spans = sorted(_span(part) for part in text.split(",") if part.strip())
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            raise NotHours(text)
    return [{"day": day, "from": _clock(start), "to": _clock(end)} for start, end in spans]


def _span(text: str) -> tuple[int, int]:
    found = _SPAN.match(text)
    if found is None:
        raise NotHours(text)
    hour, minute, last_hour, last_minute = (int(part or 0) for part in found.groups())
    start, end = hour * 60 + minute, last_hour * 60 + last_minute
    if start % SLOT or end % SLOT or start >= end or end > 24 * 60:
        raise NotHours(text)
    return start, end


def write_day(day: int, hours: list[dict[str, Any]]) -> str:
    """The stored stretches of this weekday as text."""
    return ", ".join(f"{span['from']}–{span['to']}" for span in hours if span["day"] == day)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
