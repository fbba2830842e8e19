"""Showing something to everyone in a session, and answering a check-in round."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import live
from hearth.sessions.models import Attendance, RoundAnswer, Session, Shown, Stroke
from hearth.sessions.queries import access_session
from hearth.sessions.rules.showing import FEELINGS, HIGHEST, MOST_STROKES, TIMERS
from hearth.sessions.services.putting_away import clear_away, shown_channel
from hearth.sessions.services.running import NotNow, must_stand
from hearth.sessions.showing import is_inside, is_over, lessons_to_show
from hearth.sessions.video.queries import Guest
from hearth.sessions.video.rules import RUNS_OVER

Kind = Shown.Kind


@transaction.atomic
def show(*, session_id: UUID, kind: str, by: User, at: datetime, lesson: str = "", minutes: int = 0) -> Shown:
    """Everyone sees this now, instead of what was shown before. Raises NotNow for what cannot be shown."""
    session = access_session(viewer=by, pk=session_id, at=at, to="change", lock=True)
    must_stand(session)
    if is_over(session, at=at):
        raise NotNow(_("This session is over."))
    if kind == Kind.TIMER and minutes not in TIMERS:
        raise NotNow(_("A timer runs for 1, 2, 5, 10 or 15 minutes."))
    if kind == Kind.WORKSHEET and lesson not in {each.id for each in lessons_to_show(session=session)}:
        raise NotNow(_("This lesson is not in the program’s curriculum."))
    clear_away(session, at=at)
    row = Shown.objects.create(
        session=session,
        kind=kind,
        lesson=lesson if kind == Kind.WORKSHEET else "",
        until=at + timedelta(minutes=minutes) if kind == Kind.TIMER else None,
        shown_by=by,
        shown_at=at,
    )
    audit.record("sessions.shown", by=by, about=row, at=at, kind=kind)
    live.tell(shown_channel(session.pk))
    return row


@transaction.atomic
def put_away(*, session_id: UUID, by: User, at: datetime) -> Session:
    """Nothing is shown any more. What stood on a whiteboard is gone for good."""
    session = access_session(viewer=by, pk=session_id, at=at, to="change", lock=True)
    if clear_away(session, at=at):
        audit.record("sessions.put_away", by=by, about=session, at=at)
    return session


@transaction.atomic
def answer_round(*, attendance: Attendance, word: str, number: int, by: User, at: datetime) -> RoundAnswer:
    """The student's word and number in the round that goes on now. Raises NotNow, PermissionDenied."""
    guest = Guest(attendance.session, attendance, leads=False)
    if attendance.patient.user_id != by.pk or not is_inside(viewer=by, guest=guest):
        raise PermissionDenied
    if word not in FEELINGS or not 0 <= number <= HIGHEST:
        raise NotNow(_("Choose a word, and a number from 0 to 10."))
    shown = _now(attendance.session_id, Kind.ROUND, at=at)
    if shown is None:
        raise NotNow(_("The round is over."))
    said = {"word": word, "number": number, "answered_at": at}
    row, _made = RoundAnswer.objects.update_or_create(shown=shown, attendance=attendance, defaults=said)
    audit.record("sessions.round_answered", by=by, about=row, at=at, patient_id=attendance.patient_id)
    live.tell(shown_channel(attendance.session_id))
    return row


@transaction.atomic
def draw(*, session_id: UUID, points: tuple[int, ...], text: str, by: User, at: datetime) -> None:
    """One more stroke on the whiteboard. Raises NotNow where none is shown, or it is full."""
    board = _board(session_id, by=by, at=at)
    if board.strokes.count() >= MOST_STROKES:
        raise NotNow(_("The whiteboard is full. Clear it first."))
    Stroke.objects.create(shown=board, points=list(points), text=text, drawn_by=by, drawn_at=at)
    live.tell(shown_channel(session_id))


@transaction.atomic
def undo_stroke(*, session_id: UUID, by: User, at: datetime) -> None:
    """Take the newest stroke of one's own off the whiteboard. Raises NotNow."""
    newest = _board(session_id, by=by, at=at).strokes.filter(drawn_by=by).order_by("-drawn_at", "-pk").first()
    if newest:
        newest.delete()
        live.tell(shown_channel(session_id))


@transaction.atomic
def clear_board(*, session_id: UUID, by: User, at: datetime) -> None:
    """An empty whiteboard. Raises NotNow."""
    _board(session_id, by=by, at=at).strokes.all().delete()
    live.tell(shown_channel(session_id))


def _board(session_id: UUID, *, by: User, at: datetime) -> Shown:
    access_session(viewer=by, pk=session_id, at=at, to="change")
    board = _now(session_id, Kind.BOARD, at=at)
    if board is None:
        raise NotNow(_("The whiteboard is put away."))
    return board


def _now(session_id: UUID, kind: Kind, *, at: datetime) -> Shown | None:
    """What of this kind is shown in this session, locked, as long as the session goes on."""
    rows = Shown.objects.select_for_update(of=("self",)).filter(session=session_id, kind=kind, ended_at=None)
    going_on = {"session__ended_at": None, "session__cancelled_at": None, "session__ends_at__gt": at - RUNS_OVER}
    return rows.filter(**going_on).first()
