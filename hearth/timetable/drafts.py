"""A week as planners change it by hand: as it stands, with the moves of its open draft."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied

from hearth.accounts.models import User
from hearth.timetable.board import Solution
from hearth.timetable.changed import patients_changed
from hearth.timetable.models import DraftMove, Proposal, WeekDraft
from hearth.timetable.moving import DoesNotApply, Move, Sessions, as_solution, moved, newly_broken
from hearth.timetable.moving_json import parse_move
from hearth.timetable.queries import PLANNERS
from hearth.timetable.rules import Violation
from hearth.timetable.week import Session, Week, unmet_minutes
from hearth.timetable.week_board import WeekBoard, board_of_week


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a draft. `about` is its session as it was before; `applies` is False where the week has changed."""

    row: DraftMove
    move: Move
    about: Session | None
    applies: bool


@dataclass(frozen=True, slots=True)
class Drafted:
    """The week with a draft's moves. `sessions` by id; `broken` are rules that the week as it stands does not break."""

    week: WeekBoard
    week_of: date
    draft: WeekDraft | None
    steps: tuple[Step, ...]
    sessions: Sessions
    broken: tuple[Violation, ...]

    @property
    def version(self) -> str:
        """What a page shows; a change made on another version is judged again."""
        return f"{self.draft.pk}-{self.draft.version}" if self.draft else "0"

    @property
    def solution(self) -> Solution:
        return as_solution(self.sessions)

    @property
    def stands(self) -> Solution:
        """The week as it stands without the draft."""
        return as_solution(self.week.standing)

    @property
    def affected(self) -> frozenset[str]:
        """The ids of the students whose week would change."""
        return patients_changed(self.stands, self.solution)

    def unmet(self) -> tuple[int, int]:
        """Minutes of the plans without a place: as it stands, and with the draft."""
        board = self.week.board
        return unmet_minutes(Week(board, self.stands)), unmet_minutes(Week(board, self.solution))

    def dose(self) -> int:
        """Minutes of all plans together."""
        return sum(one.dose.minutes() for one in self.week.board.patients)


def draft_of_week(*, viewer: User, week_of: date, lock: bool = False) -> Drafted:
    """The week of `week_of`, a Monday, with its open draft. A fixed number of queries. Raises PermissionDenied."""
    week = board_of_week(viewer=viewer, week_of=week_of)
    rows = WeekDraft.objects.filter(week_of=week_of, status=WeekDraft.Status.OPEN)
    draft = (rows.select_for_update() if lock else rows).first()
    moves = list(draft.moves.select_related("by").order_by("number")) if draft else []
    sessions: Sessions = week.standing
    steps = []
    for row in moves:
        move = parse_move(row.move)
        about = sessions.get(_session_of(move))
        applies = True
        if not row.is_undone:
            try:
                sessions = moved(sessions, move)
            except DoesNotApply:
                applies = False
        steps.append(Step(row, move, about, applies))
    broken = tuple(newly_broken(week.board, week.standing, sessions)) if steps else ()
    return Drafted(week, week_of, draft, tuple(steps), sessions, broken)


def _session_of(move: Move) -> str:
    return getattr(move, "session", "") or getattr(move, "out_of", None) or getattr(move, "into", None) or ""


DECIDED = "weeks"
"""Where it is told that a week was decided on or taken back."""


def channel_of_draft(week_of: date) -> str:
    """Where it is told that this week's draft changed."""
    return f"week:{week_of.isoformat()}"


def channels_of_week(week_of: date) -> tuple[str, str]:
    """Where everything is told that a board of this week shows."""
    return channel_of_draft(week_of), DECIDED


def version_of_week(*, viewer: User, week_of: date) -> str:
    """What changes whenever the board of this week does by hand or by a decision. Two short queries."""
    if not viewer.has_any(PLANNERS):
        raise PermissionDenied
    draft = WeekDraft.objects.filter(week_of=week_of, status=WeekDraft.Status.OPEN).first()
    decided = Proposal.objects.exclude(decided_at=None).order_by("-decided_at")
    last: tuple[UUID, str, datetime | None] | None = decided.values_list("pk", "status", "decided_at").first()
    shown = f"{draft.pk}-{draft.version}" if draft else "0"
    return f"{shown}-{last[0].hex[:8]}-{last[1]}" if last else shown


def published_of_week(week_of: date) -> WeekDraft | None:
    """The newest draft of this week that was published and still holds. The caller has passed a door."""
    rows = WeekDraft.objects.filter(week_of=week_of, proposal__status=Proposal.Status.ACCEPTED)
    return rows.select_related("proposal__decided_by").order_by("-proposal__decided_at").first()
