"""Repair a week that stands: least change in order of harm, in scopes that widen step by step.

1. Nobody is moved: what stands stays, and only free seats and hours are used, first by whoever is new alone.
2. Where dose is then missing that the week had, or that someone new needs, a few seats may move: of people whose hours
   are like those of who lacks it.

Each step starts from what the last one found. It ends when nothing in reach is better, at the latest after a share of a
full search's time.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from ortools.sat.python import cp_model

from hearth.timetable.board import KINDS, Board, Group, Solution
from hearth.timetable.figures import disturbance, seats
from hearth.timetable.filling import Filling, filled
from hearth.timetable.greedy import keep_standing
from hearth.timetable.solver.budget import Budget
from hearth.timetable.solver.part import Part, solve_part
from hearth.timetable.solver.program import Values, What
from hearth.timetable.solver.reading import solution_of, values_of
from hearth.timetable.solver.search import Search
from hearth.timetable.solver.sorts import Scope, at_two_sites
from hearth.timetable.solver.writing import program
from hearth.timetable.tables import Tables
from hearth.timetable.week import Week

FULL_SECONDS = ((0, 60.0), (100, 60.0), (200, 90.0), (400, 120.0))  # people: how long a full search takes
SHARE, SHARE_AWAY = 0.016, 0.08  # of it a repair takes at most, and one for staff who are away
ADDING_SHARE = 0.5  # of the repair's time at most is for its first step
MOVED_SHARE = 0.2  # so many seats may move for each that the absent led
PEOPLE_NEAR = 120  # whose seats may move, at most
MUCH = 0.15  # of all sessions newly missing: more than a repair, for which the whole time is taken
PATIENCE = 60  # parts tried without finding anything better before it is enough


@dataclass(frozen=True, slots=True)
class Standing:
    """What of the week still stands, as booked and as data; `small` are groups that too few people are left in."""

    filling: Filling
    small: tuple[Group, ...]
    week: Solution
    pinned: Solution


def standing(tables: Tables, pinned: Solution | None) -> Standing:
    """What stands of the board's `current`."""
    filling = filled(tables, pinned or Solution())
    small = keep_standing(filling, tables.board.current or Solution())
    pinned = with_what_greedy_alone_finds(pinned, Solution(tuple(filling.groups)))
    held = {*pinned.groups, *pinned.individual}
    groups = tuple(group for group in filling.groups if group not in held)
    ones = tuple(one for one in filling.individual if one not in held)
    return Standing(filling, tuple(small), Solution((*groups, *small), ones), pinned)


def with_what_greedy_alone_finds(pinned: Solution | None, week: Solution) -> Solution:
    """What is pinned and this week's groups with a second leader or an interpreter, which the program cannot find."""
    given = pinned or Solution()
    found = [group for group in week.groups if (group.co_staff or group.interpreter) and group not in given.groups]
    return replace(given, groups=(*given.groups, *found))


def seconds_for(board: Board) -> float:
    """How long a repair of this board may take."""
    people, times = zip(*FULL_SECONDS, strict=True)
    full = float(np.interp(len(board.patients), people, times))
    return full * (SHARE_AWAY if disturbance(board, Solution())["hit"] else SHARE)


class Adding:
    """The best week in which everything that stands stays, from one that does so. `found` after `work`.

    Whoever is new is placed first, with nobody else in play: that takes a moment, and is the least they can have.
    """

    def __init__(self, tables: Tables, stands: Standing, start: Solution, heed: Callable[[], None]) -> None:
        self.program = program(tables, _scope_of_additions(tables, stands, start), heed)
        columns, values = self.program.columns, values_of(self.program, start)
        primary = columns.what <= What.ONE
        self.stay = values_of(self.program, Solution(tuple(stands.filling.groups), tuple(stands.filling.individual)))
        new = [index for index, who in enumerate(tables.people) if who not in _seen(tables.board)]
        self.newcomers = Part(np.zeros(len(primary), bool), primary & np.isin(columns.person, new))
        self.part = Part(primary & (values > self.stay), primary)
        self.values = self.program.complete(np.maximum(values, self.stay))
        self.solver, self.found = cp_model.CpSolver(), start

    def work(self, budget: Budget, most: float, seed: int, workers: int) -> None:
        """Solve it within `most`."""
        until = budget.spent() + most
        if self.newcomers.allowed.any():
            self._solve(self.stay, self.newcomers, budget, until, seed, workers)
        self._solve(self.values, self.part, budget, until, seed, workers)

    def _solve(self, values: Values, part: Part, budget: Budget, until: float, seed: int, workers: int) -> None:
        answer = solve_part(
            self.program,
            values,
            part,
            comfort=True,
            limits=budget.limits(until - budget.spent()),
            seed=seed,
            solver=self.solver,
            workers=workers,
        )
        budget.charge(answer.work)
        if answer.values is None or self.program.rank(answer.values) >= self.program.rank(self.values):
            return
        primary = self.program.columns.what <= What.ONE
        self.part, self.values = Part(primary & (answer.values > self.stay), primary), answer.values
        self.found = solution_of(self.program, answer.values)

    def stop(self) -> None:
        """Let `work` end soon."""
        self.solver.stop_search()


