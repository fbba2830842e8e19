"""What is counted over everyone's week and may be a minute old: pictures for directors, kept in this process.

Looking at a large house costs seconds, and who plans looks at the same week again and again. Deeds never read these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.core.cache import cache
from django.core.exceptions import PermissionDenied

from hearth.accounts.models import User
from hearth.timetable.asking import as_people, waiting_for_a_place
from hearth.timetable.board import Solution
from hearth.timetable.demand import Demand, demand
from hearth.timetable.figures import Figures, figures
from hearth.timetable.promised import names_of_waiting
from hearth.timetable.queries import PLANNERS
from hearth.timetable.week_board import WeekBoard, board_of_week

SECONDS = 60  # how old a picture may be


@dataclass(frozen=True, slots=True)
class Picture:
    """What a week's people, and those who wait, want and its sessions offer. `names` are those that its words need."""

    demand: Demand
    names: dict[str, str]
    people: int
    waiting: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Means:
    """What a week has, for asking what would be: ids of staff and rooms with names, codes, and today's figures."""

    staff: tuple[tuple[str, str], ...]
    rooms: tuple[tuple[str, str], ...]
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    adult_topics: tuple[str, ...]
    capacity: int
    people: int
    figures: Figures


def demand_of_week(*, viewer: User, week_of: date) -> Picture:
    """Wanted and offered in the week of `week_of`, a Monday. Raises PermissionDenied."""
    return cast(Picture, _kept("demand", _demand, viewer, week_of))


def means_of_week(*, viewer: User, week_of: date) -> Means:
    """What there is to change in the week of `week_of`, a Monday. Raises PermissionDenied."""
    return cast(Means, _kept("means", _means, viewer, week_of))


def _kept(what: str, make: Callable[[WeekBoard, str], object], viewer: User, week_of: date) -> object:
    if not viewer.has_any(PLANNERS):
        raise PermissionDenied
    key = f"timetable-{what}-{viewer.organisation_id}-{week_of.isoformat()}"
    found = cache.get(key)
    if found is None:
        found = make(board_of_week(viewer=viewer, week_of=week_of), viewer.organisation.state)
        cache.set(key, found, SECONDS)
    return found


def _demand(week: WeekBoard, home: str) -> Picture:
    waiting = [row for row in waiting_for_a_place() if str(row.patient_id) not in week.names]
    found = demand(week.board, week.board.current or Solution(), as_people(waiting, home=home))
    people = {who for one in found.bottlenecks for who in one.people}
    needed = people | {one.id for one in week.board.staff}
    names = {key: name for key, name in (week.names | names_of_waiting(waiting)).items() if key in needed}
    return Picture(found, names, len(week.board.patients), len(waiting), len(week.left_out))


def _means(week: WeekBoard, _home: str) -> Means:
    board, names = week.board, week.names
    patients, staff = board.patients, board.staff
    languages = {"es"} | {one for person in patients for one in person.languages}
    topics = {topic for person in patients for topic in person.topics}
    return Means(
        staff=tuple(sorted(((one.id, names.get(one.id, "")) for one in staff), key=lambda pair: pair[1])),
        rooms=tuple((one.id, names.get(one.id, "")) for one in board.rooms),
        languages=tuple(languages | {one for member in staff for one in member.languages}),
        topics=tuple(topics | {topic for member in staff for topic in member.topics}),
        adult_topics=tuple(sorted({topic for one in patients if one.population == "adult" for topic in one.topics})),
        capacity=board.capacity,
        people=len(patients),
        figures=figures(board, board.current or Solution()),
    )
