"""Where somebody who takes part by video is, and whether the way in is open to them there. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 200  # letters of an address on one line


@dataclass(frozen=True, slots=True)
class Address:
    """A place somebody can be found at. The state has two letters."""

    street: str
    city: str
    state: str
    postal_code: str = ""
    county: str = ""


class WayIn(StrEnum):
    """Whether somebody may join by video from where they are."""

    NO_PLACE = "no_place"  # they have not said where they are
    NOT_LICENSED = "not_licensed"  # somebody who leads may not treat people there
    OPEN = "open"


def one_line(address: Address) -> str:
    """The address as it stands on a roster and in a note; the county only where no ZIP code is known."""
    area = f"{address.state} {address.postal_code}".strip()
    known = (address.street, address.city, area, "" if address.postal_code else address.county)
    return ", ".join(part for part in known if part)[:LONGEST]


def states_shared(licensed: Iterable[Collection[str]]) -> frozenset[str]:
    """The states in which each of those who lead holds a licence; none where nobody leads."""
    sets = [frozenset(states) for states in licensed]
    return frozenset.intersection(*sets) if sets else frozenset()


def way_in(state: str | None, *, licensed: Collection[str], let_in: bool) -> WayIn:
    """`state` is where they said they are (None: not said yet); `let_in`: staff spoke with them and said they may."""
    if state is None:
        return WayIn.NO_PLACE
    return WayIn.OPEN if let_in or state in licensed else WayIn.NOT_LICENSED


def newest_first(addresses: Iterable[Address], *, most: int) -> tuple[Address, ...]:
    """Each address once, in the order given, at most `most`; how it was typed does not make it another one."""
    found: dict[tuple[str, str, str], Address] = {}
    for each in addresses:
        key = (_plain(each.street), _plain(each.city), each.state)
        if each.street and each.city and each.state:
            found.setdefault(key, each)
    return tuple(found.values())[:most]


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace(",", " ").replace(".", " ").split())
