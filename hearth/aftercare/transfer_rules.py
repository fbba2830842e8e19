"""Which parts of a transfer packet a consent lets out. Plain words in, parts out."""

from collections.abc import Collection, Mapping
from enum import StrEnum

SEPARATOR = "; "


class Part(StrEnum):
    """What can go to the next provider beside who somebody is, each with or without the others."""

    STAY = "stay"
    CONDITIONS = "conditions"
    MEDICATIONS = "medications"
    ALLERGIES = "allergies"
    MEASURES = "measures"
    PLAN = "plan"
    NEXT = "next"
    COVERAGE = "coverage"


def sentence(parts: Collection[Part], *, who: str, names: Mapping[Part, str]) -> str:
    """What a release says may be told: who somebody is, and these parts, in their order."""
    return SEPARATOR.join((who, *(names[part] for part in Part if part in parts)))


def parts_said(information: str, *, who: str, names: Mapping[Part, str]) -> frozenset[Part]:
    """The parts that a release names in just these words; none where it says anything else: unsure is no."""
    first, *rest = information.split(SEPARATOR)
    by_name = {name: part for part, name in names.items()}
    if first != who or not all(name in by_name for name in rest):
        return frozenset()
    return frozenset(by_name[name] for name in rest)
