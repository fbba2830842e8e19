"""Writes of the timetable: hours, calendar addresses, and proposals from asking to deciding."""

from hearth.timetable.services.changes import (
    CannotOffer,
    NotOpen,
    accept_change,
    decline_change,
    lapse_changes,
    offer_change,
    withdraw_change,
)
from hearth.timetable.services.deciding import (
    CannotTakeBack,
    LaterWeekStands,
    NoLongerHolds,
    NothingChosen,
    NotReady,
    accept_part,
    accept_proposal,
    drop_proposal,
    take_back_proposal,
)
from hearth.timetable.services.feeds import make_feed, revoke_feed
from hearth.timetable.services.hours import decide_suggestion, give_family_hours, give_hours, suggest_hours
from hearth.timetable.services.one_offs import DatesArePast, answer_make_up, say_cannot_come, take_back_one_off
from hearth.timetable.services.proposing import (
    SECONDS,
    NothingToPlace,
    ask_what_if,
    propose,
    propose_again,
    propose_apart,
    solve_proposal,
)
from hearth.timetable.services.publishing import Told, notify_changed, see_notices, tell_week_changed

__all__ = [
    "SECONDS",
    "CannotOffer",
    "CannotTakeBack",
    "DatesArePast",
    "LaterWeekStands",
    "NoLongerHolds",
    "NotOpen",
    "NotReady",
    "NothingChosen",
    "NothingToPlace",
    "Told",
    "accept_change",
    "accept_part",
    "accept_proposal",
    "answer_make_up",
    "ask_what_if",
    "decide_suggestion",
    "decline_change",
    "drop_proposal",
    "give_family_hours",
    "give_hours",
    "lapse_changes",
    "make_feed",
    "notify_changed",
    "offer_change",
    "propose",
    "propose_again",
    "propose_apart",
    "revoke_feed",
    "say_cannot_come",
    "see_notices",
    "solve_proposal",
    "suggest_hours",
    "take_back_one_off",
    "take_back_proposal",
    "tell_week_changed",
    "withdraw_change",
]
