"""The words for what the rules say: dimensions, ratings, levels and reasons."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from hearth.admission.rules import Dimension, Finding, Findings, Level, Reason, number_in
from hearth.admission.score_rules import Difference

DIMENSIONS = {
    Dimension.WITHDRAWAL: (
        _("Intoxication, withdrawal and addiction medications"),
        _("Is anyone needed to watch over withdrawal? Are medications for addiction started or missing?"),
    ),
    Dimension.BIOMEDICAL: (
        _("Physical health"),
        _("Illness, pregnancy, pain or medication that needs care during the program."),
    ),
    Dimension.PSYCHIATRIC: (
        _("Mental health and thinking"),
        _("Mood, anxiety, trauma, thoughts of suicide, being able to follow a group."),
    ),
    Dimension.USE_RISK: (
        _("Risks from substance use"),
        _("How likely is use, and how dangerous would it be?"),
    ),
    Dimension.ENVIRONMENT: (
        _("Home and surroundings"),
        _("Is it safe? Who supports? Work, school, law, money, housing, internet."),
    ),
    Dimension.PERSON: (
        _("What the person wants"),
        _("Their hopes and preferences, and what could stand in the way of coming."),
    ),
}

RATINGS = [(0, _("None")), (1, _("Mild")), (2, _("Moderate")), (3, _("Serious")), (4, _("Severe"))]

LEVELS = {
    Level.OUTPATIENT: _("Weekly therapy (1.0)"),
    Level.IOP: _("Intensive outpatient (2.1)"),
    Level.PARTIAL: _("Day program, 20 hours or more a week (2.5)"),
    Level.RESIDENTIAL: _("Residential care (3.5)"),
    Level.WITHDRAWAL_MANAGEMENT: _("Medically managed residential care (3.7)"),
    Level.HOSPITAL: _("Hospital (4)"),
}

REASONS = {
    "not_rated": _("“%(dimension)s” is not rated yet."),
    "needs_hospital": _("“%(dimension)s” is rated %(rating)s: this needs a hospital today."),
    "needs_medical_watch": _("“%(dimension)s” is rated %(rating)s: this needs medical care around the clock first."),
    "home_does_not_hold": _("“%(dimension)s” is rated %(rating)s: evenings at home may not hold for now."),
    "needs_daily_care": _(
        "“%(dimension)s” is rated %(rating)s: every-day care comes before an intensive outpatient program."
    ),
    "weekly_is_enough": _("No dimension is rated moderate or above: weekly therapy may be enough."),
    "needs_structure": _("“%(dimension)s” is rated %(rating)s: more structure than weekly therapy is needed."),
    "iop_fits": _("Nothing rated asks for a hospital, withdrawal management or residential care."),
}


def sentence(reason: Reason) -> str:
    """The reason in words, in the reader's language."""
    words: dict[str, Any] = {"dimension": "", "rating": ""}
    if reason.dimension:
        words["dimension"] = DIMENSIONS[reason.dimension][0]
    if reason.rating is not None:
        words["rating"] = str(dict(RATINGS)[reason.rating]).lower()
    return str(REASONS[reason.code]) % words


THIRD = {
    Dimension.USE_RISK: _("Third edition: dimension 5."),
    Dimension.ENVIRONMENT: _("Third edition: dimension 6."),
    Dimension.PERSON: _("Third edition: dimension 4, how ready they are to change."),
}
"""Where the third edition numbers otherwise (`rules.THIRD_NUMBERS`)."""


def hint(dimension: Dimension) -> str:
    """What to think of, and where the third edition numbers it otherwise."""
    return f"{DIMENSIONS[dimension][1]} {THIRD.get(dimension, '')}".strip()


def rated(findings: Findings, edition: str) -> list[tuple[str, str, str, str]]:
    """Number, name, rating and note of each dimension, in the order and by the numbers of the edition at hand."""

    def line(dimension: Dimension, found: Finding) -> tuple[str, str, str, str]:
        name = str(DIMENSIONS[dimension][0])
        return number_in(edition, dimension), name, str(dict(RATINGS)[found.rating]), found.note

    return sorted(line(dimension, found) for dimension, found in findings.items())


DIFFERENCES = {
    "composite": _("The composite score of %(number)s usually goes with: %(level)s."),
    "level": _("The entered level %(number)s goes with: %(level)s."),
}


def difference(found: Difference) -> str:
    """Where a score goes elsewhere than Hearth's suggestion, in the reader's language."""
    return str(DIFFERENCES[found.code]) % {"number": found.number, "level": LEVELS[found.goes_with]}


REFUSALS = {
    "died": _("The death of this person is recorded."),
    "already_signed": _("This decision is signed already."),
    "rationale_missing": _("Say why you decide otherwise than suggested."),
    "not_assessed": _("A clinician has not signed the level of care yet."),
    "other_level": _("The signed level of care is another one than intensive outpatient."),
    "consents_missing": _("Not all consents are signed yet."),
    "in_an_episode": _("This person is in a program already."),
    "other_population": _("This program is for another age group."),
    "program_closed": _("This program takes nobody at the moment."),
    "program_full": _("This program is full."),
}


def refusal(code: str) -> str:
    """Why an admission or decision was refused, in the reader's language."""
    return str(REFUSALS[code])
