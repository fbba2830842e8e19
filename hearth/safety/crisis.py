"""Whom to call when it is urgent: the numbers staff see beside a concern."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.accounts.rules import dialled
from hearth.people.models import Patient


@dataclass(frozen=True, slots=True)
class Number:
    """Somebody who can be called. `tel` is what a phone dials, empty where what is known is no one number.

    `note` says when they answer and what to do while they do not; `site` is a page that takes reports or lists numbers.
    """

    label: str | Promise
    shown: str
    icon: str
    note: str = ""
    site: str = ""

    @property
    def tel(self) -> str:
        return dialled(self.shown)


LIFELINE = Number(_("988 Lifeline, for you or with them"), "988", "life-buoy")
EMERGENCY = Number(_("Ambulance, fire, police"), "911", "siren")


def numbers_for(patient: Patient) -> list[Number]:
    """The person first, then whom they named for an emergency, then 988 and 911. Those not known are left out."""
    own = Number(patient.chosen_name, patient.phone, "phone")
    named = Number(patient.emergency_name or _("Emergency contact"), patient.emergency_phone, "users")
    return [number for number in (own, named, LIFELINE, EMERGENCY) if number.shown]
