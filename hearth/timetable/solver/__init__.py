"""Fill a week as well as time allows: greedy starts, then CP-SAT on one part of the week after the other.

The only package that imports OR-Tools. docs/timetable.md says how it works. The order of preferences is that of
`figures.rank`; an answer is taken only if the whole week is then no worse, so it is never worse than the best greedy
one.
"""

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from hearth.timetable.board import CLOSE, FORMAT, OPEN, Board, Solution
from hearth.timetable.figures import rank
from hearth.timetable.greedy import STYLES, greedy
from hearth.timetable.rules import violations
from hearth.timetable.solver import repair
from hearth.timetable.solver.bound import relaxation
from hearth.timetable.solver.budget import Budget, Clock, OutOfTime, Work
from hearth.timetable.solver.proving import Prover
from hearth.timetable.solver.reading import solution_of, values_of
from hearth.timetable.solver.search import PROOF_SHARE, Search
from hearth.timetable.solver.sorts import whole
from hearth.timetable.solver.writing import program
from hearth.timetable.tables import Tables

__all__ = ["Progress", "solve"]

GREEDY_SHARE, GREEDY_SECONDS = 0.05, 2.0  # of the budget go to greedy weeks; more only to end the one begun
FIRST_WEEK_SECONDS = 10.0  # in which the first greedy week is filled, even if the budget is smaller
PROVING_SHARE = 0.4  # of the budget at most goes to the bound
PROVABLE = 3_000_000  # terms; a larger relaxation takes too much memory
PROVED_AT_ONCE = 40_000  # terms; so small a relaxation is proved without a process of its own
TICK = 0.1  # seconds between looks at what the workers found
SILENCE = 1.0  # seconds at most without a word, so that whoever listens can stop the search


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the solver stands. `comfort` counts extra days and gaps; `bound`: minutes that no week can place.

    `weeks` were found so far, each better than the one before.
    """

    seconds: float
    unmet_minutes: int
    moved: int
    comfort: int
    second_choice_topics: int
    groups: int
    bound: int = 0
    weeks: int = 0


class PinsBreakRules(ValueError):
    """What is pinned cannot stand; the text says which rule it breaks."""


Tell = Callable[[Progress], None]


def solve(
    board: Board,
    *,
    seconds: float | None = None,
    work: float | None = None,
    seed: int = 0,
    workers: int = 2,
    progress: Tell | None = None,
    pinned: Solution | None = None,
    moving: bool = True,
) -> Solution:
    """The best week found in this time. With `board.current` it is repaired: little is changed.

    `work` in place of `seconds` counts CP-SAT's deterministic seconds: with one worker the same board, seed and work
    give the same week. `pinned` groups and sessions stand exactly as they are; raises PinsBreakRules if they cannot.
    Without `moving` nobody who has a seat in `board.current` gives it up, and all of the time is for that.

    `progress` hears of each better week and, with `seconds`, about every second; what it raises ends the search.
    """
    if pinned is not None and (broken := violations(board, replace(pinned, unmet_bound=0))):
        raise PinsBreakRules(broken[0].sentence)
    budget: Budget = Clock(seconds or 0.0) if work is None else Work(work)
    found = _Found(board, budget, progress, may_claim=pinned is None and _sees_all(board))
    rng = random.Random(seed)  # noqa: S311 - nothing secret
    tables = Tables.of(board)
    for style in STYLES:
        go_on = found.go_on if found.weeks else found.go_on_with_the_first
        found.take(greedy(tables, style, rng, keep=board.current, pinned=pinned, go_on=go_on).solution())
        whole_budget = budget.spent() + budget.left()
        if budget.spent() > max(GREEDY_SHARE * whole_budget, min(GREEDY_SECONDS, whole_budget / 3)):
            break
    if board.patients and tables.staff and budget.left() > 0:
        with suppress(OutOfTime):
            if board.current is None or not (board.current.groups or board.current.individual):
                _fill(found, tables, budget, seed, workers, pinned)
            else:
                _repair(found, tables, budget, seed, workers, pinned, moving=moving)
    return replace(found.best, unmet_bound=found.claim(found.rank[0]))


def _sees_all(board: Board) -> bool:
    """Whether the program may find every week of this board that keeps the rules, so that what it proves is a bound.

    It looks within opening hours, outside which the rules let people meet; beyond the first format it is narrower, too.
    """
    spans = [span for one in board.staff for span in one.hours]
    return board.format == FORMAT and all(span.start >= OPEN and span.end <= CLOSE for span in spans)


class _Found:
    """The best week so far, and what is proved; tells of each that is better, and by the clock in between."""

    def __init__(self, board: Board, budget: Budget, progress: Tell | None, *, may_claim: bool) -> None:
        self.board, self.budget, self.progress, self.may_claim = board, budget, progress, may_claim
        self.best, self.rank, self.bound = Solution(), rank(board, Solution()), 0
        self.weeks, self.told = 0, budget.spent()

    def take(self, week: Solution) -> None:
        """Keep this week if it is better and breaks no rule."""
        found = rank(self.board, week)
        if found >= self.rank or violations(self.board, week):
            self.keep_telling()
            return
        self.best, self.rank = week, found
        self.weeks += 1
        self._tell()

    def keep_telling(self) -> None:
        """Tell again after a while without news. Never of counted work: what hangs on a clock has no place there."""
        if isinstance(self.budget, Clock) and self.budget.spent() - self.told >= SILENCE:
            self._tell()

    def go_on(self) -> bool:
        """Tell again after a while without news; whether there is time left."""
        self.keep_telling()
        return self.budget.left() > 0

    def go_on_with_the_first(self) -> bool:
        """As `go_on`, but for the first week there is some time whatever the budget."""
        return self.go_on() or self.budget.spent() < FIRST_WEEK_SECONDS

    def heed(self) -> None:
        """As `go_on`; raises OutOfTime if there is no time left."""
        if not self.go_on():
            raise OutOfTime

    def _tell(self) -> None:
        self.told = self.budget.spent()
        if self.progress:
            bound = self.claim(self.rank[0])
            self.progress(Progress(round(self.told, 2), *self.rank, bound=bound, weeks=self.weeks))

    def claim(self, unmet: int) -> int:
        """The minutes proved that no week can place, where so many are unmet."""
        return min(self.bound, unmet) if self.may_claim else 0

    def settle(self, start: Solution, end: Solution) -> None:
        """The better of where a search started and ended: which weeks were told of meanwhile hangs on the clock."""
        if not violations(self.board, end):
            self.best = min(start, end, key=lambda week: rank(self.board, week))
            self.rank = rank(self.board, self.best)


def _repair(
    found: _Found, tables: Tables, budget: Budget, seed: int, workers: int, pinned: Solution | None, *, moving: bool
) -> None:
    """Change little: first nobody is moved, then a few where dose is missing."""
    board, stands = tables.board, repair.standing(tables, pinned)
    if moving and repair.is_much_missing(board, found.best):
        search = repair.search_of_moves(tables, stands, found.best, budget, found.heed, near=len(board.patients))
        _run(found, search, seed, workers)
        return
    if moving:
        most = repair.ADDING_SHARE * repair.seconds_for(board)
        budget.shorten(repair.seconds_for(board))
    else:
        most = max(0.0, budget.left())
    adding = repair.Adding(tables, stands, found.best, found.heed)
    with _Crew(lambda _: adding.work(budget, most, seed, workers), adding.stop) as crew:
        crew.hire()
        while crew.at_work():
            crew.wait(TICK)
            found.keep_telling()
    found.take(adding.found)
    if not moving or not repair.newly_unmet(board, found.best) or budget.left() <= 0:
        return
    search = repair.search_of_moves(tables, stands, found.best, budget, found.heed)
    search.comfort, search.patience = True, repair.PATIENCE
    _run(found, search, seed, workers)


def _fill(found: _Found, tables: Tables, budget: Budget, seed: int, workers: int, pinned: Solution | None) -> None:
    """Search on from the best week with all workers, and prove a bound beside them."""
    scope = whole(tables, repair.with_what_greedy_alone_finds(pinned, found.best), found.best)
    week = program(tables, scope, found.heed)
    search = Search(week, values_of(week, found.best), budget)
    if found.board.format != FORMAT or len(week.rows.row) > PROVABLE:
        _run(found, search, seed, workers)
        return
    relaxed = relaxation(week)
    prover = None
    if len(relaxed.row) < PROVED_AT_ONCE or isinstance(budget, Work):
        search.relaxed = relaxed
    else:
        share = PROVING_SHARE if workers > 1 else PROOF_SHARE
        prover = Prover(relaxed, share * max(0.0, budget.left()))
    del relaxed
    _run(found, search, seed, workers, prover)


def _run(found: _Found, search: Search, seed: int, workers: int, prover: Prover | None = None) -> None:
    """Let the workers search until they end, and tell of what they find. A prover takes one worker's place."""
    start = found.best
    with _Crew(lambda name: search.work(seed * 1000 + name, name), search.stop) as crew:
        for _ in range(workers - (prover is not None)):
            crew.hire()
        try:
            while crew.at_work() or (prover and not crew.threads):
                search.found.wait(TICK)
                if prover and (bound := prover.bound()) is not None:
                    search.learn_bound(bound)
                    crew.hire()
                    prover = None
                _tell(found, search)
        finally:
            if prover:
                prover.end()
    _tell(found, search)
    found.settle(start, solution_of(search.program, search.best))


