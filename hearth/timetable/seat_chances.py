"""Every way in which one person could get one more session of a week, rule by rule.

A chance is a seat in a group that stands, a group that could be opened, or an hour of a counselor. For each rule it
holds the starts at which that rule allows it, as a bit mask (`tables.block`); where all rules leave a start, there is a
seat. So whether a seat would exist without some rule is one look at the masks of the others.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce

from hearth.timetable.board import CLOSE, MODALITIES, OPEN, SLOT, Group, Patient, Staff
from hearth.timetable.filling import Filling, runs_too_long
from hearth.timetable.rules import MOST_DAYS
from hearth.timetable.tables import SLOTS_A_DAY, bits, block
from hearth.timetable.week import follows, helpers_of

GROUPS = ("group", "skills")
WHOLE_WEEK = (1 << (7 * SLOTS_A_DAY)) - 1


class Rule(StrEnum):
    """What may stand between a person and a session."""

    HOURS = "hours"  # the person is free
    FAMILY_HOURS = "family_hours"  # the family is free, too
    OTHER_SESSIONS = "other_sessions"  # it fits beside the person's other sessions, days and ways of coming
    WAY = "way"  # it is held in the way the person comes
    TOPIC = "topic"
    LANGUAGE = "language"
    LICENCE = "licence"  # by video, who leads is licensed in the person's state
    POPULATION = "population"
    COUNSELOR = "counselor"  # one-to-ones are with the primary counselor
    STAFF_HOURS = "staff_hours"
    STAFF_BUSY = "staff_busy"  # who leads has nothing else then, minutes left, and a break in time
    SECOND_LEADER = "second_leader"
    INTERPRETER = "interpreter"
    ROOM = "room"  # a room that suits is free
    SEATS = "seats"  # the group is not full
    ENOUGH = "enough"  # enough others who lack such a group could come
    APART = "apart"  # nobody meets whom they are never to meet; nobody is ever told of it


Masks = dict[Rule, int]


@dataclass(frozen=True, slots=True)
class Chance:
    """One way to a session: who would lead it, and at which starts each rule allows it (no entry: at all).

    `group` is set where it stands already. `others`: how many others would come, as planes of bits, lowest first.
    """

    leader: str
    way: str
    starts: int
    masks: Masks
    topic: str | None = None
    language: str = ""
    group: Group | None = None
    others: tuple[int, ...] = ()

    def allowed(self, rules: Iterable[Rule]) -> int:
        """The starts that all of these rules leave."""
        left = self.starts
        for rule in rules:
            left &= self.masks.get(rule, WHOLE_WEEK)
            if not left:
                return 0
        return left

    def count_at(self, bit: int) -> int:
        """How many others would come at this start."""
        return sum((plane >> bit & 1) << place for place, plane in enumerate(self.others))


@dataclass(frozen=True)
class Looking:
    """A week and what was found out about it while looking for seats."""

    filling: Filling
    known: dict[object, int] = field(default_factory=dict)
    counted: dict[object, tuple[int, ...]] = field(default_factory=dict)


def starts_in(mask: int, minutes: int) -> int:
    """The starts from which a session of this length lies inside this mask."""
    return reduce(lambda left, slot: left & (mask >> slot), range(1, -(-minutes // SLOT)), mask)


def grid(minutes: int) -> int:
    """Every start a session of this length may have."""
    day = sum(1 << (start // SLOT) for start in range(OPEN, CLOSE - minutes + 1, SLOT))
    return sum(day << (number * SLOTS_A_DAY) for number in range(7))


def chances(looking: Looking, patient: Patient, kind: str) -> list[Chance]:
    """Every way to one more session of this kind for this person."""
    found = ways_in(looking, patient, kind)
    return [*found, *_new(looking, patient, kind)] if kind in GROUPS else found


def ways_in(looking: Looking, patient: Patient, kind: str) -> list[Chance]:
    """Those of them for which nothing is opened: seats in groups that stand, or hours of a counselor."""
    return list((_standing if kind in GROUPS else _one_to_ones)(looking, patient, kind))


def _only_if(allowed: object) -> int:
    return WHOLE_WEEK if allowed else 0


# ---- what the person's own week allows


def _own(looking: Looking, patient: Patient, kind: str, way: str, site: str) -> Masks:
    minutes, tables = patient.dose.part(kind).minutes, looking.filling.tables
    masks = {
        Rule.HOURS: starts_in(tables.available[patient.id], minutes),
        Rule.OTHER_SESSIONS: _beside_others(looking, patient, kind, way, site),
        Rule.WAY: _only_if(patient.modality in ("either", way)),
    }
    if kind == "family":
        masks[Rule.FAMILY_HOURS] = starts_in(tables.family[patient.id], minutes)
    return masks


def _beside_others(looking: Looking, patient: Patient, kind: str, way: str, site: str) -> int:
    key = "beside", patient.id, kind, way, site
    if key not in looking.known:
        filling, who = looking.filling, patient.id
        minutes = patient.dose.part(kind).minutes
        busy = filling.tables.available[who] & ~filling.free[who]
        left = starts_in(WHOLE_WEEK & ~busy, minutes)
        for day in range(7):
            may = filling.modes.get((who, day), way) == way
            may = may and (day in filling.days[who] or len(filling.days[who]) < MOST_DAYS)
            may = may and (kind != "group" or filling.blocks[who, day] < patient.dose.per_day)
            if not may:
                left &= ~(((1 << SLOTS_A_DAY) - 1) << (day * SLOTS_A_DAY))
        looking.known[key] = _on_time(filling, who, site, minutes, left)
    return looking.known[key]


def _on_time(filling: Filling, who: str, site: str, minutes: int, starts: int) -> int:
    """Those of these starts that leave time for the way from and to other sites."""
    if not filling.tables.ways.get(site):
        return starts
    length = (1 << -(-minutes // SLOT)) - 1
    return sum(1 << bit for bit in bits(starts) if filling.can_be_there(who, site, length << bit))


# ---- what who leads allows


def _staff_hours(looking: Looking, staff: str, minutes: int) -> int:
    key = "shift", staff, minutes
    if key not in looking.known:
        looking.known[key] = starts_in(looking.filling.tables.shift[staff], minutes)
    return looking.known[key]


def _not_busy(looking: Looking, staff: Staff, minutes: int, site: str) -> int:
    key = "busy", staff.id, minutes, site
    if key not in looking.known:
        busy, length, found = looking.filling.led[staff.id], (1 << -(-minutes // SLOT)) - 1, 0
        if (busy.bit_count() + length.bit_count()) * SLOT <= staff.max_minutes_week:
            for bit in bits(grid(minutes)):
                mask = length << bit
                if not mask & busy and not runs_too_long(busy | mask, staff.max_minutes_run):
                    found |= 1 << bit
        looking.known[key] = _on_time(looking.filling, staff.id, site, minutes, found)
    return looking.known[key]


def _leading(looking: Looking, patient: Patient, staff: Staff, minutes: int, way: str, site: str) -> Masks:
    return {
        Rule.STAFF_HOURS: _staff_hours(looking, staff.id, minutes),
        Rule.STAFF_BUSY: _not_busy(looking, staff, minutes, site),
        Rule.POPULATION: _only_if(patient.population in staff.populations),
        Rule.LICENCE: _only_if(way == "in_person" or patient.state in staff.states),
        Rule.APART: _only_if(staff.id not in looking.filling.tables.apart.get(patient.id, ())),
    }


# ---- individual and family sessions


def _one_to_ones(looking: Looking, patient: Patient, kind: str) -> Iterator[Chance]:
    tables, minutes = looking.filling.tables, patient.dose.part(kind).minutes
    counselors = {one.id for one in tables.counselors(patient)}
    for staff in tables.staff.values():
        may = staff.id == patient.primary or (
            staff.id in counselors if patient.primary in tables.board.absent else False
        )
        shared = staff.id == patient.primary or bool(set(patient.languages) & set(staff.languages))
        for way in MODALITIES:
            site = staff.site if way == "in_person" else ""
            masks = _own(looking, patient, kind, way, site) | _leading(looking, patient, staff, minutes, way, site)
            masks |= {Rule.COUNSELOR: _only_if(may), Rule.LANGUAGE: _only_if(shared)}
            yield Chance(staff.id, way, grid(minutes), masks)


# ---- groups and life skills


def _standing(looking: Looking, patient: Patient, kind: str) -> Iterator[Chance]:
    """Seats in groups that stand."""
    tables, minutes = looking.filling.tables, patient.dose.part(kind).minutes
    never = tables.apart.get(patient.id, frozenset())
    for group in looking.filling.groups:
        if group.kind != kind or group.minutes != minutes or group.population != patient.population:
            continue
        if patient.id in group.patients:
            continue
        room, interpreter = tables.rooms.get(group.room or ""), tables.interpreters.get(group.interpreter or "")
        offers = interpreter.offers if interpreter else ()
        licensed = all(
            patient.state in tables.staff[who].states for who in {group.staff, group.co_staff} - {None} if who
        )
        masks = _own(looking, patient, kind, group.modality, tables.site_of(group)) | {
            Rule.TOPIC: _only_if(kind == "skills" or group.topic in patient.topics),
            Rule.LANGUAGE: _only_if(patient.interpreting or group.language in patient.languages),
            Rule.INTERPRETER: _only_if(not patient.interpreting or follows(patient, group.language, offers)),
            Rule.LICENCE: _only_if(group.modality == "in_person" or licensed),
            Rule.ROOM: _only_if(room is None or set(patient.equipment) <= set(room.equipment)),
            Rule.SEATS: _only_if(len(group.patients) < looking.filling.seats(group)),
            Rule.APART: _only_if(never.isdisjoint((*helpers_of(group), *group.patients))),
        }
        start = block(group.day, group.start, SLOT)
        yield Chance(group.staff, group.modality, start, masks, group.topic, group.language, group)


def _new(looking: Looking, patient: Patient, kind: str) -> Iterator[Chance]:
    """Groups that could be opened: for each leader, way, site, topic and language."""
    tables, minutes = looking.filling.tables, patient.dose.part(kind).minutes
    board, base = tables.board, grid(minutes)
    places = [("virtual", "")] + [("in_person", site) for site in sorted({room.site for room in board.rooms} or {""})]
    for way, site in places:
        own = _own(looking, patient, kind, way, site)
        for staff in tables.staff.values():
            leading = own | _leading(looking, patient, staff, minutes, way, site)
            for topic in staff.topics if kind == "group" else (None,):
                room = _rooms(looking, patient, kind, topic, way, site)
                second = _seconds(looking, patient, staff, kind, topic, site)
                for language in staff.languages:
                    others = _others(looking, patient, kind, topic, language, staff, way)
                    masks = leading | {
                        Rule.ROOM: room,
                        Rule.SECOND_LEADER: second,
                        Rule.TOPIC: _only_if(topic is None or topic in patient.topics),
                        Rule.LANGUAGE: _only_if(patient.interpreting or language in patient.languages),
                        Rule.INTERPRETER: _interpreters(looking, patient, language, minutes, way),
                        Rule.ENOUGH: _at_least(others, board.minimum - 1),
                    }
                    yield Chance(staff.id, way, base, masks, topic, language, None, others)


def _rooms(looking: Looking, patient: Patient, kind: str, topic: str | None, way: str, site: str) -> int:
    if way == "virtual":
        return WHOLE_WEEK
    minutes, filling = patient.dose.part(kind).minutes, looking.filling
    board = filling.tables.board
    need = board.need(kind, topic)
    things, helpers = {*need.equipment, *patient.equipment}, need.leaders + bool(patient.interpreting)
    key = "rooms", site, minutes, frozenset(things), helpers
    if key not in looking.known:
        free = 0
        for room in board.rooms:
            fits = room.site == site and things <= set(room.equipment)
            if fits and filling.tables.group_seats(room, helpers) >= board.minimum:
                free |= starts_in(WHOLE_WEEK & ~filling.room_busy[room.id], minutes)
        looking.known[key] = free
    return looking.known[key]


def _seconds(looking: Looking, patient: Patient, leader: Staff, kind: str, topic: str | None, site: str) -> int:
    """When a second leader is to be had, where one is needed."""
    tables, minutes = looking.filling.tables, patient.dose.part(kind).minutes
    if tables.board.need(kind, topic).leaders < 2 and tables.may_lead_together(leader.id, None):
        return WHOLE_WEEK
    return reduce(
        lambda found, one: found | (_staff_hours(looking, one.id, minutes) & _not_busy(looking, one, minutes, site)),
        (
            one
            for one in tables.staff.values()
            if one.id != leader.id
            and patient.population in one.populations
            and set(leader.languages) & set(one.languages)
            and tables.may_lead_together(leader.id, one.id)
        ),
        0,
    )


def _interpreters(looking: Looking, patient: Patient, language: str, minutes: int, way: str) -> int:
    if not patient.interpreting or patient.interpreting == language:
        return WHOLE_WEEK
    filling, found = looking.filling, 0
    for one in filling.tables.interpreters.values():
        if patient.interpreting in one.offers and way in one.modalities:
            found |= starts_in(filling.tables.shift[one.id] & ~filling.led[one.id], minutes)
    return found


def _others(
    looking: Looking, patient: Patient, kind: str, topic: str | None, language: str, staff: Staff, way: str
) -> tuple[int, ...]:
    """How many others who lack such a group could come at each start, as planes of bits."""
    minutes, tables = patient.dose.part(kind).minutes, looking.filling.tables
    states = staff.states if way == "virtual" else ()
    key = kind, patient.population, minutes, topic, language, way, states
    if key not in looking.counted:
        planes: list[int] = []
        for one in tables.board.patients:
            _add(planes, _could_come(looking, one, patient, kind, topic, language, states, way))
        looking.counted[key] = tuple(planes)
    mine = _could_come(looking, patient, patient, kind, topic, language, states, way)
    return _without(looking.counted[key], mine)


def _could_come(
    looking: Looking,
    one: Patient,
    like: Patient,
    kind: str,
    topic: str | None,
    language: str,
    states: tuple[str, ...],
    way: str,
) -> int:
    """The starts at which someone who lacks such a group could come to it."""
    part, filling = one.dose.part(kind), looking.filling
    if filling.need[one.id, kind] <= 0 or one.population != like.population or one.modality not in ("either", way):
        return 0
    if part.minutes != like.dose.part(kind).minutes or (way == "virtual" and one.state not in states):
        return 0
    if (topic is not None and topic not in one.topics) or not filling.tables.could_follow(one, language):
        return 0
    key = "free", one.id, part.minutes
    if key not in looking.known:
        looking.known[key] = starts_in(filling.tables.available[one.id], part.minutes)
    return looking.known[key] & _beside_others(looking, one, kind, way, "")


def _add(planes: list[int], mask: int) -> None:
    for place in range(len(planes)):
        planes[place], mask = planes[place] ^ mask, planes[place] & mask
    if mask:
        planes.append(mask)


def _without(planes: tuple[int, ...], mask: int) -> tuple[int, ...]:
    """The counts less one wherever this mask has a bit; it was counted there."""
    found = []
    for plane in planes:
        found.append(plane ^ mask)
        mask &= ~plane
    return tuple(found)


def _at_least(planes: tuple[int, ...], least: int) -> int:
    """The starts at which at least so many are counted."""
    if least <= 0:
        return WHOLE_WEEK
    more, same = 0, WHOLE_WEEK
    for place in reversed(range(max(len(planes), least.bit_length()))):
        plane = planes[place] if place < len(planes) else 0
        if least >> place & 1:
            same &= plane
        else:
            more |= same & plane
            same &= ~plane
    return more | same
