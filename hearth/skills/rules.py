"""What thought records show when they are looked at together. Pure: values in, a pattern out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feeling:
    """A feeling with its strength, 0 to 100, before and after the thought was looked at."""

    name: str
    before: int
    after: int | None

    @property
    def drop(self) -> int | None:
        """Points by which it became weaker; negative where it grew. None if it was not rated again."""
        return None if self.after is None else self.before - self.after


@dataclass(frozen=True, slots=True)
class Pattern:
    """Over all records: how many were rated twice, the mean drop in points, and the feeling named most often."""

    rated: int
    mean_drop: int | None
    most_named: str | None


def pattern(records: Iterable[Sequence[Feeling]]) -> Pattern:
    """What these records have in common. Names count without regard to case; the first spelling is shown."""
    drops: list[int] = []
    times: dict[str, int] = {}
    spelling: dict[str, str] = {}
    rated = 0
    for feelings in records:
        found = [drop for feeling in feelings if (drop := feeling.drop) is not None]
        rated += bool(found)
        drops += found
        for feeling in feelings:
            key = feeling.name.strip().casefold()
            times[key] = times.get(key, 0) + 1
            spelling.setdefault(key, feeling.name.strip())
    most = max(times, key=lambda key: times[key], default=None)
    return Pattern(rated, round(sum(drops) / len(drops)) if drops else None, spelling[most] if most else None)
