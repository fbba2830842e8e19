"""Fill a week as well as time allows: greedy starts, then CP-SAT on one part of the week after the other.

The only module that imports OR-Tools. The order of preferences is that of `figures.rank`; a part's answer is
taken only if the whole week is then no worse, so the answer is never worse than the best greedy one.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from hearth.timetable.board import FORMAT, KINDS, SLOT, Board, Group, Individual, Solution
from hearth.timetable.figures import rank
from hearth.timetable.filling import Filling, filled
from hearth.timetable.greedy import STYLES, book_ones, fill_seats, greedy
from hearth.timetable.neighbourhoods import Part, choose_part
from hearth.timetable.offers import Offers, deal, give_rooms, offers, with_best_topics
from hearth.timetable.rules import MOST_DAYS
from hearth.timetable.tables import SLOTS_A_DAY, Tables, block

UNMET, MOVED, COMFORT, TOPIC, OPENED = 6000, 300, 12, 3, 1  # what a slot, seat, day or gap, topic, group costs
PART_SHARE, PART_SECONDS = 1 / 20, (0.8, 4.0)  # of the time goes to one part, within these limits
COVERAGE_SHARE = 0.7  # of the time goes to placing dose, the rest to comfort
Literal = cp_model.IntVar


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the solver stands. `comfort` counts extra days and gaps."""

    seconds: float
    unmet_minutes: int
    moved: int
    comfort: int
    second_choice_topics: int
    groups: int


def solve(
    board: Board,
    *,
    seconds: float,
    seed: int = 0,
    workers: int = 2,
    progress: Callable[[Progress], None] | None = None,
) -> Solution:
    """The best week found in this time. With `board.current` it is repaired: little is changed."""
    began = time.monotonic()
    tables, rng = Tables.of(board), random.Random(seed)  # noqa: S311 - nothing secret
    search = _Search(board, began, progress)
    for style in STYLES:
        if board.current is not None:
            search.take(greedy(tables, style, rng, keep=board.current))
        else:
            search.take(greedy(tables, style, rng))
        if time.monotonic() - began > seconds / 3:
            break
    if board.format == FORMAT:  # the model of a part knows nothing beyond it; greedy weeks keep every rule
        search.improve(began + seconds, rng, workers)
    return search.best


class _Search:
    """The best week so far, and the week from which the search goes on (as much dose, less comfort)."""

    def __init__(self, board: Board, began: float, progress: Callable[[Progress], None] | None) -> None:
        self.board, self.began, self.progress = board, began, progress
        self.best = Solution()
        self.best_rank = rank(board, self.best)
        self.now = Filling(Tables.of(board))
        self.now_rank = self.best_rank

    def take(self, filling: Filling, *, comfort: bool = True) -> bool:
        """Go on from this week if it is no worse (without `comfort` in dose alone); says if it is better."""
        solution = filling.solution()
        found = rank(self.board, solution)
        depth = 5 if comfort else 2
        better = found[:depth] < self.now_rank[:depth]
        if found[:depth] <= self.now_rank[:depth]:
            self.now, self.now_rank = filling, found
        if found < self.best_rank:
            self.best, self.best_rank = solution, found
            if self.progress:
                self.progress(Progress(round(time.monotonic() - self.began, 2), *found))
        return better

    def improve(self, until: float, rng: random.Random, workers: int) -> None:
        """Solve part after part until the time is over or the whole week is proved best."""
        turn = time.monotonic() + (until - time.monotonic()) * COVERAGE_SHARE
        size, comfort = 4.0, False
        limit = min(max((until - time.monotonic()) * PART_SHARE, PART_SECONDS[0]), PART_SECONDS[1])
        while (left := until - time.monotonic()) > 0.2 and self.board.patients and self.board.staff:
            if not comfort and (time.monotonic() > turn or self.best_rank[:2] == (0, 0)):
                comfort, size = True, 3.0
                self._return_to_best()
            part = choose_part(self.now, size, rng)
            model = _PartModel(part, self.now, comfort=comfort)
            found, proved = model.solve(min(left, limit), workers, rng.randrange(1 << 30))
            better = found is not None and self.take(found, comfort=comfort)
            size = min(size + (0.3 if not better else 0.05), 1e3) if proved else max(2.0, size - 0.5)
            if proved and part.whole and comfort:
                return
            if proved and part.whole:
                comfort, size = True, 3.0
                self._return_to_best()

    def _return_to_best(self) -> None:
        self.now, self.now_rank = filled(self.now.tables, self.best), self.best_rank


