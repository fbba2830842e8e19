"""What students wrote with their tools while there was no connection, read as their phone sends it. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from hearth.measures.queueing import MOST, NEAR, SKEW, Unreadable, written_at

LONGEST_WORDS = 4000  # characters of one field, as the forms allow

type Data = Mapping[str, str]


class Times(TypedDict):
    """When something that was sent late reached us, and when it was written if that can be believed."""

    at: datetime
    written_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """One form of a tool with its own key. `made_at` is by the phone's clock, set right by the server's."""

    key: UUID
    what: str
    fields: Mapping[str, str]
    made_at: datetime
    skew: timedelta


def read(body: bytes) -> tuple[str, list[Item]]:
    """Whose these are, and each of them. Raises Unreadable."""
    try:
        told = json.loads(body)
        return str(told["owner"]), [_item(each) for each in told["items"][:MOST]]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError) as error:
        raise Unreadable from error


def has_known_day(item: Item, *, at: datetime) -> bool:
    """Whether its time can be believed: written just now, or earlier by a clock that nobody turned since."""
    return written_at(item, at=at) is not None or (abs(item.skew) <= SKEW and abs(at - item.made_at) <= NEAR)


def _item(told: Mapping[str, Any]) -> Item:
    return Item(
        key=UUID(told["key"]),
        what=str(told["what"])[:60],
        fields={str(name)[:40]: str(value)[: LONGEST_WORDS + 1] for name, value in told["fields"].items()},
        made_at=datetime.fromtimestamp(told["at"] / 1000, UTC),
        skew=timedelta(milliseconds=float(told["skew"])),
    )
