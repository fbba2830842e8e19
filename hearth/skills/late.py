"""Words that come late from a phone, perhaps twice, perhaps over others of its own: what they were written on. Pure.

Each writing has a key. A row remembers which keys it has heard of, with the version that each made of it; 0 where the
words were kept beside it. A phone that writes anew over what it has not been told the fate of names those keys, too.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

BESIDE = 0


def keys(words: str) -> tuple[UUID, ...]:
    """The keys in these words, oldest first. Raises ValueError."""
    return tuple(UUID(each) for each in words.split())


def written_on(version: int, over: Iterable[UUID], heard: Mapping[str, int]) -> int:
    """The version that words were written on: their page showed `version`, and they go on from those `over`."""
    return max((heard[str(key)] for key in over if str(key) in heard), default=version)


def hearing(heard: Mapping[str, int], *more: UUID | None, made: int) -> dict[str, int]:
    """What is remembered once `more` keys were heard, too. What a key made before stays what it made."""
    return {str(key): made for key in more if key} | dict(heard)
