"""What no timetable can do better than: the plain linear relaxation's bound on unmet minutes.

    python bench/bound.py BOARD [BOARD ...] [--json FILE]
    python bench/bound.py --small 200 [--first 1] [--json FILE]

Shares no code with the engine: it reads the board itself, and its model is `plain/week_model.py` with every column
allowed to be a fraction. A first-order method gives prices for the rows; whatever they are, weak duality makes a
bound of them in whole numbers, so that no rounding and no early stop can put it too high.

`--small N` makes N random boards of at most 14 people, has a plain model without aggregation find what each leaves at
the least, and looks whether any bound that the engine or this program claims lies above that.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from parts.report import figure, finish
from plain.linear import linear_bound
from plain.week_model import read

ROOT = Path(__file__).parent.parent
OPTIMUM_SECONDS = 60.0  # for the plain model of one small board


def main() -> int:
    options = _options()
    figures = _small(options.small, options.first) if options.small else _boards(options.board)
    return finish("bound", figures, to=options.json)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The linear bound on unmet minutes.")
    parser.add_argument("board", nargs="*", help="board files")
    parser.add_argument("--small", type=int, default=0, metavar="N", help="check all bounds on N small random boards")
    parser.add_argument("--first", type=int, default=1, metavar="SEED", help="the first small board's seed")
    parser.add_argument("--quick", action="store_true", help="30 small boards, if no board is named")
    parser.add_argument("--json", help="write the figures to this file")
    options = parser.parse_args()
    if not options.board and not options.small:
        options.small = 30 if options.quick else 200
    return options


def _boards(names: list[str]) -> dict[str, Any]:
    figures = {}
    print(f"{'board':<28} {'bound':>8} {'relaxed':>10} {'seconds':>8}")
    for name in names:
        found = linear_bound(read(name))
        print(f"{Path(name).stem:<28} {found.proved:>8,} {found.relaxed:>10,.2f} {found.seconds:>8.1f}", flush=True)
        figures[Path(name).stem] = figure(found.proved, "minutes", None)
    return figures


# ---- small boards, of which the optimum is known


def _small(count: int, first: int) -> dict[str, Any]:
    """Boards from seed `first` on until `count` optima are proved; those that take too long are passed over."""
    sys.path.insert(0, str(ROOT))
    from hearth.timetable.tests.plain_model import optimum, small_board

    above = {"engine": 0, "linear": 0}
    checked, passed_over, below, tight, distance = 0, 0, 0, 0, 0
    while checked < count and passed_over <= count / 10:
        seed = first + checked + passed_over
        board = small_board(seed)
        best = optimum(board, seconds=OPTIMUM_SECONDS)
        if best is None:
            passed_over += 1
            continue
        checked += 1
        engine = _engine(board)
        linear = linear_bound(board).proved
        above["engine"] += engine["unmet_bound"] > best
        above["linear"] += linear > best
        below += engine["unmet_minutes"] < best or engine["broken"] > 0
        tight += engine["unmet_bound"] == best
        distance += engine["unmet_minutes"] - best
        told = f"least {best:>5}  engine {engine['unmet_minutes']:>5}  its bound {engine['unmet_bound']:>5}"
        print(f"board {seed:>4}  {told}  linear bound {linear:>5}", flush=True)
    print(f"{checked} boards, {passed_over} passed over: {tight} of the engine's bounds are the optimum itself,")
    print(f"its weeks leave {distance} minutes more than the optimum in all")
    return {
        "boards_checked": {
            "value": checked, "unit": "boards", "goal": count, "better": "more", "met": checked >= count
        },
        "engine_bounds_above_the_optimum": figure(above["engine"], "boards", 0),
        "linear_bounds_above_the_optimum": figure(above["linear"], "boards", 0),
        "weeks_below_the_optimum_or_broken": figure(below, "boards", 0),
        "engine_bounds_that_are_the_optimum": {
            "value": tight, "unit": "boards", "goal": None, "better": "more", "met": None
        },
        "minutes_above_the_optimum": figure(distance, "minutes", None),
    }  # fmt: skip


def _engine(board: dict[str, Any]) -> dict[str, Any]:
    """The figures of the engine's week, as `hearth timetable solve` prints them."""
    with tempfile.TemporaryDirectory() as folder:
        name = Path(folder) / "board.json"
        name.write_text(json.dumps(board), encoding="utf-8")
        command = [sys.executable, "-m", "hearth.cli", "timetable", "solve", "--board", str(name)]
        command += ["--seconds", "2", "--seed", "1", "--workers", "1", "--out", f"{folder}/week.json"]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=False)
        found: dict[str, Any] = json.loads(done.stdout)
        return found


if __name__ == "__main__":
    sys.exit(main())
