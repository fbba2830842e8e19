"""Availability, proposals, and the weekly places that were accepted."""

from hearth.timetable.models.availability import Availability, OneOff, SuggestedHours, minutes_after_midnight
from hearth.timetable.models.changes import CalendarFeed, ChangeOffer, WeekNotice
from hearth.timetable.models.needs import Accommodation, KeepApart
from hearth.timetable.models.proposals import DraftMove, Proposal, WeekDraft
from hearth.timetable.models.sections import Kind, Seat, Section, SectionQuerySet
from hearth.timetable.models.waitlist import HOLDING, InterimSupport, PlaceOffer, WaitlistEntry

__all__ = [
    "HOLDING",
    "Accommodation",
    "Availability",
    "CalendarFeed",
    "ChangeOffer",
    "DraftMove",
    "InterimSupport",
    "KeepApart",
    "Kind",
    "OneOff",
    "PlaceOffer",
    "Proposal",
    "Seat",
    "Section",
    "SectionQuerySet",
    "SuggestedHours",
    "WaitlistEntry",
    "WeekDraft",
    "WeekNotice",
    "minutes_after_midnight",
]
