"""Which part of the week to take apart and solve again.

Each way to choose a part has a size of its own that grows while its parts are proved and shrinks where they are not.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from hearth.timetable.solver.part import Part
from hearth.timetable.solver.program import Ints, Mask, Program, Values, What
from hearth.timetable.tables import SLOTS_A_DAY

DAYS = 6
WINDOWS = (16, 18, 20, 22, 24, 26, 28, 31, 33, 34)  # slots of the day at which a window may begin


@dataclass(slots=True)
class View:
    """What choosing needs of a program, looked up once."""

    program: Program
    day: Ints = field(init=False)
    slot: Ints = field(init=False)  # of the day
    populations: list[bool] = field(init=False)  # adult or not, of the people on the board
    meet: Ints = field(init=False)  # person x staff: slots in which both are there
    alike: Ints = field(init=False)  # person: the mask of their hours
    needs: list[tuple[int, int, Ints]] = field(init=False)  # person, sessions needed, columns that give them

    def __post_init__(self) -> None:
        program, columns = self.program, self.program.columns
        tables = program.tables
        self.day = np.where(columns.first >= 0, columns.first // SLOTS_A_DAY, -1)
        self.slot = np.where(columns.first >= 0, columns.first % SLOTS_A_DAY, -1)
        self.populations = sorted({one.population == "adult" for one in tables.people.values()})
        hours = [tables.available[who] for who in tables.people]
        self.meet = np.array(
            [
                [
                    (tables.shift[one.id] & hours[index]).bit_count() * (patient.population in one.populations)
                    for one in tables.staff.values()
                ]
                for index, patient in enumerate(tables.people.values())
            ],
            np.int64,
        ).reshape(len(hours), len(tables.staff))
        self.needs = _needs(program)

    def lacking(self, values: Values) -> list[int]:
        """People who could have a session more than they have."""
        return sorted({who for who, count, columns in self.needs if values[columns].sum() < count})


def _needs(program: Program) -> list[tuple[int, int, Ints]]:
    kinds: dict[tuple[int, str], list[int]] = {}
    people = {who: index for index, who in enumerate(program.tables.people)}
    for (sort, who), column in program.seat.items():
        kinds.setdefault((who, program.sorts[sort].group.kind), []).append(column)
    for one, column in program.one.items():
        kinds.setdefault((people[one.patient], one.kind), []).append(column)
    patients = list(program.tables.people.values())
    return [
        (who, patients[who].dose.part(kind).count, np.array(columns, np.int64))
        for (who, kind), columns in kinds.items()
    ]


Choose = Callable[[View, Values, float, random.Random], Part]


def window(view: View, values: Values, size: float, rng: random.Random) -> Part:
    """Some hours of some days of one population."""
    begins, length = rng.choice(WINDOWS), rng.choice((4, 6, 8))
    here = _on_days(view, rng.sample(range(DAYS), min(DAYS, max(1, round(size / 2)))))
    here &= (view.slot >= begins) & (view.slot < begins + length)
    return _all_of(view, values, here & _of_one_population(view, rng))


def days(view: View, values: Values, size: float, rng: random.Random) -> Part:
    """Whole days of one population."""
    here = _on_days(view, rng.sample(range(DAYS), min(DAYS, max(1, round(size / 4)))))
    return _all_of(view, values, here & _of_one_population(view, rng))


def shared_hours(view: View, values: Values, size: float, rng: random.Random) -> Part:
    """Some hours of one day, of everyone; the whole day when the size allows."""
    here = _on_days(view, [rng.randrange(DAYS)])
    if size < 6:
        begins = rng.choice(WINDOWS)
        here &= (view.slot >= begins) & (view.slot < begins + round(2 * size))
    return _all_of(view, values, here)


def team(view: View, values: Values, size: float, rng: random.Random) -> Part:
    """All that some staff lead around someone who lacks dose, and all that others who lack dose have."""
    seeds = _seeds(view, values, round(size), rng)
    staff = _staff_around(view, seeds, max(2, round(size)), rng)
    return _led_by(view, values, view.program.columns.what <= What.ONE, staff, seeds)


def team_days(view: View, values: Values, size: float, rng: random.Random) -> Part:
    """As `team`, with more staff on three days."""
    seeds = _seeds(view, values, round(1.5 * size), rng)
    staff = _staff_around(view, seeds, max(2, round(1.5 * size)), rng)
    return _led_by(view, values, _on_days(view, rng.sample(range(DAYS), 3)), staff, seeds)


def people_alike(view: View, values: Values, size: float, rng: random.Random) -> Part:
    """All that people of like hours have, with the groups they sit in."""
    columns, tables = view.program.columns, view.program.tables
    seed = (_seeds(view, values, 1, rng) or [rng.randrange(len(tables.people))])[0]
    patients = list(tables.people.values())
    hours = [tables.available[one.id] for one in patients]

    def nearness(other: int) -> float:
        if other == seed:
            return 2.0
        shared = (hours[other] & hours[seed]).bit_count() / (1 + (hours[other] | hours[seed]).bit_count())
        return shared * (0.5 + rng.random())

    near = [index for index, one in enumerate(patients) if one.population == patients[seed].population]
    chosen = sorted(near, key=lambda other: (-nearness(other), other))[: max(4, round(5 * size))]
    mine = _is_in(chosen, columns.person) & (columns.what <= What.ONE) & (values > 0)
    opened = (columns.what == What.OPEN) & (values > 0)
    opened &= _is_in(columns.sort[mine & (columns.what == What.SEAT)], columns.sort)
    adult = patients[seed].population == "adult"
    may_open = (columns.what == What.OPEN) & _is_in(columns.staff[opened], columns.staff) & (columns.adult == adult)
    return Part(mine | opened, may_open | _seats_and_ones(view))


def one_to_ones(view: View, values: Values, size: float, rng: random.Random) -> Part:
    """One-to-ones of some staff and all that people have who lack dose; no new groups."""
    columns, count = view.program.columns, len(view.program.tables.staff)
    staff = rng.sample(range(count), min(count, max(2, round(2 * size))))
    removed = (columns.what == What.ONE) & _is_in(staff, columns.staff)
    removed |= (columns.what <= What.ONE) & _is_in(_seeds(view, values, round(4 * size), rng), columns.person)
    return Part(removed & (values > 0), _seats_and_ones(view))


def everything(view: View, values: Values) -> Part:
    """The whole week."""
    primary = view.program.columns.what <= What.ONE
    return Part(primary & (values > 0), primary)


CHOICES: tuple[Choose, ...] = (window, days, shared_hours, team, team_days, people_alike, one_to_ones)


def _on_days(view: View, chosen: list[int]) -> Mask:
    here: Mask = np.isin(view.day, chosen) & (view.program.columns.what <= What.ONE)
    return here


def _of_one_population(view: View, rng: random.Random) -> Mask:
    ours: Mask = view.program.columns.adult == rng.choice(view.populations)
    return ours


def _is_in(places: Ints | list[int], column: Ints) -> Mask:
    inside: Mask = np.isin(column, places) & (column >= 0)
    return inside


def _seats_and_ones(view: View) -> Mask:
    what = view.program.columns.what
    either: Mask = (what == What.SEAT) | (what == What.ONE)
    return either


def _all_of(view: View, values: Values, here: Mask) -> Part:
    return Part(here & (values > 0), here | _seats_and_ones(view))


def _seeds(view: View, values: Values, count: int, rng: random.Random) -> list[int]:
    lacking = view.lacking(values)
    return rng.sample(lacking, min(len(lacking), 1 + count))


def _staff_around(view: View, seeds: list[int], count: int, rng: random.Random) -> list[int]:
    """Staff whose hours meet those of the first seed, likelier the more they do; any where there is none."""
    staff = range(len(view.program.tables.staff))
    if not seeds:
        return rng.sample(staff, min(count, len(staff)))
    near = {one: view.meet[seeds[0], one] * (0.3 + rng.random()) for one in staff}
    return sorted(near, key=lambda one: (-near[one], one))[:count]


def _led_by(view: View, values: Values, here: Mask, staff: list[int], seeds: list[int]) -> Part:
    columns = view.program.columns
    theirs = here & _is_in(staff, columns.staff)
    opened = theirs & (columns.what == What.OPEN) & (values > 0)
    removed = theirs | ((columns.what == What.SEAT) & _is_in(columns.sort[opened], columns.sort))
    removed |= (columns.what <= What.ONE) & _is_in(seeds, columns.person)
    return Part(removed & (values > 0), theirs & (columns.what == What.OPEN) | _seats_and_ones(view))
