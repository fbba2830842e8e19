"""When a program may end a stay against somebody's wish. Pure: the clock is passed in.

Symptoms, a return to use or a debt are what people come with or what care costs them; none of these, nor all of them
together, is ever a reason (issue 8; SAMHSA TIP 47, ch. 5: administrative discharge for use is not treatment).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Ground(StrEnum):
    """What an ending rests on."""

    VIOLENCE = "violence"
    WEAPON = "weapon"
    DEALING = "dealing"
    HARASSMENT = "harassment"
    PRIVACY = "privacy"
    SYMPTOMS = "symptoms"
    USE = "use"
    DEBT = "debt"


NEVER_ALONE = frozenset({Ground.SYMPTOMS, Ground.USE, Ground.DEBT})
AT_ONCE = frozenset({Ground.VIOLENCE, Ground.WEAPON})
"""Others are in danger: the end need not wait for the days in which an appeal may come."""

APPEAL_WITHIN = timedelta(days=7)
"""How long an end waits for an appeal. Product default; an appeal that comes later is answered too."""

LAPSES_AFTER = timedelta(days=30)
"""How long what was agreed may be signed: no end hangs over somebody who has stayed since. Product default."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a review."""

    grounds: frozenset[str]
    agrees: bool | None  # of whoever reviewed it; None: nobody has yet
    reviewed_at: datetime | None
    appealed: bool
    upheld: bool | None  # the appeal was right; None: not decided
    answered_at: datetime | None


def may_ask(grounds: Collection[str]) -> bool:
    """Whether these grounds are enough to ask for a review at all."""
    return bool(set(grounds) - NEVER_ALONE)


def has_lapsed(standing: Standing | None, *, at: datetime) -> bool:
    """Whether an end was agreed so long ago that it holds no longer: it is asked for anew or not at all."""
    if standing is None or not standing.agrees or standing.upheld:
        return False
    agreed_at = standing.answered_at if standing.appealed else standing.reviewed_at
    return agreed_at is not None and at >= agreed_at + LAPSES_AFTER


def against_ending(standing: Standing | None, *, at: datetime) -> str:
    """Why the end may not be signed yet, as a code; empty: it may."""
    if standing is None or standing.agrees is None or standing.reviewed_at is None:
        return "not_reviewed"
    if not standing.agrees:
        return "review_disagrees"
    if has_lapsed(standing, at=at):
        return "review_lapsed"
    if standing.appealed:
        return {None: "appeal_open", True: "appeal_upheld", False: ""}[standing.upheld]
    waits = at < standing.reviewed_at + APPEAL_WITHIN and not standing.grounds & AT_ONCE
    return "appeal_days" if waits else ""
