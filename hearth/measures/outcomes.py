"""What became of many people, with how sure that is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from hearth.measures import rules
from hearth.measures.instrument import Instrument

FEWEST = 11  # of fewer people nothing is told: each could be recognised (CMS cell suppression policy)
NORMAL = 1.959964  # 95 % of a normal distribution lie within so many standard deviations


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of `asked` people, `measured` have a first and a later total. `better` and `worse` are shares of those.

    A share is None where it would tell of fewer people than FEWEST.
    """

    asked: int
    measured: int
    change: Interval
    better: Interval | None
    worse: Interval | None

    @property
    def completeness(self) -> float | None:
        """The share of people asked of whom a change is known, the others may have fared otherwise; None if those
        others are few."""
        return self.measured / self.asked if not 0 < self.asked - self.measured < FEWEST else None


def outcome(instrument: Instrument, pairs: Sequence[tuple[int, int]], *, asked: int) -> Outcome | None:
    """What became of these people, each with their first and latest total; None if they are too few to tell."""
    if instrument.change is None or len(pairs) < FEWEST:
        return None
    changes = [after - before for before, after in pairs]
    verdicts = [rules.change(instrument, before, after) for before, after in pairs]
    directions = [verdict.direction for verdict in verdicts if verdict]
    told = tellable({way: directions.count(way) for way in ("better", "worse", "steady")})
    shares = {way: None if count is None else share(count, len(pairs)) for way, count in told.items()}
    return Outcome(
        asked=asked,
        measured=len(pairs),
        change=mean(changes),
        better=shares["better"],
        worse=shares["worse"],
    )


def mean(values: Sequence[float]) -> Interval:
    """The mean with its interval (normal approximation; eleven values or more)."""
    centre = fmean(values)
    half = NORMAL * stdev(values) / sqrt(len(values))
    return Interval(centre, centre - half, centre + half)


def share(count: int, of: int) -> Interval:
    """A share with its interval (Wilson 1927, J Am Stat Assoc 22:209-212), which never leaves 0 to 1."""
    part, square = count / of, NORMAL**2
    centre = (part + square / (2 * of)) / (1 + square / of)
    half = NORMAL * sqrt(part * (1 - part) / of + square / (4 * of * of)) / (1 + square / of)
    return Interval(part, max(0.0, centre - half), min(1.0, centre + half))


def distribution(instrument: Instrument, totals: Sequence[int]) -> dict[str, int | None]:
    """How many of these totals lie in each band, from the first band on; None where that would tell of too few."""
    names = [rules.band_of(instrument, total).name for total in totals]
    return tellable({band.name: names.count(band.name) for band in instrument.bands})


def tellable(counts: Mapping[str, int]) -> dict[str, int | None]:
    """These counts of people, whose sum is known, with None for those that tell of fewer than FEWEST.

    What is left out must not follow from what is told: so many are left out, the smallest first, that together they are
    FEWEST or more.
    """
    hidden: set[str] = set()
    if any(0 < count < FEWEST for count in counts.values()):
        for name in sorted(counts, key=lambda name: counts[name]):
            if counts[name] >= FEWEST and sum(counts[one] for one in hidden) >= FEWEST:
                break
            hidden.add(name)
    return {name: None if name in hidden else count for name, count in counts.items()}
