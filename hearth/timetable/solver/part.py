"""Solve a part of the week again with CP-SAT while the rest stands.

The sub-model has only the columns that may still change and the rows that they touch; it is written from the
arrays of the one program, hinted with the week as it is.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model

from hearth.timetable.solver.program import Ints, Mask, Program, Values, What

UNMET, MOVED, COMFORT, OPENED = 200, 300, 12, 1  # what a minute, a seat, a day or gap, a group costs

MOST_COLUMNS = 60_000  # of a part; larger ones take too much memory to be tried


@dataclass(frozen=True, slots=True)
class Part:
    """Which sessions are taken out of the week, and which columns may be 1 afterwards (both of SEAT, OPEN, ONE)."""

    removed: Mask
    allowed: Mask


@dataclass(frozen=True, slots=True)
class Answer:
    """`values` of the whole week with this part solved again, None if nothing was found in time."""

    values: Values | None
    proved: bool  # no better answer exists for this part
    work: float  # deterministic seconds


def free_columns(program: Program, values: Values, part: Part, *, comfort: bool) -> Mask:
    """The columns that may change: those of the part which nothing that stands forbids, and what derives from them."""
    columns, rows = program.columns, program.rows
    primary = columns.what <= What.ONE
    stands = np.where(primary & ~part.removed, values, 0)
    stands = np.maximum(stands, columns.lower)
    free = part.removed | (part.allowed & (stands == 0))
    free &= (columns.lower < columns.upper) & primary
    full = rows.packing & (rows.sums(stands) >= rows.most)
    free[rows.column[full[rows.row]]] = False
    led = (columns.what == What.OPEN) & (free | (stands > 0))
    seats = columns.what == What.SEAT
    free[seats] &= np.isin(columns.sort[seats], columns.sort[led])
    return _with_what_follows(program, free, comfort=comfort)


def _with_what_follows(program: Program, free: Mask, *, comfort: bool) -> Mask:
    """These columns and what derives from them, also through one another: a day more may be an extra one."""
    columns, rows = program.columns, program.rows
    derived, counted = columns.what > What.ONE, comfort | ~rows.comfort
    while True:
        touched = counted & (np.bincount(rows.row[free[rows.column]], minlength=len(rows.least)) > 0)
        reached = np.zeros(len(free), bool)
        reached[rows.column[touched[rows.row]]] = True
        grown: Mask = free | (derived & reached)
        if np.array_equal(grown, free):
            return free
        free = grown


def solve_part(
    program: Program,
    values: Values,
    part: Part,
    *,
    comfort: bool,
    limits: dict[str, float],
    seed: int,
    solver: cp_model.CpSolver,
    keep: int | None = None,
    workers: int = 1,
) -> Answer:
    """The best answer found for this part. In `comfort` everything counts, else dose alone.

    `limits` are CP-SAT's; `keep`: this many of the seats that stand must be kept at least.
    """
    free = free_columns(program, values, part, comfort=comfort)
    chosen = np.flatnonzero(free)
    if not len(chosen):
        return Answer(values, proved=True, work=0.0)
    if len(chosen) > MOST_COLUMNS:
        return Answer(None, proved=False, work=0.0)
    base = np.where(free, 0, values)
    model = _model(program, base, chosen, comfort=comfort)
    if keep is not None:
        _keep_at_least(program, model, base, chosen, keep)
    _hint(model, values[chosen])
    for name, value in {"num_workers": workers, "random_seed": seed, "linearization_level": 2, **limits}.items():
        setattr(solver.parameters, name, value)
    status = solver.solve(model)
    work = solver.response_proto.deterministic_time
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, proved=False, work=work)
    found = base.copy()
    found[chosen] = np.array(list(solver.response_proto.solution), np.int64)
    return Answer(program.complete(found), status == cp_model.OPTIMAL, work)


def _model(program: Program, base: Values, chosen: Ints, *, comfort: bool) -> cp_model.CpModel:
    """The rows that these columns touch, less what stands (`base`), and what the columns cost."""
    columns, rows = program.columns, program.rows
    model = cp_model.CpModel()
    for lower, upper in zip(columns.lower[chosen].tolist(), columns.upper[chosen].tolist(), strict=True):
        model.new_int_var(lower, upper, "")
    place = np.full(len(base), -1)
    place[chosen] = np.arange(len(chosen))
    terms = np.flatnonzero((place[rows.column] >= 0) & (comfort | ~rows.comfort[rows.row]))
    row, column, weight = rows.row[terms], rows.column[terms], rows.weight[terms]
    most_each = weight * columns.upper[column]
    highest = np.bincount(row, np.maximum(most_each, 0), len(rows.least))
    lowest = np.bincount(row, np.minimum(most_each, 0), len(rows.least))
    stands = rows.sums(base)
    least, most = np.maximum(rows.least - stands, lowest), np.minimum(rows.most - stands, highest)
    can_break = (highest > most) | (lowest < least)
    kept = can_break[row]
    row, column, weight = row[kept], place[column[kept]], weight[kept]
    bounds = [0, *(np.flatnonzero(np.diff(row)) + 1).tolist(), len(row)] if len(row) else [0]
    names, factors = column.tolist(), weight.tolist()
    domains = np.stack([least[row], most[row]], axis=1).astype(np.int64).tolist()
    for first, last in pairwise(bounds):
        linear = model.proto.constraints.add().linear
        linear.vars.extend(names[first:last])
        linear.coeffs.extend(factors[first:last])
        linear.domain.extend(domains[first])
    cost = costs(program, comfort=comfort)[chosen]
    counted = np.flatnonzero(cost)
    model.proto.objective.vars.extend(counted.tolist())
    model.proto.objective.coeffs.extend(cost[counted].tolist())
    return model


def costs(program: Program, *, comfort: bool) -> Ints:
    """What each column costs: dose alone, or everything in the order of preferences."""
    columns = program.columns
    if not comfort:
        return -columns.dose
    each = {What.OPEN: OPENED, What.COMES: -COMFORT, What.BEGINS: COMFORT, What.EXTRA: COMFORT, What.KEPT: -MOVED}
    cost = -UNMET * columns.dose
    for what, weight in each.items():
        cost = cost + weight * (columns.what == what)
    return cost


def _keep_at_least(program: Program, model: cp_model.CpModel, base: Values, chosen: Ints, keep: int) -> None:
    place = {column: index for index, column in enumerate(chosen.tolist())}
    kept = [place[column] for column in program.kept_column.tolist() if column in place]
    least = keep - int(base[program.kept_column].sum())
    linear = model.proto.constraints.add().linear
    linear.vars.extend(kept)
    linear.coeffs.extend([1] * len(kept))
    linear.domain.extend([least, max(least, len(kept))])


def _hint(model: cp_model.CpModel, values: Values) -> None:
    model.proto.solution_hint.vars.extend(range(len(values)))
    model.proto.solution_hint.values.extend(values.tolist())
