"""What findings add up to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.admission.rules import Dimension, Finding, Level, judge
from hearth.admission.wording import sentence

ORDER = [Level.OUTPATIENT, Level.IOP, Level.PARTIAL, Level.RESIDENTIAL, Level.WITHDRAWAL_MANAGEMENT, Level.HOSPITAL]


def found(*ratings):
    return {dimension: Finding(rating) for dimension, rating in zip(Dimension, ratings, strict=True)}


@pytest.mark.parametrize(
    ("ratings", "level", "code"),
    [
        ((0, 0, 1, 1, 1, 0), Level.OUTPATIENT, "weekly_is_enough"),
        ((0, 0, 1, 1, 1, 4), Level.OUTPATIENT, "weekly_is_enough"),  # what the person wants raises no level
        ((0, 0, 2, 1, 1, 0), Level.IOP, "needs_structure"),
        ((1, 1, 2, 3, 2, 1), Level.IOP, "needs_structure"),
        ((1, 1, 2, 2, 3, 1), Level.IOP, "needs_structure"),
        ((0, 0, 3, 1, 1, 0), Level.PARTIAL, "needs_daily_care"),
        ((0, 0, 2, 3, 3, 0), Level.RESIDENTIAL, "home_does_not_hold"),
        ((0, 0, 2, 4, 1, 0), Level.RESIDENTIAL, "home_does_not_hold"),
        ((0, 0, 2, 1, 4, 0), Level.RESIDENTIAL, "home_does_not_hold"),
        ((3, 0, 2, 2, 2, 0), Level.WITHDRAWAL_MANAGEMENT, "needs_medical_watch"),
        ((0, 3, 2, 2, 2, 0), Level.WITHDRAWAL_MANAGEMENT, "needs_medical_watch"),
        ((4, 0, 0, 0, 0, 0), Level.HOSPITAL, "needs_hospital"),
        ((0, 0, 4, 0, 0, 0), Level.HOSPITAL, "needs_hospital"),
    ],
)
def test_findings_add_up_to_a_level_with_its_reason(ratings, level, code):
    verdict = judge(found(*ratings))
    assert verdict.level == level
    assert verdict.reasons[0].code == code


def test_a_missing_rating_gives_no_level_and_says_which():
    findings = found(1, 1, 1, 1, 1, 1)
    del findings[Dimension.ENVIRONMENT]
    verdict = judge(findings)
    assert verdict.level is None
    assert [reason.dimension for reason in verdict.reasons] == [Dimension.ENVIRONMENT]


ratings = st.tuples(*[st.integers(0, 4)] * 6)


@given(ratings, st.integers(0, 4))
def test_a_worse_rating_never_gives_less_care(given_ratings, at):
    worse = tuple(min(4, rating + (index == at)) for index, rating in enumerate(given_ratings))
    before, after = judge(found(*given_ratings)).level, judge(found(*worse)).level
    assert before
    assert after
    assert ORDER.index(after) >= ORDER.index(before)


@given(ratings)
def test_every_verdict_has_reasons_that_can_be_said(given_ratings):
    verdict = judge(found(*given_ratings))
    assert verdict.reasons
    assert all("%(" not in sentence(reason) for reason in verdict.reasons)