def _tell(found: _Found, search: Search) -> None:
    found.bound = search.bound
    if search.found.is_set():
        search.found.clear()  # before reading: what is found meanwhile is read the next time
        found.take(solution_of(search.program, search.best))
    found.keep_telling()


class _Crew:
    """Threads that do the same work, each with a number: CP-SAT lets go of the interpreter's lock while it solves.

    Left, for whatever reason, it stops them and waits; what went wrong for one goes wrong for whoever asked.
    """

    def __init__(self, work: Callable[[int], None], stop: Callable[[], None]) -> None:
        self.work, self.stop = work, stop
        self.threads: list[threading.Thread] = []
        self.errors: list[BaseException] = []

    def __enter__(self) -> "_Crew":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        while self.at_work():
            self.stop()  # again and again: one that was about to solve would not have heard
            self.wait(TICK)
        if self.errors and kind is None:
            raise self.errors[0]

    def hire(self) -> None:
        """One more worker."""
        thread = threading.Thread(target=self._work, args=(len(self.threads),), daemon=True)
        self.threads.append(thread)
        thread.start()

    def _work(self, name: int) -> None:
        try:
            self.work(name)
        except BaseException as error:
            self.errors.append(error)
            self.stop()

    def at_work(self) -> bool:
        """Whether anyone still works."""
        return any(thread.is_alive() for thread in self.threads)

    def wait(self, seconds: float) -> None:
        """So long for each, or until they have ended."""
        for thread in self.threads:
            thread.join(seconds)
