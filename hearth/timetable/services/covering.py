"""Cover for days on which staff are away: asked for with one press, worked out as a proposal for each week."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.program.models import Leave
from hearth.timetable.away import cover_of_week
from hearth.timetable.models import Proposal
from hearth.timetable.queries import PLANNERS, monday_of
from hearth.timetable.services.proposing import propose
from hearth.timetable.week_board import board_of_week

MOST_WEEKS = 8  # of one leave: longer ones are planned as weeks of their own


class NothingToCover(Exception):
    """Nobody is away who leads something that has not begun."""


@transaction.atomic
def find_cover(*, week_of: date, by: User, at: datetime, member: UUID | None = None) -> Proposal:
    """Ask for cover of everything that those who are away in the week of `week_of`, or `member` alone, would lead.

    It is a proposal: nothing holds before it is accepted, and then for that week alone. Raises NothingToCover.
    """
    week = board_of_week(viewer=by, week_of=week_of)
    cover = cover_of_week(week, week_of, by=by, at=at, member=member)
    if not cover.people:
        raise NothingToCover
    return propose(week_of=week_of, by=by, at=at, cover=cover, week=week)


@transaction.atomic
def find_cover_of_leave(*, leave: Leave, by: User, at: datetime) -> list[Proposal]:
    """The same for every week of a confirmed leave that needs it. Raises NothingToCover where none does."""
    if not by.has_any(PLANNERS) or leave.status != Leave.Status.CONFIRMED:
        raise PermissionDenied
    monday = monday_of(max(leave.first_on, at.astimezone(by.organisation.zone).date()))
    asked = []
    for number in range(MOST_WEEKS):
        week_of = monday + timedelta(weeks=number)
        if week_of > leave.last_on:
            break
        try:
            asked.append(find_cover(week_of=week_of, by=by, at=at, member=leave.member_id))
        except NothingToCover:
            continue
    if not asked:
        raise NothingToCover
    return asked
