"""The formats a note may be laid out in, as data, and the laying out. Pure.

A format is a row of headings. Each heading says which parts of a note's body stand under it, so that a note put
together from what is known (a group note's line) and one written heading by heading are laid out the same way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Heading(StrEnum):
    """A heading of a note."""

    DATA = "data"
    SUBJECTIVE = "subjective"
    OBJECTIVE = "objective"
    BEHAVIOR = "behavior"
    GOAL = "goal"
    INTERVENTION = "intervention"
    RESPONSE = "response"
    ASSESSMENT = "assessment"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Section:
    """One heading, and the parts of a body that stand under it, in order."""

    heading: Heading
    parts: tuple[str, ...]


FORMATS: Mapping[str, tuple[Section, ...]] = {
    "dap": (
        Section(
            Heading.DATA,
            ("topic", "interventions", "said_for_all", "beside", "process", "response", "took_part", "mood"),
        ),
        Section(Heading.ASSESSMENT, ("goal", "progress", "risk")),
        Section(Heading.PLAN, ("plan",)),
    ),
    "soap": (
        Section(Heading.SUBJECTIVE, ("response", "mood")),
        Section(Heading.OBJECTIVE, ("topic", "interventions", "said_for_all", "beside", "process", "took_part")),
        Section(Heading.ASSESSMENT, ("goal", "progress", "risk")),
        Section(Heading.PLAN, ("plan",)),
    ),
    "birp": (
        Section(Heading.BEHAVIOR, ("topic", "mood", "took_part", "risk")),
        Section(Heading.INTERVENTION, ("interventions", "said_for_all", "beside", "process")),
        Section(Heading.RESPONSE, ("response", "goal", "progress")),
        Section(Heading.PLAN, ("plan",)),
    ),
    "girp": (
        Section(Heading.GOAL, ("goal", "progress")),
        Section(Heading.INTERVENTION, ("topic", "interventions", "said_for_all", "beside", "process")),
        Section(Heading.RESPONSE, ("response", "took_part", "mood", "risk")),
        Section(Heading.PLAN, ("plan",)),
    ),
}
"""Data Assessment Plan; Subjective Objective Assessment Plan; Behavior (or Goal) Intervention Response Plan."""

PARTS = frozenset(part for section in FORMATS["dap"] for part in section.parts)
"""Every part that a format places; each format places each of them once."""


def headings(name: str) -> tuple[Heading, ...]:
    """The headings of this format, in order."""
    return tuple(section.heading for section in FORMATS[name])


def layout(name: str, known: Iterable[str]) -> list[Section]:
    """The format's headings with those of its parts that are `known`; a heading without any is left out."""
    there = set(known)
    laid = [Section(each.heading, tuple(part for part in each.parts if part in there)) for each in FORMATS[name]]
    return [section for section in laid if section.parts]
