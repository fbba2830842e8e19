"""What follows from everything that was marked of one attendance, in whatever order it arrives. Pure.

A tablet may be without a connection for an hour and send its marks late. They are therefore never applied one upon
another: what holds is worked out anew from all of them, by when they were made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hearth.sessions.rules.attendance import HERE, Status
from hearth.sessions.rules.presence import Stretch

BEFORE = timedelta(minutes=30)  # product default: how long before its start a device may mark a session
AFTER = timedelta(minutes=30)  # product default: how long after its end
CLOCK = timedelta(minutes=2)  # product default: a device's clock moved by more than this was changed meanwhile


@dataclass(frozen=True, slots=True)
class Said:
    """One mark: when it was made, and the times of coming and going where somebody wrote them."""

    at: datetime
    key: str
    status: Status
    came: datetime | None = None
    went: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """That somebody was there, from another source (own tap, code in the room): since when, and when it was known."""

    began: datetime
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What the marks come to. `status` where nobody was there by them; other sources count from `since` on."""

    status: Status | None = None
    stretches: tuple[Stretch, ...] = ()
    since: datetime | None = None


def known(marks: Iterable[Said], heard: Sequence[Heard] = (), *, start: datetime) -> Known:
    """The newest mark decides; leaving keeps what was known of coming. `start` is the session's planned one."""
    found = Known()
    for mark in sorted(marks, key=lambda one: (one.at.astimezone(UTC), one.key)):
        here = [
            each.began
            for each in heard
            if each.known_at <= mark.at and (found.since is None or each.known_at > found.since)
        ]
        found = _after(found, mark, here, start)
    return found


def _after(before: Known, mark: Said, here: Sequence[datetime], start: datetime) -> Known:
    if mark.status not in HERE:
        return Known(mark.status, (), mark.at)
    came = mark.came
    if came is None and mark.status is Status.LATE:
        came = mark.at
    if came is None and mark.status is Status.LEFT_EARLY:
        came = min([*(each.began for each in before.stretches), *here], default=None)
    if came is None:
        came = min(mark.at, start)
    went = mark.went or (mark.at if mark.status is Status.LEFT_EARLY else None)
    return Known(None, (Stretch(came, max(came, went) if went else None),), mark.at)


class Doubt(StrEnum):
    """Why a mark from a device cannot count as it is."""

    CLOCK_CHANGED = "clock_changed"
    AHEAD = "ahead"
    BEFORE = "before"
    AFTER = "after"


def moment(device_at: datetime, *, skew: timedelta, sent_at: datetime, at: datetime) -> datetime | Doubt:
    """When a mark was really made: the device's time, set right by how far its clock was off when it was made.

    `sent_at` is the device's time as it sends, `at` the server's: a clock that is off otherwise by then was changed,
    and nothing it says of the time between can be trusted. Never later than `at`.
    """
    if abs((at - sent_at) - skew) > CLOCK:
        return Doubt.CLOCK_CHANGED
    made_at = device_at + skew
    return Doubt.AHEAD if made_at - at > CLOCK else min(made_at, at)


def doubt(made_at: datetime, *, planned: tuple[datetime, datetime], over_at: datetime | None) -> Doubt | None:
    """Whether a mark that arrives late was made outside its session; None if not."""
    start, end = planned
    if made_at < start - BEFORE:
        return Doubt.BEFORE
    return Doubt.AFTER if made_at > (over_at or end) + AFTER else None


def on_the_clock(clock: time, *, start: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    """This time of day on the session's day; after midnight where the session runs into the next."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    ran_over_midnight = first.date() != last.date() and clock < first.time()
    return datetime.combine(last.date() if ran_over_midnight else first.date(), clock, zone)
