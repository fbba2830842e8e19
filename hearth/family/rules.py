"""What somebody close to a student sees, line by line, and why. Plain values; consent decides on what ground."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hearth.consent.rules import Ground
from hearth.lib import folded


class Content(StrEnum):
    """What there is of a student, as a sharing sheet lists it."""

    SCHEDULE = "schedule"
    PROGRESS = "progress"
    SIGNING = "signing"
    SAID = "said"
    ANSWERS = "answers"
    HEALTH = "health"
    OWN = "own"
    SAFETY = "safety"


PRIVATE = (Content.SAID, Content.ANSWERS, Content.HEALTH, Content.OWN, Content.SAFETY)
"""What no page shows to family, whoever they are and whatever is signed."""


class Why(StrEnum):
    """Why a line is shown, or is not."""

    GUARDIAN = "guardian"
    RELEASE = "release"
    NOT_ALL_SIGNED = "not_all_signed"
    NO_GROUND = "no_ground"
    NOT_CHOSEN = "not_chosen"
    NO_GUARDIAN = "no_guardian"
    PRIVATE = "private"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Tie:
    """One person and a student: the ground that consent found, and what the student chose."""

    ground: Ground
    sees_schedule: bool
    sees_progress: bool
    has_died: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One thing, whether this person sees it now, and why."""

    content: Content
    why: Why

    @property
    def is_shown(self) -> bool:
        return self.why in (Why.GUARDIAN, Why.RELEASE)


def sheet(tie: Tie) -> tuple[Line, ...]:
    """Everything there is, with whether this person sees it. What is not certain is not shown."""
    schedule = _shared(tie, chosen=tie.sees_schedule)
    return (
        Line(Content.SCHEDULE, schedule),
        Line(Content.PROGRESS, _shared(tie, chosen=tie.sees_schedule and tie.sees_progress)),
        Line(Content.SIGNING, _signing(tie)),
        *(Line(content, Why.PRIVATE) for content in PRIVATE),
    )


def may_confirm(tie: Tie) -> bool:
    """Whether this person may be told at all that the student is in care here."""
    return sheet(tie)[0].is_shown


def is_called(names: Iterable[str], written: str) -> bool:
    """Whether what somebody wrote holds a word of one of `names`, with accents or without."""
    words = set(folded.plain(written).split())
    return any(words & set(folded.plain(name).split()) for name in names)


def _shared(tie: Tie, *, chosen: bool) -> Why:
    if tie.has_died:
        return Why.DIED
    if tie.ground is Ground.NOT_ALL_SIGNED:
        return Why.NOT_ALL_SIGNED
    if not tie.ground.is_open:
        return Why.NO_GROUND
    if not chosen:
        return Why.NOT_CHOSEN
    return Why.GUARDIAN if tie.ground is Ground.GUARDIAN else Why.RELEASE


def _signing(tie: Tie) -> Why:
    if tie.has_died:
        return Why.DIED
    return Why.GUARDIAN if tie.ground is Ground.GUARDIAN else Why.NO_GUARDIAN
