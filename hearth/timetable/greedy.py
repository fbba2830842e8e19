"""What a quick front desk would do: the weeks from which the solver starts.

Again and again the group most people can attend is opened, then one-to-ones are booked beside what each
person already has. Values of groups only ever fall while the week fills, so a heap with lazily renewed values
finds the best one without looking at all of them again.
"""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hearth.timetable.board import CLOSE, FORMAT, MODALITIES, OPEN, SLOT, Group, Individual, Patient, Solution, Staff
from hearth.timetable.filling import Filling
from hearth.timetable.tables import Tables, block


@dataclass(frozen=True, slots=True)
class Style:
    """One way to be greedy. `noise` (0 to 1) shuffles the groups' values; `step`: minutes between starts."""

    step: int = 60
    noise: float = 0.0
    scarce_first: bool = False
    ones_first: bool = False


STYLES = (
    Style(),
    Style(step=SLOT, scarce_first=True),
    Style(step=SLOT, scarce_first=True, ones_first=True),
    Style(step=SLOT, noise=0.2, scarce_first=True),
)


def greedy(tables: Tables, style: Style, rng: random.Random, keep: Solution | None = None) -> Filling:
    """Fill a week. With `keep`, every booking of it that may still stand is kept first."""
    filling = Filling(tables)
    if keep is not None:
        _keep(filling, keep)
        fill_seats(filling)
    if style.ones_first:
        book_ones(filling, style)
    for kind in ("group", "skills"):
        _open_groups(filling, kind, style, rng)
    fill_seats(filling)
    book_ones(filling, style)
    return filling


def _keep(filling: Filling, earlier: Solution) -> None:
    tables = filling.tables
    for group in earlier.groups:
        staff = tables.staff.get(group.staff)
        if not staff or not tables.serves(staff, group):
            continue
        people = [tables.people[who] for who in dict.fromkeys(group.patients) if who in tables.people]
        empty = replace(group, patients=())
        if filling.can_open(empty):
            staying = filling.joining(empty, people)
        else:  # its room is closed or taken, its second leader or interpreter cannot come: others may do
            spare = filling.placed(replace(empty, room=None, co_staff=None, interpreter=None), people)
            if spare is None:
                continue
            empty, staying = spare
        seated = staying[: filling.seats(empty)]
        if len(seated) >= tables.board.minimum:
            filling.add_group(replace(empty, patients=tuple(one.id for one in seated)))
    for one in earlier.individual:
        patient = tables.people.get(one.patient)
        if patient is None or one.staff not in {each.id for each in tables.counselors(patient)}:
            continue
        if patient.dose.part(one.kind).minutes == one.minutes and filling.can_meet(one):
            filling.add_individual(one)


def fill_seats(filling: Filling) -> None:
    """Give free seats in groups that exist to whoever can use them."""
    for index in range(len(filling.groups)):
        for patient in filling.tables.board.patients:
            group = filling.groups[index]
            if len(group.patients) >= filling.seats(group):
                break
            if filling.can_join(patient, group):
                filling.join(index, patient.id)


def _open_groups(filling: Filling, kind: str, style: Style, rng: random.Random) -> None:
    capacity, is_first_format = filling.tables.board.capacity, filling.tables.board.format == FORMAT
    heap: list[tuple[float, int, float, Group, list[Patient]]] = []
    for order, (group, people) in enumerate(_possible(filling, kind, style)):
        factor = group.minutes * (1 + style.noise * rng.random())
        heap.append((-min(len(people), capacity) * factor, order, factor, group, people))
    heapq.heapify(heap)
    while heap:
        value, order, factor, group, people = heapq.heappop(heap)
        if not filling.can_lead(group.staff, block(group.day, group.start, group.minutes)):
            continue
        found = filling.placed(group, people)
        if found is None:
            continue
        placed, joining = found
        seats = filling.seats(placed)
        if min(len(joining), seats) < filling.tables.board.minimum:
            continue
        now = -min(len(joining), seats) * factor
        if now > value:
            # Beyond the first format another room, interpreter or company may suit those who are left out now.
            heapq.heappush(heap, (now, order, factor, group, joining if is_first_format else people))
            continue
        if style.scarce_first:
            joining.sort(key=lambda one: (one.topics[:1] != (group.topic,), filling.free[one.id].bit_count()))
        filling.add_group(replace(placed, patients=tuple(one.id for one in joining[:seats])))


