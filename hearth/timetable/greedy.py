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
from hearth.timetable.filling import Filling, filled
from hearth.timetable.tables import Tables, block


@dataclass(frozen=True, slots=True)
class Style:
    """One way to be greedy. `noise` (0 to 1) shuffles the groups' values; `step`: minutes between starts.

    `front_desk`: just as a front desk does it by hand; one-to-ones in the first place found.
    """

    step: int = 60
    noise: float = 0.0
    scarce_first: bool = False
    ones_first: bool = False
    front_desk: bool = False


TOPICS = ("substance_use", "mental_health", "trauma", "ocd", "grief")  # as a front desk goes through them
HALF_HOURS = (930, 1050)  # when school and work end; looked at after the full hours
STYLES = (
    Style(front_desk=True),
    Style(step=SLOT, scarce_first=True),
    Style(step=SLOT, scarce_first=True, ones_first=True),
    Style(step=SLOT, noise=0.2, scarce_first=True),
)


def greedy(
    tables: Tables,
    style: Style,
    rng: random.Random,
    keep: Solution | None = None,
    pinned: Solution | None = None,
) -> Filling:
    """Fill a week. What is `pinned` stands as it is; of `keep`, every booking that still may stand is kept first."""
    filling = filled(tables, pinned or Solution())
    pins = len(filling.groups)
    if keep is not None:
        keep_standing(filling, keep)
        fill_seats(filling, pins)
    if style.ones_first:
        book_ones(filling, style)
    for kind in ("group", "skills"):
        _open_groups(filling, kind, style, rng)
    if not style.front_desk:
        fill_seats(filling, pins)
    book_ones(filling, style)
    return filling


def keep_standing(filling: Filling, earlier: Solution) -> list[Group]:
    """Book what of an earlier week may still stand; gives the groups that would but for too few people left."""
    tables, small = filling.tables, list[Group]()
    pinned = {*filling.groups, *filling.individual}
    for group in earlier.groups:
        if group in pinned:
            continue
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
        stands = replace(empty, patients=tuple(one.id for one in staying[: filling.seats(empty)]))
        if len(stands.patients) >= tables.board.minimum:
            filling.add_group(stands)
        elif stands.patients:
            small.append(stands)
    for one in earlier.individual:
        patient = tables.people.get(one.patient)
        if one in pinned or patient is None or one.staff not in {each.id for each in tables.counselors(patient)}:
            continue
        if patient.dose.part(one.kind).minutes == one.minutes and filling.can_meet(one):
            filling.add_individual(one)
    return small


def fill_seats(filling: Filling, pins: int = 0) -> None:
    """Give free seats in groups that exist to whoever can use them; not in the first `pins` groups."""
    for index in range(pins, len(filling.groups)):
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
        if style.front_desk and kind == "group":
            joining = [one for one in joining if _wishes_one_more_day(filling, one, group.day)]
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
    topics.sort(key=lambda each: TOPICS.index(each) if each in TOPICS else len(TOPICS))
    languages = sorted({language for one in waiting for language in one.languages})
    shapes = sorted({(one.population, one.dose.part(kind).minutes) for one in waiting})
    starts = list(dict.fromkeys((*range(OPEN, CLOSE, style.step), *HALF_HOURS)))
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
    kinds, order = ("family", "individual"), _awkwardness
    if style.front_desk:
        kinds, order = ("individual", "family"), _first_place
    for kind in kinds:
        for patient in people:
            while filling.need[patient.id, kind] > 0:
                choices = list(possible_ones(filling, patient, kind))
                if not choices:
                    break
                filling.add_individual(min(choices, key=lambda one: order(filling, patient, one)))


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


def _first_place(filling: Filling, patient: Patient, one: Individual) -> tuple[int, int, int, int]:
    """On a day they come anyway, then the first there is."""
    return int(one.day not in filling.days[patient.id]), one.day, one.start, MODALITIES.index(one.modality)


def _wishes_one_more_day(filling: Filling, patient: Patient, day: int) -> bool:
    """Whether a group on this day keeps the person to one day more than wished for."""
    return day in filling.days[patient.id] or len(filling.days[patient.id]) <= patient.dose.days
