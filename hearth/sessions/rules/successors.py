"""Which section of a new week goes on with what one of the week before was. Pure.

A group that is moved to another hour is another section with the same people and leader; what was written down of the
old one, as the link at which it meets, is meant for the new one.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Course:
    """A section: of which kind, led by whom, and the people whose places end or begin in it."""

    key: str
    kind: str
    leader: str
    people: frozenset[str]


def successors(ended: Iterable[Course], began: Iterable[Course]) -> dict[str, str]:
    """The section that goes on with each of those that `ended`, where one does; none goes on with two.

    It has the same kind and leader, and whoever shares most people goes first.
    """
    began = list(began)
    pairs = sorted(
        (-len(old.people & new.people), old.key, new.key)
        for old in ended
        for new in began
        if (old.kind, old.leader) == (new.kind, new.leader) and old.people & new.people
    )
    found: dict[str, str] = {}
    for _shared, old, new in pairs:
        if old not in found and new not in found.values():
            found[old] = new
    return found
