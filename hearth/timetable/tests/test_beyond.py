"""Weeks beyond one site: greedy and the solver keep every rule of `hearth.board/2`; boards of the first format stay."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearth.timetable.board import (
    CAPTIONS,
    FORMAT_2,
    Board,
    Closed,
    Group,
    GroupNeed,
    Interpreter,
    Room,
    Solution,
    StaffPair,
    Travel,
)
from hearth.timetable.board_json import board_as_json, parse_board
from hearth.timetable.figures import figures, rank, wishes
from hearth.timetable.greedy import STYLES, greedy
from hearth.timetable.rules import violations
from hearth.timetable.solver import solve
from hearth.timetable.tables import Tables
from hearth.timetable.tests.boards import (
    EVENING,
    MORNING,
    board,
    dose,
    group,
    hours,
    individual,
    patient,
    solution,
    staff,
)
from hearth.timetable.tests.test_solver import program
from hearth.timetable.week import Week

NORTH, SOUTH = "north", "south"


def beyond(seed: int, people: int = 14) -> Board:
    """A small program with two sites, an interpreter, a captioner, pairs, equipment and people kept apart."""
    rng, plain = random.Random(f"beyond/{seed}"), program(seed, people)
    patients = tuple(
        replace(
            one,
            interpreting=rng.choice([None, None, None, "ase", CAPTIONS]),
            equipment=rng.choice([(), (), ("wheelchair",), ("hearing_loop",)]),
            best=rng.choice([(), hours(0, 1)]),
        )
        for one in plain.patients
    )
    week: Board = replace(
        plain,
        format=FORMAT_2,
        minimum=2,
        patients=patients,
        staff=tuple(replace(one, site=rng.choice([NORTH, SOUTH, ""])) for one in plain.staff),
        rooms=(
            Room("oak", 14, NORTH, ("wheelchair", "screen")),
            Room("elm", 7, SOUTH, ("wheelchair", "hearing_loop")),
            Room("fir", 9, SOUTH, ("screen",)),
        ),
        travel=(Travel(frozenset({NORTH, SOUTH}), 45),),
        closed=(Closed(SOUTH, 0),),
        interpreters=(
            Interpreter("ivy", ("ase",), ("in_person", "virtual"), hours(0, 1, 2)),
            Interpreter("cas", (CAPTIONS,), ("virtual",), hours(*range(5))),
        ),
        group_needs=(GroupNeed("skills", leaders=2), GroupNeed("group", "ocd", equipment=("screen",))),
        apart=frozenset({frozenset({"P0", "P1"}), frozenset({"P2", "P3"}), frozenset({"P4", "S0"})}),
        staff_pairs=(StaffPair("S1", "S2", "never"), StaffPair("S3", "S0", rng.choice(["must", "should"]))),
        together=(("P5", "P6"),),
    )
    return week


@pytest.mark.parametrize("seed", range(5))
def test_every_greedy_week_keeps_the_rules_beyond_one_site_also_when_it_repairs(seed):
    week, rng = beyond(seed), random.Random(seed)
    for style in STYLES:
        found = greedy(Tables.of(week), style, rng).solution()
        assert found.groups
        assert violations(week, found) == []
        changed = replace(
            week, current=found, absent=frozenset({"S1"}), interpreters=week.interpreters[1:], rooms=week.rooms[:2]
        )
        assert violations(changed, greedy(Tables.of(changed), style, rng, keep=found).solution()) == []


@pytest.mark.parametrize("seed", range(2))
def test_a_solved_week_keeps_the_rules_beyond_one_site_and_is_no_worse_than_greedy(seed):
    week = beyond(seed)
    found = solve(week, seconds=2, seed=seed, workers=1)
    assert violations(week, found) == []
    start = greedy(Tables.of(week), STYLES[0], random.Random(seed)).solution()
    assert rank(week, found) <= rank(week, start)


def test_an_interpreter_opens_a_group_to_everyone_who_needs_that_language():
    people = [patient(name, languages=("ase",), interpreting="ase") for name in ("ana", "ben", "cleo")]
    week = board(*people, patient("dov"), format=FORMAT_2, minimum=4)
    alone = solve(week, seconds=1, workers=1)
    helped = solve(replace(week, interpreters=(Interpreter("ivy", ("ase",), ("in_person",), hours(1)),)), seconds=1)
    assert alone.groups == ()
    assert [(one.day, one.interpreter, len(one.patients)) for one in helped.groups] == [(1, "ivy", 4)]


def test_two_who_are_kept_apart_get_a_group_each():
    week = board(*(patient(name) for name in ("ana", "ben", "cleo", "dov")), format=FORMAT_2, minimum=1)
    week = replace(week, apart=frozenset({frozenset({"ana", "ben"})}))
    found = solve(week, seconds=1, workers=1)
    assert rank(week, found)[0] == 0
    assert len(found.groups) == 2


def test_wishes_count_what_people_would_rather_not_have():
    people = [patient(name, dose=dose(group=1, individual=1)) for name in ("ana", "ben")]
    week = replace(
        board(replace(people[0], best=hours(1)), people[1], team=(staff(), staff("theo")), minimum=1),
        format=FORMAT_2,
        together=(("ana", "ben"),),
        staff_pairs=(StaffPair("dana", "theo", "should"),),
    )
    found = solution(group("ana"), group("ben", day=1, start=MORNING), individual("ana", start=EVENING))
    assert wishes(Week(week, found)) == {"outside_best": 1, "separated": 2, "split_pairs": 2, "load_spread": 23}
    assert rank(week, found)[3] == 1 + 2 + 2 + 2
    assert rank(replace(week, format="hearth.board/1"), found)[3] == 0


@st.composite
def mutilated(draw):
    """A board of the first format and a week of it, broken at random."""
    week = program(draw(st.integers(0, 3)), 8)
    start = greedy(Tables.of(week), STYLES[0], random.Random(0)).solution()
    groups = list(start.groups)
    for index in draw(st.sets(st.integers(0, len(groups) - 1), max_size=3)):
        groups[index] = draw(changes(groups[index]))
    return week, Solution(tuple(groups), start.individual[: draw(st.integers(0, 3))])


@st.composite
def changes(draw, one: Group):
    change = draw(
        st.sampled_from(
            [
                {"day": 6},
                {"start": one.start + 30},
                {"staff": "S0"},
                {"co_staff": "S1"},
                {"interpreter": "nobody"},
                {"room": "elm"},
                {"patients": (*one.patients, "P7")},
            ]
        )
    )
    return replace(one, **change)


@settings(max_examples=40, deadline=None)
@given(mutilated())
def test_a_board_of_the_first_format_is_judged_as_it_always_was(case):
    week, found = case
    plain = Solution(tuple(replace(one, co_staff=None, interpreter=None) for one in found.groups), found.individual)
    assert parse_board(board_as_json(week)) == week
    assert [one.rule for one in violations(week, found)] == [one.rule for one in violations(week, plain)]
    assert figures(week, found) == figures(week, plain)
    second = replace(week, format=FORMAT_2)
    assert violations(second, plain) == violations(week, plain)
    assert figures(second, plain).items() >= figures(week, plain).items()
