"""Which part of the week to take apart and solve again."""

import random
from dataclasses import dataclass, replace

from hearth.timetable.board import KINDS, Group, Individual, Patient
from hearth.timetable.filling import Filling
from hearth.timetable.tables import Tables


@dataclass(frozen=True, slots=True)
class Part:
    """What stands while the rest is solved again, and who may lead new groups on which day."""

    stands: Filling
    leaders: set[tuple[str, int]]
    whole: bool  # nothing stands: what is proved of this part is proved of the week


def choose_part(now: Filling, size: float, rng: random.Random) -> Part:
    """A part of this week that might be better: three times of four the staff around someone who lacks dose.

    `size` is about how many staff are freed.
    """
    tables = now.tables
    lacking = [one for one in tables.board.patients if any(now.need[one.id, kind] > 0 for kind in KINDS)]
    if size >= len(tables.staff):
        return _take_apart(now, set(tables.staff), set(), set(tables.people))
    if lacking and rng.random() < 0.75:
        seeds = rng.sample(lacking, min(len(lacking), 1 + round(size)))
        return _take_apart(now, _staff_around(tables, seeds[0], round(size), rng), set(), {p.id for p in seeds})
    if rng.random() < 0.5:
        staff = sorted(tables.staff)
        freed = set(rng.sample(staff, min(len(staff), round(size))))
        return _take_apart(now, freed, set(), set())
    population = rng.choice(tables.board.patients).population
    days = set(rng.sample(range(7), min(7, max(1, round(size / 4)))))
    return _take_apart(now, set(), {(population, day) for day in days}, set())


def _staff_around(tables: Tables, patient: Patient, count: int, rng: random.Random) -> set[str]:
    """Staff whose hours meet this person's, likelier the more they do."""
    free = tables.available[patient.id]
    near = {
        one.id: (tables.shift[one.id] & free).bit_count() * (0.3 + rng.random())
        for one in tables.staff.values()
        if patient.population in one.populations
    }
    return set(sorted(near, key=lambda who: (-near[who], who))[:count])


def _take_apart(now: Filling, staff: set[str], days: set[tuple[str, int]], people: set[str]) -> Part:
    """Free all sessions of these staff, of these populations on these days, and all seats of these people.

    Someone stays in a group that would fall below the minimum without them.
    """
    tables = now.tables
    stands = Filling(tables)
    for group in now.groups:
        if not _is_freed(tables, group, staff, days):
            stay = [who for who in group.patients if who not in people]
            stay += [who for who in group.patients if who in people][: max(0, tables.board.minimum - len(stay))]
            stands.add_group(replace(group, patients=tuple(stay)))
    for one in now.individual:
        if not _is_freed(tables, one, staff, days) and one.patient not in people:
            stands.add_individual(one)
    leaders = {(who, day) for who in staff for day in range(7)}
    leaders |= {
        (one.id, day) for one in tables.staff.values() for population, day in days if population in one.populations
    }
    return Part(stands, leaders, whole=len(staff) == len(tables.staff))


def _is_freed(tables: Tables, session: Group | Individual, staff: set[str], days: set[tuple[str, int]]) -> bool:
    population = session.population if isinstance(session, Group) else tables.people[session.patient].population
    return session.staff in staff or (population, session.day) in days
