"""Which stays are complete."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.aftercare.ending_rules import Standing, against_ending
from hearth.aftercare.rules import KINDS, Stay, judge, may_complete, propose
from hearth.program import pack

CRITERIA = pack.get("adult-evening").completion
TODAY = date(2026, 11, 24)
DONE = Stay(
    today=TODAY,
    ends_on=TODAY,
    prescribed_sessions=60,
    attended_sessions=54,
    goals=2,
    goals_reviewed_on=date(2026, 11, 20),
    measure_change={"phq-9": (17, 6, True)},
    next_provider="Dr. Ortiz",
    follow_up_on=date(2026, 11, 30),
    safety_plan_looked_on=date(2026, 11, 20),
)


def test_a_stay_that_meets_everything_may_complete():
    assert all(one.met for one in judge(CRITERIA, DONE))
    assert may_complete(judge(CRITERIA, DONE))


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"attended_sessions": 47}, "showing-up"),
        ({"prescribed_sessions": 0, "attended_sessions": 0}, "showing-up"),
        ({"goals": 0}, "goals"),
        ({"goals_reviewed_on": date(2026, 9, 1)}, "goals"),
        ({"next_provider": ""}, "what-comes-next"),
        ({"follow_up_on": None}, "what-comes-next"),
        ({"follow_up_on": date(2026, 12, 24)}, "what-comes-next"),
    ],
)
def test_a_required_point_that_is_missing_keeps_the_stay_open(change, missing):
    verdict = judge(CRITERIA, replace(DONE, **change))
    assert [one.id for one in verdict if not one.met] == [missing]
    assert not may_complete(verdict)


def test_a_measure_that_did_not_move_is_said_and_does_not_hold_anyone_back():
    verdict = judge(CRITERIA, replace(DONE, measure_change={"phq-9": (17, 15, False)}))
    assert [(one.id, one.figures) for one in verdict if not one.met] == [("mood", "17 → 15")]
    assert may_complete(verdict)


def test_every_kind_that_a_pack_uses_is_known():
    assert {one.kind for described in pack.all_packs() for one in described.completion} <= set(KINDS)


@given(st.integers(0, 80), st.integers(0, 80))
def test_coming_once_more_never_makes_a_stay_less_complete(prescribed, attended):
    before = judge(CRITERIA, replace(DONE, prescribed_sessions=prescribed, attended_sessions=attended))
    after = judge(CRITERIA, replace(DONE, prescribed_sessions=prescribed, attended_sessions=attended + 1))
    assert may_complete(after) >= may_complete(before)


@pytest.mark.parametrize(
    ("change", "proposal"),
    [
        ({}, "complete"),
        ({"attended_sessions": 40}, "extend"),
        ({"open_concerns": 1}, "safety_first"),
        ({"ends_on": date(2027, 1, 30)}, "step_down"),
        ({"ends_on": date(2027, 1, 30), "goals": 0}, "go_on"),
    ],
)
def test_the_evidence_speaks_for_one_thing(change, proposal):
    stay = replace(DONE, **change)
    assert propose(judge(CRITERIA, stay), stay, may_step_down=True) == proposal


def test_what_nobody_knows_is_never_a_yes():
    stay = replace(DONE, goals=0, measure_change={}, safety_plan_looked_on=None)
    states = {one.id: one.state for one in judge(CRITERIA, stay)}
    assert [states[one] for one in ("goals", "mood", "safety")] == ["unknown"] * 3
    assert not may_complete(judge(CRITERIA, stay))


AGREED = Standing(
    grounds=frozenset({"privacy"}),
    agrees=True,
    reviewed_at=datetime(2026, 11, 1, tzinfo=UTC),
    appealed=False,
    upheld=None,
    answered_at=None,
)
ANSWERED = replace(AGREED, appealed=True, upheld=False, answered_at=datetime(2026, 11, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("standing", "days", "why_not"),
    [
        (AGREED, 6, "appeal_days"),
        (AGREED, 7, ""),
        (AGREED, 29, ""),
        (AGREED, 30, "review_lapsed"),
        (replace(AGREED, grounds=frozenset({"weapon"})), 30, "review_lapsed"),
        (replace(AGREED, appealed=True), 30, "appeal_open"),
        (ANSWERED, 33, ""),
        (ANSWERED, 34, "review_lapsed"),
        (replace(ANSWERED, upheld=True), 34, "appeal_upheld"),
    ],
)
def test_an_end_that_was_agreed_is_signed_after_the_days_of_appeal_and_within_a_month(standing, days, why_not):
    assert against_ending(standing, at=datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=days)) == why_not
