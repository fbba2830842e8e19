"""The one change that would make a place: hours, a way of coming, a new group, a larger room, an interpreter. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from hearth.timetable.board import CLOSE, MODALITIES, OPEN, SLOT, Group, Patient, Room, Span
from hearth.timetable.filling import Filling
from hearth.timetable.newcomer import WITHOUT_LIMIT, Desk, Place, day_of, days_of, joinable, team_of, week_of
from hearth.timetable.one_week import States, best, weeks, with_day
from hearth.timetable.tables import block

WINDOWS = (
    (OPEN, 13 * 60),
    (12 * 60, 18 * 60),
    (16 * 60, CLOSE),
)  # hours a person might free, then cut to what is needed
MOST_OF_A_KIND = 3  # changes of one kind that are told
TRIED_CLOSELY = 9  # changes of one kind, those first that promise most
TRIED_LEADERS = 4  # of one time: leaders, topics and languages looked at closely
TRIED_GROUPS = 24  # new groups looked at closely; those that serve most others first


class What(StrEnum):
    """What would be changed."""

    HOURS = "hours"  # the person frees these hours, too
    FAMILY_HOURS = "family_hours"  # the family frees these hours, too
    MODALITY = "modality"  # the person also comes this way
    LANGUAGE = "language"  # the person also speaks this language
    NEW_GROUP = "new_group"  # this group is opened
    ROOM = "room"  # this full group moves to a larger room
    INTERPRETER = "interpreter"  # an interpreter who is free then is booked for this group


@dataclass(frozen=True, slots=True)
class Change:
    """One change and the week it would make; fields that do not belong to `what` are empty.

    `serves`: how many others who lack such a group could come to a new one.
    """

    what: What
    place: Place
    gained: int
    span: Span | None = None
    value: str = ""
    group: Group | None = None
    serves: int = 0
    room: str | None = None


@dataclass(frozen=True)
class Try:
    """A change not yet weighed: the desk after it; `day` is the only day it touches, None if it may touch all."""

    change: Change
    desk: Desk
    day: int | None
    first: int = 0  # of the same gain, the greatest goes first


def changes(desk: Desk, now: Place) -> list[Change]:
    """For each kind of change those that gain most, whole weeks first."""
    team, dose = team_of(desk), desk.person.dose
    without: dict[int, States] = {}
    days = days_of(desk, team)
    hoped: list[tuple[int, Try]] = []
    for one in _tries(desk, now):
        if one.day is None:
            hoped.append((dose.minutes(), one))
            continue
        if one.day not in without:
            without[one.day] = weeks((options for day, options in enumerate(days) if day != one.day), dose)
        states = with_day(without[one.day], day_of(one.desk, team, one.day), dose)
        hoped.append((best(states, dose, one_to_one_minutes=WITHOUT_LIMIT).minutes, one))
    found: list[Change] = []
    for what in What:
        mine = [(minutes, one) for minutes, one in hoped if one.change.what == what and minutes > now.minutes]
        mine.sort(key=lambda each: (-each[0], -each[1].first))
        found += _weighed((one for _, one in mine[:TRIED_CLOSELY]), now)
    return sorted(found, key=lambda one: -one.place.minutes)


def _weighed(tries: Iterable[Try], now: Place) -> list[Change]:
    """The first of these that truly gain something; of hours to free and groups to open only one a day."""
    found: list[Change] = []
    days: set[int | None] = set()
    for one in tries:
        spread = one.change.span or one.change.what == What.NEW_GROUP
        if len(found) == MOST_OF_A_KIND or (spread and one.day in days):
            continue
        place = week_of(one.desk)
        if place.minutes > now.minutes:
            days.add(one.day)
            found.append(_narrowed(replace(one.change, place=place, gained=place.minutes - now.minutes)))
    return found


def _narrowed(change: Change) -> Change:
    """Hours to free cut down to those the new week takes."""
    if change.span is None:
        return change
    day, kinds = change.span.day, ("family",) if change.what == What.FAMILY_HOURS else None
    inside = [
        one
        for one in change.place.sessions
        if one.day == day and one.start < change.span.end and change.span.start < one.start + one.minutes
        if kinds is None or one.kind in kinds
    ]
    start = max(change.span.start, min(one.start for one in inside))
    end = min(change.span.end, max(one.start + one.minutes for one in inside))
    return replace(change, span=Span(day, start, end))


def _tries(desk: Desk, now: Place) -> Iterator[Try]:
    plain = Change(What.HOURS, now, 0)
    for day in range(7):
        for start, end in WINDOWS:
            span, mask = Span(day, start, end), block(day, start, end - start)
            if desk.free & mask != mask:
                yield Try(replace(plain, span=span), replace(desk, free=desk.free | mask), day, start)
            if desk.person.dose.family.count and desk.family & mask != mask and desk.free & mask:
                change = replace(plain, what=What.FAMILY_HOURS, span=span)
                yield Try(change, replace(desk, family=desk.family | mask), day, start)
    yield from _other_people(desk, plain)
    yield from _larger_rooms(desk, plain)
    yield from _interpreted(desk, plain)
    yield from _new_groups(desk, plain)


def _other_people(desk: Desk, plain: Change) -> Iterator[Try]:
    """The same person, coming another way or speaking another language."""
    person, filling = desk.person, desk.filling
    if person.modality != "either":
        either, other = replace(person, modality="either"), next(way for way in MODALITIES if way != person.modality)
        groups = joinable(filling, either)
        yield Try(replace(plain, what=What.MODALITY, value=other), replace(desk, person=either, groups=groups), None)
    spoken = {language for one in filling.tables.staff.values() for language in one.languages}
    for language in sorted(spoken - set(person.languages)):
        speaker = replace(person, languages=(*person.languages, language))
        groups = joinable(filling, speaker)
        yield Try(
            replace(plain, what=What.LANGUAGE, value=language), replace(desk, person=speaker, groups=groups), None
        )


def _larger_rooms(desk: Desk, plain: Change) -> Iterator[Try]:
    """Groups that are full for their room alone."""
    filling, tables = desk.filling, desk.filling.tables
    for group in filling.groups:
        people, room = len(group.patients), tables.rooms.get(group.room or "")
        if room is None or not filling.seats(group) <= people < tables.board.capacity:
            continue
        if filling.can_join(desk.person, group):
            larger = _larger_room(filling, group, room)
            moved = replace(group, room=larger.id if larger else None)
            change = replace(plain, what=What.ROOM, group=moved, room=moved.room)
            yield Try(change, replace(desk, groups=(*desk.groups, moved)), group.day, int(larger is not None))


def _interpreted(desk: Desk, plain: Change) -> Iterator[Try]:
    """Groups that stand and that the person could follow if somebody interpreted them."""
    filling, person = desk.filling, desk.person
    helpers = [one for one in filling.tables.interpreters.values() if person.interpreting in one.offers]
    for group in filling.groups if helpers else ():
        if group.interpreter is not None or group in desk.groups:
            continue
        for one in helpers:
            booked = replace(group, interpreter=one.id)
            free = len(group.patients) < filling.seats(booked) and filling.can_interpret(one.id, booked)
            if free and filling.can_join(person, booked):
                change = replace(plain, what=What.INTERPRETER, group=booked, value=one.id)
                yield Try(change, replace(desk, groups=(*desk.groups, booked)), group.day)
                break


def _larger_room(filling: Filling, group: Group, room: Room) -> Room | None:
    """The smallest room at the same site that is free then, has what this one has, and one seat more."""
    mask = block(group.day, group.start, group.minutes)
    fitting = [
        one
        for one in filling.tables.board.rooms
        if one.site == room.site
        and set(room.equipment) <= set(one.equipment)
        and not filling.room_busy[one.id] & mask
        and filling.seats(replace(group, room=one.id)) > len(group.patients)
    ]
    return min(fitting, key=lambda one: one.seats, default=None)


def _new_groups(desk: Desk, plain: Change) -> Iterator[Try]:
    """Groups that could be opened for this person and enough others; at each time the one that serves most."""
    had = {kind: sum(one.kind == kind for one in plain.place.sessions) for kind in ("group", "skills")}
    found: list[tuple[int, Group]] = []
    for kind in ("group", "skills"):
        part = desk.person.dose.part(kind)
        if had[kind] >= part.count:
            continue
        others = _others_who_lack(desk, kind)
        for day in range(7):
            for start in range(OPEN, CLOSE - part.minutes + 1, SLOT):
                mask = block(day, start, part.minutes)
                if desk.free & mask == mask:
                    found += _best_groups_at(desk, kind, day, start, mask, others)
    found.sort(key=lambda each: (-each[0], each[1].day, each[1].start))
    for people, group in found[:TRIED_GROUPS]:
        change = replace(plain, what=What.NEW_GROUP, group=group, serves=people)
        yield Try(change, replace(desk, groups=(*desk.groups, group), opening=group), group.day, people)


def _others_who_lack(desk: Desk, kind: str) -> list[Patient]:
    filling, person = desk.filling, desk.person
    return [
        one
        for one in filling.tables.board.patients
        if one.id != person.id
        and one.population == person.population
        and one.dose.part(kind).minutes == person.dose.part(kind).minutes
        and filling.need[one.id, kind] > 0
    ]


def _best_groups_at(
    desk: Desk, kind: str, day: int, start: int, mask: int, others: list[Patient]
) -> Iterator[tuple[int, Group]]:
    """At most one group for each way of taking part, with how many others it serves."""
    filling, person, board = desk.filling, desk.person, desk.filling.tables.board
    for way in MODALITIES if person.modality == "either" else (person.modality,):
        leaders = [one for one in filling.tables.staff.values() if filling.can_lead(one.id, mask)]
        can = [one for one in others if filling.can_attend(one, kind, day, mask, way)] if leaders else []
        minutes = person.dose.part(kind).minutes
        hoped: list[tuple[int, Group, list[Patient]]] = []
        for staff in leaders:
            near = can if way == "in_person" else [one for one in can if one.state in staff.states]
            for topic in person.topics if kind == "group" else (None,):
                for language in staff.languages:
                    group = Group(
                        kind, person.population, topic, language, way, day, start, minutes, staff.id, None, ()
                    )
                    people = [one for one in near if _follow(filling, one, group)]
                    if 1 + len(people) >= board.minimum and _follow(filling, person, group):
                        hoped.append((min(len(people), board.capacity - 1), group, people))
        hoped.sort(key=lambda each: -each[0])
        found = (_placed(filling, person, group, people) for _, group, people in hoped[:TRIED_LEADERS])
        best_of_all = max((each for each in found if each), key=lambda each: each[0], default=None)
        if best_of_all:
            yield best_of_all


def _follow(filling: Filling, person: Patient, group: Group) -> bool:
    return (group.topic is None or group.topic in person.topics) and filling.tables.could_follow(person, group.language)


def _placed(filling: Filling, person: Patient, group: Group, others: list[Patient]) -> tuple[int, Group] | None:
    """The group with its room and helpers and how many others it serves; None if it cannot be held for this person."""
    placed = filling.placed(group, [person, *others])
    if placed is None or person not in placed[1]:
        return None
    seats = min(len(placed[1]), filling.seats(placed[0]))
    return (seats - 1, placed[0]) if seats >= filling.tables.board.minimum else None
