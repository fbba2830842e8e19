"""The course a total is expected to take, and whether it does. Pure. The method stands in docs/measures.md."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Literal

from hearth.measures.instrument import Instrument

WEEKS = 12  # the share of a course is the gain by this week
PUBLISHED_SHARE = 0.5  # response: half of the first total (Kroenke & Spitzer 2002, Psychiatr Ann 32:509-515)
PUBLISHED_WEIGHT = 30  # the published share counts like this many people of our own (product default)
FIRST_SIGN = 14  # days after the first total from which on it can be off track (product default)

Standing = Literal["on", "off", "early", "unknown"]


@dataclass(frozen=True, slots=True)
class Course:
    """What share of the way to the best total people have gone after twelve weeks, and from how many this is known."""

    share: float
    people: int

    def gained(self, days: int) -> float:
        """The share of the way gone after so many days: quick at first, then slower (Howard et al. 1986)."""
        return self.share * _growth(days)


PUBLISHED = Course(PUBLISHED_SHARE, 0)


def _growth(days: int) -> float:
    return log(1 + max(days, 0) / 7) / log(1 + WEEKS)


def best(instrument: Instrument) -> int:
    """The total that is best."""
    return instrument.lowest if instrument.better == "lower" else instrument.highest


def fit(instrument: Instrument, stays: Iterable[Sequence[tuple[date, int]]]) -> Course:
    """The course of these people, each with their totals: least squares through the start, drawn toward the
    published share as long as they are few. A first total that leaves nothing to gain says nothing."""
    products = squares = 0.0
    people = 0
    for totals in stays:
        pairs = _gains(instrument, sorted(totals))
        people += bool(pairs)
        for growth, gain in pairs:
            products += growth * gain / len(pairs)  # everybody counts once, however often they answered
            squares += growth * growth / len(pairs)
    if not squares:
        return PUBLISHED
    own = products / squares
    share = (own * people + PUBLISHED_SHARE * PUBLISHED_WEIGHT) / (people + PUBLISHED_WEIGHT)
    return Course(min(max(share, 0.0), 1.0), people)


def _gains(instrument: Instrument, totals: Sequence[tuple[date, int]]) -> list[tuple[float, float]]:
    if len(totals) < 2 or totals[0][1] == best(instrument):
        return []
    (begun, first), way = totals[0], best(instrument) - totals[0][1]
    later = [(day, total) for day, total in totals[1:] if day > begun]
    return [(_growth((day - begun).days), (total - first) / way) for day, total in later]


def expected(instrument: Instrument, *, first: int, days: int, course: Course) -> float:
    """The total to be expected so many days after the first."""
    return first + (best(instrument) - first) * course.gained(days)


def standing(instrument: Instrument, totals: Sequence[tuple[date, int]], course: Course) -> Standing:
    """Whether the latest total is where it was to be expected: off if it is worse by what counts as real change."""
    if instrument.change is None or len(totals) < 2:
        return "unknown"
    in_order = sorted(totals)
    (begun, first), (day, latest) = in_order[0], in_order[-1]
    if (day - begun).days < FIRST_SIGN:
        return "early"
    behind = latest - expected(instrument, first=first, days=(day - begun).days, course=course)
    if instrument.better == "higher":
        behind = -behind
    return "off" if behind >= instrument.change.reliable else "on"
