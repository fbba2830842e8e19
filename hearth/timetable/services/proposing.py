"""Proposals and what-ifs: asked for, and worked out by the worker."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import tenancy
from hearth.program.models import Program
from hearth.timetable import cover as covering
from hearth.timetable import tasks
from hearth.timetable.accepting import one_at_a_time
from hearth.timetable.board import Board, Solution
from hearth.timetable.board_json import board_as_json, parse_board, parse_solution, solution_as_json
from hearth.timetable.broken import broken_words
from hearth.timetable.cover import Cover
from hearth.timetable.difference import Key, key_of, pins
from hearth.timetable.explain import unplaced
from hearth.timetable.figures import figures
from hearth.timetable.models import Proposal
from hearth.timetable.queries import access_proposal
from hearth.timetable.rules import violations
from hearth.timetable.services.deciding import NoLongerHolds, NotReady, check_still_away
from hearth.timetable.week import people_in
from hearth.timetable.week_board import WeekBoard, board_for, board_of_week, part_of_board, week_to_propose
from hearth.timetable.what_if import Change, Nothing, as_json, changed
from hearth.timetable.why_words import stored

if TYPE_CHECKING:
    from hearth.timetable.solver import Progress

SECONDS = 20.0  # the solver's time for one proposal, at most
LEAST_SECONDS, SECONDS_EACH = 4.0, 2.0  # of a small week, which more would not better
WORKERS = 2


class NothingToPlace(Exception):
    """Nobody in the program has hours and a plan yet, or nobody is on duty."""

    def __init__(self, week: WeekBoard) -> None:
        super().__init__("nothing to place")
        self.left_out, self.no_staff = week.left_out, not week.board.staff


class _Dropped(Exception):
    """The proposal was let go of while it was being worked out."""


@transaction.atomic
def propose(
    *,
    week_of: date,
    by: User,
    at: datetime,
    programs: Collection[UUID] = (),
    pinned: Solution | None = None,
    based_on: Proposal | None = None,
    cover: Cover | None = None,
    week: WeekBoard | None = None,
) -> Proposal:
    """Ask for a proposal for the week of `week_of`, a Monday; the worker works it out.

    With `programs` it is for the people in them (and whoever shares a group with those) alone, with `cover` for those
    alone who lose something that week. `pinned` places stay as they are there, and may break no rule. If just that is
    being worked out already, with nothing pinned, that one is given; of cover whatever is over by then. `week` is its
    board, where the caller has it. Raises NothingToPlace, NoLongerHolds.
    """
    since = None if cover else at.astimezone(by.organisation.zone).date()
    week = week or board_of_week(viewer=by, week_of=week_of, since=since)
    board = part_of_board(week, programs) if programs else week.board
    if not board.patients or not board.staff:
        raise NothingToPlace(week)
    if pinned and (broken := violations(board, pinned)):
        raise NoLongerHolds(broken_words(broken, week.names, week_of))
    asked = sorted(str(one) for one in programs)
    one_at_a_time(by.organisation_id)
    same = Proposal.objects.filter(week_of=week_of, status=Proposal.Status.SOLVING, programs=asked, change__isnull=True)
    same = same.filter(**_as_asked(cover)) if cover else same.filter(cover__isnull=True)
    going_on = same.filter(pinned__isnull=True).first() if pinned is None else None
    if going_on is not None:
        return going_on
    facts: dict[str, Any] = {"programs": asked, "based_on": based_on}
    if pinned:
        facts["pinned"] = solution_as_json(pinned)
    if cover:
        facts["cover"] = covering.as_json(cover)
    return _ask(board, week_of=week_of, by=by, at=at, **facts)


def _as_asked(cover: Cover) -> dict[str, Any]:
    """What tells cover from another: for whom and of whom, whenever in the week it is asked for."""
    stored = covering.as_json(cover)
    return {f"cover__{what}": stored[what] for what in ("away", "people")}


@transaction.atomic
def propose_for_program(*, program: Program, week_of: date, by: User, at: datetime) -> Proposal | None:
    """Ask for the week of a program because of what `by` signed; None where there is nothing to place.

    They need not be one who plans: nothing of the week is shown to them, and whoever plans accepts it or lets it go.
    """
    week = week_to_propose(organisation=by.organisation, week_of=week_of)
    try:
        return propose(week_of=week_of, programs=[program.pk], by=by, at=at, week=week)
    except NothingToPlace:
        return None


@transaction.atomic
def propose_apart(*, week_of: date, parts: Iterable[Collection[UUID]], by: User, at: datetime) -> list[Proposal]:
    """One proposal for each of these parts of the house, each by a job of its own. Parts with nobody are left out.

    Raises NothingToPlace where that leaves none.
    """
    asked, trouble = [], None
    for programs in parts:
        try:
            asked.append(propose(week_of=week_of, programs=programs, by=by, at=at))
        except NothingToPlace as nobody:
            trouble = nobody
    if trouble and not asked:
        raise trouble
    return asked


@transaction.atomic
def propose_again(
    *,
    proposal: Proposal,
    people: Collection[str],
    sections: Collection[Key],
    as_proposed: bool,
    by: User,
    at: datetime,
) -> Proposal:
    """Work the week out once more; the places of these people and in these sessions stay as they are today.

    With `as_proposed` they stay as this proposal has them instead. Raises NotReady, NothingToPlace, NoLongerHolds.
    """
    proposal = access_proposal(viewer=by, pk=proposal.pk, lock=True)
    if proposal.status != Proposal.Status.READY or proposal.is_what_if:
        raise NotReady(proposal)
    week = board_for(proposal, viewer=by, at=at)
    check_still_away(proposal)
    holds = parse_solution(proposal.solution) if as_proposed else week.board.current or Solution()
    return propose(
        week_of=proposal.week_of,
        by=by,
        at=at,
        programs=[UUID(one) for one in proposal.programs],
        pinned=pins(holds, people=people, sections=sections),
        based_on=proposal,
        cover=covering.from_json(proposal.cover) if proposal.cover else None,
        week=week,
    )


@transaction.atomic
def ask_what_if(*, week_of: date, change: Change, by: User, at: datetime) -> Proposal:
    """Ask how the week would be with one thing changed; it is worked out like a proposal and never accepted.

    The week worked out with nothing changed stands beside it, made once for each Monday and day. Raises
    NothingToPlace, MalformedBoard.
    """
    week = board_of_week(viewer=by, week_of=week_of)
    if not week.board.patients or not week.board.staff:
        raise NothingToPlace(week)
    one_at_a_time(by.organisation_id)
    plain = as_json(Nothing())
    alive = Proposal.objects.filter(week_of=week_of, status__in=[Proposal.Status.SOLVING, Proposal.Status.READY])
    if not alive.filter(change=plain, asked_at__gt=at - timedelta(days=1)).exists():
        _ask(replace(week.board, kept=frozenset()), week_of=week_of, by=by, at=at, change=plain)
    return _ask(
        changed(replace(week.board, kept=frozenset()), change), week_of=week_of, by=by, at=at, change=as_json(change)
    )


def _ask(board: Board, *, week_of: date, by: User, at: datetime, **fields: Any) -> Proposal:
    proposal = Proposal.objects.create(
        week_of=week_of,
        board=board_as_json(board),
        progress={"of": _seconds_for(board), "dose": _dose(board)},
        asked_by=by,
        asked_at=at,
        **fields,
    )
    verb = "what_if_asked" if proposal.change else "cover_asked" if proposal.cover else "proposal_asked"
    audit.record(f"timetable.{verb}", by=by, about=proposal, at=at, people=len(board.patients))
    tasks.solve.defer(proposal_id=str(proposal.pk), organisation_id=str(proposal.organisation_id))
    return proposal


def _seconds_for(board: Board) -> float:
    return min(SECONDS, max(LEAST_SECONDS, SECONDS_EACH * len(board.patients)))


def _dose(board: Board) -> int:
    return sum(one.dose.minutes() for one in board.patients)


def solve_proposal(
    *, proposal_id: UUID, organisation_id: UUID, seconds: float | None = None, seed: int = 0, workers: int = WORKERS
) -> Proposal.Status:
    """Work out a proposal and store it; how it stands then. Takes the seconds that were told when it was asked for.

    No transaction is open while the solver runs, so that its progress can be read. Done twice, the second time
    finds it no longer being worked out and changes nothing.
    """
    with tenancy.within(organisation_id):
        proposal = Proposal.objects.get(pk=proposal_id)
        if proposal.status != Proposal.Status.SOLVING:
            return Proposal.Status(proposal.status)
        board = parse_board(proposal.board)
        board, pinned = _with_kept(board, parse_solution(proposal.pinned) if proposal.pinned else None)
        cover = covering.from_json(proposal.cover) if proposal.cover else None
        seconds = seconds or float(proposal.progress.get("of", SECONDS))
        dose = _dose(covering.as_before(board, cover)) if cover else proposal.progress["dose"]
        Proposal.objects.filter(pk=proposal_id).update(progress={"of": seconds, "seconds": 0.0, "dose": dose})
    tell = _teller(proposal_id, organisation_id)
    from hearth.timetable.solver import solve  # OR-Tools takes a second and 100 MB: the worker's alone to pay

    asked = partial(solve, seed=seed, workers=workers, progress=tell, pinned=pinned)
    try:
        solution = _covered(board, cover, pinned, asked, seconds) if cover else asked(board, seconds=seconds)
    except _Dropped:
        return Proposal.Status.DROPPED
    except Exception:
        _settle(proposal_id, organisation_id, status=Proposal.Status.FAILED)
        raise
    return _store(proposal_id, organisation_id, board, solution, cover)


def _covered(
    board: Board, cover: Cover, pinned: Solution | None, asked: Callable[..., Solution], seconds: float
) -> Solution:
    """The week with what is found for those who lose something, in reaches that widen until nobody lacks anything.

    Each reach has its share of the seconds.
    """
    share = seconds / len(covering.Reach)
    stands, board = board.current or Solution(), covering.as_before(board, cover)
    week = _both(pinned or Solution(), covering.without_hit(stands, cover))
    for reach in covering.Reach:
        week = asked(covering.narrowed(board, cover, week=week, reach=reach), moving=False, seconds=share)
        if not covering.is_lacking(board, cover, week):
            break
    return covering.covered(stands, week, cover)


def _with_kept(board: Board, pinned: Solution | None) -> tuple[Board, Solution | None]:
    """Places that are promised stay as they are, with everyone beside them; but for those that cannot be held."""
    if not board.kept or board.current is None:
        return board, pinned
    own = pins(board.current, people=board.kept)
    broken = {who for one in violations(board, own) if one.session for who in people_in(one.session)}
    kept = board.kept - broken
    return replace(board, kept=kept), _both(pinned or Solution(), pins(board.current, people=kept))


def _both(first: Solution, other: Solution) -> Solution:
    """The sessions of both weeks; where they have one at the same time with the same leader, that of the first."""
    groups = {key_of(one): one for one in (*other.groups, *first.groups)}
    alone = {key_of(one): one for one in (*other.individual, *first.individual)}
    return Solution(tuple(groups.values()), tuple(alone.values()))


def _teller(proposal_id: UUID, organisation_id: UUID) -> "Callable[[Progress], None]":
    """Stores where the solver stands, and stops it when the proposal was let go of."""

    def tell(found: "Progress") -> None:
        with tenancy.within(organisation_id):
            rows = Proposal.objects.select_for_update().filter(pk=proposal_id, status=Proposal.Status.SOLVING)
            proposal = rows.first()
            if proposal is None:
                raise _Dropped
            proposal.progress |= {
                "seconds": found.seconds,
                "unmet": found.unmet_minutes,
                "moved": found.moved,
                "bound": found.bound,
                "count": found.weeks,
            }
            proposal.save(update_fields=["progress"])

    return tell


def _store(
    proposal_id: UUID, organisation_id: UUID, board: Board, solution: Solution, cover: Cover | None
) -> Proposal.Status:
    asked = covering.as_before(board, cover) if cover else board
    lacking = [stored(one) for one in unplaced(asked, solution) if not cover or one.patient in cover.people]
    return _settle(
        proposal_id,
        organisation_id,
        status=Proposal.Status.READY,
        solution=solution_as_json(solution),
        figures=figures(board, solution),
        unplaced=lacking,
    )


def _settle(proposal_id: UUID, organisation_id: UUID, **fields: object) -> Proposal.Status:
    """Store how the search ended, unless the proposal was let go of meanwhile."""
    with tenancy.within(organisation_id):
        Proposal.objects.filter(pk=proposal_id, status=Proposal.Status.SOLVING).update(**fields)
        return Proposal.Status(Proposal.objects.values_list("status", flat=True).get(pk=proposal_id))
