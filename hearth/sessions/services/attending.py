"""Who is there: checking in and out, marking, starting, ending and cancelling."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.program import services as program
from hearth.sessions import facts
from hearth.sessions.models import Attendance, GroupNote, Session
from hearth.sessions.queries import HERE, access_session
from hearth.sessions.rules import attendance as rules
from hearth.sessions.services.noting import NoteLocked

Status = Attendance.Status
RUNS_OVER = timedelta(minutes=30)  # ended later than this after its planned end, it was only forgotten


class NotNow(Exception):
    """This cannot be done at this time of the session. The text is a sentence for the screen."""


class ReasonMissing(Exception):
    """A reason must be written. The text is a sentence for the screen."""

    def __init__(self) -> None:
        super().__init__(_("Write why, in a few words."))


class TimesMissing(Exception):
    """The times of arriving and leaving are missing or in the wrong order. The text is a sentence for the screen."""


@transaction.atomic
def check_in(
    *, attendance: Attendance, by: User, at: datetime, mood: int | None = None, location: str = ""
) -> Attendance:
    """The student is here: by their own tap from 30 minutes before the start until the end, or by staff.

    A second tap changes nothing but what was left out before; coming back undoes having left. Raises NotNow.
    """
    row, is_own = _lock(attendance, by=by, at=at)
    if is_own and not rules.may_check_in(planned=_planned(row.session), at=at):
        raise NotNow(_("You can say you are here from 30 minutes before the start until the end."))
    row.arrived_at = row.arrived_at or at
    row.left_at = None
    row.source = row.source or ("own" if is_own else "staff")
    row.mood_in = mood if mood is not None else row.mood_in
    row.location = location.strip() or row.location
    row.reason = ""
    return _judged(row, "sessions.checked_in", by=by, at=at)


@transaction.atomic
def check_out(*, attendance: Attendance, by: User, at: datetime, mood: int | None = None) -> Attendance:
    """The student leaves. After the session is over only the mood is kept, because nobody left early. Raises NotNow."""
    row, _is_own = _lock(attendance, by=by, at=at)
    if row.arrived_at is None:
        raise NotNow(_("Nobody leaves before they arrived."))
    if at < row.session.over_at:
        row.left_at = max(at, row.arrived_at)
    row.mood_out = mood if mood is not None else row.mood_out
    return _judged(row, "sessions.checked_out", by=by, at=at)


@transaction.atomic
def mark(
    *,
    attendance: Attendance,
    status: str,
    by: User,
    at: datetime,
    reason: str = "",
    arrived_at: datetime | None = None,
    left_at: datetime | None = None,
    mood_in: int | None = None,
    mood_out: int | None = None,
) -> Attendance:
    """Staff write down or correct how someone attended; `expected` undoes it.

    Without times, `present` means from the start, `late` from now on, and `left` until now. Once the session has
    ended every change says why; being excused always does. Raises ReasonMissing, TimesMissing, NoteLocked.
    """
    row, is_own = _lock(attendance, by=by, at=at)
    if is_own:
        raise PermissionDenied
    if not reason.strip() and (status == Status.EXCUSED or row.session.ended_at):
        raise ReasonMissing
    before = row.status
    row.reason, row.source = reason.strip(), "staff"
    row.mood_in = mood_in if mood_in is not None else row.mood_in
    row.mood_out = mood_out if mood_out is not None else row.mood_out
    if status in HERE:
        row.arrived_at, row.left_at = _times(row, status, arrived_at, left_at, at)
        return _judged(row, "sessions.marked", by=by, at=at, before=before)
    row.arrived_at = row.left_at = row.mood_in = row.mood_out = None
    row.status, row.minutes = status, 0
    if status == Status.EXPECTED:
        row.source = row.location = ""
    row.save()
    audit.record("sessions.marked", by=by, about=row, at=at, reason=row.reason, before=before, now=status)
    return row


def _times(
    row: Attendance, status: str, arrived: datetime | None, left: datetime | None, at: datetime
) -> tuple[datetime, datetime | None]:
    session = row.session
    is_over = at >= session.over_at
    if is_over and ((status == Status.LATE and arrived is None) or (status == Status.LEFT_EARLY and left is None)):
        raise TimesMissing(_("The session is over: write the time they came or left."))
    if arrived is None:
        known = row.arrived_at if status == Status.LEFT_EARLY else None
        arrived = at if status == Status.LATE else known or min(at, session.starts_at)
    if status == Status.LEFT_EARLY and left is None:
        left = at
    if left is not None and left < arrived:
        raise TimesMissing(_("The time of leaving is before the time of arriving."))
    return arrived, left


@transaction.atomic
def start(*, session: Session, by: User, at: datetime) -> Session:
    """The session begins now. Beginning twice changes nothing. Raises NotNow."""
    session = access_session(viewer=by, pk=session.pk, at=at, to="change", lock=True)
    _must_stand(session)
    if session.started_at is None and session.ended_at is None:
        session.started_at = at
        session.save(update_fields=["started_at"])
        audit.record("sessions.started", by=by, about=session, at=at)
    return session


@transaction.atomic
def end(*, session: Session, by: User, at: datetime) -> Session:
    """The session is over: minutes are counted, and whoever never came is absent. Raises NotNow."""
    session = access_session(viewer=by, pk=session.pk, at=at, to="change", lock=True)
    _must_stand(session)
    if session.ended_at is not None:
        return session
    if at < session.starts_at:
        raise NotNow(_("The session has not begun. Cancel it if it will not take place."))
    session.started_at = session.started_at or session.starts_at
    session.ended_at = at if at <= session.ends_at + RUNS_OVER else session.ends_at
    session.save(update_fields=["started_at", "ended_at"])
    rows = list(session.roster.select_for_update())
    for row in rows:
        row.session = session
        if row.status not in (Status.ABSENT, Status.EXCUSED):
            _judge(row)
    Attendance.objects.bulk_update(rows, ["status", "minutes"])
    audit.record("sessions.ended", by=by, about=session, at=at, here=sum(row.status in HERE for row in rows))
    facts.session_ended.send(Session, session_id=session.pk, by_id=by.pk, at=at)
    return session


@transaction.atomic
def cancel(*, session: Session, reason: str, by: User, at: datetime) -> Session:
    """This session will not take place; everyone's hour is free again. Raises ReasonMissing, NotNow."""
    session = access_session(viewer=by, pk=session.pk, at=at, to="change", lock=True)
    if not reason.strip():
        raise ReasonMissing
    if session.ended_at is not None:
        raise NotNow(_("This session has taken place."))
    if session.cancelled_at is None:
        session.cancelled_at, session.cancel_reason = at, reason.strip()
        session.save(update_fields=["cancelled_at", "cancel_reason"])
        program.unbook(purpose_ids=[session.pk])
        audit.record("sessions.cancelled", by=by, about=session, at=at, reason=session.cancel_reason)
        facts.session_cancelled.send(Session, session_id=session.pk, by_id=by.pk, at=at)
    return session


