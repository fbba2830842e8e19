"""Signed heads kept outside the database, so that cutting off the end of a chain shows.

One file per organisation, JSON lines. In production HEARTH_AUDIT_HEADS names a folder on another machine or on
write-once storage: whoever can change both places and holds the key can rewrite history.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

LONGEST_LINE = 1024  # bytes; a head takes about 300


def path_of(organisation: UUID) -> Path:
    return Path(settings.HEARTH_AUDIT_HEADS) / f"{organisation}.heads"


def append(organisation: UUID, head: dict[str, Any]) -> None:
    """Add `head` unless the file reaches as far already. Returns when it is on the disk."""
    path = path_of(organisation)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if _last_number(file) < head["number"]:
            file.write((json.dumps(head, sort_keys=True) + "\n").encode())
            file.flush()
            os.fsync(file.fileno())


def read(organisation: UUID) -> Iterator[dict[str, Any] | None]:
    """Every head of the file in order; None for a line that is not one."""
    try:
        file = path_of(organisation).open(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    with file:
        for line in file:
            yield _parsed(line)


def _last_number(file: Any) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LONGEST_LINE))
    lines = file.read().splitlines()
    found = _parsed(lines[-1].decode(errors="replace")) if lines else None
    return int(found["number"]) if found else 0


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    wanted = {"organisation": str, "number": int, "hash": str, "at": str, "signature": str}
    if isinstance(found, dict) and all(isinstance(found.get(name), kind) for name, kind in wanted.items()):
        return found
    return None
