"""Which doses and lengths fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.plan.rules import LEAST, MOST, dose_in_week, minutes_a_week, problems, steps_down
from hearth.program import pack

LENGTH = pack.get("adult-evening").length


def dose(group=3, minutes=150, skills=1, individual=1, family=0, days=3):
    return {
        "group": {"count": group, "minutes": minutes, "per_day": 1},
        "skills": {"count": skills, "minutes": 90},
        "individual": {"count": individual, "minutes": 60},
        "family": {"count": family, "minutes": 60},
        "days": days,
    }


@pytest.mark.parametrize(
    ("changed", "weeks", "why", "codes"),
    [
        (dose(), 14, "Agreed in review.", ()),
        (dose(group=2), 14, "x", ("below_level",)),
        (dose(group=5, minutes=240, days=5), 14, "x", ("above_level",)),
        (dose(group=4), 14, "x", ("more_groups_than_days",)),
        (dose(), 11, "x", ("too_short",)),
        (dose(), 17, "x", ("too_long",)),
        (dose(), 14, "  ", ("why_missing",)),
    ],
)
def test_a_plan_that_does_not_fit_is_told_why(changed, weeks, why, codes):
    assert problems(changed, weeks, population="adult", length=LENGTH, why=why) == codes


def test_six_hours_are_enough_for_adolescents_and_not_for_adults():
    six_hours = dose(group=2, minutes=120, skills=1, individual=1)  # 240 + 90 + 60 = 390
    assert problems(six_hours, 14, population="adolescent", length=LENGTH, why="x") == ()
    assert problems(six_hours, 14, population="adult", length=LENGTH, why="x") == ("below_level",)


@given(st.integers(0, 7), st.integers(30, 240), st.integers(0, 3), st.integers(0, 3), st.sampled_from(list(LEAST)))
def test_whatever_passes_is_inside_the_level(group, minutes, skills, individual, population):
    one = dose(group, minutes, skills, individual, days=5)
    if not problems(one, 14, population=population, length=LENGTH, why="x"):
        assert LEAST[population] <= minutes_a_week(one) <= MOST[population]


def test_every_pack_prescribes_a_dose_that_fits():
    for described in pack.all_packs():
        found = problems(
            described.dose.as_board(),
            described.length.default,
            population=described.population,
            length=described.length,
            why="the pack",
        )
        assert found == ()


EVENING = pack.get("adult-evening")
PHASES = [(span.first_week, span.phase.id, span.phase.dose.as_board()) for span in EVENING.spans(14)]
USUAL = EVENING.dose.as_board()


def test_a_dose_as_the_program_prescribes_falls_with_its_phases():
    steps = steps_down(USUAL, USUAL, PHASES, week=0)
    assert [(step["from_week"], step["phase"]) for step in steps] == [(12, "carry-on")]
    assert [minutes_a_week(dose_in_week(USUAL, steps, week)) for week in (1, 11, 12, 14)] == [600, 600, 540, 540]


def test_what_was_set_for_one_person_stays_while_the_rest_falls():
    theirs = {**USUAL, "individual": {"count": 2, "minutes": 60}}
    (step,) = steps_down(theirs, USUAL, PHASES, week=5)
    assert step["dose"]["individual"] == {"count": 2, "minutes": 60}
    assert step["dose"]["group"]["count"] == 2


def test_a_dose_set_in_the_last_phase_falls_no_further():
    assert steps_down(USUAL, USUAL, PHASES, week=12) == []


@given(st.integers(0, 5), st.integers(0, 3), st.integers(0, 16))
def test_a_step_never_gives_more_of_a_part_than_was_set_or_the_phase_gives(group, skills, week):
    theirs = dose(group=group, skills=skills)
    for step in steps_down(theirs, USUAL, PHASES, week=week):
        assert step["from_week"] > week
        for part in ("group", "skills", "individual", "family"):
            assert step["dose"][part] in (theirs[part], PHASES[-1][2][part])