@transaction.atomic
def describe(*, session: Session, topic: str, link: str, by: User, at: datetime) -> Session:
    """Write down today's topic and, where an outside video room is used, its address."""
    session = access_session(viewer=by, pk=session.pk, at=at, to="change", lock=True)
    _must_stand(session)
    session.topic, session.link = topic.strip(), link.strip()
    session.save(update_fields=["topic", "link"])
    audit.record("sessions.described", by=by, about=session, at=at)
    return session


def _lock(attendance: Attendance, *, by: User, at: datetime) -> tuple[Attendance, bool]:
    """This place, locked, for its own student or for staff who may change the session; and whether it is the former."""
    row = Attendance.objects.select_for_update(of=("self",)).select_related("session", "patient").get(pk=attendance.pk)
    is_own = row.patient.user_id == by.pk
    if not is_own:
        access_session(viewer=by, pk=row.session_id, at=at, to="change")
    _must_stand(row.session)
    if GroupNote.objects.filter(session=row.session_id, signed_at__isnull=False).exists():
        raise NoteLocked
    return row, is_own


def _must_stand(session: Session) -> None:
    if session.cancelled_at is not None:
        raise NotNow(_("This session was cancelled."))


def _planned(session: Session) -> tuple[datetime, datetime]:
    return session.starts_at, session.ends_at


def _judge(row: Attendance) -> None:
    """Bring status and minutes up to the times. Minutes count once the session is over."""
    session = row.session
    verdict = rules.judge(planned=_planned(session), arrived=row.arrived_at, left=row.left_at, over_at=session.ended_at)
    row.status, row.minutes = verdict.status, verdict.minutes if session.ended_at else 0


def _judged(row: Attendance, verb: str, *, by: User, at: datetime, **detail: Any) -> Attendance:
    _judge(row)
    row.save()
    audit.record(verb, by=by, about=row, at=at, reason=row.reason, now=row.status, **detail)
    return row
