"""How events are chained. Plain values; the database, the keys and the clock stay outside."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

BEGINNING = "0" * 64
"""What the first seal of an organisation names as the seal before it."""


class Fault(StrEnum):
    """What can be wrong with a record that was sealed."""

    ALTERED = "altered"
    MISSING = "missing"
    REORDERED = "reordered"
    INSERTED = "inserted"
    CUT_OFF = "cut_off"
    FORGED = "forged"
    HEADS_MISSING = "heads_missing"
    UNSEALED = "unsealed"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `number` is the seal's, `event` the event's; None where there is none."""

    fault: Fault
    number: int | None
    event: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Link:
    """One seal as stored: its place, what it seals, and what it hangs on."""

    organisation: UUID
    number: int
    event: int
    digest: str
    previous: str
    hash: str


def canonical(content: Mapping[str, Any]) -> bytes:
    """One spelling for one content: JSON with sorted names, no blanks, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content, in 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def chain(organisation: UUID, number: int, event: int, content_digest: str, previous: str) -> str:
    """The hash of a seal: it depends on every seal before it."""
    return digest(
        {
            "organisation": str(organisation),
            "number": number,
            "event": event,
            "digest": content_digest,
            "previous": previous,
        }
    )


def head(organisation: UUID, number: int, link_hash: str, at: str) -> dict[str, Any]:
    """What is signed: how far the chain of an organisation reached at an instant (ISO 8601)."""
    return {"organisation": str(organisation), "number": number, "hash": link_hash, "at": at}


def judge_link(link: Link, *, before: Link | None) -> Problem | None:
    """What is wrong between a seal and the one before it; None if it hangs on."""
    expected = before.number + 1 if before else 1
    if link.number != expected:
        words = f"seals {expected} to {link.number - 1} are not there"
        return Problem(Fault.MISSING, expected, None, words)
    hangs_on = link.previous == (before.hash if before else BEGINNING)
    is_itself = link.hash == chain(link.organisation, link.number, link.event, link.digest, link.previous)
    if hangs_on and is_itself:
        return None
    if is_itself:
        return Problem(Fault.INSERTED, link.number, link.event, "this seal does not hang on the one before it")
    if hangs_on:
        return Problem(Fault.ALTERED, link.number, link.event, "this seal was changed after it was made")
    return Problem(Fault.REORDERED, link.number, link.event, "this seal stands in another place than it was made for")