class _PartModel:
    """The CP-SAT model of one part of the week, hinted with the week as it is."""

    def __init__(self, part: Part, now: Filling, *, comfort: bool) -> None:
        self.stands, self.now, self.comfort = part.stands, now, comfort
        self.offers: Offers = offers(part.stands, part.leaders, best_topic=comfort)
        self.model = cp_model.CpModel()
        self.cost: list[tuple[Literal, int]] = []
        self.came: dict[str, list[tuple[Literal, int, str, str]]] = defaultdict(list)  # literal, mask, kind, way
        self.worked: dict[str, list[tuple[Literal, int]]] = defaultdict(list)
        self.open: dict[tuple[int, str], Literal] = {}
        self.sits: dict[tuple[int, str], Literal] = {}
        self.seat: list[Literal] = []
        self.one: list[Literal] = []
        self._add_sections()
        self._add_seats_and_ones()
        self._limit_rooms()
        self._limit_staff()
        self._limit_people()
        self._keep_current()
        self.model.minimize(sum(literal * weight for literal, weight in self.cost))
        self._hint()

    def _new(self) -> Literal:
        return self.model.new_bool_var("")

    def _add_sections(self) -> None:
        tables = self.stands.tables
        for index, section in enumerate(self.offers.sections):
            group = section.group
            opened = []
            for staff in section.staff:
                literal = self.open[index, staff] = self._new()
                opened.append(literal)
                self.worked[staff].append((literal, section.mask))
                self.cost.append((literal, OPENED))
            seated = []
            for who in section.people:
                literal = self.sits[index, who] = self._new()
                seated.append(literal)
                self.came[who].append((literal, section.mask, group.kind, group.modality))
                self.model.add_bool_or([*opened, literal.negated()])
                if group.kind == "group" and tables.people[who].topics[0] != group.topic:
                    self.cost.append((literal, TOPIC))
            self.model.add(sum(seated) <= section.seats * sum(opened))
            self.model.add(sum(seated) >= tables.board.minimum * sum(opened))

    def _add_seats_and_ones(self) -> None:
        by_group: dict[int, list[Literal]] = defaultdict(list)
        for index, who in self.offers.seats:
            group, literal = self.stands.groups[index], self._new()
            self.seat.append(literal)
            by_group[index].append(literal)
            mask = block(group.day, group.start, group.minutes)
            self.came[who].append((literal, mask, group.kind, group.modality))
            if group.kind == "group" and self.stands.tables.people[who].topics[0] != group.topic:
                self.cost.append((literal, TOPIC))
        for index, literals in by_group.items():
            group = self.stands.groups[index]
            self.model.add(sum(literals) <= self.stands.seats(group) - len(group.patients))
        for one in self.offers.ones:
            literal, mask = self._new(), block(one.day, one.start, one.minutes)
            self.one.append(literal)
            self.came[one.patient].append((literal, mask, one.kind, one.modality))
            self.worked[one.staff].append((literal, mask))

    def _limit_rooms(self) -> None:
        """In each seat class no more groups at once than rooms."""
        rooms: dict[int, int] = defaultdict(int)
        for room in self.stands.tables.board.rooms:
            rooms[self.stands.tables.group_seats(room)] += 1
        taken: dict[tuple[int, int], int] = defaultdict(int)
        for group in self.stands.groups:
            if group.modality == "in_person":
                for slot in _bits(block(group.day, group.start, group.minutes)):
                    taken[self.stands.seats(group), slot] += 1
        wanted: dict[tuple[int, int], list[Literal]] = defaultdict(list)
        for (index, _), literal in self.open.items():
            section = self.offers.sections[index]
            if section.group.modality == "in_person":
                for slot in _bits(section.mask):
                    wanted[section.seats, slot].append(literal)
        for (seats, slot), literals in wanted.items():
            free = rooms[seats] - taken[seats, slot]
            if len(literals) > free:
                self.model.add(sum(literals) <= free)

    def _limit_staff(self) -> None:
        """One place at a time, the week's minutes, and a free slot in time."""
        for who, choices in self.worked.items():
            staff, led = self.stands.tables.staff[who], self.stands.led[who]
            busy = self._busy(choices)
            length = sum(literal * mask.bit_count() for literal, mask in choices)
            self.model.add(length <= staff.max_minutes_week // SLOT - led.bit_count())
            run = staff.max_minutes_run // SLOT + 1
            for first in range(7 * SLOTS_A_DAY - run + 1):
                window = range(first, first + run)
                if all(slot in busy or led >> slot & 1 for slot in window):
                    free_to_fill = run - 1 - sum(led >> slot & 1 for slot in window)
                    self.model.add(sum(busy[slot] for slot in window if slot in busy) <= free_to_fill)

    def _busy(self, choices: list[tuple[Literal, int]]) -> dict[int, Literal]:
        """For each slot whether one of these choices takes it; never two."""
        at: dict[int, list[Literal]] = defaultdict(list)
        for literal, mask in choices:
            for slot in _bits(mask):
                at[slot].append(literal)
        busy = {}
        for slot, literals in at.items():
            busy[slot] = self._new()
            self.model.add(sum(literals) == busy[slot])
        return busy

    def _limit_people(self) -> None:
        """One place at a time, the dose, its blocks and modality a day, five days; days and gaps cost."""
        for who, choices in self.came.items():
            patient = self.stands.tables.people[who]
            for kind in KINDS:
                chosen = [literal for literal, _, each, _ in choices if each == kind]
                slots = patient.dose.part(kind).minutes // SLOT
                self.cost += [(literal, -UNMET * slots) for literal in chosen]
                self.model.add(sum(chosen) <= self.stands.need[who, kind])
            by_day: dict[int, list[tuple[Literal, int, str, str]]] = defaultdict(list)
            for choice in choices:
                by_day[_first_slot(choice[1]) // SLOTS_A_DAY].append(choice)
            new_days = []
            for day, here in sorted(by_day.items()):
                comes = self._limit_day(who, day, here)
                if day not in self.stands.days[who]:
                    new_days.append(comes)
            days = len(self.stands.days[who])
            if new_days:
                self.model.add(sum(new_days) <= MOST_DAYS - days)
                extra = self.model.new_int_var(0, 7, "")
                self.model.add(extra >= days + sum(new_days) - patient.dose.days)
                self.cost.append((extra, COMFORT))

    def _limit_day(self, who: str, day: int, here: list[tuple[Literal, int, str, str]]) -> Literal:
        """One person's day; gives whether they come."""
        patient, comes = self.stands.tables.people[who], self._new()
        busy = self._busy([(literal, mask) for literal, mask, _, _ in here])
        for literal, *_ in here:
            self.model.add_implication(literal, comes)
        blocks = [literal for literal, _, kind, _ in here if kind == "group"]
        left = patient.dose.per_day - self.stands.blocks[who, day]
        if len(blocks) > left:
            self.model.add(sum(blocks) <= left)
        if len({way for *_, way in here}) > 1:
            virtual = self._new()
            for literal, _, _, way in here:
                self.model.add_implication(literal, virtual if way == "virtual" else virtual.negated())
        if self.comfort:
            self._count_gaps(who, day, busy, comes)
        return comes

    def _count_gaps(self, who: str, day: int, busy: dict[int, Literal], comes: Literal) -> None:
        """Each beginning of a stretch costs, but for the day's first."""
        tables = self.stands.tables
        taken = tables.available[who] & ~self.stands.free[who]
        for slot in range(day * SLOTS_A_DAY, (day + 1) * SLOTS_A_DAY):
            here: Literal | int = busy.get(slot, taken >> slot & 1)
            before: Literal | int = busy.get(slot - 1, taken >> (slot - 1) & 1 if slot else 0)
            if isinstance(here, int) and isinstance(before, int):
                continue  # cannot change
            begins = self._new()
            self.model.add(begins >= here - before)
            self.cost.append((begins, COMFORT))
        if day not in self.stands.days[who]:
            self.cost.append((comes, -COMFORT))
            self.model.add_bool_or([*busy.values(), comes.negated()])

    def _keep_current(self) -> None:
        """A seat of the week as it stands that is kept earns what moving it costs."""
        current = self.stands.tables.board.current
        for group in current.groups if current else ():
            for who in group.patients:
                for index, section in enumerate(self.offers.sections):
                    same = _when(section.group) == _when(group)
                    if same and (index, group.staff) in self.open and (index, who) in self.sits:
                        self._earn(self.open[index, group.staff], self.sits[index, who])
                for (index, each), literal in zip(self.offers.seats, self.seat, strict=True):
                    stands = self.stands.groups[index]
                    if each == who and stands.staff == group.staff and _when(stands) == _when(group):
                        self._earn(literal)
        kept = set(current.individual) if current else set()
        for one, literal in zip(self.offers.ones, self.one, strict=True):
            if one in kept:
                self._earn(literal)

    def _earn(self, *literals: Literal) -> None:
        kept = self._new()
        for literal in literals:
            self.model.add_implication(kept, literal)
        self.cost.append((kept, -MOVED))

    def _hint(self) -> None:
        """Tell CP-SAT the week as it is."""
        opened: set[tuple[int, str]] = set()
        seated: set[tuple[int, str]] = set()
        for group in self.now.groups:
            for index, section in enumerate(self.offers.sections):
                fits = _when(section.group) == _when(group) and section.group.language == group.language
                fits = fits and section.seats == self.now.seats(group) and group.staff in section.staff
                if fits and set(group.patients) <= set(section.people):
                    opened.add((index, group.staff))
                    seated |= {(index, who) for who in group.patients}
                    break
        for key, literal in self.open.items():
            self.model.add_hint(literal, key in opened)
        for key, literal in self.sits.items():
            self.model.add_hint(literal, key in seated)
        sitting = {(_when(group), group.staff, who) for group in self.now.groups for who in group.patients}
        for (index, who), literal in zip(self.offers.seats, self.seat, strict=True):
            group = self.stands.groups[index]
            self.model.add_hint(literal, (_when(group), group.staff, who) in sitting)
        held = set(self.now.individual)
        for one, literal in zip(self.offers.ones, self.one, strict=True):
            self.model.add_hint(literal, one in held)

    def solve(self, seconds: float, workers: int, seed: int) -> tuple[Filling | None, bool]:
        """The week with this part solved again, if any answer was found, and whether it is proved best."""
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = seed
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, False
        return self._read(solver), status == cp_model.OPTIMAL

    def _read(self, solver: cp_model.CpSolver) -> Filling:
        stands, minimum = self.stands, self.stands.tables.board.minimum
        seated: dict[int, list[str]] = defaultdict(list)
        for (index, who), literal in zip(self.offers.seats, self.seat, strict=True):
            if solver.boolean_value(literal):
                seated[index].append(who)
        for index, people in seated.items():
            for who in people:
                stands.join(index, who)
        groups = list(stands.groups)
        seats = [stands.seats(group) for group in groups]
        leaders: dict[int, list[str]] = defaultdict(list)
        for (index, staff), literal in self.open.items():
            if solver.boolean_value(literal):
                leaders[index].append(staff)
        for index, team in leaders.items():
            section = self.offers.sections[index]
            people = [who for who in section.people if solver.boolean_value(self.sits[index, who])]
            groups += deal(section, team, people, self._wished(section.group), minimum)
            seats += [section.seats] * len(team)
        filling = Filling(stands.tables)
        for group in give_rooms(stands, with_best_topics(stands, groups), seats):
            filling.add_group(group)
        chosen = [one for one, lit in zip(self.offers.ones, self.one, strict=True) if solver.boolean_value(lit)]
        for one in (*stands.individual, *chosen):
            filling.add_individual(one)
        fill_seats(filling)
        book_ones(filling, STYLES[0])
        return filling

    def _wished(self, group: Group) -> dict[str, str]:
        current = self.stands.tables.board.current
        groups = current.groups if current else ()
        return {who: each.staff for each in groups if _when(each) == _when(group) for who in each.patients}


def _when(session: Group | Individual) -> tuple[str, int, int, str, int]:
    return session.kind, session.day, session.start, session.modality, session.minutes


def _bits(mask: int) -> list[int]:
    first = _first_slot(mask)
    return list(range(first, first + mask.bit_count()))  # sessions are one stretch


def _first_slot(mask: int) -> int:
    return (mask & -mask).bit_length() - 1
