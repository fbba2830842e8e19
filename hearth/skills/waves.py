"""What urges and small activities show when they are looked at together. Pure. It never counts days without."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date as day


@dataclass(frozen=True, slots=True)
class Change:
    """How many were rated twice, by how many points they changed on average, and what was named most often."""

    rated: int
    mean: int | None
    most_named: str


def change(points: Iterable[int | None], names: Sequence[str]) -> Change:
    """What these have in common. Names count without regard to case; the first spelling is shown."""
    rated = [one for one in points if one is not None]
    spelling: dict[str, str] = {}
    times: dict[str, int] = {}
    for name in names:
        if key := " ".join(name.casefold().split()):
            spelling.setdefault(key, name.strip())
            times[key] = times.get(key, 0) + 1
    most = max(times, key=lambda key: times[key], default="")
    return Change(len(rated), round(sum(rated) / len(rated)) if rated else None, spelling.get(most, ""))


@dataclass(frozen=True, slots=True)
class Crest:
    """How strong one urge was, for the picture."""

    date: day
    value: int
