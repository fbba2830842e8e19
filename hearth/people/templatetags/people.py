"""Template words about people."""

from datetime import date

from django import template

from hearth.people.models import Licence

register = template.Library()
SOON = 60  # days before its end in which a licence is said to end soon


@register.filter
def licence_state(licence: Licence, today: date) -> str:
    """`ended`, `soon` (within 60 days), `later` (not yet held) or `held`."""
    if licence.last_on and licence.last_on < today:
        return "ended"
    if licence.during.lower and licence.during.lower > today:
        return "later"
    return "soon" if licence.last_on and (licence.last_on - today).days <= SOON else "held"
