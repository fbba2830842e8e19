"""Who notices that a week changed. Pure: two weeks in, people out."""

from collections import defaultdict
from collections.abc import Mapping

from hearth.timetable.board import Group, Solution
from hearth.timetable.figures import seats
from hearth.timetable.week import Session

Hour = tuple[object, ...]


def patients_changed(before: Solution, after: Solution) -> frozenset[str]:
    """The ids of those whose places (kind, day, start, leader, modality, room) are not the same in both weeks."""
    return frozenset(who for who, *_where in _placed(before) ^ _placed(after))


def _placed(solution: Solution) -> set[tuple[str, ...]]:
    rooms = {(one.kind, one.day, one.start, one.staff): one.room or "" for one in solution.groups}
    return {(*map(str, seat), rooms.get((seat[1], seat[2], seat[3], seat[4]), "")) for seat in seats(solution)}


def staff_changed(before: Solution, after: Solution) -> frozenset[str]:
    """The ids of those who lead or interpret at other times, in other rooms, or see somebody else alone."""
    old, new = _led(before), _led(after)
    return frozenset(who for who in {*old, *new} if old.get(who) != new.get(who))


def _led(solution: Solution) -> Mapping[str, set[Hour]]:
    found: dict[str, set[Hour]] = defaultdict(set)
    sessions: tuple[Session, ...] = (*solution.groups, *solution.individual)
    for one in sessions:
        about = (one.room, one.topic) if isinstance(one, Group) else (one.patient,)
        beside = (one.co_staff, one.interpreter) if isinstance(one, Group) else ()
        for who in (one.staff, *beside):
            if who is not None:
                found[who].add((one.kind, one.day, one.start, one.minutes, one.modality, *about))
    return found
