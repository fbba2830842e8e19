"""No claimed bound lies above what a small board leaves at the least, and no week leaves less than that.

`bench/bound.py --small 200` asks the same of ten times as many boards, and of the linear bound too.
"""

from dataclasses import replace

import pytest

from hearth.timetable.board import Part
from hearth.timetable.board_json import board_as_json, parse_board
from hearth.timetable.figures import figures
from hearth.timetable.solver import solve
from hearth.timetable.tests.boards import board as small
from hearth.timetable.tests.boards import dose, hours, patient, staff
from hearth.timetable.tests.plain_model import optimum, small_board


@pytest.mark.parametrize("seed", range(20))
def test_the_claimed_bound_and_the_week_lie_on_either_side_of_the_optimum(seed):
    data = small_board(seed)
    best = optimum(data)
    board = parse_board(data)
    found = figures(board, solve(board, seconds=0.4, seed=seed, workers=1))
    assert best is not None
    assert found["broken"] == 0
    assert found["unmet_bound"] <= best <= found["unmet_minutes"]


EARLY = hours(0, start=6 * 60, end=8 * 60)
short = patient("ana", dose=dose(individual=1))
shorter = replace(short, id="ben", dose=replace(short.dose, individual=Part(1, 45)))


@pytest.mark.parametrize(
    "week",
    [
        small(replace(short, available=EARLY), team=(staff(hours=EARLY),)),
        small(short, shorter, team=(staff(max_minutes_week=60),)),
    ],
    ids=["before opening hours", "sessions of 45 minutes"],
)
def test_nothing_is_claimed_of_what_the_program_does_not_see(week):
    best = optimum(board_as_json(week))
    assert best is not None
    assert figures(week, solve(week, seconds=0.4, workers=1))["unmet_bound"] <= best
