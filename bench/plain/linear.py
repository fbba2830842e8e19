"""The linear relaxation of the plain model, and what it proves."""

import time
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt
from ortools.math_opt import model_pb2
from ortools.math_opt.python.model import Model as Program
from ortools.math_opt.python.parameters import SolveParameters, SolverType
from ortools.math_opt.python.solve import solve

from plain.week_model import NO_LIMIT, Json, Model, build

SCALE = 1 << 20  # prices are whole multiples of about a millionth of a minute
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bound:
    """`proved`: whole minutes no week can stay below; `relaxed`: what the relaxation was found to cost."""

    proved: int
    relaxed: float
    seconds: float


def linear_bound(board: Json, *, seconds: float = 900) -> Bound:
    """The bound of this board; after `seconds` whatever is proved by then."""
    began = time.monotonic()
    model = build(board)
    if not model.upper:
        return Bound(model.constant, model.constant, time.monotonic() - began)
    limit = SolveParameters(time_limit=timedelta(seconds=seconds))
    solver = SolverType.PDLP
    result = solve(Program.from_model_proto(as_proto(model, whole=False)), solver, params=limit)
    found = result.solutions[0].dual_solution if result.solutions else None
    if found is None:
        return Bound(0, 0.0, time.monotonic() - began)
    prices = np.array([found.dual_values[row] for row in sorted(found.dual_values, key=lambda row: row.id)])
    return Bound(proved_by(model, prices), found.objective_value or 0.0, time.monotonic() - began)


def proved_by(model: Model, prices: npt.NDArray[np.float64]) -> int:
    """The whole minutes that these row prices prove, whatever their quality; computed in whole numbers alone.

    For any price y >= 0 of a row's lower limit (<= 0 of its upper one) and 0 <= x <= u, every x that keeps the rows
    costs at least y * limits + sum of min(0, cost - y * column) * u. Minutes are whole: rounded up.
    """
    price: Whole = np.rint(prices * SCALE).astype(np.int64)
    least: Whole = np.array(model.lower_limit, dtype=np.int64)
    most: Whole = np.array(model.upper_limit, dtype=np.int64)
    price[(price > 0) & (least <= -NO_LIMIT)] = 0  # a price no limit stands behind
    price[(price < 0) & (most >= NO_LIMIT)] = 0
    limit = np.where(price > 0, least, np.where(price < 0, most, 0))
    rows: Whole = np.array(model.row_of, dtype=np.int64)
    columns: Whole = np.array(model.column_of, dtype=np.int64)
    reduced: Whole = np.array(model.cost, dtype=np.int64) * SCALE
    np.subtract.at(reduced, columns, price[rows] * np.array(model.coefficient, dtype=np.int64))
    worst = np.minimum(reduced, 0) * np.array(model.upper, dtype=np.int64)
    total = sum((price * limit).tolist()) + sum(worst.tolist()) + model.constant * SCALE  # no overflow in Python
    return max(0, int(-(-total // SCALE)))


def as_proto(model: Model, *, whole: bool) -> model_pb2.ModelProto:
    """The model for MathOpt; `whole`: columns are whole numbers."""
    proto = model_pb2.ModelProto()
    count, rows = len(model.upper), len(model.lower_limit)
    proto.variables.ids.extend(range(count))
    proto.variables.lower_bounds.extend([0.0] * count)
    proto.variables.upper_bounds.extend(float(each) for each in model.upper)
    proto.variables.integers.extend([whole] * count)
    proto.objective.offset = model.constant
    for column, cost in enumerate(model.cost):
        if cost:
            proto.objective.linear_coefficients.ids.append(column)
            proto.objective.linear_coefficients.values.append(cost)
    limits = proto.linear_constraints
    limits.ids.extend(range(rows))
    limits.lower_bounds.extend(-np.inf if each <= -NO_LIMIT else float(each) for each in model.lower_limit)
    limits.upper_bounds.extend(np.inf if each >= NO_LIMIT else float(each) for each in model.upper_limit)
    order = np.lexsort((np.array(model.column_of), np.array(model.row_of)))
    matrix = proto.linear_constraint_matrix
    matrix.row_ids.extend(np.array(model.row_of)[order].tolist())
    matrix.column_ids.extend(np.array(model.column_of)[order].tolist())
    matrix.coefficients.extend(np.array(model.coefficient, dtype=float)[order].tolist())
    return proto
