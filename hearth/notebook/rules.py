"""What a sealed message must look like. The server cannot read it, but it can refuse what was never sealed."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

SALT, IV, WRAPPED = 16, 12, 48  # bytes; a 32-byte key and its 16-byte tag
LEAST_TEXT, MOST_TEXT = 17, 400_000  # bytes of ciphertext: at least one byte and its tag
LEAST_ITERATIONS, MOST_ITERATIONS = 600_000, 10_000_000  # PBKDF2-SHA256; OWASP Password Storage Cheat Sheet 2023


class NotSealed(ValueError):
    """What arrived is not what the notebook's script sends."""


@dataclass(frozen=True, slots=True)
class Wrapping:
    """A key wrapped under words the server never sees."""

    salt: bytes
    iv: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry's text, sealed."""

    iv: bytes
    ciphertext: bytes


def read_wrapping(message: object) -> Wrapping:
    """A wrapping from JSON with base64 text. Raises NotSealed."""
    fields = _object(message)
    return Wrapping(
        salt=_bytes(fields, "salt", SALT, SALT),
        iv=_bytes(fields, "iv", IV, IV),
        wrapped=_bytes(fields, "wrapped", WRAPPED, WRAPPED),
    )


def read_sealed(message: object) -> Sealed:
    """An entry from JSON with base64 text. Raises NotSealed."""
    fields = _object(message)
    return Sealed(_bytes(fields, "iv", IV, IV), _bytes(fields, "ciphertext", LEAST_TEXT, MOST_TEXT))


def read_iterations(value: object) -> int:
    """How often the key is stretched. Raises NotSealed below what is slow enough."""
    if type(value) is not int or not LEAST_ITERATIONS <= value <= MOST_ITERATIONS:
        raise NotSealed(f"iterations must be a number from {LEAST_ITERATIONS} to {MOST_ITERATIONS}")
    return value


def as_text(data: bytes | memoryview) -> str:
    """These bytes as base64."""
    return base64.b64encode(bytes(data)).decode("ascii")


def _object(message: object) -> Mapping[str, object]:
    if not isinstance(message, dict):
        raise NotSealed("a JSON object is expected")
    return message


def _bytes(fields: Mapping[str, object], name: str, least: int, most: int) -> bytes:
    text = fields.get(name)
    if not isinstance(text, str):
        raise NotSealed(f"{name} is missing")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotSealed(f"{name} is not base64") from error
    if not least <= len(data) <= most:
        raise NotSealed(f"{name} has {len(data)} bytes, which is not between {least} and {most}")
    return data
