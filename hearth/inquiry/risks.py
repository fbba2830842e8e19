"""What a sender's measures say of danger, so that nobody has to notice it in a long list. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from hearth.inquiry.packet import Measure, Packet

PHQ9_ITEM9 = "44260-8"  # thoughts of being better off dead or of self-harm; 0 to 3
CSSRS_RISK = "93374-7"
RECENT = timedelta(days=180)
"""Older answers are history, told in the list; a product default."""


def disclosed(measures: Iterable[Measure], *, on: date) -> tuple[Measure, ...]:
    """Recent measures that tell of suicidal thoughts: PHQ-9 question 9 above 0, any C-SSRS risk but none or low."""
    since = (on - RECENT).isoformat()
    return tuple(one for one in measures if (one.on or "") >= since and _tells_of_danger(one))


def is_urgent(packet: Packet, *, on: date) -> bool:
    """Whether this is answered before others: somebody is or may be in danger, or was measured to be lately."""
    said = packet.form is not None and packet.form.danger in ("yes", "unsure")
    return said or bool(disclosed(packet.measures, on=on))


def _tells_of_danger(one: Measure) -> bool:
    if one.loinc == PHQ9_ITEM9:
        return isinstance(one.value, float) and one.value >= 1
    if one.loinc == CSSRS_RISK:
        said = str(one.value).casefold()
        return not any(word in said for word in ("no risk", "low", "none", "negative"))
    return False
