"""Whether a seat exists, found by looking at every start one after the other: what `explain` is held against.

Boards here have hours on the first two days only, between 9:00 and 13:00.
"""

from hearth.timetable.board import Board, Group, Individual, Patient, Staff
from hearth.timetable.filling import Filling
from hearth.timetable.seat_chances import Rule


def could(week: Filling, made: Board, who: Patient, kind: str, without: set[Rule]) -> bool:
    """Whether a seat exists when only the rules `without` are passed over, by looking at every start there is."""
    part, absent = who.dose.part(kind), made.absent
    for day in (0, 1, 2):  # nobody has hours on any other day than the first two
        for start in range(540, 780, 30):
            for way in ("in_person", "virtual"):
                mine = _broken_by_me(week, who, kind, day, start, way) - without
                if mine:
                    continue
                for lead in (one for one in made.staff if one.id not in absent):
                    if kind == "group":
                        seen = any(
                            not (_broken_in_group(week, made, who, lead, day, start, way, topic, language) - without)
                            for topic in lead.topics
                            for language in lead.languages
                        )
                    else:
                        seen = not (_broken_one_to_one(week, made, who, lead, day, start, way, part.minutes) - without)
                    if seen:
                        return True
            if kind == "group":
                for each in week.groups:
                    if (each.day, each.start) == (day, start) and who.id not in each.patients:
                        mine = _broken_by_me(week, who, kind, day, start, each.modality)
                        if (
                            not ((mine | _broken_to_join(week, who, each)) - without)
                            and each.population == who.population
                        ):
                            return True
    return False


def _slots(day: int, start: int, minutes: int) -> set[tuple[int, int]]:
    return {(day, start + late) for late in range(0, minutes, 30)}


def _free(spans) -> set[tuple[int, int]]:
    return {(span.day, at) for span in spans for at in range(span.start, span.end, 30)}


def _sessions(week: Filling, who: str) -> list[Group | Individual]:
    return [each for each in week.groups if who in each.patients] + [
        each for each in week.individual if each.patient == who
    ]


def _broken_by_me(week: Filling, who: Patient, kind: str, day: int, start: int, way: str) -> set[Rule]:
    slots, mine = _slots(day, start, who.dose.part(kind).minutes), _sessions(week, who.id)
    taken = set().union(*(_slots(each.day, each.start, each.minutes) for each in mine))
    days = {each.day for each in mine}
    beside = not slots & taken and (day in days or len(days) < 5)
    beside = beside and all(each.modality == way for each in mine if each.day == day)
    if kind == "group":
        beside = beside and sum(each.day == day and each.kind == "group" for each in mine) < who.dose.per_day
    found = {Rule.HOURS: slots <= _free(who.available), Rule.OTHER_SESSIONS: beside}
    found[Rule.WAY] = who.modality in ("either", way)
    found[Rule.FAMILY_HOURS] = kind != "family" or slots <= _free(who.family_available)
    return {rule for rule, holds in found.items() if not holds}


def _broken_by_leader(
    week: Filling, who: Patient, lead: Staff, day: int, start: int, way: str, minutes: int
) -> set[Rule]:
    slots = _slots(day, start, minutes)
    everything: list[Group | Individual] = [*week.groups, *week.individual]
    led = [each for each in everything if each.staff == lead.id]
    busy = set().union(*(_slots(each.day, each.start, each.minutes) for each in led))
    run, longest, together = 0, 0, busy | slots
    for number in range(7):
        for at in range(0, 24 * 60, 30):
            run = run + 30 if (number, at) in together else 0
            longest = max(longest, run)
    free = not slots & busy and len(together) * 30 <= lead.max_minutes_week and longest <= lead.max_minutes_run
    found = {
        Rule.STAFF_HOURS: slots <= _free(lead.hours),
        Rule.STAFF_BUSY: free,
        Rule.POPULATION: who.population in lead.populations,
        Rule.LICENCE: way == "in_person" or who.state in lead.states,
    }
    return {rule for rule, holds in found.items() if not holds}


def _broken_one_to_one(
    week: Filling, made: Board, who: Patient, lead: Staff, day: int, start: int, way: str, minutes: int
) -> set[Rule]:
    shares = bool(set(who.languages) & set(lead.languages))
    stands_in = who.primary in made.absent and shares and who.population in lead.populations
    found = {
        Rule.COUNSELOR: lead.id == who.primary or stands_in,
        Rule.LANGUAGE: lead.id == who.primary or shares,
    }
    broken = {rule for rule, holds in found.items() if not holds}
    return broken | _broken_by_leader(week, who, lead, day, start, way, minutes)


def _broken_in_group(
    week: Filling, made: Board, who: Patient, lead: Staff, day: int, start: int, way: str, topic: str, language: str
) -> set[Rule]:
    minutes = who.dose.group.minutes
    others = [
        each
        for each in made.patients
        if each.id != who.id
        and week.need[each.id, "group"] > 0
        and each.population == who.population
        and not _broken_by_me(week, each, "group", day, start, way)
        and topic in each.topics
        and language in each.languages
        and (way == "in_person" or each.state in lead.states)
    ]
    rooms = [
        room
        for room in made.rooms
        if room.seats > made.minimum and not week.room_busy[room.id] & _mask(day, start, minutes)
    ]
    found = {
        Rule.TOPIC: topic in who.topics,
        Rule.LANGUAGE: language in who.languages,
        Rule.ROOM: way == "virtual" or bool(rooms),
        Rule.ENOUGH: 1 + len(others) >= made.minimum,
    }
    broken = {rule for rule, holds in found.items() if not holds}
    return broken | _broken_by_leader(week, who, lead, day, start, way, minutes)


def _mask(day: int, start: int, minutes: int) -> int:
    return sum(1 << (day * 48 + at // 30) for _, at in _slots(day, start, minutes))


def _broken_to_join(week: Filling, who: Patient, each: Group) -> set[Rule]:
    lead = week.tables.staff[each.staff]
    found = {
        Rule.TOPIC: each.topic in who.topics,
        Rule.LANGUAGE: each.language in who.languages,
        Rule.LICENCE: each.modality == "in_person" or who.state in lead.states,
        Rule.SEATS: len(each.patients) < week.seats(each),
    }
    return {rule for rule, holds in found.items() if not holds}
