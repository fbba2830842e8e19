"""Large neighbourhood search: solve one part of the week after the other, several side by side.

All workers go on from one week. An answer is taken if the week is then no worse; where another worker has changed the
week meanwhile, the two changes are put together if every row still holds.
"""

import random
import threading
from dataclasses import dataclass

from ortools.sat.python import cp_model

from hearth.timetable.solver.bound import WORK_AN_ITERATION, Relaxation, prove
from hearth.timetable.solver.budget import WORK_A_TERM, Budget, Work
from hearth.timetable.solver.part import Answer, Part, solve_part
from hearth.timetable.solver.parts import CHOICES, Choose, View, everything
from hearth.timetable.solver.program import Program, Values

COVERAGE_SHARE = 0.6  # of the budget goes to placing dose, the rest to comfort
PART_SHARE, PART_LIMITS = 1 / 30, (0.5, 3.0)  # of the budget goes to one part, within these limits
PROOF_SHARE = 0.15  # of the budget at most goes to the bound where a worker proves it itself
SMALL = 4000  # columns; so small a program is tried as one part
FIRST_SIZE, LEAST_SIZE = 3.0, 2.0
COLUMNS_A_TRY, LEAST_PATIENCE = 16, 40  # the larger the week, the more parts in a row may find nothing


@dataclass(slots=True)
class Way:
    """A way to choose a part, how large, and how well it did lately."""

    choose: Choose
    size: float = FIRST_SIZE
    gain: float = 0.0  # minutes, or in comfort days and gaps, a second

    def learn(self, gain: float, spent: float, *, proved: bool) -> None:
        """Grow while parts are proved best, shrink where they are not; remember what it gained."""
        self.gain = 0.7 * self.gain + 0.3 * gain / max(spent, 0.02)
        if proved:
            self.size += 0.1 if gain > 0 else 0.3
        else:
            self.size = max(LEAST_SIZE, self.size - 0.3)


