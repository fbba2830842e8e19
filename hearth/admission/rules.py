"""What findings on six dimensions add up to. A suggestion with reasons: a clinician decides and signs.

The dimensions are those of ASAM's fourth edition (names only). The criteria themselves are licensed and are not
here: these are Hearth's own plain rules on the clinician's own 0 to 4 ratings, shown as such on the screen.
"""

from dataclasses import dataclass
from enum import StrEnum


class Dimension(StrEnum):
    """The six dimensions, as numbered in ASAM's fourth edition."""

    WITHDRAWAL = "1"
    BIOMEDICAL = "2"
    PSYCHIATRIC = "3"
    USE_RISK = "4"
    ENVIRONMENT = "5"
    PERSON = "6"


class Edition(StrEnum):
    """The edition of the ASAM Criteria that lay at hand when the dimensions were rated."""

    THIRD = "ASAM-3"
    FOURTH = "ASAM-4"


THIRD_NUMBERS = {Dimension.PERSON: "4", Dimension.USE_RISK: "5", Dimension.ENVIRONMENT: "6"}
"""What the third edition numbers otherwise; its fourth dimension is the readiness to change."""


def number_in(edition: str, dimension: Dimension) -> str:
    """How this edition numbers what `dimension` is about."""
    return THIRD_NUMBERS.get(dimension, dimension.value) if edition == Edition.THIRD else dimension.value


class Level(StrEnum):
    """Levels of care a person may need."""

    OUTPATIENT = "1.0"
    IOP = "2.1"
    PARTIAL = "2.5"
    RESIDENTIAL = "3.5"
    WITHDRAWAL_MANAGEMENT = "3.7"
    HOSPITAL = "4"


NONE, MILD, MODERATE, SERIOUS, SEVERE = range(5)


@dataclass(frozen=True, slots=True)
class Finding:
    """A clinician's rating of one dimension, 0 (no risk) to 4 (severe), and a note in their own words."""

    rating: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a level is suggested: a code (worded in `wording.py`) and the dimension and rating behind it."""

    code: str
    dimension: Dimension | None = None
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The suggested level and its reasons, weightiest first. `level` is None while ratings are missing."""

    level: Level | None
    reasons: tuple[Reason, ...]

    @property
    def fits_iop(self) -> bool:
        return self.level == Level.IOP


Findings = dict[Dimension, Finding]


def judge(findings: Findings) -> Verdict:
    """What `findings` add up to. All six dimensions must be rated; otherwise the reasons name what is missing."""
    missing = [dimension for dimension in Dimension if dimension not in findings]
    if missing:
        return Verdict(None, tuple(Reason("not_rated", dimension) for dimension in missing))
    for rule in (_hospital, _withdrawal, _residential, _partial, _outpatient):
        verdict = rule(findings)
        if verdict:
            return verdict
    return Verdict(Level.IOP, (*_moderate(findings), Reason("iop_fits")))


def _at_least(findings: Findings, rating: int, *dimensions: Dimension) -> list[Dimension]:
    return [dimension for dimension in dimensions if findings[dimension].rating >= rating]


def _reasons(code: str, findings: Findings, dimensions: list[Dimension]) -> tuple[Reason, ...]:
    return tuple(Reason(code, dimension, findings[dimension].rating) for dimension in dimensions)


def _hospital(findings: Findings) -> Verdict | None:
    found = _at_least(findings, SEVERE, Dimension.WITHDRAWAL, Dimension.BIOMEDICAL, Dimension.PSYCHIATRIC)
    return Verdict(Level.HOSPITAL, _reasons("needs_hospital", findings, found)) if found else None


def _withdrawal(findings: Findings) -> Verdict | None:
    found = _at_least(findings, SERIOUS, Dimension.WITHDRAWAL, Dimension.BIOMEDICAL)
    if not found:
        return None
    return Verdict(Level.WITHDRAWAL_MANAGEMENT, _reasons("needs_medical_watch", findings, found))


def _residential(findings: Findings) -> Verdict | None:
    found = _at_least(findings, SERIOUS, Dimension.USE_RISK, Dimension.ENVIRONMENT)
    severe = _at_least(findings, SEVERE, Dimension.USE_RISK, Dimension.ENVIRONMENT)
    if len(found) == 2 or severe:
        return Verdict(Level.RESIDENTIAL, _reasons("home_does_not_hold", findings, found))
    return None


def _partial(findings: Findings) -> Verdict | None:
    found = _at_least(findings, SERIOUS, Dimension.PSYCHIATRIC)
    return Verdict(Level.PARTIAL, _reasons("needs_daily_care", findings, found)) if found else None


def _outpatient(findings: Findings) -> Verdict | None:
    needs = [dimension for dimension in Dimension if dimension is not Dimension.PERSON]
    if _at_least(findings, MODERATE, *needs):
        return None
    return Verdict(Level.OUTPATIENT, (Reason("weekly_is_enough"),))


def _moderate(findings: Findings) -> tuple[Reason, ...]:
    found = _at_least(findings, MODERATE, *Dimension)
    ranked = sorted(found, key=lambda dimension: -findings[dimension].rating)
    return _reasons("needs_structure", findings, ranked)
