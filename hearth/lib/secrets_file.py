"""Secrets that an installation makes once and keeps in files only its own user can read."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def read_or_make(path: Path, *, size: int = 48, make: Callable[[], str] | None = None) -> str:
    """The secret text kept at `path`; made on first use (`size` random bytes, or what `make` gives; mode 0600)."""
    try:
        return path.read_text()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(make() if make else secrets.token_urlsafe(size))
    try:
        os.link(fresh, path)  # the first of several processes wins; the others read what it wrote
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text()
