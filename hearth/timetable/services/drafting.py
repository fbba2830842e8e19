"""Changing a week by hand: moves into the shared draft, undo and redo, publishing it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import live
from hearth.timetable.accepting import one_at_a_time
from hearth.timetable.drafts import Drafted, channel_of_draft, draft_of_week
from hearth.timetable.models import DraftMove, Proposal, WeekDraft
from hearth.timetable.moving import DoesNotApply, Move, moved, newly_broken
from hearth.timetable.moving_json import move_as_json, parse_move
from hearth.timetable.queries import PLANNERS
from hearth.timetable.rules import Violation
from hearth.timetable.services.deciding import NothingChosen, Today, changed_people, check_none_later, stand
from hearth.timetable.week_board import WeekBoard


class WeekHasBegun(Exception):
    """Weeks that have begun are not planned any more."""


class Stale(Exception):
    """Somebody changed the draft since it was looked at. `by` is who did so last, where it is known."""

    def __init__(self, by: User | None) -> None:
        super().__init__("the draft was changed meanwhile")
        self.by = by


class CannotMove(Exception):
    """The move is not possible on the newest draft. `trouble` is why it does not apply, else `broken` has the rules."""

    def __init__(self, week: WeekBoard, broken: list[Violation], trouble: DoesNotApply | None = None) -> None:
        super().__init__("the move is not possible")
        self.week, self.broken, self.trouble = week, broken, trouble


class NothingToUndo(Exception):
    """There is no move to take back, or none to make again."""


@dataclass(frozen=True, slots=True)
class Made:
    """A move that was made. `after_others`: the draft had changed since the planner looked, and it still fits."""

    draft: WeekDraft
    after_others: bool


@transaction.atomic
def make_move(*, week_of: date, move: Move, version: str, by: User, at: datetime) -> Made:
    """Put this move into the week's draft, if no rule is newly broken by it.

    It is judged on the newest draft, whichever `version` the planner saw. Raises CannotMove, WeekHasBegun.
    """
    found = _open(week_of, by=by, at=at)
    _try(found, move)
    draft = found.draft or WeekDraft.objects.create(week_of=week_of, begun_by=by, begun_at=at)
    draft.moves.filter(is_undone=True).delete()
    number = sum(not step.row.is_undone for step in found.steps) + 1
    DraftMove.objects.create(draft=draft, number=number, move=move_as_json(move), by=by, at=at)
    _raise_version(draft)
    audit.record("timetable.draft_changed", by=by, about=draft, at=at, move=type(move).__name__.lower(), number=number)
    return Made(draft, after_others=found.version != version)


@transaction.atomic
def undo_move(*, week_of: date, version: str, by: User, at: datetime) -> DraftMove:
    """Take the last move of the draft back; it can be redone. Raises NothingToUndo, Stale, WeekHasBegun."""
    found = _seen(week_of, version, by=by, at=at)
    row = next((step.row for step in reversed(found.steps) if not step.row.is_undone), None)
    return _turn(found, row, is_undone=True, by=by, at=at)


@transaction.atomic
def redo_move(*, week_of: date, version: str, by: User, at: datetime) -> DraftMove:
    """Make the move again that was taken back last. Raises NothingToUndo, CannotMove, Stale, WeekHasBegun."""
    found = _seen(week_of, version, by=by, at=at)
    row = next((step.row for step in found.steps if step.row.is_undone), None)
    if row is not None:
        _try(found, parse_move(row.move))
    return _turn(found, row, is_undone=False, by=by, at=at)


@transaction.atomic
def drop_draft(*, week_of: date, version: str, by: User, at: datetime) -> None:
    """Let go of all moves; the week stays as it is. Raises NothingToUndo, Stale, WeekHasBegun."""
    draft = _seen(week_of, version, by=by, at=at).draft
    if draft is None:
        raise NothingToUndo
    draft.status = WeekDraft.Status.DROPPED
    draft.save(update_fields=["status"])
    live.tell(channel_of_draft(week_of))
    audit.record("timetable.draft_dropped", by=by, about=draft, at=at)


@transaction.atomic
def publish_draft(*, week_of: date, version: str, by: User, at: datetime) -> Proposal:
    """The week stands as drafted from its Monday on; those whose week changes are told.

    It becomes an accepted proposal, which can be taken back until that Monday. Raises NoLongerHolds,
    LaterWeekStands, NothingChosen, CannotMove, Stale, WeekHasBegun, and Refused where sessions cannot follow.
    """
    found = _seen(week_of, version, by=by, at=at)
    check_none_later(week_of)
    people = changed_people(found.stands, found.solution)
    if found.draft is None or not people:
        raise NothingChosen
    for step in found.steps:
        if not step.applies and not step.row.is_undone:
            raise CannotMove(found.week, [], DoesNotApply("gone", ""))
    proposal = Proposal.objects.create(week_of=week_of, asked_by=by, asked_at=at, status=Proposal.Status.READY)
    today = Today(found.week, found.stands, found.solution, people)
    proposal = stand(proposal, today, by=by, at=at, judged=found.broken)
    found.draft.status, found.draft.proposal = WeekDraft.Status.PUBLISHED, proposal
    found.draft.save(update_fields=["status", "proposal"])
    audit.record("timetable.draft_published", by=by, about=found.draft, at=at, people=len(people))
    return proposal


def _open(week_of: date, *, by: User, at: datetime) -> Drafted:
    """The newest draft, locked: planners are let in one after the other."""
    if not by.has_any(PLANNERS):
        raise PermissionDenied
    if at.astimezone(by.organisation.zone).date() >= week_of:
        raise WeekHasBegun
    one_at_a_time(by.organisation_id)
    return draft_of_week(viewer=by, week_of=week_of, lock=True)


def _seen(week_of: date, version: str, *, by: User, at: datetime) -> Drafted:
    """The newest draft, if it is the one that was looked at."""
    found = _open(week_of, by=by, at=at)
    if found.version != version:
        last = max((step.row for step in found.steps), key=lambda row: row.at, default=None)
        raise Stale(last.by if last else None)
    return found


def _try(found: Drafted, move: Move) -> None:
    try:
        after = moved(found.sessions, move)
    except DoesNotApply as trouble:
        raise CannotMove(found.week, [], trouble) from trouble
    broken = newly_broken(found.week.board, found.sessions, after)
    if broken:
        raise CannotMove(found.week, broken)


def _turn(found: Drafted, row: DraftMove | None, *, is_undone: bool, by: User, at: datetime) -> DraftMove:
    if row is None or found.draft is None:
        raise NothingToUndo
    row.is_undone = is_undone
    row.save(update_fields=["is_undone"])
    _raise_version(found.draft)
    verb = "timetable.draft_undone" if is_undone else "timetable.draft_redone"
    audit.record(verb, by=by, about=found.draft, at=at, number=row.number)
    return row


def _raise_version(draft: WeekDraft) -> None:
    draft.version += 1
    draft.save(update_fields=["version"])
    live.tell(channel_of_draft(draft.week_of))
