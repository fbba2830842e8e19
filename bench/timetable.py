"""The engine against a front desk's greedy, hinted CP-SAT alone and HiGHS alone, judged by the referee.

    python bench/timetable.py [--n N ...] [--profile P ...] [--resume DIR] [--quick] [--json FILE]

Boards are the referee's (`tools/board.py make`), seeds 1 to 5 in each of four profiles; the engine has 60 s with 100
students, 90 s with 200, 120 s with 400, and seed 1. The rivals have the same time on board seed 1 of 100. Everything
is measured in processes of their own, one after the other; the whole takes about three hours. With `--resume DIR` each
part is kept in that folder and not measured again, so that parts make one table. `--quick` takes one board of 100 per
profile and the rivals on the first of them; figures that it leaves out count as not met.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from parts.figures import figures_of
from parts.measure import board_part, places_part, repair_part, rivals_part
from parts.programs import NoReferee, referee_path
from parts.report import Json, finish

PROFILES = ("balanced", "evening", "scarce", "virtual")
SECONDS = {100: 60.0, 200: 90.0, 400: 120.0}
SEEDS = range(1, 6)


def main() -> int:
    options = _options()
    try:
        referee_path()
    except NoReferee as trouble:
        print(trouble, file=sys.stderr)
        return 2
    if options.resume:
        folder = Path(options.resume)
        folder.mkdir(parents=True, exist_ok=True)
        return _run(options, folder)
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as made:
        return _run(options, Path(made))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The timetable engine and its rivals, side by side.")
    parser.add_argument("--n", type=int, nargs="+", choices=SECONDS, default=list(SECONDS), help="sizes (default: all)")
    parser.add_argument("--profile", nargs="+", choices=PROFILES, default=list(PROFILES), help="default: all")
    parser.add_argument("--resume", metavar="DIR", help="keep parts here and measure only those that are missing")
    parser.add_argument("--quick", action="store_true", help="one board of 100 per profile; under ten minutes")
    parser.add_argument("--json", help="write the figures to this file")
    return parser.parse_args()


def _run(options: argparse.Namespace, folder: Path) -> int:
    cores = len(os.sched_getaffinity(0))
    for people in [100] if options.quick else options.n:
        for profile in options.profile:
            for seed in SEEDS[:1] if options.quick else SEEDS:
                _board(folder, profile, people, seed, cores)
            if people != 200 and not (options.quick and profile != options.profile[0]):
                _first_board(folder, profile, people, cores)
    figures = figures_of(_parts(folder))
    _print(figures)
    return finish("timetable", figures, to=options.json, cores=cores)


def _board(folder: Path, profile: str, people: int, seed: int, cores: int) -> None:
    found = _part(
        folder / f"board-{people}-{profile}-{seed}.part.json",
        lambda: board_part(folder, profile, people, seed, seconds=SECONDS[people], cores=cores),
    )
    print(_line(found), flush=True)


def _first_board(folder: Path, profile: str, people: int, cores: int) -> None:
    """The rivals on the first board, repairs of its week, and a newcomer's places in it."""
    full = json.loads((folder / f"board-{people}-{profile}-1.part.json").read_text(encoding="utf-8"))
    if people == 100:
        rivals = _part(
            folder / f"rivals-{people}-{profile}.part.json",
            lambda: rivals_part(folder, profile, people, seconds=SECONDS[people], cores=cores),
        )
        told = [f"{method} alone {rivals[method]['unmet_minutes']:,}" for method in ("cp_sat", "highs")]
        print(f"{'':<16} {'  '.join(told)}", flush=True)
    _part(
        folder / f"repair-{people}-{profile}.part.json",
        lambda: repair_part(folder, profile, people, full=full, cores=cores),
    )
    if people == 400:
        _part(folder / f"places-{people}-{profile}.part.json", lambda: places_part(folder, profile, people))


def _part(path: Path, measure: Callable[[], Json]) -> Json:
    """This part, measured now if it is not there yet; written whole or not at all."""
    if not path.exists():
        half = path.with_suffix(".half")
        half.write_text(json.dumps(measure()), encoding="utf-8")
        half.rename(path)
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


def _parts(folder: Path) -> dict[str, list[Json]]:
    """Every part measured so far, by what it is about."""
    return {
        kind: [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob(f"{kind}-*.part.json"))]
        for kind in ("board", "rivals", "repair", "places")
    }


def _line(part: Json) -> str:
    greedy, engine = part["greedy"], part["engine"]
    name = f"{part['profile']}-{part['people']}-{part['seed']}"
    return (
        f"{name:<16} greedy {greedy['unmet_minutes']:>6,}  engine {engine['unmet_minutes']:>6,}"
        f"  bound {engine['unmet_bound']:>6,} (linear {part['linear_bound']:>6,})"
        f"  gaps {greedy['gaps']:>4} > {engine['gaps']:<4} {part['memory']:>5.0f} MB"
    )


def _print(figures: dict[str, Json]) -> None:
    print()
    for key, each in figures.items():
        value = "not run" if each["value"] is None else f"{each['value']:.3f}"
        goal = ""
        if each["goal"] is not None:
            sign = ">=" if each["better"] == "more" else "<="
            goal = f"goal {sign} {each['goal']:g}: {'met' if each['met'] else 'not met'}"
        print(f"{key:<48} {value:>9} {each['unit']:<8} {goal}")


if __name__ == "__main__":
    sys.exit(main())
