"""What students tell staff alone, and what staff do about it."""

import contextlib
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import live
from hearth.safety.services import raise_concern
from hearth.sessions.models import Attendance, QuietStep, QuietWord
from hearth.sessions.queries import access_session
from hearth.sessions.rules.quiet import severity_of
from hearth.sessions.services.attending import mark
from hearth.sessions.services.drafting import NoteLocked
from hearth.sessions.services.running import NotNow

Why, What = QuietWord.Why, QuietStep.What
SUMMARIES = {
    Why.DRIVING: gettext_noop("Said that they are driving, when a session was about to begin or running."),
    Why.INTOXICATED: gettext_noop("Said that they drank or took something, before or in a session."),
    Why.UNSAFE: gettext_noop("Said that they do not feel safe where they are, before or in a session."),
    Why.SIGNAL: gettext_noop("Gave the silent sign in a session: they may not be able to speak freely."),
}


@transaction.atomic
def say_quietly(*, attendance: Attendance, why: str, by: User, at: datetime) -> QuietWord:
    """The student tells staff alone. It is never refused to them; the same again changes nothing while it stands.

    Where it is a risk a concern is raised in the same transaction. Raises PermissionDenied.
    """
    row = Attendance.objects.select_for_update(of=("self",)).select_related("patient").get(pk=attendance.pk)
    if row.patient.user_id != by.pk:
        raise PermissionDenied
    word, is_new = QuietWord.objects.get_or_create(
        attendance=row, why=why, settled_at=None, defaults={"said_at": at}
    )  # fmt: skip
    if is_new:
        severity = severity_of(why)
        if severity:
            word.concern = raise_concern(
                patient=row.patient,
                source_kind="sessions.quiet_word",
                source_id=word.pk,
                severity=severity,
                summary=SUMMARIES[Why(why)],
                by=by,
                at=at,
            )
            word.save(update_fields=["concern"])
        audit.record("sessions.quiet_word", by=by, about=word, at=at, patient_id=row.patient_id, why=why)
        live.tell(f"session:{row.session_id}", "quiet")
    return word


@transaction.atomic
def see_to(*, word: UUID, by: User, at: datetime) -> QuietWord:
    """`by` sees to it from now on; a colleague may take it over. Raises PermissionDenied."""
    row = _lock(word, by=by, at=at)
    if row.settled_at is None and row.seen_by_id != by.pk:
        row.seen_by, row.seen_at = by, at
        row.save(update_fields=["seen_by", "seen_at"])
        _record("sessions.quiet_word_seen", row, by=by, at=at)
    return row


@transaction.atomic
def take_step(*, word: UUID, what: str, by: User, at: datetime) -> None:
    """Write down one thing that was done; twice changes nothing. Raises PermissionDenied.

    Who comes another time as agreed, and has not been there, is excused; where the session was cancelled or its note is
    signed, their attendance stays as it is.
    """
    row = see_to(word=word, by=by, at=at)
    _step, is_new = QuietStep.objects.get_or_create(word=row, what=what, defaults={"by": by, "at": at})
    if not is_new:
        return
    _record("sessions.quiet_step", row, by=by, at=at, what=what)
    place = row.attendance
    if what == What.ANOTHER_DAY and place.status == Attendance.Status.EXPECTED and place.arrived_at is None:
        with contextlib.suppress(NotNow, NoteLocked):
            mark(attendance=place, status=Attendance.Status.EXCUSED, reason=gettext("agreed with staff"), by=by, at=at)


@transaction.atomic
def settle_word(*, word: UUID, by: User, at: datetime) -> None:
    """Staff have dealt with it in the session; a concern stays open until it is resolved. Raises PermissionDenied."""
    row = see_to(word=word, by=by, at=at)
    if row.settled_at is None:
        row.settled_by, row.settled_at = by, at
        row.save(update_fields=["settled_by", "settled_at"])
        _record("sessions.quiet_word_settled", row, by=by, at=at)


def _record(verb: str, word: QuietWord, *, by: User, at: datetime, **detail: str) -> None:
    audit.record(verb, by=by, about=word, at=at, patient_id=word.attendance.patient_id, **detail)
    live.tell(f"session:{word.attendance.session_id}", "quiet")


def _lock(pk: UUID, *, by: User, at: datetime) -> QuietWord:
    rows = QuietWord.objects.select_for_update(of=("self",)).select_related("attendance__session")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    access_session(viewer=by, pk=row.attendance.session_id, at=at, to="change")
    return row
