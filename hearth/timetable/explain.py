"""What a week could not place, and why, as codes with values; `why_words` says them in the reader's language.

For each person and kind of session a minimal set of rules is found that together leave no seat: starting from all of
them each rule is taken out in turn and left out if there is still no seat without it. What remains truly conflicts, and
without any one of it some seat would exist (a minimal conflicting set by deletion). What keeps people apart is taken
out first, and where it cannot be, only the person's hours are named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hearth.timetable.board import KINDS, SLOT, Board, Group, Patient, Solution, Span
from hearth.timetable.filling import filled
from hearth.timetable.seat_chances import Chance, Looking, Rule, chances
from hearth.timetable.tables import SLOTS_A_DAY, Tables, bits, block

TAKEN_OUT = (
    Rule.APART,
    Rule.SECOND_LEADER,
    Rule.INTERPRETER,
    Rule.ENOUGH,
    Rule.SEATS,
    Rule.STAFF_BUSY,
    Rule.ROOM,
    Rule.LICENCE,
    Rule.OTHER_SESSIONS,
    Rule.WAY,
    Rule.POPULATION,
    Rule.STAFF_HOURS,
    Rule.TOPIC,
    Rule.LANGUAGE,
    Rule.FAMILY_HOURS,
    Rule.HOURS,
    Rule.COUNSELOR,
)
"""The order in which rules are taken out; what a person can most easily act on comes last and so stays."""

REMEDIES = (
    Rule.HOURS,
    Rule.FAMILY_HOURS,
    Rule.SEATS,
    Rule.ROOM,
    Rule.STAFF_BUSY,
    Rule.STAFF_HOURS,
    Rule.ENOUGH,
    Rule.COUNSELOR,
    Rule.LANGUAGE,
    Rule.LICENCE,
    Rule.TOPIC,
    Rule.WAY,
    Rule.SECOND_LEADER,
    Rule.INTERPRETER,
    Rule.OTHER_SESSIONS,
)
"""Rules that someone could do something about, what is tried first before the rest."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Where there would be a seat without `rule` alone (None: there is one now). `others` lack such a group, too.

    `helper`: an interpreter who is free then and would open a group that stands.
    """

    rule: Rule | None
    day: int
    start: int
    leader: str
    way: str
    others: int
    stands: bool  # the group is there already
    helper: str = ""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Minutes of one kind of session that a person lacks, and the rules that together leave no place.

    Without rules a session can still be booked, as `remedy` says. `hours`: when the person (for family sessions: the
    family, too) is free long enough.
    """

    patient: str
    kind: str
    minutes: int
    conflict: tuple[Rule, ...]
    hours: tuple[Span, ...]
    remedy: Remedy | None


def unplaced(board: Board, solution: Solution) -> list[Unplaced]:
    """What each person lacks in this week, which keeps the rules."""
    looking = Looking(filled(Tables.of(board), solution))
    found = []
    for patient in board.patients:
        for kind in KINDS:
            missing = max(0, looking.filling.need[patient.id, kind])
            if missing:
                found.append(_explained(looking, patient, kind, missing))
    return found


def _explained(looking: Looking, patient: Patient, kind: str, missing: int) -> Unplaced:
    ways, minutes = chances(looking, patient, kind), patient.dose.part(kind).minutes
    now = _seat_now(looking, patient, kind, ways)
    conflict = () if now else minimal_conflict(ways)
    remedy = now or next(filter(None, (_remedy(ways, rule) for rule in REMEDIES if rule in conflict)), None)
    if remedy and remedy.rule == Rule.INTERPRETER:
        remedy = replace(remedy, helper=_free_interpreter(looking, patient, remedy))
    if not now and (not conflict or Rule.APART in conflict):
        conflict = (Rule.HOURS,)
    hours = _long_enough(patient.available, minutes)
    return Unplaced(patient.id, kind, missing * minutes, conflict, hours, remedy)


def seat_exists(ways: Sequence[Chance], rules: Sequence[Rule]) -> bool:
    """Whether these rules alone leave some seat."""
    return any(one.allowed(rules) for one in ways)


def minimal_conflict(ways: Sequence[Chance]) -> tuple[Rule, ...]:
    """Rules that together leave no seat while each of them is needed for it; empty where all of them leave one."""
    if seat_exists(ways, TAKEN_OUT):
        return ()
    left = list(TAKEN_OUT)
    for rule in TAKEN_OUT:
        without = [one for one in left if one != rule]
        if not seat_exists(ways, without):
            left = without
    return tuple(left)


def _seat_now(looking: Looking, patient: Patient, kind: str, ways: Sequence[Chance]) -> Remedy | None:
    """A seat that all rules leave, if there is one; a new group only if it can be held with those who would come."""
    found = _best(ways, TAKEN_OUT)
    if found is None:
        return None
    chance, bit = found
    if kind in ("group", "skills") and chance.group is None:
        filling, part = looking.filling, patient.dose.part(kind)
        day, start = divmod(bit, SLOTS_A_DAY)
        group = Group(
            kind, patient.population, chance.topic, chance.language, chance.way, day, start * SLOT, part.minutes,
            chance.leader, None, (),
        )  # fmt: skip
        mask = block(day, start * SLOT, part.minutes)
        others = [
            one
            for one in filling.tables.board.patients
            if one.id != patient.id and filling.can_attend(one, kind, day, mask, chance.way)
        ]
        placed = filling.placed(group, [patient, *others])
        if placed is None or patient not in placed[1] or len(placed[1]) < filling.tables.board.minimum:
            return None
    return _told(None, chance, bit)


def _remedy(ways: Sequence[Chance], rule: Rule) -> Remedy | None:
    """Where there would be a seat if this rule alone did not hold."""
    found = _best(ways, [one for one in TAKEN_OUT if one != rule])
    return _told(rule, *found) if found else None


def _free_interpreter(looking: Looking, patient: Patient, remedy: Remedy) -> str:
    """Who could be booked for the group that the remedy is about, if it stands; empty for nobody."""
    filling, at = looking.filling, (remedy.day, remedy.start, remedy.leader)
    helpers = [one.id for one in filling.tables.interpreters.values() if patient.interpreting in one.offers]
    groups = (one for one in filling.groups if remedy.stands and (one.day, one.start, one.staff) == at)
    free = (who for one in groups if not one.interpreter for who in helpers if filling.can_interpret(who, one))
    return next(free, "")


def _best(ways: Sequence[Chance], rules: Sequence[Rule]) -> tuple[Chance, int] | None:
    """A seat that stands, else where most others could come, too."""
    best: tuple[tuple[bool, int], Chance, int] | None = None
    for chance in ways:
        for bit in bits(chance.allowed(rules)):
            value = chance.group is not None, chance.count_at(bit)
            if best is None or value > best[0]:
                best = value, chance, bit
    return best[1:] if best else None


def _told(rule: Rule | None, chance: Chance, bit: int) -> Remedy:
    day, start = divmod(bit, SLOTS_A_DAY)
    stands = chance.group is not None
    return Remedy(rule, day, start * SLOT, chance.leader, chance.way, chance.count_at(bit), stands)


def _long_enough(spans: Sequence[Span], minutes: int) -> tuple[Span, ...]:
    return tuple(span for span in spans if span.end - span.start >= minutes)
