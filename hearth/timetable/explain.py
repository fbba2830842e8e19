"""What a week could not place, and why, in words someone can act on.

Each reason is data (`cause`, staff, and the day and start it is about) and a sentence. The search goes from what no
timetable could change (hours, topics, licences) to what this one did (full groups, booked counselors) and gives the
first cause that holds, with full groups beside it where there are any.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hearth.timetable.board import CLOSE, KINDS, MODALITIES, OPEN, SLOT, Board, Patient, Solution, Staff, clock
from hearth.timetable.filling import Filling, filled
from hearth.timetable.greedy import possible_ones
from hearth.timetable.tables import Tables, block
from hearth.timetable.week import DAYS


class Cause(StrEnum):
    """Why a session has no place."""

    NO_HOURS = "no_hours"  # the person has no free stretch that long
    FAMILY_HOURS = "family_hours"  # the person and the family are never free together that long
    NO_PRIMARY = "no_primary"  # nobody is named as primary counselor
    NO_STAFF = "no_staff"  # nobody serves this population
    NO_TOPIC = "no_topic"  # nobody leads any of the person's topics
    NO_LANGUAGE = "no_language"  # nobody speaks a language of the person
    NO_LICENCE = "no_licence"  # nobody is licensed in the person's state
    NO_ROOM = "no_room"  # no room seats a group of the least size
    STAFF_HOURS = "staff_hours"  # who could lead does not work when the person is free
    NO_TIME_LEFT = "no_time_left"  # the person's other sessions, days or blocks leave no time
    GROUP_FULL = "group_full"  # groups that would fit have no seat left
    STAFF_BUSY = "staff_busy"  # who could lead is booked, at the week's minutes, or due a break
    ROOMS_FULL = "rooms_full"  # every room is taken at those hours
    BELOW_MINIMUM = "below_minimum"  # too few people could come at the same time
    STILL_POSSIBLE = "still_possible"  # nothing hinders it: it can be booked now


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause. `staff` are those it is about; `day` and `start` the nearest chance, where there is one."""

    cause: Cause
    sentence: str
    staff: tuple[str, ...] = ()
    day: int | None = None
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Minutes of one kind of session that a person lacks, and why."""

    patient: str
    kind: str
    minutes: int
    reasons: tuple[Reason, ...]


Time = tuple[int, int, int]  # day, start, mask
Say = Callable[[str], str]


def unplaced(board: Board, solution: Solution, *, names: Mapping[str, str] | None = None) -> list[Unplaced]:
    """What each person lacks in this week, which keeps the rules. `names` are said in sentences in place of ids."""
    filling = filled(Tables.of(board), solution)

    def say(key: str) -> str:
        return (names or {}).get(key, key)

    found = []
    for patient in board.patients:
        for kind in KINDS:
            missing = max(0, filling.need[patient.id, kind])
            if missing:
                why = _why_no_group if kind in ("group", "skills") else _why_no_one_to_one
                minutes = missing * patient.dose.part(kind).minutes
                found.append(Unplaced(patient.id, kind, minutes, tuple(why(filling, patient, kind, say))))
    return found


def _times(minutes: int, free: int) -> list[Time]:
    """Every start at which a session of this length lies inside these slots."""
    found = []
    for day in range(7):
        for start in range(OPEN, CLOSE - minutes + 1, SLOT):
            mask = block(day, start, minutes)
            if free & mask == mask:
                found.append((day, start, mask))
    return found


def _ways(patient: Patient) -> tuple[str, ...]:
    return MODALITIES if patient.modality == "either" else (patient.modality,)


def _listed(names: Iterable[str], word: str) -> str:
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


# ---- groups and life skills


def _why_no_group(filling: Filling, patient: Patient, kind: str, say: Say) -> list[Reason]:
    minutes = patient.dose.part(kind).minutes
    times = _times(minutes, filling.tables.available[patient.id])
    if not times:
        return [Reason(Cause.NO_HOURS, f"{say(patient.id)} has no free stretch of {minutes} minutes.")]
    team, reason = _team(filling, patient, kind, say)
    if reason:
        return [reason]
    working = [time for time in times if any(_works(filling, one, time) for one in team)]
    names = tuple(one.id for one in team)
    if not working:
        sentence = f"Nobody who could lead {_article(kind)} works when {say(patient.id)} is free for it."
        return [Reason(Cause.STAFF_HOURS, sentence, names)]
    reasons = _full_groups(filling, patient, kind, say)
    if any(reason.cause == Cause.STILL_POSSIBLE for reason in reasons):
        return reasons
    return [*reasons, _why_none_opens(filling, patient, kind, team, working, say)]


def _article(kind: str) -> str:
    return "a fitting group" if kind == "group" else "a life skills group"


def _team(filling: Filling, patient: Patient, kind: str, say: Say) -> tuple[list[Staff], Reason | None]:
    """Who could lead such a group for this person, or why nobody could."""
    name, board = say(patient.id), filling.tables.board
    team = [one for one in filling.tables.staff.values() if patient.population in one.populations]
    if not team:
        return [], Reason(Cause.NO_STAFF, f"Nobody on the staff serves {patient.population}s.")
    if kind == "group":
        team = [one for one in team if set(one.topics) & set(patient.topics)]
        if not team:
            topics = _listed((say(topic) for topic in patient.topics), "or")
            return [], Reason(Cause.NO_TOPIC, f"Nobody leads a group on {topics} for {patient.population}s.")
    team = [one for one in team if set(one.languages) & set(patient.languages)]
    if not team:
        spoken = _listed((say(language) for language in patient.languages), "or")
        return [], Reason(Cause.NO_LANGUAGE, f"Nobody who could lead {_article(kind)} speaks {spoken}.")
    rooms = any(filling.tables.group_seats(room) >= board.minimum for room in board.rooms)
    if not rooms and patient.modality == "in_person":
        return [], Reason(Cause.NO_ROOM, f"No room seats a group of {board.minimum} and its leader.")
    licensed = [one for one in team if patient.state in one.states]
    if not licensed and (patient.modality == "virtual" or not rooms):
        sentence = f"Nobody who could lead {_article(kind)} is licensed in {patient.state}, where {name} is."
        return [], Reason(Cause.NO_LICENCE, sentence)
    return licensed if patient.modality == "virtual" else team, None


def _works(filling: Filling, staff: Staff, time: Time) -> bool:
    return filling.tables.shift[staff.id] & time[2] == time[2]


def _full_groups(filling: Filling, patient: Patient, kind: str, say: Say) -> list[Reason]:
    """Groups this person could join but for seats; first one that has a seat, if there is one."""
    full = []
    for group in filling.groups:
        if group.kind != kind or not filling.can_join(patient, group):
            continue
        when = f"{DAYS[group.day]} at {clock(group.start)} with {say(group.staff)}"
        if len(group.patients) < filling.seats(group):
            sentence = f"There is a seat for {say(patient.id)} in the group on {when}."
            return [Reason(Cause.STILL_POSSIBLE, sentence, (group.staff,), group.day, group.start)]
        sentence = f"The group on {when} would fit {say(patient.id)} but is full."
        full.append(Reason(Cause.GROUP_FULL, sentence, (group.staff,), group.day, group.start))
    return full


def _why_none_opens(
    filling: Filling, patient: Patient, kind: str, team: list[Staff], times: list[Time], say: Say
) -> Reason:
    """Why no new group is opened for this person at any of these times."""
    name, names, board = say(patient.id), tuple(one.id for one in team), filling.tables.board
    chances = [
        (time, way)
        for time in times
        for way in _ways(patient)
        if filling.can_attend(patient, kind, time[0], time[2], way)
    ]
    if not chances:
        sentence = f"{name}'s other sessions leave no time for {_article(kind)} when someone could lead it."
        return Reason(Cause.NO_TIME_LEFT, sentence, names)
    led = [
        (time, way, one)
        for time, way in chances
        for one in team
        if filling.can_lead(one.id, time[2]) and (way == "in_person" or patient.state in one.states)
    ]
    if not led:
        sentence = f"Whoever could lead {_article(kind)} for {name} is already booked or at their limit then."
        return Reason(Cause.STAFF_BUSY, sentence, names)
    roomy = [one for one in led if one[1] == "virtual" or _has_room(filling, one[0])]
    if not roomy:
        (day, start, _), _, leader = led[0]
        sentence = f"Every group room is taken when {name} could come, such as {DAYS[day]} at {clock(start)}."
        return Reason(Cause.ROOMS_FULL, sentence, (leader.id,), day, start)
    (day, start, _), people, leader = _best_gathering(filling, patient, kind, roomy)
    when = f"on {DAYS[day]} at {clock(start)} with {say(leader.id)}"
    if people >= board.minimum:
        sentence = f"A new group {when} could be opened for {name} and {people - 1} others."
        return Reason(Cause.STILL_POSSIBLE, sentence, (leader.id,), day, start)
    sentence = (
        f"At most {people} people who lack {_article(kind)}, {name} among them, could come together "
        f"({when}); a group needs {board.minimum}."
    )
    return Reason(Cause.BELOW_MINIMUM, sentence, (leader.id,), day, start)


def _has_room(filling: Filling, time: Time) -> bool:
    room = filling.free_room(time[2], filling.tables.board.minimum)
    return room is not None and filling.tables.group_seats(room) >= filling.tables.board.minimum


def _best_gathering(
    filling: Filling, patient: Patient, kind: str, chances: list[tuple[Time, str, Staff]]
) -> tuple[Time, int, Staff]:
    """The time and leader with whom most people who lack such a group could come, this person among them."""
    best: tuple[Time, int, Staff] | None = None
    for time, way, leader in chances:
        alike = [
            other
            for other in filling.tables.board.patients
            if other.population == patient.population
            and other.dose.part(kind).minutes == patient.dose.part(kind).minutes
            and (way == "in_person" or other.state in leader.states)
            and filling.can_attend(other, kind, time[0], time[2], way)
        ]
        topics = set(leader.topics) & set(patient.topics) if kind == "group" else {""}
        for topic in topics:
            for language in set(leader.languages) & set(patient.languages):
                people = sum(language in other.languages and (not topic or topic in other.topics) for other in alike)
                if best is None or people > best[1]:
                    best = time, people, leader
    assert best is not None  # every leader in `chances` shares a topic and a language with this person
    return best


# ---- individual and family sessions


def _why_no_one_to_one(filling: Filling, patient: Patient, kind: str, say: Say) -> list[Reason]:
    name, tables, minutes = say(patient.id), filling.tables, patient.dose.part(kind).minutes
    free = tables.available[patient.id]
    if not _times(minutes, free):
        return [Reason(Cause.NO_HOURS, f"{name} has no free stretch of {minutes} minutes.")]
    if kind == "family" and not _times(minutes, free & tables.family[patient.id]):
        sentence = f"{name} and the family are never free together for {minutes} minutes."
        return [Reason(Cause.FAMILY_HOURS, sentence)]
    if patient.primary is None:
        return [Reason(Cause.NO_PRIMARY, f"{name} has no primary counselor yet.")]
    team = tables.counselors(patient)
    if not team:
        sentence = f"{say(patient.primary)} is away and nobody else fits {name}."
        if patient.primary not in tables.board.absent:
            sentence = f"{say(patient.primary)} does not serve {patient.population}s."
        return [Reason(Cause.NO_STAFF, sentence, (patient.primary,))]
    return [_why_counselor_cannot(filling, patient, kind, team, say)]


def _why_counselor_cannot(filling: Filling, patient: Patient, kind: str, team: list[Staff], say: Say) -> Reason:
    name, tables, minutes = say(patient.id), filling.tables, patient.dose.part(kind).minutes
    ids, who = tuple(one.id for one in team), _listed((say(one.id) for one in team), "and")
    licensed = [one for one in team if patient.state in one.states]
    if patient.modality == "virtual" and not licensed:
        return Reason(Cause.NO_LICENCE, f"{who} is not licensed in {patient.state}, where {name} is.", ids)
    team = licensed if patient.modality == "virtual" else team
    free = tables.available[patient.id] & (tables.family[patient.id] if kind == "family" else -1)
    times = [(time, one) for time in _times(minutes, free) for one in team if _works(filling, one, time)]
    if not times:
        together = "and the family are" if kind == "family" else "is"
        return Reason(Cause.STAFF_HOURS, f"{who} does not work when {name} {together} free.", ids)
    now = next(possible_ones(filling, patient, kind), None)
    if now:
        sentence = f"{say(now.staff)} and {name} are both free on {DAYS[now.day]} at {clock(now.start)}."
        return Reason(Cause.STILL_POSSIBLE, sentence, (now.staff,), now.day, now.start)
    open_ = [
        (time, one)
        for time, one in times
        for way in _ways(patient)
        if filling.can_attend(patient, kind, time[0], time[2], way)
        and (way == "in_person" or patient.state in one.states)
    ]
    if not open_:
        return Reason(Cause.NO_TIME_LEFT, f"{name}'s other sessions leave no time when {who} works.", ids)
    (day, start, _), one = open_[0]
    sentence = f"{who} is booked or at their limit whenever {name} could come."
    return Reason(Cause.STAFF_BUSY, sentence, (one.id,), day, start)