def _scope_of_additions(tables: Tables, stands: Standing, start: Solution) -> Scope:
    filling = stands.filling
    people = {who: index for index, who in enumerate(tables.people)}
    wants = frozenset((people[who], kind) for (who, kind), need in filling.need.items() if need > 0)
    lacking = {who for who, _ in wants}
    return Scope(
        free={index: filling.free[who] for who, index in people.items() if index in lacking},
        shift={index: tables.shift[who] & ~filling.led[who] for index, who in enumerate(tables.staff)},
        stands=stands.week,
        pinned=stands.pinned,
        wants=wants,
        at_two_sites=at_two_sites(tables, start) | at_two_sites(tables, stands.week),
    )


def moves_allowed(board: Board, start: Solution) -> int:
    """How many seats may move for what is missing."""
    hit = disturbance(board, start)["hit"]
    return int(MOVED_SHARE * hit) if hit else newly_unmet(board, start)


def newly_unmet(board: Board, week: Solution) -> int:
    """Sessions that people lack in this week and did not lack in `current`."""
    before, after = (Week(board, each).given for each in (board.current or Solution(), week))
    return sum(
        max(0, min(part.count, before[one.id, kind] if one.id in _seen(board) else part.count) - after[one.id, kind])
        for one in board.patients
        for kind in KINDS
        if (part := one.dose.part(kind)).count
    )


def _seen(board: Board) -> set[str]:
    """Who has a seat in `current`; everyone else is new."""
    return {seat[0] for seat in seats(board.current)} if board.current else set()


def is_much_missing(board: Board, week: Solution) -> bool:
    """Whether so much is newly missing that it is a new week rather than a repaired one."""
    sessions = sum(one.dose.part(kind).count for one in board.patients for kind in KINDS)
    return newly_unmet(board, week) > MUCH * sessions


def search_of_moves(
    tables: Tables,
    stands: Standing,
    start: Solution,
    budget: Budget,
    heed: Callable[[], None],
    near: int = PEOPLE_NEAR,
) -> Search:
    """A search in which a few seats may move, of those whose hours are most like those of who lacks dose."""
    week = program(tables, _scope_of_moves(tables, stands, start, near), heed)
    values = values_of(week, start)
    return Search(week, values, budget, keep=len(week.kept) - moves_allowed(tables.board, start))


def _scope_of_moves(tables: Tables, stands: Standing, start: Solution, most: int) -> Scope:
    given = Week(tables.board, start).given
    lacking = [
        one.id for one in tables.people.values() if any(given[one.id, k] < one.dose.part(k).count for k in KINDS)
    ]
    near: dict[str, int] = {}
    for who, patient in tables.people.items():
        alike = (other for other in lacking if tables.people[other].population == patient.population)
        hours = tables.available[who]
        near[who] = max(
            ((tables.available[other] & hours).bit_count() + 1000 * (other == who) for other in alike), default=0
        )
    chosen = set(sorted(near, key=lambda who: -near[who])[:most])
    return Scope(
        free={index: tables.available[who] for index, who in enumerate(tables.people) if who in chosen},
        shift={index: tables.shift[who] for index, who in enumerate(tables.staff)},
        stands=stands.week,
        pinned=stands.pinned,
        at_two_sites=at_two_sites(tables, start) | at_two_sites(tables, stands.week),
    )
