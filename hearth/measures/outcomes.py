"""What became of many people, with how sure that is. Pure.

Every interval is of 95 %. Which method makes it, and where that is published, stands at each function and on the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance

from hearth.measures import rules
from hearth.measures.instrument import Instrument
from hearth.measures.small_numbers import tellable

NORMAL = 1.959964  # 95 % of a normal distribution lie within so many standard deviations


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % confidence interval."""

    value: float
    low: float
    high: float

    def against(self, other: "Interval") -> "Interval":
        """How much this is more than an independent other, with its interval made of theirs.

        Newcombe 1998 (Stat Med 17:873-890, method 10) for shares; for others Zou and Donner 2008 (Stat Med
        27:1693-1702).
        """
        gap = self.value - other.value
        down = sqrt((self.value - self.low) ** 2 + (other.high - other.value) ** 2)
        up = sqrt((self.high - self.value) ** 2 + (other.value - other.low) ** 2)
        return Interval(gap, gap - down, gap + up)

    @property
    def direction(self) -> int:
        """1 where even the low end is above nothing, -1 where even the high end is below, else 0: it may be chance."""
        return (self.low > 0) - (self.high < 0)


@dataclass(frozen=True, slots=True)
class Time:
    """How many days somebody was seen in the program, and whether they then left it; if not, more is not known yet."""

    days: int
    left: bool


def share(count: int, of: int) -> Interval:
    """A share with its interval (Wilson 1927, J Am Stat Assoc 22:209-212), which never leaves 0 to 1."""
    return _wilson(count / of, of)


def _wilson(part: float, of: float) -> Interval:
    square = NORMAL**2
    centre = (part + square / (2 * of)) / (1 + square / of)
    half = NORMAL * sqrt(part * (1 - part) / of + square / (4 * of * of)) / (1 + square / of)
    return Interval(part, min(part, max(0.0, centre - half)), max(part, min(1.0, centre + half)))


def still_in(times: Sequence[Time], *, days: int) -> Interval:
    """The share that has not left within so many days. Whoever is still underway counts as long as they were seen.

    Kaplan and Meier 1958 (J Am Stat Assoc 53:457-481). The interval is Wilson's for as many people as would give
    Greenwood's variance (Rothman 1978, J Chronic Dis 31:557-560): it stays within 0 to 1 where few or all have left.
    """
    part, spread, at_risk = 1.0, 0.0, len(times)
    seen = at_risk
    for day in sorted({one.days for one in times}):
        if day > days:
            break
        seen = at_risk
        left = sum(one.left for one in times if one.days == day)
        part *= 1 - left / at_risk
        if left < at_risk:
            spread += left / (at_risk * (at_risk - left))
        at_risk -= sum(one.days == day for one in times)
    if 0 < part < 1:
        return _wilson(part, (1 - part) / (part * spread))
    return _wilson(part, at_risk or seen)


def mean(values: Sequence[float]) -> Interval:
    """The mean of two or more with Student's interval (1908, Biometrika 6:1-25)."""
    centre = fmean(values)
    half = t_value(len(values) - 1) * sqrt(variance(values) / len(values))
    return Interval(centre, centre - half, centre + half)


def mean_difference(these: Sequence[float], others: Sequence[float]) -> Interval:
    """How much the mean of these is above that of the others (Welch 1947, Biometrika 34:28-35)."""
    gap = fmean(these) - fmean(others)
    parts = [(variance(each) / len(each), len(each) - 1) for each in (these, others)]
    whole = sum(part for part, _free in parts)
    if not whole:
        return Interval(gap, gap, gap)
    free = whole**2 / sum(part**2 / free for part, free in parts)
    half = t_value(free) * sqrt(whole)
    return Interval(gap, gap - half, gap + half)


def t_value(free: float) -> float:
    """Within so many standard errors lie 95 % of Student's t with `free` degrees of freedom.

    Abramowitz and Stegun 1964, 26.7.5: right to four digits from nine degrees on, and no fewer people are told of.
    """
    z = NORMAL
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / free**power for power, term in enumerate(terms, start=1))


def distribution(instrument: Instrument, totals: Sequence[int]) -> dict[str, int | None]:
    """How many of these totals lie in each band, from the first band on; None where that would tell of too few."""
    names = [rules.band_of(instrument, total).name for total in totals]
    return tellable({band.name: names.count(band.name) for band in instrument.bands})