class Search:
    """The week from which all workers go on (`now`), and the best so far."""

    def __init__(self, program: Program, start: Values, budget: Budget, *, keep: int | None = None) -> None:
        self.program, self.view, self.budget, self.keep = program, View(program), budget, keep
        self.now = self.best = start
        self.now_rank = self.best_rank = program.rank(start)
        self.bound = 0  # minutes
        self.comfort = self.done = False
        self.lock = threading.Lock()
        self.solvers: dict[int, cp_model.CpSolver] = {}
        self.found = threading.Event()
        self.patience = max(LEAST_PATIENCE, len(start) // COLUMNS_A_TRY)  # parts in a row that find nothing
        self.in_vain = 0
        self.relaxed: Relaxation | None = None  # set where a worker is to prove the bound itself

    def work(self, seed: int, name: int = 0) -> None:
        """Go on until the budget is spent or nothing can be better."""
        rng = random.Random(seed)  # noqa: S311 - nothing secret
        self._whole(rng, name)
        if self.relaxed is not None and not name and not self._over():
            self._prove(self.relaxed)
        ways = [Way(choose) for choose in CHOICES]
        comfortable = self.comfort
        while not self._over():
            if comfortable != self.comfort:
                ways, comfortable = [Way(choose) for choose in CHOICES], self.comfort
            way = rng.choices(ways, [0.15 + self._share(each, ways) for each in ways])[0]
            began, base = self.budget.spent(), self.now
            part = way.choose(self.view, base, way.size, rng)
            answer = self._solve(part, base, rng, name)
            gain = self._take(answer, base)
            self.in_vain = 0 if gain > 0 else self.in_vain + 1
            way.learn(gain, self.budget.spent() - began, proved=answer.proved)

    def stop(self) -> None:
        """Let every worker end soon."""
        self.done = True
        for solver in list(self.solvers.values()):
            solver.stop_search()

    def learn_bound(self, bound: int) -> None:
        """Note what is proved of the whole week, in minutes."""
        self.bound = max(self.bound, min(bound, self.best_rank[0]))

    @staticmethod
    def _share(way: Way, ways: list[Way]) -> float:
        return way.gain / max(1e-9, max(each.gain for each in ways))

    def _whole(self, rng: random.Random, name: int) -> None:
        """A small program is solved as one part, first for dose, then for comfort."""
        if name or len(self.now) > SMALL or self.keep is not None:
            return
        answer = self._solve(everything(self.view, self.now), self.now, rng, name)
        self._take(answer, self.now)
        if not answer.proved or answer.values is None:
            return
        self.learn_bound(self.program.unmet(answer.values))
        self._turn_to_comfort()
        answer = self._solve(everything(self.view, self.now), self.now, rng, name)
        self._take(answer, self.now)
        self.done = self.done or answer.proved

    def _prove(self, relaxed: Relaxation) -> None:
        """Prove a bound with a small share of the budget."""
        share = PROOF_SHARE * (self.budget.spent() + self.budget.left())
        iteration = len(relaxed.row) * WORK_AN_ITERATION
        if isinstance(self.budget, Work):
            bound, iterations = prove(relaxed, iterations=max(1, int(share / max(iteration, 1e-9))))
            self.budget.charge(iterations * iteration)
        else:
            bound, _ = prove(relaxed, seconds=min(share, self.budget.left()))
        self.learn_bound(bound)

    def _over(self) -> bool:
        if not self.comfort and (
            self.budget.left() < (1 - COVERAGE_SHARE) * (self.budget.spent() + self.budget.left())
            or self.best_rank[0] <= self.bound
            or self.in_vain > self.patience
        ):
            self._turn_to_comfort()
        return self.done or self.budget.left() <= 0.05 or self.in_vain > self.patience

    def _turn_to_comfort(self) -> None:
        with self.lock:
            if not self.comfort:
                self.comfort, self.now, self.now_rank = True, self.best, self.best_rank
                self.in_vain = 0

    def _solve(self, part: Part, base: Values, rng: random.Random, name: int) -> Answer:
        budget = self.budget
        most = min(max((budget.spent() + budget.left()) * PART_SHARE, PART_LIMITS[0]), PART_LIMITS[1])
        solver = self.solvers[name] = cp_model.CpSolver()
        answer = solve_part(
            self.program,
            base,
            part,
            comfort=self.comfort,
            limits=budget.limits(most),
            seed=rng.randrange(1 << 30),
            solver=solver,
            keep=self.keep,
        )
        budget.charge(answer.work + len(self.program.rows.row) * WORK_A_TERM)
        return answer

    def _take(self, answer: Answer, base: Values) -> float:
        """Go on from this answer if it is no worse; what it gained on the week it began from."""
        if answer.values is None:
            return 0.0
        with self.lock:
            values = answer.values if self.now is base else self._together(answer.values, base)
            if values is None:
                return 0.0
            rank = self.program.rank(values)
            depth = 4 if self.comfort else 2
            gain = self._gain(self.now_rank, rank)
            if rank[:depth] <= self.now_rank[:depth]:
                self.now, self.now_rank = values, rank
            if rank < self.best_rank:
                self.best, self.best_rank = values, rank
                self.found.set()
        return gain

    def _gain(self, before: tuple[int, ...], after: tuple[int, ...]) -> float:
        if not self.comfort:
            return max(0, before[0] - after[0])
        return max(0, 10 * (before[0] - after[0]) + before[2] - after[2])

    def _together(self, values: Values, base: Values) -> Values | None:
        """This answer's change of its base, made to the week as it is now; None if a row would break."""
        columns = self.program.columns
        both = self.program.complete(self.now + values - base)
        if (both < columns.lower).any() or (both > columns.upper).any() or len(self.program.broken(both)):
            return None
        if self.keep is not None and self.program.moved(both) > len(self.program.kept) - self.keep:
            return None
        return both
