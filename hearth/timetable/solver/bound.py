"""Minutes of dose that no timetable can place: proved by the dual of the program's linear relaxation.

PDLP gives a price for each row. Whatever the prices are, what the rows are worth at them plus what each column could
still gain within its limits is at least what any week places; so the bound is worked out anew from the prices, and how
exactly PDLP solved does not matter. Rounding errors are met by a margin.
"""

from dataclasses import dataclass
from math import floor, gcd, inf

import numpy as np
import numpy.typing as npt
from ortools.linear_solver import linear_solver_pb2
from ortools.pdlp import solvers_pb2
from ortools.pdlp.python import pdlp

from hearth.timetable.solver.program import ENDLESS, Ints, Program, Terms

Floats = npt.NDArray[np.float64]
MARGIN = 1e-2  # minutes; far above what rounding can add up to
ACCURACY = 1e-6  # of PDLP's answer, relative
WORK_AN_ITERATION = 5e-9  # deterministic seconds for each term of the rows


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The rows that limit the dose, with fractions of sessions allowed."""

    lower: Ints
    upper: Ints
    dose: Ints
    row: Ints
    column: Terms
    weight: Terms
    least: Ints
    most: Ints
    total: Ints  # one number: the dose prescribed


def relaxation(program: Program) -> Relaxation:
    """The relaxation of this program."""
    columns, rows = program.columns, program.rows
    counted = np.flatnonzero(~rows.comfort)
    place = np.full(len(rows.least), -1)
    place[counted] = np.arange(len(counted))
    terms = np.flatnonzero(place[rows.row] >= 0)
    return Relaxation(
        lower=columns.lower,
        upper=columns.upper,
        dose=columns.dose,
        row=place[rows.row[terms]],
        column=rows.column[terms],
        weight=rows.weight[terms],
        least=rows.least[counted],
        most=rows.most[counted],
        total=np.array([program.total]),
    )


def bound_at(relaxed: Relaxation, prices: Floats) -> int:
    """The bound that these row prices prove, in minutes: what is placed is a whole number of the shortest step."""
    prices = np.where((prices > 0) & (relaxed.most >= ENDLESS), 0.0, prices)
    prices = np.where((prices < 0) & (relaxed.least <= -ENDLESS), 0.0, prices)
    worth = np.where(prices > 0, prices * relaxed.most, prices * relaxed.least)[prices != 0].sum()
    paid = np.bincount(relaxed.column, relaxed.weight * prices[relaxed.row], len(relaxed.dose))
    gain = relaxed.dose - paid
    placed = float(worth) + float(np.maximum(gain * relaxed.lower, gain * relaxed.upper).sum())
    step = gcd(*relaxed.dose.tolist()) or 1
    return max(0, int(relaxed.total[0]) - floor((placed + MARGIN) / step) * step)


def prove(relaxed: Relaxation, *, seconds: float = inf, iterations: int | None = None) -> tuple[int, int]:
    """Minutes of dose that no week can place, and the iterations it took."""
    if not len(relaxed.dose) or not len(relaxed.least):
        return 0, 0
    parameters = solvers_pb2.PrimalDualHybridGradientParams(num_threads=1)
    limits = parameters.termination_criteria
    limits.simple_optimality_criteria.eps_optimal_absolute = ACCURACY
    limits.simple_optimality_criteria.eps_optimal_relative = ACCURACY
    limits.time_sec_limit = seconds
    if iterations is not None:
        limits.iteration_limit = iterations
    result = pdlp.primal_dual_hybrid_gradient(_quadratic_program(relaxed), parameters)
    prices = -np.asarray(result.dual_solution, np.float64)  # PDLP minimises
    return bound_at(relaxed, np.nan_to_num(prices)), result.solve_log.iteration_count


def _quadratic_program(relaxed: Relaxation) -> pdlp.QuadraticProgram:
    model = linear_solver_pb2.MPModelProto(maximize=True)
    for lower, upper, dose in zip(relaxed.lower.tolist(), relaxed.upper.tolist(), relaxed.dose.tolist(), strict=True):
        model.variable.add(lower_bound=lower, upper_bound=upper, objective_coefficient=dose)
    least = np.where(relaxed.least <= -ENDLESS, -inf, relaxed.least).tolist()
    most = np.where(relaxed.most >= ENDLESS, inf, relaxed.most).tolist()
    names, weights = relaxed.column, relaxed.weight
    ends = np.searchsorted(relaxed.row, np.arange(len(least) + 1)).tolist()
    for index, (lower, upper) in enumerate(zip(least, most, strict=True)):
        terms = slice(ends[index], ends[index + 1])
        model.constraint.add(
            lower_bound=lower, upper_bound=upper, var_index=names[terms].tolist(), coefficient=weights[terms].tolist()
        )
    return pdlp.qp_from_mpmodel_proto(model, True)
