"""What a browser would send, made of random bytes: the server cannot tell the difference."""

from base64 import b64encode
from collections.abc import Collection
from secrets import token_bytes
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone


def base64_of(size: int) -> str:
    """Base64 of `size` random bytes."""
    return b64encode(token_bytes(size)).decode()


def sealed_key(*, version: int = 0, **changed: Any) -> dict[str, Any]:
    """The document that sets a notebook up, or with `version` wraps its key anew."""
    wrapped = {"salt": base64_of(16), "iv": base64_of(12), "key": base64_of(48)}
    return {"version": version, "iterations": 600_000, "passphrase": wrapped, "recovery": wrapped} | changed


def sealed_entry(*, key: str, version: int = 1, **changed: Any) -> dict[str, Any]:
    """The document that writes an entry under the notebook key `key`."""
    return {"version": version, "key": key, "iv": base64_of(12), "ciphertext": base64_of(60)} | changed


def sealed_late(*, under: str, base: int = 0, over: Collection[UUID | str] = (), **changed: Any) -> dict[str, Any]:
    """What waits on a device as an entry written over the version `base`, with its copy for beside."""
    sealed = {"iv": base64_of(12), "ciphertext": base64_of(60)}
    times = {"at": timezone.now().timestamp() * 1000, "skew": 0}
    aside = {"entry": str(uuid4()), "version": 1 + len(over), "iv": base64_of(12), "ciphertext": base64_of(60)}
    keys = {"key": str(uuid4()), "entry": str(uuid4()), "under": under, "over": [str(each) for each in over]}
    return keys | sealed | times | {"base": base, "version": base + 1 + len(over), "beside": aside} | changed
