"""The course of a session: starting, ending, cancelling, and what it is about."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.program import services as program
from hearth.sessions import facts
from hearth.sessions.curriculum import lesson_of
from hearth.sessions.models import Attendance, Session
from hearth.sessions.outside import is_of_another_group
from hearth.sessions.policies import policies_of
from hearth.sessions.queries import HERE, PRESENCES, access_session
from hearth.sessions.services import outreach, presence
from hearth.sessions.services.letting_go import fall_through, is_after_death
from hearth.sessions.services.putting_away import clear_away
from hearth.sessions.services.telling import tell_people, those_of
from hearth.sessions.video.rules import RUNS_OVER

Status = Attendance.Status


class NotNow(Exception):
    """This cannot be done at this time of the session. The text is a sentence for the screen."""


class ReasonMissing(Exception):
    """A reason must be written. The text is a sentence for the screen."""

    def __init__(self) -> None:
        super().__init__(_("Write why, in a few words."))


class LinkOfOthers(Exception):
    """Another group meets at this link. The text is a sentence for the screen."""

    def __init__(self) -> None:
        super().__init__(_("Another group meets at this link. Both would be in one room: use another link."))


@transaction.atomic
def start(*, session: Session, by: User, at: datetime) -> Session:
    """The session begins now. Beginning twice changes nothing. Raises NotNow."""
    session = access_session(viewer=by, pk=session.pk, at=at, to="change", lock=True)
    must_stand(session)
    if session.started_at is None and session.ended_at is None:
        session.started_at = at
        session.save(update_fields=["started_at"])
        audit.record("sessions.started", by=by, about=session, at=at)
    return session


@transaction.atomic
def end(*, session: Session, by: User, at: datetime) -> Session:
    """The session is over: minutes are counted, and whoever never came is absent. Raises NotNow."""
    session = access_session(viewer=by, pk=session.pk, at=at, to="change", lock=True)
    must_stand(session)
    if session.ended_at is not None:
        return session
    if at < session.starts_at:
        raise NotNow(_("The session has not begun. Cancel it if it will not take place."))
    session.started_at = session.started_at or session.starts_at
    # Ended later than this after its planned end, it was only forgotten.
    session.ended_at = at if at <= session.ends_at + RUNS_OVER else session.ends_at
    session.save(update_fields=["started_at", "ended_at"])
    rows = list(
        session.roster.select_for_update(of=("self",)).select_related("patient__user").prefetch_related(PRESENCES)
    )
    policies = policies_of(row.patient_id for row in rows)
    presence.note_who_waits(session, rows, at=session.ended_at)
    for row in rows:
        row.session = session
        if row.status not in (Status.ABSENT, Status.EXCUSED):
            presence.judge(row, policy=policies[row.patient_id])
        presence.excuse_if_kept_out(row)
        if row.status == Status.ABSENT and is_after_death(row.patient, session):
            row.status, row.excused_by_death = Status.EXCUSED, True
    Attendance.objects.bulk_update(rows, [*presence.JUDGED, "kept_out", "excused_by_death"])
    clear_away(session, at=at)
    audit.record("sessions.ended", by=by, about=session, at=at, here=sum(row.status in HERE for row in rows))
    outreach.follow_up(rows, by=by, at=at)
    facts.session_ended.send(Session, session_id=session.pk, by_id=by.pk, at=at)
    return session


@transaction.atomic
def cancel(*, session: Session, reason: str, by: User, at: datetime) -> Session:
    """This session will not take place; everyone's hour is free, and they are told. Raises ReasonMissing, NotNow."""
    session = access_session(viewer=by, pk=session.pk, at=at, to="change", lock=True)
    if not reason.strip():
        raise ReasonMissing
    if session.ended_at is not None:
        raise NotNow(_("This session has taken place."))
    if session.cancelled_at is None:
        session.cancelled_at, session.cancel_reason = at, reason.strip()
        session.revision, session.changed_at = session.revision + 1, at
        session.save(update_fields=["cancelled_at", "cancel_reason", "revision", "changed_at"])
        program.unbook(purpose_ids=[session.pk])
        clear_away(session, at=at)
        fall_through(session.roster.all(), by=by, at=at)
        tell_people(those_of([session]), by=by, at=at)
        audit.record("sessions.cancelled", by=by, about=session, at=at, reason=session.cancel_reason)
        facts.session_cancelled.send(Session, session_id=session.pk, by_id=by.pk, at=at)
    return session


@transaction.atomic
def describe(*, session: Session, topic: str, link: str, by: User, at: datetime) -> Session:
    """Write down today's topic and, where an outside video room is used, its address.

    A topic that is a lesson of the curriculum brings the lesson with it; another topic has none. Raises LinkOfOthers.
    """
    session = access_session(viewer=by, pk=session.pk, at=at, to="change", lock=True)
    must_stand(session)
    # The form sends the link it was given: where that is shared already, a topic can still be written.
    if link.strip() not in ("", session.link) and is_of_another_group(link.strip(), session):
        raise LinkOfOthers
    if topic.strip() != session.topic:
        session.lesson = lesson_of(session, topic.strip())
    session.topic, session.link = topic.strip(), link.strip()
    session.save(update_fields=["topic", "lesson", "link"])
    audit.record("sessions.described", by=by, about=session, at=at)
    return session


def must_stand(session: Session) -> None:
    """Raises NotNow for a session that was cancelled."""
    if session.cancelled_at is not None:
        raise NotNow(_("This session was cancelled."))
