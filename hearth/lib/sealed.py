"""Bytes that only this installation can read: AES-256-GCM with keys kept in a file beside the database, not in it.

The key file holds one URL-safe base64 key a line. The last line seals; every line still opens what it sealed,
so a key is changed by adding a line. Sealed bytes are: format (1), key id (8), nonce (12), ciphertext with tag.
"""

import base64
import hashlib
import hmac
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hearth.lib import secrets_file

FORMAT = b"\x01"
_ID, _NONCE = 8, 12  # bytes


class CannotOpen(Exception):
    """The bytes were changed, belong somewhere else, or were sealed with a key that is not in the file."""


def seal(plain: bytes, *, keys: Path, context: str) -> bytes:
    """`plain` sealed for `context` alone: opened under any other words, it is refused."""
    key_id, key = list(_keys(keys).items())[-1]
    nonce = secrets.token_bytes(_NONCE)
    return FORMAT + key_id + nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def unseal(sealed: bytes, *, keys: Path, context: str) -> bytes:
    """What was sealed for `context`. Raises CannotOpen."""
    start = len(FORMAT)
    key_id, nonce = sealed[start : start + _ID], sealed[start + _ID : start + _ID + _NONCE]
    key = _keys(keys).get(key_id)
    if sealed[:start] != FORMAT or key is None:
        raise CannotOpen("sealed with a key that is not here")
    try:
        return AESGCM(key).decrypt(nonce, sealed[start + _ID + _NONCE :], context.encode())
    except (InvalidTag, ValueError):
        raise CannotOpen("changed, or sealed for something else") from None


def fingerprint(plain: bytes, *, keys: Path, context: str) -> str:
    """The same 64 letters for the same bytes, telling nothing to whoever lacks the key (HMAC-SHA-256).

    Made with the first key of the file, so that adding a key changes no fingerprint.
    """
    first = next(iter(_keys(keys).values()))
    own = hmac.digest(first, b"fingerprint " + context.encode(), "sha256")
    return hmac.new(own, plain, hashlib.sha256).hexdigest()


def _keys(path: Path) -> dict[bytes, bytes]:
    lines = secrets_file.read_or_make(path, make=_fresh).split()
    keys = [base64.urlsafe_b64decode(line) for line in lines]
    return {hashlib.sha256(key).digest()[:_ID]: key for key in keys}


def _fresh() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
