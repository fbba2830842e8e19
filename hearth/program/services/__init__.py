"""Writes of the program: booked hours, days off, and how the house is set up."""

from hearth.program.services.booking import AlreadyBooked, Wanted, book, book_all, unbook, unbook_all
from hearth.program.services.days_off import (
    NotYours,
    ask_leave,
    close,
    decide_leave,
    take_back_closure,
    take_back_leave,
)
from hearth.program.services.setting_up import (
    Duty,
    NotBound,
    TooEarly,
    invite_interpreter,
    keep_interpreter,
    keep_room,
    pair_staff,
    say_block_grant,
    say_hours,
    say_travel,
    say_what_groups_need,
    set_duty,
    unpair_staff,
)

__all__ = [
    "AlreadyBooked",
    "Duty",
    "NotBound",
    "NotYours",
    "TooEarly",
    "Wanted",
    "ask_leave",
    "book",
    "book_all",
    "close",
    "decide_leave",
    "invite_interpreter",
    "keep_interpreter",
    "keep_room",
    "pair_staff",
    "say_block_grant",
    "say_hours",
    "say_travel",
    "say_what_groups_need",
    "set_duty",
    "take_back_closure",
    "take_back_leave",
    "unbook",
    "unbook_all",
    "unpair_staff",
]
