"""Can we serve this person? The week they could have in what stands today, or the one change that would make one.

Pure; under a second with 400 people on the board.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hearth.timetable.board import Board, Group, MalformedBoard, Patient, Solution
from hearth.timetable.newcomer import Desk, Place, desk_of, week_of
from hearth.timetable.one_change import Change, changes

MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """Weeks that could be had now, best first, and, where none is whole, what one change would make."""

    places: tuple[Place, ...]
    one_change_away: tuple[Change, ...]


def can_we_serve(
    board: Board, person: Patient, *, week: Solution | None = None, waiting: Sequence[Patient] = ()
) -> Answer:
    """Places for someone not yet admitted, in `week` or the board's `current`.

    Someone who is on the board is asked for as if they were new. `waiting` are others who wait, for whom a new group
    could be, too. Raises MalformedBoard where the person's counselor is not among the staff.
    """
    if person.primary is not None and person.primary not in {one.id for one in board.staff}:
        raise MalformedBoard(f'Person {person.id}\'s primary counselor "{person.primary}" is not among the staff.')
    taken = [
        *(one.id for one in board.staff),
        *(one.id for one in board.rooms),
        *(one.id for one in board.interpreters),
    ]
    if person.id in taken:
        raise MalformedBoard(f'The person\'s id "{person.id}" is that of somebody or something else on the board.')
    desk = desk_of(board, person, week or board.current or Solution(), waiting)
    now = week_of(desk)
    if now.is_full:
        return Answer(_with_others(desk, now), ())
    return Answer(_with_others(desk, now) if now.sessions else (), tuple(changes(desk, now)))


def _with_others(desk: Desk, first: Place) -> tuple[Place, ...]:
    """This week, and others just as good in other groups."""
    found = [first]
    used: set[Group] = set()
    while len(found) < MOST_PLACES:
        used |= {one for one in found[-1].sessions if isinstance(one, Group) and one.kind == "group"}
        other = week_of(replace(desk, groups=tuple(group for group in desk.groups if group not in used)))
        if not used or other.minutes < first.minutes:
            break
        found.append(other)
    return tuple(found)
