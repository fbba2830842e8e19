"""The rivals: the plain model of a week given to one solver as it is.

    python -m plain.rival cp_sat|highs BOARD GREEDY OUT --seconds S [--workers N]

`cp_sat` begins from GREEDY, a week for this board, and gives that back if it finds none; `highs` (which takes no such
start) begins from nothing, and may leave the week empty. The time counts from reading the board.
"""

import argparse
import json
import math
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from ortools.math_opt.python.model import Model as Program
from ortools.math_opt.python.parameters import SolveParameters, SolverType
from ortools.math_opt.python.solve import solve
from ortools.sat.python import cp_model

from plain.linear import as_proto
from plain.week_model import DAY, NO_LIMIT, SLOT, Json, Model, Moment, Type, build, read


def main() -> None:
    parser = argparse.ArgumentParser(description="Fill a week with one solver and no more.")
    parser.add_argument("method", choices=["cp_sat", "highs"])
    parser.add_argument("board")
    parser.add_argument("greedy")
    parser.add_argument("out")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    until = time.monotonic() + options.seconds
    model = build(read(options.board))
    if options.method == "cp_sat":
        chosen, bound = by_cp_sat(model, columns_of(model, read(options.greedy)), until, options.workers)
    else:
        chosen, bound = by_highs(model, until)
    week = week_of(model, chosen) | {"unmet_bound": bound}
    Path(options.out).write_text(json.dumps(week), encoding="utf-8")


def by_cp_sat(model: Model, hint: set[int], until: float, workers: int) -> tuple[set[int], int]:
    """The columns chosen by CP-SAT until then, and the bound it proved."""
    program = cp_model.CpModel()
    literals = [program.new_bool_var("") for _ in model.upper]
    terms: dict[int, list[int]] = defaultdict(list)
    for entry, row in enumerate(model.row_of):
        terms[row].append(entry)
    for row, entries in terms.items():
        total = cp_model.LinearExpr.weighted_sum(
            [literals[model.column_of[entry]] for entry in entries], [model.coefficient[entry] for entry in entries]
        )
        least, most = model.lower_limit[row], model.upper_limit[row]
        if least > -NO_LIMIT:
            program.add(total >= least)
        if most < NO_LIMIT:
            program.add(total <= most)
    program.minimize(cp_model.LinearExpr.weighted_sum(literals, model.cost))
    for column, literal in enumerate(literals):
        program.add_hint(literal, column in hint)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = max(0.1, until - time.monotonic()), workers
    status = solver.solve(program)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return hint, 0
    bound = max(0, model.constant + math.ceil(solver.best_objective_bound - 1e-6))
    return {column for column, literal in enumerate(literals) if solver.boolean_value(literal)}, bound


def by_highs(model: Model, until: float) -> tuple[set[int], int]:
    """The columns chosen by HiGHS until then; its bound rests on floating point and is not claimed."""
    program = Program.from_model_proto(as_proto(model, whole=True))
    limit = SolveParameters(time_limit=timedelta(seconds=max(0.1, until - time.monotonic())))
    result = solve(program, SolverType.HIGHS, params=limit)
    if not result.solutions or result.solutions[0].primal_solution is None:
        return set(), 0
    values = result.solutions[0].primal_solution.variable_values
    return {variable.id for variable, value in values.items() if value > 0.5}, 0


def columns_of(model: Model, week: Json) -> set[int]:
    """The columns that this week chooses."""
    board = model.board
    states = {one["id"]: tuple(sorted(set(one["states"]))) for one in board["staff"]}
    rooms = {one["id"]: min(board["capacity"], one["seats"] - 1) for one in board["rooms"]}
    found: set[int | None] = set()
    for group in week["groups"]:
        start, virtual = _moment(group), group["modality"] == "virtual"
        type_ = Type(
            group["kind"],
            group["population"],
            group["topic"] if group["kind"] == "group" else None,
            group["language"],
            group["modality"],
            group["minutes"],
            states[group["staff"]] if virtual else (),
            board["capacity"] if virtual else rooms[group["room"]],
        )
        found.add(model.opens.get((type_, group["staff"], start)))
        for who in group["patients"]:
            found.add(model.sits.get((who, type_, start)))
            found |= _day_columns(model, who, start, group["modality"])
    for one in week["individual"]:
        start = _moment(one)
        found.add(model.ones.get((one["patient"], one["kind"], one["staff"], one["modality"], start)))
        found |= _day_columns(model, one["patient"], start, one["modality"])
    return {column for column in found if column is not None}


def _moment(session: Json) -> Moment:
    hours, minutes = session["start"].split(":")
    return int(session["day"]) * DAY + (int(hours) * 60 + int(minutes)) // SLOT


def _day_columns(model: Model, who: str, start: Moment, modality: str) -> set[int | None]:
    day = who, start // DAY
    return {model.comes.get(day), model.virtual_day.get(day) if modality == "virtual" else None}


def week_of(model: Model, chosen: set[int]) -> Json:
    """These columns as a week: students dealt evenly to the parallel sections of a type, rooms given in order."""
    leaders: dict[tuple[Type, Moment], list[str]] = defaultdict(list)
    seated: dict[tuple[Type, Moment], list[str]] = defaultdict(list)
    for (type_, staff, start), column in model.opens.items():
        if column in chosen:
            leaders[type_, start].append(staff)
    for (who, type_, start), column in model.sits.items():
        if column in chosen:
            seated[type_, start].append(who)
    until: dict[str, Moment] = dict.fromkeys((room["id"] for room in model.board["rooms"]), 0)
    groups = []
    for type_, start in sorted(leaders, key=lambda key: key[1]):
        here = leaders[type_, start]
        for number, staff in enumerate(here):
            room = _free_room(model.board, until, type_, start) if type_.modality == "in_person" else None
            groups.append(
                {
                    "kind": type_.kind,
                    "population": type_.population,
                    "topic": type_.topic or "skills",
                    "language": type_.language,
                    "modality": type_.modality,
                    "minutes": type_.minutes,
                    "staff": staff,
                    "room": room,
                    "patients": seated[type_, start][number :: len(here)],
                }
                | _when(start)
            )
    return {"groups": groups, "individual": list(_individual(model, chosen))}


def _individual(model: Model, chosen: set[int]) -> Iterator[Json]:
    doses = {one["id"]: one["dose"] for one in model.board["patients"]}
    for (who, kind, staff, modality, start), column in model.ones.items():
        if column in chosen:
            one = {"kind": kind, "patient": who, "staff": staff, "modality": modality}
            yield one | {"minutes": doses[who][kind]["minutes"]} | _when(start)


def _free_room(board: Json, until: dict[str, Moment], type_: Type, start: Moment) -> str:
    """A room of this size that is free from `start` on; there is one, since the model counts them."""
    sizes = {room["id"]: min(board["capacity"], room["seats"] - 1) for room in board["rooms"]}
    room = next(name for name, end in until.items() if end <= start and sizes[name] == type_.seats)
    until[room] = start - (-type_.minutes // SLOT)
    return room


def _when(start: Moment) -> Json:
    day, slot = divmod(start, DAY)
    return {"day": day, "start": f"{slot * SLOT // 60:02}:{slot * SLOT % 60:02}"}


if __name__ == "__main__":
    main()
