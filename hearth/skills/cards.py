"""Coping cards that come together from what a student found helpful. Pure: what helped in, cards out.

A card's source is `tool:breathing`, `lesson:ride-the-wave`, `thought:<id>`, or `urge:` and `activity:` with the words
themselves; what is in own words has none.
"""

from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_SOURCE = 80  # characters, as the rows hold them


@dataclass(frozen=True, slots=True)
class Time:
    """One time that something was used: `eased` is by how many points it helped, None where nobody rated it."""

    source: str
    words: str
    eased: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """A card that came together by itself: how often it helped, and by how many points on average."""

    source: str
    words: str
    times: int
    mean_eased: int | None

    @property
    def kind(self) -> str:
        return self.source.partition(":")[0]

    @property
    def which(self) -> str:
        return self.source.partition(":")[2]


def named(kind: str, words: str) -> str:
    """The source of a card that is known by its words, without regard to case and spaces."""
    return f"{kind}:{' '.join(words.casefold().split())}"[:LONGEST_SOURCE]


def assemble(times: Iterable[Time]) -> list[Found]:
    """One card for each source, what helped most often first."""
    words: dict[str, str] = {}
    eased: dict[str, list[int | None]] = {}
    for time in times:
        if time.words.strip():
            words.setdefault(time.source, time.words.strip())
            eased.setdefault(time.source, []).append(time.eased)
    cards = [Found(source, words[source], len(rated), _mean(rated)) for source, rated in eased.items()]
    return sorted(cards, key=lambda card: (-card.times, -(card.mean_eased or 0)))


def _mean(points: Iterable[int | None]) -> int | None:
    rated = [one for one in points if one is not None]
    return round(sum(rated) / len(rated)) if rated else None
