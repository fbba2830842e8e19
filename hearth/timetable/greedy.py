"""What a quick front desk would do: the weeks from which the solver starts.

Again and again the group most people can attend is opened, then one-to-ones are booked beside what each
person already has. Values of groups only ever fall while the week fills, so a heap with lazily renewed values
finds the best one without looking at all of them again.
"""

import heapq
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from hearth.timetable.board import CLOSE, FORMAT, MODALITIES, OPEN, SLOT, Group, Individual, Patient, Solution
from hearth.timetable.filling import Filling, filled
from hearth.timetable.tables import Tables, bits, bits_where, block


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
    go_on: Callable[[], bool] = lambda: True,
) -> Filling:
    """Fill a week. What is `pinned` stands as it is; of `keep`, every booking that still may stand is kept first.

    `go_on` is asked again and again; once it says no, the week is given as far as it is filled.
    """
    filling = filled(tables, pinned or Solution())
    pins = len(filling.groups)
    if keep is not None:
        keep_standing(filling, keep)
        fill_seats(filling, pins)
    if style.ones_first:
        book_ones(filling, style, go_on)
    for kind in ("group", "skills"):
        _open_groups(filling, kind, style, rng, go_on)
    if not style.front_desk and go_on():
        fill_seats(filling, pins)
    book_ones(filling, style, go_on)
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


def _open_groups(filling: Filling, kind: str, style: Style, rng: random.Random, go_on: Callable[[], bool]) -> None:
    capacity, is_first_format = filling.tables.board.capacity, filling.tables.board.format == FORMAT
    patients = filling.tables.board.patients
    still = _Still(filling, kind)
    heap: list[tuple[float, int, float, Group, str, int]] = []
    for order, (empty, leader, who) in enumerate(_possible(filling, kind, style, go_on)):
        factor = empty.minutes * (1 + style.noise * rng.random())
        heap.append((-min(who.bit_count(), capacity) * factor, order, factor, empty, leader, who))
    heapq.heapify(heap)
    while heap and go_on():
        value, order, factor, empty, leader, who = heapq.heappop(heap)
        mask = block(empty.day, empty.start, empty.minutes)
        if not filling.can_lead(leader, mask):
            continue
        if is_first_format:  # beyond it another room, interpreter or company may suit more people than now
            who = still.able(who, mask)
            if who.bit_count() < filling.tables.board.minimum:
                continue
            if -min(who.bit_count(), capacity) * factor > value:
                heapq.heappush(heap, (-min(who.bit_count(), capacity) * factor, order, factor, empty, leader, who))
                continue
        found = filling.placed(replace(empty, staff=leader), [patients[index] for index in bits(who)])
        if found is None:
            continue
        placed, joining = found
        if style.front_desk and kind == "group":
            joining = [one for one in joining if _wishes_one_more_day(filling, one, empty.day)]
        seats = filling.seats(placed)
        if min(len(joining), seats) < filling.tables.board.minimum:
            continue
        now = -min(len(joining), seats) * factor
        if now > value:
            heapq.heappush(heap, (now, order, factor, empty, leader, who))
            continue
        if style.scarce_first:
            joining.sort(key=lambda one: (one.topics[:1] != (empty.topic,), filling.free[one.id].bit_count()))
        filling.add_group(replace(placed, patients=tuple(one.id for one in joining[:seats])))
        still.note(joining[:seats], mask)


class _Still:
    """Who still needs a session of a kind, and who is free in which slot: people as bits by their place."""

    def __init__(self, filling: Filling, kind: str) -> None:
        self.filling, self.kind = filling, kind
        patients = filling.tables.board.patients
        self.place = {one.id: index for index, one in enumerate(patients)}
        self.needing = bits_where(index for one, index in self.place.items() if filling.need[one, kind] > 0)
        self.free: dict[int, int] = defaultdict(int)  # slot: people
        for one, index in self.place.items():
            for slot in bits(filling.free[one]):
                self.free[slot] |= 1 << index

    def able(self, who: int, mask: int) -> int:
        """Those of these people who may still come at this time."""
        who &= self.needing
        for slot in bits(mask):
            who &= self.free[slot]
        return who

    def note(self, people: list[Patient], mask: int) -> None:
        """These have been seated at this time."""
        for one in people:
            bit = 1 << self.place[one.id]
            if self.filling.need[one.id, self.kind] <= 0:
                self.needing &= ~bit
            for slot in bits(mask):
                self.free[slot] &= ~bit


def _possible(filling: Filling, kind: str, style: Style, go_on: Callable[[], bool]) -> Iterator[tuple[Group, str, int]]:
    """Every group that enough people could attend, each leader it could have, and the people as bits by their place."""
    tables, minimum, patients = filling.tables, filling.tables.board.minimum, filling.tables.board.patients
    waiting = [index for index, one in enumerate(patients) if filling.need[one.id, kind] > 0]
    topics = sorted({topic for i in waiting for topic in patients[i].topics}) if kind == "group" else ["skills"]
    topics.sort(key=lambda each: TOPICS.index(each) if each in TOPICS else len(TOPICS))
    languages = sorted({language for i in waiting for language in patients[i].languages})
    fits = {
        (topic, language): bits_where(
            i
            for i in waiting
            if tables.could_follow(patients[i], language) and (kind == "skills" or topic in patients[i].topics)
        )
        for topic in topics
        for language in languages
    }
    licensed = {
        one.id: bits_where(i for i in waiting if patients[i].state in one.states) for one in tables.staff.values()
    }
    starts = list(dict.fromkeys((*range(OPEN, CLOSE, style.step), *HALF_HOURS)))
    for population, minutes in sorted({(patients[i].population, patients[i].dose.part(kind).minutes) for i in waiting}):
        alike = [
            i for i in waiting if (patients[i].population, patients[i].dose.part(kind).minutes) == (population, minutes)
        ]
        for day, start, modality in product(range(7), starts, MODALITIES):
            mask = block(day, start, minutes)
            leaders = [one for one in tables.staff.values() if filling.can_lead(one.id, mask)]
            if start + minutes > CLOSE or not leaders or not go_on():
                continue
            can = bits_where(i for i in alike if filling.can_attend(patients[i], kind, day, mask, modality))
            for topic, language in product(topics, languages) if can.bit_count() >= minimum else ():
                who = can & fits[topic, language]
                if who.bit_count() < minimum:
                    continue
                empty = Group(kind, population, topic, language, modality, day, start, minutes, "", None, ())
                for staff in leaders:
                    if tables.serves(staff, empty):
                        fit = who if modality == "in_person" else who & licensed[staff.id]
                        if fit.bit_count() >= minimum:
                            yield empty, staff.id, fit


def book_ones(filling: Filling, style: Style, go_on: Callable[[], bool]) -> None:
    """Book individual and family sessions, on days people come anyway and beside their other sessions."""
    people = list(filling.tables.board.patients)
    if style.scarce_first:
        people.sort(key=lambda one: filling.free[one.id].bit_count())
    kinds, order = ("family", "individual"), _awkwardness
    if style.front_desk:
        kinds, order = ("individual", "family"), _first_place
    for kind in kinds:
        for patient in people:
            while filling.need[patient.id, kind] > 0 and go_on():
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
