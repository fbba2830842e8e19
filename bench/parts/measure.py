"""One part of the measuring each: a board solved by everyone, a week repaired, a newcomer's places."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from parts import programs
from parts.programs import Json, Run

ADMISSION_SHARE, AWAY_SHARE = 0.03, 0.10  # of the full solve's time
CASES = 3  # admissions and leaves tried on each board


def board_part(folder: Path, profile: str, people: int, seed: int, *, seconds: float, cores: int) -> Json:
    """One board, solved by greedy and by the engine; both judged by the referee."""
    board = make_board(folder, profile, people, seed)
    greedy = _greedy(board)
    week = folder / f"{board.stem}.engine.json"
    run = programs.engine(board, week, seconds=seconds, workers=cores)
    return {
        "profile": profile, "people": people, "seed": seed, "seconds": seconds,
        "greedy": programs.check(board, greedy),
        "engine": programs.check(board, week),
        "linear_bound": programs.linear_bound(board, folder / f"{board.stem}.bound.json"),
        "wall": run.seconds,
        "memory": run.memory,
        "told": [[each.seconds, each.unmet] for each in run.told],
    }  # fmt: skip


def rivals_part(folder: Path, profile: str, people: int, *, seconds: float, cores: int) -> Json:
    """What one plain solver alone makes of board seed 1 in the same time; judged by the referee."""
    board = make_board(folder, profile, people, 1)
    found: Json = {"profile": profile, "people": people, "seconds": seconds}
    for method in ("cp_sat", "highs"):
        out = folder / f"{board.stem}.{method}.json"
        programs.rival(method, board, _greedy(board), out, seconds=seconds, workers=cores)
        found[method] = programs.check(board, out)
    return found


def _greedy(board: Path) -> Path:
    return _kept(board.with_suffix(".greedy.json"), lambda: programs.referee("greedy", "--board", board))


def make_board(folder: Path, profile: str, people: int, seed: int) -> Path:
    """The referee's board of this profile, size and seed."""
    name = folder / f"{profile}-{people}-{seed}.board.json"
    arguments = ("make", "--patients", str(people), "--seed", str(seed), "--profile", profile)
    return _kept(name, lambda: programs.referee(*arguments))


def _kept(path: Path, make: Callable[[], Json]) -> Path:
    if not path.exists():
        _write(path, make())
    return path


def _write(path: Path, data: object) -> Path:
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def _read(path: Path) -> Json:
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


def repair_part(folder: Path, profile: str, people: int, *, full: Json, cores: int) -> Json:
    """Admissions and leaves on board seed 1, whose week was solved for the part `full`.

    A repair may take its share of the time that the full solve's process took; what that process needed beside
    solving (its start, reading, writing) is taken off what the repair is given.
    """
    board = _read(make_board(folder, profile, people, 1))
    week = _read(folder / f"{profile}-{people}-1.board.engine.json")
    beside = max(0.0, full["wall"] - full["seconds"])
    found: Json = {"profile": profile, "people": people, "admission": [], "away": []}
    for who in _easily_missed(board, week)[:CASES]:
        name = folder / f"{profile}-{people}-without-{who}"
        known = _write(name.with_suffix(".board.json"), board | {"current": without(week, who)})
        share = ADMISSION_SHARE * full["wall"]
        run = programs.engine(known, name.with_suffix(".engine.json"), seconds=max(0.2, share - beside), workers=cores)
        after = programs.check(known, name.with_suffix(".engine.json"))
        could = full["engine"]["unmet_minutes"]  # the newcomer's old places are free
        found["admission"].append(
            {"share": run.seconds / full["wall"], "moved": after["moved"], "broken": after["broken"],
             "unmet": after["unmet_minutes"], "could": could}
        )  # fmt: skip
    for who in _busiest(week)[:CASES]:
        name = folder / f"{profile}-{people}-away-{who}"
        hurt = _write(name.with_suffix(".board.json"), board | {"current": week, "absent": [who]})
        share = AWAY_SHARE * full["wall"]
        run = programs.engine(hurt, name.with_suffix(".engine.json"), seconds=max(0.2, share - beside), workers=cores)
        out = _write(name.with_suffix(".repair.json"), programs.referee("repair", "--board", hurt))
        theirs, ours = (programs.check(hurt, each) for each in (out, name.with_suffix(".engine.json")))
        found["away"].append(_away(run, full, theirs, ours))
    return found


def _away(run: Run, full: Json, theirs: Json, ours: Json) -> Json:
    """What a leave cost. The best with nobody (or few) moved is read from the engine's progress and its answer."""
    before = full["engine"]["unmet_minutes"]
    told = [(each.moved, each.unmet) for each in run.told] + [(ours["moved"], ours["unmet_minutes"])]
    few = 0.2 * ours["hit"]
    still = min((unmet for moved, unmet in told if moved == 0), default=None)
    little = min((unmet for moved, unmet in told if moved <= few), default=None)
    newly = max(1, theirs["unmet_minutes"] - before)
    return {
        "share": run.seconds / full["wall"], "broken": ours["broken"], "hit": ours["hit"], "moved": ours["moved"],
        "unmet": ours["unmet_minutes"], "repair_unmet": theirs["unmet_minutes"], "repair_moved": theirs["moved"],
        "still": None if still is None else still / max(1, theirs["unmet_minutes"]),
        "newly": None if little is None else (little - before) / newly,
    }  # fmt: skip


def without(week: Json, who: str) -> Json:
    """The week before this student came."""
    groups = [group | {"patients": [one for one in group["patients"] if one != who]} for group in week["groups"]]
    return {
        "groups": groups,
        "individual": [one for one in week["individual"] if one["patient"] != who],
        "unmet_bound": 0,
    }


def _easily_missed(board: Json, week: Json) -> list[str]:
    """Students with at least one group, all of whose groups go on without them."""
    small = {who for g in week["groups"] if len(g["patients"]) <= board["minimum"] for who in g["patients"]}
    seated = {who for g in week["groups"] for who in g["patients"]}
    return [one["id"] for one in board["patients"] if one["id"] in seated - small]


def _busiest(week: Json) -> list[str]:
    """Staff, those with most seats first."""
    seats: Counter[str] = Counter()
    for group in week["groups"]:
        seats[group["staff"]] += len(group["patients"])
    for one in week["individual"]:
        seats[one["staff"]] += 1
    return [who for who, _ in sorted(seats.items(), key=lambda pair: (-pair[1], pair[0]))]


def places_part(folder: Path, profile: str, people: int) -> Json:
    """How long it takes to say which places there are for three newcomers, people of a like board."""
    board = _read(make_board(folder, profile, people, 1))
    week = _read(folder / f"{profile}-{people}-1.board.engine.json")
    known = _write(folder / f"{profile}-{people}-known.board.json", board | {"current": week})
    staff = {one["id"] for one in board["staff"]}
    took: list[float | None] = []
    for one in _read(make_board(folder, profile, people, 2))["patients"][:CASES]:
        primary = one["primary"] if one["primary"] in staff else None
        person = _write(folder / f"{profile}-{people}-newcomer.json", one | {"id": "newcomer", "primary": primary})
        took.append(programs.places(known, person))
    return {"profile": profile, "people": people, "seconds": took}
