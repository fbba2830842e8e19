"""Raising, taking, answering and closing concerns; telling people of them; whom to call where; safety plans."""

from hearth.safety.services.answering import (
    ASSESSORS,
    NotLicensed,
    StillMissing,
    licence_on,
    record_assessment,
    record_contact,
    resolve_concern,
)
from hearth.safety.services.areas import AreaKnown, keep_area
from hearth.safety.services.escalating import HoursWrong, drop_on_call, due, escalate_one, plan_on_call
from hearth.safety.services.planning import (
    ChangedMeanwhile,
    EmptyPlan,
    NotAgreed,
    confirm_plan,
    give_copy,
    save_plan,
)
from hearth.safety.services.raising import TAKERS, SummaryMissing, raise_concern, raise_observation, take_concern

__all__ = [
    "ASSESSORS",
    "TAKERS",
    "AreaKnown",
    "ChangedMeanwhile",
    "EmptyPlan",
    "HoursWrong",
    "NotAgreed",
    "NotLicensed",
    "StillMissing",
    "SummaryMissing",
    "confirm_plan",
    "drop_on_call",
    "due",
    "escalate_one",
    "give_copy",
    "keep_area",
    "licence_on",
    "plan_on_call",
    "raise_concern",
    "raise_observation",
    "record_assessment",
    "record_contact",
    "resolve_concern",
    "save_plan",
    "take_concern",
]
