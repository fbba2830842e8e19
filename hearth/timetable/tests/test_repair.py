"""A week that stands is changed as little as can be: nobody moves for a newcomer, few do for those who are away."""

import random
from dataclasses import replace

import pytest

from hearth.timetable import solver
from hearth.timetable.board import Group, Room
from hearth.timetable.figures import disturbance, figures
from hearth.timetable.greedy import STYLES, greedy
from hearth.timetable.rules import violations
from hearth.timetable.solver import solve
from hearth.timetable.solver.budget import Clock
from hearth.timetable.tables import Tables
from hearth.timetable.tests.boards import board, dose, group, hours, individual, patient, solution, staff
from hearth.timetable.tests.test_solver import program


@pytest.fixture(scope="module")
def settled():
    """A small program with the week worked out for it."""
    week = program(5, people=24)
    return replace(week, current=solve(week, work=0.2, seed=1, workers=1))


def repaired(week):
    found = solve(week, work=0.2, seed=1, workers=1)
    assert violations(week, found) == []
    return found, figures(week, found)


def test_a_week_that_still_stands_stays(settled):
    _, after = repaired(settled)

    assert after["moved"] == 0
    assert after["unmet_minutes"] <= figures(settled, settled.current)["unmet_minutes"]


def test_nobody_is_moved_for_a_newcomer_who_fits_in_beside_them(settled):
    joined = replace(settled, patients=(*settled.patients, replace(settled.patients[0], id="new")))

    found, after = repaired(joined)

    assert after["moved"] == 0
    assert any("new" in each.patients for each in found.groups)


def test_a_newcomer_can_make_one_seat_move_where_there_is_no_other_way():
    # cleo is free when ana sits with dana; ana could come later as well.
    nine, ten = hours(0, start=540, end=600), hours(0, start=600, end=660)
    week = board(
        patient("ana", available=(*nine, *ten), dose=dose(individual=1)),
        patient("cleo", available=nine, dose=dose(individual=1)),
        current=solution(individual("ana", day=0, start=540)),
    )

    found, after = repaired(week)

    assert (after["unmet_minutes"], after["moved"]) == (0, 1)
    assert {(one.patient, one.start) for one in found.individual} == {("ana", 600), ("cleo", 540)}


def test_a_small_week_is_given_up_when_nothing_is_found_any_more(settled):
    # With no end to its patience this much work would take hours.
    two = board(
        patient("ana", available=hours(0, start=540, end=600), dose=dose(individual=1)),
        patient("cleo", available=hours(0, start=540, end=600), dose=dose(individual=1)),
        current=solution(individual("ana", day=0, start=540)),
    )

    found = solve(two, work=5000.0, seed=1, workers=1)

    assert figures(two, found)["unmet_minutes"] == 60


def test_whoever_leaves_takes_nobody_else_along(settled):
    left = replace(settled, patients=settled.patients[1:])

    _, after = repaired(left)

    theirs = sum(seat[0] == settled.patients[0].id for seat in _seats(settled.current))
    others = sum(len(each.patients) - 1 for each in settled.current.groups if settled.patients[0].id in each.patients)
    assert theirs <= after["moved"] <= theirs + others


def test_a_group_that_someone_leaves_lives_on_with_someone_new():
    week = board(
        patient("ben"),
        patient("cleo"),
        current=solution(group("ana", "ben")),
    )

    found, after = repaired(week)

    assert [set(each.patients) for each in found.groups] == [{"ben", "cleo"}]
    assert (found.groups[0].day, found.groups[0].start, after["unmet_minutes"]) == (0, 540, 0)


def test_for_staff_who_are_away_few_seats_of_others_move(settled):
    busiest = max(settled.staff, key=lambda one: sum(each.staff == one.id for each in settled.current.groups))
    hurt = replace(settled, absent=frozenset({busiest.id}))

    _, after = repaired(hurt)

    assert disturbance(hurt, settled.current)["hit"] == after["hit"] > 0
    assert after["moved"] <= 0.2 * after["hit"]


def test_a_closed_room_moves_its_groups_to_another_room_at_the_same_time():
    week = board(patient("ana"), patient("ben"), rooms=(Room("elm", 14),), current=solution(group("ana", "ben")))

    found, after = repaired(week)

    assert [each.room for each in found.groups] == ["elm"]
    assert after["moved"] == 0


def test_where_most_is_new_the_whole_time_is_taken_and_what_stands_stays(settled):
    first = settled.current.groups[0]
    week = replace(settled, current=solution(first))

    found, after = repaired(week)

    assert after["moved"] == 0
    assert {(who, first.day, first.start) for who in first.patients} <= {
        (who, each.day, each.start) for each in found.groups for who in each.patients
    }
    starts = [greedy(Tables.of(week), style, random.Random(1), keep=week.current) for style in STYLES[:3]]
    assert after["unmet_minutes"] <= min(figures(week, each.solution())["unmet_minutes"] for each in starts)


def test_fewer_hours_and_a_smaller_dose_take_away_what_no_longer_fits(settled):
    first = settled.patients[0]
    for change in (replace(first, available=hours(6)), replace(first, dose=dose(group=1, days=1))):
        changed = replace(settled, patients=(change, *settled.patients[1:]))
        found, _ = repaired(changed)
        assert isinstance(found.groups[0], Group)


def test_those_who_take_over_for_an_absent_counselor_speak_the_language():
    team = (staff(), staff("theo", languages=("es",)), staff("vera"))
    week = board(
        patient("ana", dose=dose(individual=1)),
        team=team,
        absent=frozenset({"dana"}),
        current=solution(individual("ana")),
    )

    found, _ = repaired(week)

    assert [one.staff for one in found.individual] == ["vera"]


def _seats(week):
    return [(who, each.start) for each in week.groups for who in each.patients] + [
        (one.patient, one.start) for one in week.individual
    ]


def test_all_of_the_time_is_for_what_moves_nobody_where_nobody_may_move(settled):
    budget, tables = Clock(60), Tables.of(settled)
    found = solver._Found(settled, budget, None, may_claim=False)
    found.take(settled.current)
    solver._repair(found, tables, budget, 1, 1, None, moving=False)
    assert budget.seconds == 60


def test_however_little_time_there_is_a_newcomer_has_what_stands_free(settled):
    tried = 0
    before = figures(settled, settled.current)["unmet_minutes"]
    for gone in settled.patients[:8]:
        rest = replace(
            settled.current,
            groups=tuple(
                replace(one, patients=tuple(who for who in one.patients if who != gone.id))
                for one in settled.current.groups
            ),
            individual=tuple(one for one in settled.current.individual if one.patient != gone.id),
        )
        if any(len(one.patients) < settled.minimum for one in rest.groups):
            continue
        found = solve(replace(settled, current=rest), work=0.05, workers=1, moving=False)
        assert figures(settled, found)["unmet_minutes"] <= before
        tried += 1
    assert tried > 0
