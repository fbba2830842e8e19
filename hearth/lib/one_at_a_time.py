"""Locks between processes: files that the system frees when their holder ends, however it ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(Exception):
    """Another process holds the lock. The text is what it wrote there."""


@contextmanager
def alone(file: Path, *, note: str = "") -> Iterator[None]:
    """Hold the lock for this block, leaving a note for others. Busy at once if another process holds it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as trouble:
            lock.seek(0)
            raise Busy(lock.read()) from trouble
        lock.truncate(0)
        lock.write(note)
        lock.flush()
        yield
