"""Where a note stands that a supervisor co-signs, and what a co-signature covers. Pure."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Whose turn it is."""

    WAITING = "waiting"
    SENT_BACK = "sent_back"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Course:
    """When a co-signature was asked for, and what came last of each kind. `added_at`: by whoever signed the note."""

    asked_at: datetime
    signed_at: datetime | None = None
    sent_back_at: datetime | None = None
    added_at: datetime | None = None


def _later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one > other)


def state(course: Course) -> State:
    """Waiting for the supervisor, sent back to the author, or co-signed.

    An addendum by the author answers what was sent back; one after the co-signature asks for another.
    """
    if course.signed_at and not _later(course.added_at, course.signed_at):
        return State.SIGNED
    if _later(course.sent_back_at, course.signed_at) and not _later(course.added_at, course.sent_back_at):
        return State.SENT_BACK
    return State.WAITING


def since(course: Course) -> datetime:
    """Since when it is somebody's turn."""
    match state(course):
        case State.SIGNED if course.signed_at:
            return course.signed_at
        case State.SENT_BACK if course.sent_back_at:
            return course.sent_back_at
        case _:
            answered = _later(course.added_at, course.asked_at) and (course.sent_back_at or course.signed_at)
            return course.added_at if answered and course.added_at else course.asked_at


def covers(digest: str, addenda: Sequence[tuple[str, str]]) -> str:
    """SHA-256 of what a co-signature stands for: the note as signed, and its addenda (id, text) in order."""
    whole = json.dumps({"note": digest, "addenda": addenda}, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()
