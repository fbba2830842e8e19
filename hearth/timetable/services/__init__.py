"""Writes of the timetable: hours, calendar addresses, and proposals from asking to deciding."""

from hearth.timetable.accepting import LaterWeekStands, NoLongerHolds, NotReady, accept_proposal
from hearth.timetable.services.feeds import make_feed, revoke_feed
from hearth.timetable.services.hours import give_hours
from hearth.timetable.services.proposing import SECONDS, NothingToPlace, drop_proposal, propose, solve_proposal
from hearth.timetable.services.publishing import Told, notify_changed, see_notices

__all__ = [
    "SECONDS",
    "LaterWeekStands",
    "NoLongerHolds",
    "NotReady",
    "NothingToPlace",
    "Told",
    "accept_proposal",
    "drop_proposal",
    "give_hours",
    "make_feed",
    "notify_changed",
    "propose",
    "revoke_feed",
    "see_notices",
    "solve_proposal",
]
