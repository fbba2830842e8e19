"""Incidents in words: their kinds, and what the rules of `incidents.toml` want told, to whom, and when that holds."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hearth.safety.incident_rules import Unit

DEATH = "death"

KINDS = {
    "fall": _("Fall or injury"),
    "medication": _("Medication"),
    "overdose": _("Overdose"),
    "suicide_attempt": _("Suicide attempt"),
    "self_harm": _("Self-harm"),
    "aggression": _("Aggression or threat"),
    "allegation": _("Allegation of abuse or neglect"),
    "missing": _("Missing person"),
    "privacy": _("Privacy"),
    "restraint": _("Restraint or seclusion"),
    DEATH: _("Death"),
    "property": _("Property"),
    "other": _("Something else"),
}


@dataclass(frozen=True, slots=True)
class Telling:
    """What a rule wants told, to whom, and the words that say when it holds; people decide whether it does."""

    to: str | Promise
    what: str | Promise
    holds: str | Promise


TELLINGS = {
    "osha_death": Telling(
        _("OSHA, the federal labor inspectorate"),
        _("The death of an employee"),
        _("Where an employee died as a result of the work."),
    ),
    "osha_hospital": Telling(
        _("OSHA, the federal labor inspectorate"),
        _("An employee admitted to a hospital"),
        _("Where an employee was admitted to a hospital, or lost a limb or an eye, as a result of the work."),
    ),
    "breach_people": Telling(
        _("Everyone whose information it was"),
        _("A breach of their health information"),
        _("Where it was a breach: not, if an assessment in writing finds little chance that anybody misused it."),
    ),
    "breach_media": Telling(
        _("The media of the state"),
        _("A breach of health information"),
        _("Where it was a breach that touched more than 500 people of one state."),
    ),
    "breach_secretary_many": Telling(
        _("The federal Department of Health and Human Services"),
        _("A breach of health information, with the notice to the people"),
        _("Where it was a breach that touched 500 people or more."),
    ),
    "breach_secretary_few": Telling(
        _("The federal Department of Health and Human Services"),
        _("A breach of health information, in the yearly log"),
        _("Where it was a breach that touched fewer than 500 people."),
    ),
    "co_child": Telling(
        _("The county's child welfare, the police, or the state's child abuse hotline"),
        _("Abuse or neglect of a child"),
        _("Where somebody under 18 may have been abused or neglected: at once, by whoever knows."),
    ),
    "co_elder": Telling(
        _("The police"),
        _("Mistreatment of an at-risk elder or adult"),
        _("Where it is somebody of 70 or more, or an adult with an intellectual or developmental disability."),
    ),
}

UNITS = {
    Unit.HOURS: _("hours"),
    Unit.DAYS: _("days"),
    Unit.BUSINESS_DAYS: _("business days"),
}
"""What a house counts its own deadlines in."""


def within(amount: int, unit: str) -> str:
    """A deadline in words."""
    if amount == 0:
        return str(_("at once"))
    if unit == Unit.HOURS:
        return ngettext("within %(n)s hour", "within %(n)s hours", amount) % {"n": amount}
    if unit == Unit.BUSINESS_DAYS:
        return ngettext("within %(n)s business day", "within %(n)s business days", amount) % {"n": amount}
    if unit == Unit.DAYS_AFTER_YEAR:
        words = ngettext("within %(n)s day after the year", "within %(n)s days after the year", amount)
        return words % {"n": amount}
    return ngettext("within %(n)s day", "within %(n)s days", amount) % {"n": amount}
