"""A planner's draft of the coming week: one student's hour alone, moved by hand and not published yet."""

from dataclasses import replace
from datetime import timedelta

from hearth.accounts.roles import Role
from hearth.timetable import services
from hearth.timetable.board import Individual
from hearth.timetable.drafts import Drafted, draft_of_week
from hearth.timetable.moving import Shift, spot_of, targets
from hearth.timetable.queries import monday_of
from hearth.web.demo.house import House, Scene


def draft_next_week(scene: Scene, house: House) -> None:
    """Put one move that breaks no rule into the draft of next week, as the coordinator did this morning."""
    coordinator = next(user for user in house.staff.values() if user.has_role(Role.COORDINATOR))
    monday = monday_of(scene.today) + timedelta(weeks=1)
    found = draft_of_week(viewer=coordinator, week_of=monday)
    move = _first_free(found)
    if move is not None:
        services.make_move(
            week_of=monday, move=move, version=found.version, by=coordinator, at=scene.at - timedelta(hours=2)
        )


def _first_free(found: Drafted) -> Shift | None:
    """The first hour alone that could be at another time of its day, and the first such time."""
    names = found.week.names
    alone = [(key, one) for key, one in found.sessions.items() if isinstance(one, Individual)]
    for key, one in sorted(alone, key=lambda pair: (pair[1].day, pair[1].start, names[pair[1].patient])):
        here = spot_of(one)
        judged = targets(found.week.board, found.sessions, key, here).times
        free = [replace(here, day=day, start=start) for (day, start), broken in judged.items() if not broken]
        to = next((spot for spot in free if spot.day == here.day and spot.start != here.start), None)
        if to is not None:
            return Shift(key, here, to)
    return None
