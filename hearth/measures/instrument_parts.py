"""The parts of an instrument, as plain values: items, bands, cut-offs, alerts, change, and the questions as read."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"

Severity = Literal["watch", "urgent", "emergency"]
LicenceStatus = Literal["free", "non-commercial", "permission", "ours"]


@dataclass(frozen=True, slots=True)
class Licence:
    """Whose words these are and what we may do with them. `attribution` is shown below the questions."""

    status: LicenceStatus
    holder: str
    attribution: str
    source: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class Item:
    """One question as scoring sees it. `values` are the points an answer may have, lowest first."""

    link_id: str
    code: str  # LOINC, or "" where none exists
    values: tuple[int, ...]
    scored: bool = True
    reverse: bool = False
    required: bool = True
    omittable: bool = False  # scored where it applies; left out, it adds nothing and the total stands
    numeric: bool = False  # a number that is typed, such as days, rather than a choice
    asked_if_any: tuple[str, ...] = ()  # asked only if one of these was answered above zero

    def points(self, value: int) -> int:
        """What this answer adds: the answer itself, or its mirror on the scale for a reverse item."""
        return self.values[0] + self.values[-1] - value if self.reverse else value


@dataclass(frozen=True, slots=True)
class Band:
    """A named range of totals. It begins at `least` and reaches to the next band."""

    name: str
    least: int


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An answer within `least` and `most` (both inside) on `item` asks for a person's attention."""

    item: str
    severity: Severity
    reason: str
    least: int = 0
    most: int = 1000

    def rings_at(self, value: int) -> bool:
        """Whether this answer asks for attention."""
        return self.least <= value <= self.most


@dataclass(frozen=True, slots=True)
class Silence:
    """A question of a screen left without an answer, which counts as a yes, asks for a person's attention."""

    severity: Severity
    reason: str


@dataclass(frozen=True, slots=True)
class TotalAlert:
    """A total on this side of a limit (itself inside) asks for a person's attention."""

    when: Literal["at_least", "at_most"]
    total: int
    severity: Severity
    reason: str

    def rings_at(self, total: int) -> bool:
        """Whether this total asks for attention."""
        return total >= self.total if self.when == "at_least" else total <= self.total


@dataclass(frozen=True, slots=True)
class SubscaleAlert:
    """A subscale of at least `least` asks for a person's attention."""

    subscale: str
    least: int
    severity: Severity
    reason: str


@dataclass(frozen=True, slots=True)
class Subscale:
    """A named sum of some items."""

    name: str
    items: tuple[str, ...]
    least: int | None = None  # a cut-off, where one is published: noteworthy from here on
    most: int | None = None  # or noteworthy up to here


@dataclass(frozen=True, slots=True)
class Need:
    """What a positive screen needs beside its total: this item at `least`; else `reason` says why it is not one."""

    item: str
    least: int
    reason: str


@dataclass(frozen=True, slots=True)
class ItemBand:
    """A band that follows from single answers: any of `items` (link id, least value)."""

    name: str
    items: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """At least `count` of `items` answered with `least` or more."""

    items: tuple[str, ...]
    count: int
    least: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of answers that a paper names, met if every cluster is; `reason` says what it suggests."""

    clusters: tuple[Cluster, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Cut:
    """The least total that counts as a positive screen; by sex where the paper says so."""

    least: int
    sex: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeCriteria:
    """What counts as change. `reliable` is in points; `response` a share of the first total (0 to 1)."""

    reliable: int
    response: float | None
    remission_below: int | None
    paper: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One choice a person can make."""

    value: int
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question as a person reads it."""

    link_id: str
    text: str
    answers: tuple[Answer, ...]  # none for a number that is typed
    required: bool


@dataclass(frozen=True, slots=True)
class Form:
    """The whole questionnaire in one language."""

    language: str
    title: str
    instruction: str
    questions: tuple[Question, ...]
