"""Writes to sessions: making them, who is there, and the notes."""

from hearth.sessions.services.attending import (
    NotNow,
    ReasonMissing,
    TimesMissing,
    cancel,
    check_in,
    check_out,
    describe,
    end,
    mark,
    start,
)
from hearth.sessions.services.letting_go import release_future_sessions, settle_seats
from hearth.sessions.services.making import CannotBook, NotLicensed, make_all_sessions, make_sessions
from hearth.sessions.services.noting import (
    NamesOthers,
    NotComplete,
    NoteLocked,
    add_addendum,
    save_group_note,
    sign_group_note,
)

__all__ = [
    "CannotBook",
    "NamesOthers",
    "NotComplete",
    "NotLicensed",
    "NotNow",
    "NoteLocked",
    "ReasonMissing",
    "TimesMissing",
    "add_addendum",
    "cancel",
    "check_in",
    "check_out",
    "describe",
    "end",
    "make_all_sessions",
    "make_sessions",
    "mark",
    "release_future_sessions",
    "save_group_note",
    "settle_seats",
    "sign_group_note",
    "start",
]
