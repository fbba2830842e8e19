"""Rules, figures and the referee (`tools/board.py`) say the same of every well-formed board and of broken weeks."""

import copy
import functools
import importlib.util
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearth.timetable.board import MalformedBoard
from hearth.timetable.board_json import board_as_json, parse_board, parse_solution, solution_as_json
from hearth.timetable.figures import figures
from hearth.timetable.rules import violations
from hearth.timetable.tests.plain_model import small_board

REFEREE = Path(os.environ.get("HEARTH_SHARED", Path(__file__).parents[4] / "shared")) / "tools" / "board.py"
PROFILES = ("balanced", "evening", "scarce", "virtual")
TIMES = ["08:00", "08:30", "10:15", "12:00", "17:00", "17:30", "19:30", "20:30", "07:30", "23:30"]
SPANS = [("08:00", "21:00"), ("00:00", "24:00"), ("17:00", "20:00"), ("12:00", "15:00")]


@functools.cache
def referee():
    if not REFEREE.is_file():
        pytest.skip("the referee (tools/board.py) is not here; HEARTH_SHARED says where it is")
    spec = importlib.util.spec_from_file_location("referee", REFEREE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@functools.cache
def start(kind, seed):
    """A board and greedy's week for it."""
    judge = referee()
    board = small_board(seed) if kind == "small" else judge.make(12 + seed % 9, seed, kind)
    return board, judge.greedy(board)


def change_week(board, week, rng):
    """Change one thing of this week, usually for the worse."""
    people, staff = ([each["id"] for each in board[key]] for key in ("patients", "staff"))
    shared = {
        "day": range(-1, 9),
        "start": TIMES,
        "staff": [*staff, "S0"],
        "modality": ["in_person", "virtual", "either"],
        "minutes": [0, 30, 60, 90, 180, 240, 45, -60],
    }
    of_group = {
        "kind": ["group", "skills", "individual"],
        "population": ["adult", "adolescent", "child"],
        "topic": ["grief", "ocd", "mental_health", "chess", None],
        "language": ["en", "es", "fr"],
        "room": [*(room["id"] for room in board["rooms"]), "R0", None],
        "patients": [[], people[:1], people, people[1:5], [*people[:4], "P0"], [*people[:3], people[0]]],
    }
    of_one = {"kind": ["individual", "family", "skills"], "patient": [*people, "P0"]}
    sessions = week["groups"] + week["individual"]
    if not sessions or rng.random() < 0.1:
        week["unmet_bound"] = rng.choice([0, 1, 60, 10**6, -5])
        return
    one = rng.choice(sessions)
    where, choices = (week["groups"], of_group) if "patients" in one else (week["individual"], of_one)
    act = rng.randrange(8)
    if act == 0:
        where.append(copy.deepcopy(one))
    elif act == 1:
        where.remove(one)
    else:
        key = rng.choice(sorted(shared | choices))
        one[key] = copy.copy(rng.choice((shared | choices)[key]))


def change_board(board, week, rng):
    """Change one thing of this board: hours, doses, rooms, limits, who is away, the week as it stands."""
    patient, one = rng.choice(board["patients"]), rng.choice(board["staff"])
    act = rng.randrange(10)
    first, last = rng.choice(SPANS)
    if act == 0:
        patient["available"].append({"day": rng.randrange(7), "from": first, "to": last})
    elif act == 1:
        one["hours"] = [{"day": day, "from": first, "to": last} for day in range(rng.randrange(8))]
    elif act == 2:
        patient["dose"][rng.choice(["group", "skills", "individual", "family"])]["count"] = rng.randrange(7)
    elif act == 3:
        patient["dose"]["days"], patient["dose"]["group"]["per_day"] = rng.randrange(9), rng.randrange(3)
    elif act == 4:
        one["max_minutes_week"], one["max_minutes_run"] = rng.choice([0, 45, 300, 9000]), rng.choice([0, 60, 75, 900])
    elif act == 5:
        board["capacity"], board["minimum"] = rng.choice([(1, 1), (3, 2), (12, 6), (100, 1)])
    elif act == 6 and board["rooms"]:
        rng.choice(board["rooms"])["seats"] = rng.choice([0, 3, 5, 40])
    elif act == 7:
        board["absent"] = [one["id"]]
    elif act == 8:
        board["current"] = copy.deepcopy(week)
    else:
        key = rng.choice(["topics", "languages", "modality", "state", "population"])
        patient[key] = rng.choice([each[key] for each in board["patients"]])


@settings(max_examples=300)
@given(
    kind=st.sampled_from(["small", "small", *PROFILES]),
    seed=st.integers(0, 7),
    board_changes=st.integers(0, 3),
    week_changes=st.integers(0, 4),
    rng=st.randoms(use_true_random=False),
)
def test_rules_and_figures_agree_with_the_referee(kind, seed, board_changes, week_changes, rng):
    board, week = copy.deepcopy(start(kind, seed))
    for _ in range(board_changes):
        change_board(board, week, rng)
    for _ in range(week_changes):
        change_week(board, week, rng)
    try:
        ours = parse_board(board)
    except MalformedBoard:
        return
    found = parse_solution(week)
    assert solution_as_json(found) == week
    assert board_as_json(ours) == board
    broken, expected = referee().check(board, week)
    assert figures(ours, found) == expected
    assert bool(violations(ours, found)) == bool(broken)
