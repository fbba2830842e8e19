"""What could still be booked in a half-filled week: the choices the solver decides between.

Groups are offered as *sections* without a leader: all staff who could equally lead one are its `staff`, so
that the solver has no two ways of saying the same thing. People are dealt to parallel sections afterwards
(`deal`).
"""

from collections import defaultdict
from dataclasses import dataclass, replace

from hearth.timetable.board import CLOSE, MODALITIES, OPEN, SLOT, Group, Individual, Patient, Staff
from hearth.timetable.filling import Filling
from hearth.timetable.greedy import possible_ones
from hearth.timetable.tables import block


@dataclass(frozen=True, slots=True)
class Section:
    """A group that could be opened, once for each of `staff`. `seats` is the room's or the screen's."""

    group: Group  # without leader, room and people
    staff: tuple[str, ...]
    people: tuple[str, ...]
    seats: int

    @property
    def mask(self) -> int:
        return block(self.group.day, self.group.start, self.group.minutes)


@dataclass(frozen=True, slots=True)
class Offers:
    """Sections that may open, seats in groups that stand (place in `groups`, person), and one-to-ones."""

    sections: list[Section]
    seats: list[tuple[int, str]]
    ones: list[Individual]


def offers(filling: Filling, leaders: set[tuple[str, int]], *, best_topic: bool) -> Offers:
    """All that may be added to this week, with new groups led only by these (staff, day).

    Without `best_topic` a section is left out if another serves all its people and staff at the same time.
    """
    people = filling.tables.board.patients
    sections: list[Section] = []
    for kind in ("group", "skills"):
        waiting = [one for one in people if filling.need[one.id, kind] > 0]
        for population, minutes in sorted({(p.population, p.dose.part(kind).minutes) for p in waiting}):
            shape = [p for p in waiting if (p.population, p.dose.part(kind).minutes) == (population, minutes)]
            if len(shape) >= filling.tables.board.minimum:
                sections += _sections(filling, kind, shape, leaders, best_topic=best_topic)
    seats = [
        (index, patient.id)
        for index, group in enumerate(filling.groups)
        if len(group.patients) < filling.seats(group)
        for patient in people
        if filling.can_join(patient, group)
    ]
    ones = [one for p in people for kind in ("individual", "family") for one in possible_ones(filling, p, kind)]
    return Offers(sections, seats, ones)


def _sections(
    filling: Filling, kind: str, shape: list[Patient], leaders: set[tuple[str, int]], *, best_topic: bool
) -> list[Section]:
    found: list[Section] = []
    minutes = shape[0].dose.part(kind).minutes
    for day in sorted({day for _, day in leaders}):
        for start in range(OPEN, CLOSE - minutes + 1, SLOT):
            mask = block(day, start, minutes)
            free = [filling.tables.staff[who] for who, on in sorted(leaders) if on == day]
            free = [one for one in free if filling.can_lead(one.id, mask)]
            for modality in MODALITIES if free else ():
                can = [one for one in shape if filling.can_attend(one, kind, day, mask, modality)]
                if len(can) >= filling.tables.board.minimum:
                    group = Group(kind, shape[0].population, None, "", modality, day, start, minutes, "", None, ())
                    here = _by_topic_and_language(filling, group, can, free)
                    found += here if best_topic else _undominated(here)
    return found


def _by_topic_and_language(filling: Filling, group: Group, can: list[Patient], free: list[Staff]) -> list[Section]:
    minimum = filling.tables.board.minimum
    topics = sorted({topic for one in can for topic in one.topics}) if group.kind == "group" else ["skills"]
    found = []
    for topic in topics:
        for language in sorted({language for one in can for language in one.languages}):
            sort = replace(group, topic=topic, language=language)
            who = [one for one in can if language in one.languages]
            who = [one for one in who if group.kind == "skills" or topic in one.topics]
            alike: dict[frozenset[str], list[str]] = defaultdict(list)
            for staff in free if len(who) >= minimum else ():
                if filling.tables.serves(staff, sort):
                    reach = frozenset(staff.states) if group.modality == "virtual" else frozenset()
                    alike[reach & {one.state for one in who}].append(staff.id)
            for states, team in sorted(alike.items(), key=lambda item: item[1]):
                fit = [one.id for one in who if group.modality == "in_person" or one.state in states]
                if len(fit) >= minimum:
                    for seats in _seat_classes(filling, group):
                        found.append(Section(sort, tuple(team), tuple(fit), seats))
    return found


def _seat_classes(filling: Filling, group: Group) -> list[int]:
    board = filling.tables.board
    if group.modality == "virtual":
        return [board.capacity]
    sizes = {filling.tables.group_seats(room) for room in board.rooms}
    return sorted(size for size in sizes if size >= board.minimum)


def _undominated(sections: list[Section]) -> list[Section]:
    """Those that no other serves at least as well in people, staff and seats; of equals the first."""
    kept: list[Section] = []
    for one in sorted(sections, key=lambda each: (-len(each.people), -len(each.staff))):
        people, staff = set(one.people), set(one.staff)
        if not any(
            people <= set(other.people) and staff <= set(other.staff) and one.seats == other.seats for other in kept
        ):
            kept.append(one)
    return kept


def deal(section: Section, staff: list[str], people: list[str], wished: dict[str, str], minimum: int) -> list[Group]:
    """Deal people evenly to parallel groups of these leaders; `wished`: the leader whom a person has now."""
    tables: dict[str, list[str]] = {one: [] for one in staff}
    rest = []
    for who in people:
        leader = wished.get(who, "")
        if leader in tables and len(tables[leader]) < section.seats:
            tables[leader].append(who)
        else:
            rest.append(who)
    for who in rest:
        min(tables.values(), key=len).append(who)
    while len(smallest := min(tables.values(), key=len)) < minimum:
        smallest.append(max(tables.values(), key=len).pop())
    return [replace(section.group, staff=one, patients=tuple(seated)) for one, seated in tables.items()]


def give_rooms(filling: Filling, groups: list[Group], seats: list[int]) -> list[Group]:
    """Give each group in person a room of its seat class, its own room where it can stay.

    In each class no more groups overlap than there are rooms, so taking them by start always works out.
    """
    rooms: dict[int, list[str]] = defaultdict(list)
    for room in filling.tables.board.rooms:
        rooms[filling.tables.group_seats(room)].append(room.id)
    busy: dict[str, int] = defaultdict(int)
    roomed = dict(enumerate(groups))
    for index in sorted(roomed, key=lambda i: (groups[i].day, groups[i].start, groups[i].room is None, i)):
        group = groups[index]
        if group.modality != "in_person":
            continue
        mask = block(group.day, group.start, group.minutes)
        free = [room for room in rooms[seats[index]] if not busy[room] & mask]
        chosen = group.room if group.room in free else free[0]
        busy[chosen] |= mask
        roomed[index] = replace(group, room=chosen)
    return [roomed[index] for index in range(len(groups))]


def with_best_topics(filling: Filling, groups: list[Group]) -> list[Group]:
    """Each group with the topic most of its people put first, of those all take and its leader teaches."""
    better = []
    for group in groups:
        people = [filling.tables.people[who] for who in group.patients]
        shared = set(filling.tables.staff[group.staff].topics).intersection(*(set(one.topics) for one in people))
        if group.kind == "group" and shared:
            first = [one.topics[0] for one in people]
            topic = max(sorted(shared), key=lambda each: (first.count(each), each == group.topic))
            group = replace(group, topic=topic)
        better.append(group)
    return better
