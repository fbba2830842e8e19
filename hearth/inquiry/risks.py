"""What a sender's measures say of danger, so that nobody has to notice it in a long list. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from hearth.inquiry.packet import Measure

PHQ9_ITEM9 = "44260-8"  # thoughts of being better off dead or of self-harm; 0 to 3
CSSRS_RISK = "93374-7"
RECENT = timedelta(days=180)
"""Older answers are history, told in the list; a product default."""


def disclosed(measures: Iterable[Measure], *, on: date) -> tuple[Measure, ...]:
    """Recent measures that tell of suicidal thoughts: PHQ-9 question 9 above 0, any C-SSRS risk but none or low."""
    since = (on - RECENT).isoformat()
    return tuple(one for one in measures if (one.on or "") >= since and _tells_of_danger(one))


def _tells_of_danger(one: Measure) -> bool:
    if one.loinc == PHQ9_ITEM9:
        return isinstance(one.value, float) and one.value >= 1
    if one.loinc == CSSRS_RISK:
        said = str(one.value).casefold()
        return not any(word in said for word in ("no risk", "low", "none", "negative"))
    return False
