"""No claimed bound lies above what a small board leaves at the least, and no week leaves less than that.

`bench/bound.py --small 200` asks the same of ten times as many boards, and of the linear bound too.
"""

import pytest

from hearth.timetable.board_json import parse_board
from hearth.timetable.figures import figures
from hearth.timetable.solver import solve
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
