"""What the server can check about words it cannot read: their shape and size. Nothing here decrypts."""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

LEAST_ITERATIONS = 600_000
"""PBKDF2-HMAC-SHA256, OWASP Password Storage Cheat Sheet (2023)."""
MOST_ITERATIONS = 10_000_000  # more would lock a phone up for a minute
SALT_BYTES = 16
IV_BYTES = 12  # NIST SP 800-38D: 96 bits for GCM
TAG_BYTES = 16
WRAPPED_KEY_BYTES = 32 + TAG_BYTES
LARGEST_ENTRY = 200_000
"""Bytes of one encrypted entry."""
LARGEST_REQUEST = 300_000  # bytes: an entry in base64 and the JSON around it
LONGEST_SHARED = 20_000  # characters of one entry that staff are given to read
MOST_OVER = 100  # keys of what was written before in its place on the same device


class Unusable(Exception):
    """What was sent is not a key or an entry. `field` names the first part that is not."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The data key, encrypted with what a passphrase or a recovery code becomes. All base64."""

    salt: str
    iv: str
    key: str


@dataclass(frozen=True, slots=True)
class KeySent:
    """A notebook's key as a browser sends it. `version` is the one it replaces; 0 makes the first."""

    version: int
    iterations: int
    passphrase: Wrapped
    recovery: Wrapped


@dataclass(frozen=True, slots=True)
class EntrySent:
    """An entry as a browser sends it. `version` is its own, 1 for a new one; `key` is the notebook key it is under.

    `sending` is what a device knows it by, that may send it again because it heard no answer.
    """

    version: int
    key: str
    iv: str
    ciphertext: str
    sending: UUID | None = None


@dataclass(frozen=True, slots=True)
class LateSent:
    """An entry written without a connection, in a `sending`, over the version `base`; 0 for a new one.

    `over` are the keys of what was written before in its place on that device, which may have arrived. `beside` is the
    same words once more as an entry of its own, for where another device wrote in between.
    """

    sending: UUID
    entry: UUID
    base: int
    over: tuple[UUID, ...]
    sent: EntrySent
    beside: tuple[UUID, EntrySent] | None
    made_at: datetime
    skew: timedelta


def read_key(body: bytes) -> KeySent:
    """The key in a request. Raises Unusable."""
    sent = _document(body)
    return KeySent(
        version=_number(sent, "version", 0, 1_000_000),
        iterations=_number(sent, "iterations", LEAST_ITERATIONS, MOST_ITERATIONS),
        passphrase=_wrapped(sent, "passphrase"),
        recovery=_wrapped(sent, "recovery"),
    )


def read_entry(body: bytes) -> EntrySent:
    """The entry in a request. Raises Unusable."""
    sent = _document(body)
    try:
        sending = UUID(sent["sending"]) if "sending" in sent else None
    except (ValueError, TypeError, AttributeError):
        raise Unusable("sending") from None
    return replace(_entry(sent, key=_text(sent, "key")), sending=sending)


def read_late(sent: dict[str, Any]) -> LateSent:
    """One thing of a sending that was written without a connection. Raises Unusable."""
    under, beside = _text(sent, "under"), sent.get("beside")
    over = sent.get("over")
    if not isinstance(over, list) or len(over) > MOST_OVER:
        raise Unusable("over")
    if beside is not None and not isinstance(beside, dict):
        raise Unusable("beside")
    try:
        return LateSent(
            sending=UUID(sent["key"]),
            entry=UUID(sent["entry"]),
            base=_number(sent, "base", 0, 1_000_000),
            over=tuple(map(UUID, over)),
            sent=_entry(sent, key=under),
            beside=(UUID(beside["entry"]), _entry(beside, key=under)) if beside else None,
            made_at=datetime.fromtimestamp(sent["at"] / 1000, UTC),
            skew=timedelta(milliseconds=float(sent["skew"])),
        )
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, OSError):
        raise Unusable("late") from None


def read_sending(body: bytes, *, most: int) -> tuple[str, list[dict[str, Any]]]:
    """Whose a sending is, and at most `most` things of it, each with its key. Raises Unusable."""
    try:
        told = json.loads(body)
        items = told["items"][:most]
        return str(told["owner"]), [dict(each) | {"key": str(UUID(each["key"]))} for each in items]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unusable("sending") from None


def _entry(sent: dict[str, Any], *, key: str) -> EntrySent:
    return EntrySent(
        version=_number(sent, "version", 1, 1_000_000),
        key=key,
        iv=_base64(sent, "iv", IV_BYTES, IV_BYTES),
        ciphertext=_base64(sent, "ciphertext", TAG_BYTES + 1, LARGEST_ENTRY),
    )


def read_shared(body: bytes) -> tuple[int, str]:
    """The version of an entry and its words, as its writer shares them. Raises Unusable."""
    sent = _document(body)
    text = _text(sent, "text").replace("\x00", "").strip()
    if not text or len(text) > LONGEST_SHARED:
        raise Unusable("text")
    return _number(sent, "version", 1, 1_000_000), text


def read_version(body: bytes) -> int:
    """The version a browser last saw of what it wants to delete. Raises Unusable."""
    return _number(_document(body), "version", 1, 1_000_000)


def _document(body: bytes) -> dict[str, Any]:
    if len(body) > LARGEST_REQUEST:
        raise Unusable("size")
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise Unusable("json") from None
    if not isinstance(sent, dict):
        raise Unusable("json")
    return sent


def _wrapped(sent: dict[str, Any], name: str) -> Wrapped:
    part = sent.get(name)
    if not isinstance(part, dict):
        raise Unusable(name)
    return Wrapped(
        salt=_base64(part, "salt", SALT_BYTES, SALT_BYTES),
        iv=_base64(part, "iv", IV_BYTES, IV_BYTES),
        key=_base64(part, "key", WRAPPED_KEY_BYTES, WRAPPED_KEY_BYTES),
    )


def _number(sent: dict[str, Any], name: str, least: int, most: int) -> int:
    value = sent.get(name)
    if type(value) is not int or not least <= value <= most:
        raise Unusable(name)
    return value


def _text(sent: dict[str, Any], name: str) -> str:
    value = sent.get(name)
    if not isinstance(value, str):
        raise Unusable(name)
    return value


def _base64(sent: dict[str, Any], name: str, least: int, most: int) -> str:
    """Base64 text of `least` to `most` bytes; plain words hardly ever pass for it."""
    value = _text(sent, name)
    try:
        size = len(b64decode(value, validate=True))
    except (NotBase64, ValueError):
        raise Unusable(name) from None
    if not least <= size <= most:
        raise Unusable(name)
    return value