def _possible(filling: Filling, kind: str, style: Style) -> Iterator[tuple[Group, list[Patient]]]:
    """Every group that enough people could attend and someone could lead, with the people."""
    tables = filling.tables
    minimum = tables.board.minimum
    waiting = [one for one in tables.board.patients if filling.need[one.id, kind] > 0]
    topics = sorted({topic for one in waiting for topic in one.topics}) if kind == "group" else ["skills"]
    languages = sorted({language for one in waiting for language in one.languages})
    shapes = sorted({(one.population, one.dose.part(kind).minutes) for one in waiting})
    starts = sorted({*range(OPEN, CLOSE, style.step), 930, 1050})
    for population, minutes in shapes:
        shape = [p for p in waiting if (p.population, p.dose.part(kind).minutes) == (population, minutes)]
        for day in range(7):
            for start in starts:
                mask = block(day, start, minutes)
                leaders = [one for one in tables.staff.values() if filling.can_lead(one.id, mask)]
                if start + minutes > CLOSE or not leaders:
                    continue
                for modality in MODALITIES:
                    can = [one for one in shape if filling.can_attend(one, kind, day, mask, modality)]
                    if len(can) < minimum:
                        continue
                    for topic in topics:
                        for language in languages:
                            group = Group(
                                kind, population, topic, language, modality, day, start, minutes, "", None, ()
                            )
                            yield from _led(tables, group, can, leaders)


def _led(
    tables: Tables, group: Group, can: list[Patient], leaders: list[Staff]
) -> Iterator[tuple[Group, list[Patient]]]:
    minimum = tables.board.minimum
    who = [
        one
        for one in can
        if tables.could_follow(one, group.language) and (group.kind == "skills" or group.topic in one.topics)
    ]
    if len(who) < minimum:
        return
    for staff in leaders:
        if tables.serves(staff, group):
            fit = who if group.modality == "in_person" else [one for one in who if one.state in staff.states]
            if len(fit) >= minimum:
                yield replace(group, staff=staff.id), fit


def book_ones(filling: Filling, style: Style) -> None:
    """Book individual and family sessions, on days people come anyway and beside their other sessions."""
    people = list(filling.tables.board.patients)
    if style.scarce_first:
        people.sort(key=lambda one: filling.free[one.id].bit_count())
    for kind in ("family", "individual"):
        for patient in people:
            while filling.need[patient.id, kind] > 0:
                choices = list(possible_ones(filling, patient, kind))
                if not choices:
                    break
                filling.add_individual(min(choices, key=lambda one: _awkwardness(filling, patient, one)))


def possible_ones(filling: Filling, patient: Patient, kind: str) -> Iterator[Individual]:
    """Every individual or family session that could be booked for this person now."""
    minutes = patient.dose.part(kind).minutes
    for staff in filling.tables.counselors(patient):
        for day in range(7):
            for start in range(OPEN, CLOSE - minutes + 1, SLOT):
                if filling.free[patient.id] & block(day, start, minutes) != block(day, start, minutes):
                    continue
                for modality in MODALITIES:
                    one = Individual(kind, patient.id, staff.id, modality, day, start, minutes)
                    if filling.can_meet(one):
                        yield one


def _awkwardness(filling: Filling, patient: Patient, one: Individual) -> tuple[int, int, int, int]:
    """A day more, then a gap more, then the day and hour: less is better."""
    mask = block(one.day, one.start, one.minutes)
    comes = one.day in filling.days[patient.id]
    busy = filling.tables.available[patient.id] & ~filling.free[patient.id]
    beside = ((mask << 1) | (mask >> 1)) & ~mask & busy
    return int(not comes), int(comes and not beside), one.day, one.start
