"""Quiet hours: when a device may be told, and when again. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def over_at(at: datetime, *, start: time, end: time, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours that `at` falls into are over; None outside them. Both hours the same: there are none."""
    here = at.astimezone(zone)
    now = here.time()
    is_quiet = start <= now < end if start <= end else not end <= now < start
    if not is_quiet:
        return None
    day = here.date() + timedelta(days=int(now >= end))
    ends = [datetime.combine(day, end.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1)]
    return max(ends)  # an hour that comes twice, or not at all, is over when it is over for good


def begin_in(at: datetime, *, start: time, end: time, zone: ZoneInfo) -> timedelta:
    """How long after `at`, which is outside them, the quiet hours begin; endless where there are none."""
    if start == end:
        return timedelta.max
    here = at.astimezone(zone)
    day = here.date() + timedelta(days=int(here.time() >= start))
    begins = [datetime.combine(day, start.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1)]
    return max(min(begins) - at, timedelta(0))
