"""The week as one integer program: columns (what may happen) and rows (what must hold), as arrays.

A seat column says that someone sits in some group of a sort, an open column that a member of staff leads one in a
class of rooms; who sits with whom in parallel groups is decided afterwards (`reading`), so that no two answers
differ in name alone. The rest are derived: `complete` works them out. All columns are whole numbers from `lower`
to `upper`; a row is `least <= sum of weight x column <= most`.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from hearth.timetable.board import Individual
from hearth.timetable.solver.sorts import Scope, Sort
from hearth.timetable.tables import Tables

Ints = npt.NDArray[np.int64]
Terms = npt.NDArray[np.int32]  # there are many of them
Mask = npt.NDArray[np.bool_]
Values = Ints  # one whole number for each column
ENDLESS = 1 << 40  # no limit


class What(IntEnum):
    """What a column says. Those after ONE are derived."""

    SEAT, OPEN, ONE, SUM, COMES, VIRTUAL, THERE, BEGINS, EXTRA, KEPT = range(10)


@dataclass(frozen=True, slots=True)
class RoomClass:
    """Rooms that serve equally: how many people a group in them may hold, where they are and what they have."""

    seats: int
    rooms: tuple[str, ...]  # none: the group meets on screen
    site: str = ""
    equipment: frozenset[str] = frozenset()


@dataclass(slots=True)
class Columns:
    """What each column is about; -1 where it is not about such a thing."""

    what: Ints
    person: Ints
    staff: Ints
    sort: Ints
    first: Ints
    lower: Ints
    upper: Ints
    dose: Ints  # minutes it gives
    comes: Ints  # for seats and one-to-ones: the column that says that the person comes on this day
    virtual: Ints  # for seats and one-to-ones on screen: the column that says that the day is so
    there: Ints  # for what is in person at a site: the column that says that the person (the leader) is there that day
    led_there: Ints  # for one-to-ones the same of who leads them
    adult: Mask  # what is about adults; else about adolescents, or about no one population


@dataclass(slots=True)
class Rows:
    """Rows with their terms, in order. `comfort` marks those that only count gaps and extra days."""

    row: Terms  # of each term
    column: Terms
    weight: Terms
    least: Ints
    most: Ints
    comfort: Mask
    packing: Mask  # no weight is negative and there is a most: a full row forbids all its other columns

    def sums(self, values: Values) -> Ints:
        """What each row adds up to."""
        return np.bincount(self.row, self.weight * values[self.column], len(self.least)).astype(np.int64)


@dataclass(slots=True)
class Program:
    """One board's program. The maps name the columns."""

    tables: Tables
    scope: Scope
    sorts: list[Sort]
    rooms: list[RoomClass]
    columns: Columns
    rows: Rows
    seat: dict[tuple[int, int], int]  # sort, person
    open: dict[tuple[int, int, int], int]  # sort, staff, room class
    one: dict[Individual, int]
    sums: tuple[Ints, Ints]  # rows and the columns that stand for what their other terms add up to
    excess: tuple[Ints, Ints]  # rows and the columns that stand for what is above their most
    kept: list[tuple[int, ...]]  # for each seat of `current`: the columns that must all be 1 for it to stand
    kept_column: Ints
    total: int  # minutes of dose prescribed on the board

    def complete(self, values: Values) -> Values:
        """The same answer with its derived columns worked out."""
        values, columns, rows = values.copy(), self.columns, self.rows
        values[columns.what > What.ONE] = 0
        chosen = np.flatnonzero(values > 0)
        values[columns.comes[chosen[columns.comes[chosen] >= 0]]] = 1
        for derived in (columns.virtual, columns.there, columns.led_there):
            values[derived[chosen[derived[chosen] >= 0]]] = 1
        sums = rows.sums(values)
        values[self.sums[1]] = sums[self.sums[0]]
        values[self.excess[1]] = np.maximum(sums[self.excess[0]] - rows.most[self.excess[0]], 0)
        for column, needs in zip(self.kept_column, self.kept, strict=True):
            values[column] = min((values[each] for each in needs), default=0)
        return values

    def broken(self, values: Values) -> Ints:
        """The rows that do not hold."""
        sums = self.rows.sums(values)
        return np.flatnonzero((sums < self.rows.least) | (sums > self.rows.most))

    def unmet(self, values: Values) -> int:
        """Minutes of dose that are not placed."""
        return self.total - int(self.columns.dose @ values)

    def comfort(self, values: Values) -> int:
        """Extra days and gaps."""
        what = self.columns.what
        counted = (what == What.BEGINS) | (what == What.EXTRA)
        return int(values[counted].sum() - values[what == What.COMES].sum())

    def moved(self, values: Values) -> int:
        """Seats of `current` that could stand and do not."""
        return len(self.kept_column) - int(values[self.kept_column].sum())

    def rank(self, values: Values) -> tuple[int, int, int, int]:
        """Unmet minutes, seats moved, comfort, groups: less is better."""
        groups = int(values[self.columns.what == What.OPEN].sum())
        return self.unmet(values), self.moved(values), self.comfort(values), groups
