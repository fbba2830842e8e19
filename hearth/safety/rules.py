"""How soon somebody must answer for a concern, and whose area an address lies in. Plain values; no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ANSWER_WITHIN = {
    "emergency": timedelta(minutes=15),
    "urgent": timedelta(minutes=60),
    "watch": timedelta(hours=24),
}
"""From being raised until a named person has taken it. Product defaults; the organisation's protocol goes first."""


class State(StrEnum):
    """Where a concern stands."""

    OVERDUE = "overdue"
    WAITING = "waiting"
    TAKEN = "taken"
    RESOLVED = "resolved"


def state(
    severity: str, *, raised_at: datetime, taken_at: datetime | None, resolved_at: datetime | None, at: datetime
) -> State:
    """Where it stands at `at`. Overdue: nobody has taken it, and by now somebody should have."""
    if resolved_at is not None:
        return State.RESOLVED
    if taken_at is not None:
        return State.TAKEN
    return State.OVERDUE if at - raised_at >= ANSWER_WITHIN[severity] else State.WAITING


@dataclass(frozen=True, slots=True)
class Area:
    """A county with the ZIP codes known to lie in it, or a whole state (`county` empty)."""

    key: str
    state: str
    county: str = ""
    postal_codes: frozenset[str] = frozenset()


def areas_at(areas: Iterable[Area], *, state: str, county: str = "", postal_code: str = "") -> tuple[Area, ...]:
    """The areas an address lies in, nearest first; empty where none is known. Never one of another state.

    The ZIP code counts most, because few people know their county. One that lies in several counties names them all
    unless the county says which; the whole state comes last.
    """
    here = [area for area in areas if area.state == state.strip().upper()]
    by_code = [area for area in here if area.county and postal_code.strip()[:5] in area.postal_codes]
    named = plain_county(county)
    by_name = [area for area in here if named and plain_county(area.county) == named]
    both = [area for area in by_code if area in by_name]
    nearest = both or by_code or by_name
    return (*sorted(nearest, key=lambda area: area.county), *(area for area in here if not area.county))


def plain_county(name: str) -> str:
    """`Denver County` and `denver` are the same."""
    words = name.casefold().replace(".", " ").split()
    return " ".join(word for word in words if word not in ("county", "parish", "borough", "condado", "of", "de"))
