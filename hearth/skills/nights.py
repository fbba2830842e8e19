"""Two weeks of nights as a picture, and what they have in common. Pure: times in, places and minutes out.

A night is named by the day on which it ends. Its line runs from six in the evening to six in the evening, so that the
night of somebody who works in shifts has a place, too. Minutes are those from going to bed to getting up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from statistics import median
from typing import Protocol

DAYS = 14
DAY = 24 * 60  # minutes
EVENING = 18 * 60  # where the line begins
STEADY = 60  # minutes: whoever gets up within an hour of the same time does so steadily (CBT-i Coach, VA)
ENOUGH = 4  # nights, before anything is said of them
RESTED = 6  # of 10: from there on a night was a good one


class Night(Protocol):
    """What the student wrote of one night."""

    @property
    def on(self) -> date: ...
    @property
    def bed(self) -> time: ...
    @property
    def up(self) -> time: ...
    @property
    def rested(self) -> int | None: ...
    @property
    def helped(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Line[N]:
    """One day of the picture: where its bar begins and how long it is, in thousandths of the line; no night, no bar."""

    day: date
    night: N | None
    begins: int = 0
    width: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """What some nights have in common: minutes in bed (the median), how far the times of getting up lie apart, how
    rested they were on average, and what helped in the good ones.
    """

    nights: int
    minutes: int
    apart: int
    rested: float | None
    helped: tuple[str, ...]

    @property
    def is_steady(self) -> bool:
        return self.apart <= STEADY


def minutes_in_bed(night: Night) -> int:
    """From going to bed to getting up; the same time twice is a whole day."""
    return (_minutes(night.up) - _minutes(night.bed)) % DAY or DAY


def lines[N: Night](nights: Iterable[N], today: date) -> list[Line[N]]:
    """The last fourteen days, today first."""
    found = {night.on: night for night in nights}
    days = [today - timedelta(days=number) for number in range(DAYS)]
    return [_line(day, found.get(day)) for day in days]


def pattern(nights: Sequence[Night]) -> Pattern | None:
    """What these nights have in common; None for fewer than four."""
    if len(nights) < ENOUGH:
        return None
    ups = [(_minutes(night.up) - EVENING) % DAY for night in nights]
    rested = [night.rested for night in nights if night.rested is not None]
    good = [night.helped.strip() for night in nights if (night.rested or 0) >= RESTED and night.helped.strip()]
    return Pattern(
        nights=len(nights),
        minutes=round(median(minutes_in_bed(night) for night in nights)),
        apart=max(ups) - min(ups),
        rested=round(sum(rested) / len(rested), 1) if rested else None,
        helped=tuple(dict.fromkeys(good)),
    )


def _line[N: Night](day: date, night: N | None) -> Line[N]:
    if night is None:
        return Line(day, None)
    begins, minutes = (_minutes(night.bed) - EVENING) % DAY, minutes_in_bed(night)
    shown = min(minutes, DAY - begins)  # what goes on after six in the evening has no room on the line
    return Line(day, night, begins * 1000 // DAY, max(shown * 1000 // DAY, 4), minutes)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
