"""A LOCUS or CALOCUS-CASII score beside Hearth's own suggestion: numbers only, worked out elsewhere. Pure.

LOCUS belongs to the American Association for Community Psychiatry, CALOCUS-CASII to it and the American Academy of
Child and Adolescent Psychiatry; an electronic version needs their license (last known with Deerfield). None of their
text is here, dimensions are numbers, and the level is the one that was entered, never worked out by Hearth.
"""

from dataclasses import dataclass
from enum import StrEnum

from hearth.admission.rules import Level

RATED = ("I", "II", "III", "IVA", "IVB", "V", "VI")
"""What is rated, 1 to 5 each: six dimensions, the fourth in two parts."""

LEAST, MOST = 1, 5
LEVELS_ENTERED = range(7)

BANDS = ((16, Level.OUTPATIENT), (19, Level.IOP), (22, Level.PARTIAL), (27, Level.RESIDENTIAL))
"""The highest composite that usually goes with each (its levels 2 and below, 3, 4 and 5); above, level 6."""

ADULT = 18
"""LOCUS from this age in years, CALOCUS-CASII below it (ages 6 to 18)."""


class Instrument(StrEnum):
    LOCUS = "locus"
    CALOCUS_CASII = "calocus"


@dataclass(frozen=True, slots=True)
class Score:
    """Seven ratings in the order of RATED, and the level of care 0 to 6 that the instrument gave who worked it out."""

    ratings: tuple[int, ...]
    level: int

    @property
    def composite(self) -> int:
        """The sum of the ratings, 7 to 35."""
        return sum(self.ratings)


@dataclass(frozen=True, slots=True)
class Difference:
    """What goes elsewhere than the suggestion: the composite or the entered level, its number, and where it goes."""

    code: str
    number: int
    goes_with: Level


def instrument_at(age: int) -> Instrument:
    return Instrument.LOCUS if age >= ADULT else Instrument.CALOCUS_CASII


def differences(score: Score, suggested: Level) -> tuple[Difference, ...]:
    """Where the score asks for more or less than `suggested`, to be looked at before signing. It decides nothing."""
    found = (
        Difference("composite", score.composite, _of_composite(score.composite)),
        Difference("level", score.level, _of_level(score.level)),
    )
    return tuple(one for one in found if _rung(one.goes_with) != _rung(suggested))


def _of_composite(composite: int) -> Level:
    """Where the sum alone usually goes; the instrument has rules beside the sum, so this is a hint to look again."""
    return next((level for most, level in BANDS if composite <= most), Level.HOSPITAL)


def _of_level(level: int) -> Level:
    if level < 3:
        return Level.OUTPATIENT
    return {3: Level.IOP, 4: Level.PARTIAL, 5: Level.RESIDENTIAL}.get(level, Level.HOSPITAL)


def _rung(level: Level) -> int:
    """How much care, coarsely: both kinds of residential care are one rung, which a score does not tell apart."""
    return {Level.OUTPATIENT: 0, Level.IOP: 1, Level.PARTIAL: 2, Level.HOSPITAL: 4}.get(level, 3)
