"""What the server can check about words it cannot read: their shape and size. Nothing here decrypts."""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import Any

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
    """An entry as a browser sends it. `version` is its own, 1 for a new one; `key` is the notebook key it is under."""

    version: int
    key: str
    iv: str
    ciphertext: str


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
    return EntrySent(
        version=_number(sent, "version", 1, 1_000_000),
        key=_text(sent, "key"),
        iv=_base64(sent, "iv", IV_BYTES, IV_BYTES),
        ciphertext=_base64(sent, "ciphertext", TAG_BYTES + 1, LARGEST_ENTRY),
    )


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
