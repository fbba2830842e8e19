"""Answers that a phone kept while there was no connection, read as it sends them. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

MOST = 50  # items of one sending
SKEW = timedelta(minutes=2)  # a clock that was turned by more since is not believed
LONGEST = timedelta(days=30)  # a phone keeps nothing so long; an older time is not believed
NEAR = timedelta(minutes=2)  # what arrives so soon is not late


class Unreadable(ValueError):
    """What was sent is not of the form that our pages send."""


@dataclass(frozen=True, slots=True)
class Item:
    """One filled-in questionnaire with its own key. `made_at` is by the phone's clock, set right by the server's."""

    key: UUID
    instrument: str
    language: str
    answers: Mapping[str, int | None]
    made_at: datetime
    skew: timedelta


def read(body: bytes) -> tuple[str, list[Item]]:
    """Whose these are, and each of them. Raises Unreadable."""
    try:
        told = json.loads(body)
        return str(told["owner"]), [_item(each) for each in told["items"][:MOST]]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise Unreadable from error


def _item(told: Mapping[str, Any]) -> Item:
    answers = told["answers"]
    if not isinstance(answers, dict):
        raise TypeError(answers)
    return Item(
        key=UUID(told["key"]),
        instrument=str(told["instrument"])[:40],
        language=str(told["language"])[:8],
        answers=answers,
        made_at=datetime.fromtimestamp(told["at"] / 1000, UTC),
        skew=timedelta(milliseconds=float(told["skew"])),
    )


class Timed(Protocol):
    """Anything that a phone kept and sends later."""

    @property
    def made_at(self) -> datetime: ...
    @property
    def skew(self) -> timedelta: ...


def written_at(item: Timed, *, at: datetime) -> datetime | None:
    """When it was written, if that was earlier than now and can be believed; None otherwise."""
    if abs(item.skew) > SKEW or not at - LONGEST <= item.made_at <= at - NEAR:
        return None
    return item.made_at
