"""A safety plan's seven sections: which are empty, what changed, and whether somebody must look at it. Plain data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from hearth.accounts.rules import dialled

MOST_PEOPLE = {"helpers": 4, "professionals": 3}
"""How many people a section has room for: as many as somebody reads at the worst moment."""


class Section(StrEnum):
    """What a plan holds, in the order in which it is gone through."""

    SIGNS = "signs"
    COPING = "coping"
    PLACES = "places"
    HELPERS = "helpers"
    PROFESSIONALS = "professionals"
    MEANS = "means"
    REASONS = "reasons"


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody to turn to. `tel` is what a phone dials; empty: they are close by, or are called some other way."""

    name: str
    phone: str = ""

    @property
    def tel(self) -> str:
        return dialled(self.phone)


@dataclass(frozen=True, slots=True)
class Sections:
    """What one version says. `means` is what was agreed about things that could do harm, `means_with` with whom."""

    signs: str = ""
    coping: str = ""
    places: str = ""
    helpers: tuple[Helper, ...] = ()
    professionals: tuple[Helper, ...] = ()
    means: str = ""
    means_with: str = ""
    reasons: str = ""

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """From the JSON of a stored version."""
        people = {name: tuple(Helper(**each) for each in body.get(name, ())) for name in MOST_PEOPLE}
        texts = {each.name: str(body.get(each.name, "")) for each in fields(cls) if each.name not in people}
        return cls(**texts, **people)  # type: ignore[arg-type]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def part(self, section: Section) -> tuple[Any, ...]:
        """Everything that belongs to one section."""
        return (self.means, self.means_with) if section == Section.MEANS else (getattr(self, section),)


def empty_sections(sections: Sections) -> tuple[Section, ...]:
    """Those in which nothing stands yet, in order."""
    return tuple(each for each in Section if not any(sections.part(each)))


def changed_sections(before: Sections, after: Sections) -> tuple[Section, ...]:
    """Those in which one version differs from another, in order."""
    return tuple(each for each in Section if before.part(each) != after.part(each))


class Review(StrEnum):
    """Whether a clinician must look at somebody's plan with them, the most pressing first."""

    NO_PLAN = "no_plan"  # there was a concern, and there is none
    SINCE_CONCERN = "since_concern"  # nobody has looked at it since the concern
    CHANGED = "changed"  # it says something that no clinician has looked at
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Looks:
    """When the newest version was saved, a plan was last looked at with a clinician, and a concern was raised."""

    saved_at: datetime | None = None
    looked_at: datetime | None = None
    concern_at: datetime | None = None


def review(looks: Looks) -> Review:
    """What is to be done. A look counts for every concern raised before it, and for every version saved before it."""
    if looks.saved_at is None:
        return Review.NO_PLAN if looks.concern_at is not None else Review.NOTHING
    if looks.concern_at is not None and (looks.looked_at is None or looks.looked_at < looks.concern_at):
        return Review.SINCE_CONCERN
    if looks.looked_at is None or looks.looked_at < looks.saved_at:
        return Review.CHANGED
    return Review.NOTHING
