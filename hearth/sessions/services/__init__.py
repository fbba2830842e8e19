"""Writes to sessions: making them, who is there, and the notes."""

from hearth.sessions.services.attending import (
    TimesMissing,
    WrongCode,
    check_in,
    check_out,
    count_wrong_code,
    mark,
    needs_code,
    takes_code,
)
from hearth.sessions.services.authorising import (
    AUTHORISERS,
    DatesWrong,
    record_authorisation,
    withdraw_authorisation,
)
from hearth.sessions.services.contacts import (
    ContactNotComplete,
    begin_contact,
    save_contact,
    set_contact_aside,
    sign_contact,
)
from hearth.sessions.services.cosigning import NotRead, NotWaiting, ask_co_signatures, co_sign, mark_read, send_back
from hearth.sessions.services.days_off import cancel_closed, plan_again
from hearth.sessions.services.drafting import NoteLocked, choose_text, save_group_note
from hearth.sessions.services.families import invite_families, mark_family
from hearth.sessions.services.handing_out import channel_of, hand_out, open_handout
from hearth.sessions.services.letting_go import (
    count_absences_again,
    excuse_after_death,
    excuse_on_hold,
    expect_after_hold,
    release_future_sessions,
    settle_seats,
)
from hearth.sessions.services.make_ups import (
    MakeUpClosed,
    NoLongerFits,
    accept_make_up,
    close_make_ups,
    decline_make_up,
    let_go_of_make_ups,
    look_again,
    offer_make_ups,
)
from hearth.sessions.services.making import CannotBook, NotLicensed, make_all_sessions, make_longer, make_sessions
from hearth.sessions.services.marking import Tapped, keep_mark
from hearth.sessions.services.noting import (
    NamesOthers,
    NotComplete,
    add_addendum,
    say_beside,
    sign_group_note,
)
from hearth.sessions.services.outreach import NoteMissing, end_outreach, record_attempt
from hearth.sessions.services.outside import carry_links_over, choose_video
from hearth.sessions.services.participation import mark_took_part
from hearth.sessions.services.picturing import picture_everyones_hours
from hearth.sessions.services.private_notes import StillHere, keep_private_note, release_private_notes
from hearth.sessions.services.putting_away import clear_forgotten, shown_channel
from hearth.sessions.services.quiet import say_quietly, see_to, settle_word, take_step
from hearth.sessions.services.refusing import count_refusal, count_refusal_in
from hearth.sessions.services.running import LinkOfOthers, NotNow, ReasonMissing, cancel, describe, end, start
from hearth.sessions.services.showing import (
    answer_round,
    clear_board,
    draw,
    put_away,
    show,
    undo_stroke,
)
from hearth.sessions.services.singles import CannotHold, change_single, make_single
from hearth.sessions.services.taking_part import say_way
from hearth.sessions.services.whereabouts import confirm_place

__all__ = [
    "AUTHORISERS",
    "CannotBook",
    "CannotHold",
    "ContactNotComplete",
    "DatesWrong",
    "LinkOfOthers",
    "MakeUpClosed",
    "NamesOthers",
    "NoLongerFits",
    "NotComplete",
    "NotLicensed",
    "NotNow",
    "NotRead",
    "NotWaiting",
    "NoteLocked",
    "NoteMissing",
    "ReasonMissing",
    "StillHere",
    "Tapped",
    "TimesMissing",
    "WrongCode",
    "accept_make_up",
    "add_addendum",
    "answer_round",
    "ask_co_signatures",
    "begin_contact",
    "cancel",
    "cancel_closed",
    "carry_links_over",
    "change_single",
    "channel_of",
    "check_in",
    "check_out",
    "choose_text",
    "choose_video",
    "clear_board",
    "clear_forgotten",
    "close_make_ups",
    "co_sign",
    "confirm_place",
    "count_absences_again",
    "count_refusal",
    "count_refusal_in",
    "count_wrong_code",
    "decline_make_up",
    "describe",
    "draw",
    "end",
    "end_outreach",
    "excuse_after_death",
    "excuse_on_hold",
    "expect_after_hold",
    "hand_out",
    "invite_families",
    "keep_mark",
    "keep_private_note",
    "let_go_of_make_ups",
    "look_again",
    "make_all_sessions",
    "make_longer",
    "make_sessions",
    "make_single",
    "mark",
    "mark_family",
    "mark_read",
    "mark_took_part",
    "needs_code",
    "offer_make_ups",
    "open_handout",
    "picture_everyones_hours",
    "plan_again",
    "put_away",
    "record_attempt",
    "record_authorisation",
    "release_future_sessions",
    "release_private_notes",
    "save_contact",
    "save_group_note",
    "say_beside",
    "say_quietly",
    "say_way",
    "see_to",
    "send_back",
    "set_contact_aside",
    "settle_seats",
    "settle_word",
    "show",
    "shown_channel",
    "sign_contact",
    "sign_group_note",
    "start",
    "take_step",
    "takes_code",
    "undo_stroke",
    "withdraw_authorisation",
]
