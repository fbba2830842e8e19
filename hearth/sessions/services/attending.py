"""Who is there: checking in and out, and the staff's marks."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import live
from hearth.people.models import Modality
from hearth.sessions import door_code
from hearth.sessions.models import Attendance, GroupNote, Mark, Presence, RefusalCount
from hearth.sessions.policies import policy_of
from hearth.sessions.queries import HERE, access_session, standing_of
from hearth.sessions.rules import attendance as rules
from hearth.sessions.services import outreach, presence
from hearth.sessions.services.drafting import NoteLocked
from hearth.sessions.services.presence import planned
from hearth.sessions.services.refusing import count_refusal, kind_of_code
from hearth.sessions.services.running import NotNow, ReasonMissing, must_stand
from hearth.sessions.video import pool

Status, Source = Attendance.Status, Presence.Source


class WrongCode(Exception):
    """The code is not the one shown in the room now. The text is a sentence for the screen."""

    def __init__(self) -> None:
        super().__init__(_("This is not the code in the room. It changes every minute: look once more."))


class TimesMissing(Exception):
    """The times of arriving and leaving are missing or in the wrong order. The text is a sentence for the screen."""


@transaction.atomic
def check_in(
    *,
    attendance: Attendance,
    by: User,
    at: datetime,
    mood: int | None = None,
    location: str = "",
    code: str = "",
) -> Attendance:
    """The student is here: by their own tap from so long before the start as their program says, or by staff.

    In a group's own room the tap needs the code shown there; with it, who was to come by video is there in person.
    A second tap changes nothing but what was left out before; coming back begins another stretch. Raises NotNow,
    WrongCode.
    """
    row, is_own = _lock(attendance, by=by, at=at)
    source: str = Source.STAFF
    if is_own:
        policy = policy_of(row.patient_id)
        if not rules.may_check_in(planned=planned(row.session), at=at, policy=policy):
            words = _("You can say you are here from %(minutes)s minutes before the start until the end.")
            raise NotNow(words % {"minutes": policy.check_in_opens})
        source = _own_source(row, code, at)
    row.mood_in = mood if mood is not None else row.mood_in
    row.location = location.strip() or row.location
    row.reason = ""
    if source == Source.WAITING and not pool.is_up():
        row.kept_out = Attendance.KeptOut.DOWN
    came_over = source == Source.SITE and row.modality == Modality.VIRTUAL
    if came_over or not presence.is_there(row):
        presence.begin(row, source, by=by, at=at)
    elif is_own and (mood is None and not location):
        count_refusal(kind=RefusalCount.Kind.TAPPED_AGAIN, at=at)
    return _judged(row, "sessions.checked_in", by=by, at=at)


def needs_code(row: Attendance) -> bool:
    """Whether this student's own tap needs the code shown in the room: they sit in a group on site."""
    return row.modality == Modality.IN_PERSON and takes_code(row)


def takes_code(row: Attendance) -> bool:
    """Whether a code is shown in a room where this session's group meets."""
    return row.session.is_group and row.session.room_id is not None


def _own_source(row: Attendance, code: str, at: datetime) -> str:
    """What a student's own tap tells: by the code that they are on site, else that they are here or wait."""
    if needs_code(row) or (code.strip() and takes_code(row)):
        if not door_code.is_right(row.session_id, code, at=at):
            raise WrongCode
        return Source.SITE
    waits = row.modality == Modality.VIRTUAL and row.session.has_own_room and pool.servers()
    return Source.WAITING if waits else Source.OWN


@transaction.atomic
def count_wrong_code(*, attendance: Attendance, code: str, by: User, at: datetime) -> None:
    """Write down that a wrong code was typed, so that guessing shows in the record, and count which sort of code."""
    kind = kind_of_code(session=attendance.session, code=code, at=at)
    count_refusal(kind=kind, at=at)
    audit.record("sessions.code_refused", by=by, about=attendance, at=at)


@transaction.atomic
def check_out(*, attendance: Attendance, by: User, at: datetime, mood: int | None = None) -> Attendance:
    """The student leaves. After the session is over only the mood is kept, because nobody left early. Raises NotNow."""
    row, _is_own = _lock(attendance, by=by, at=at)
    if row.arrived_at is None:
        raise NotNow(_("Nobody leaves before they arrived."))
    if at < row.session.over_at:
        presence.end(row, at=at)
        _write_down(row, Status.LEFT_EARLY, by=by, at=at)
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
    """Staff write down or correct how someone attended; `expected` undoes it: who is in the video room is there.

    Without times, `present` means from the start, `late` from now on, and `left` until now. Once the session has
    ended every change says why; being excused always does. Raises ReasonMissing, TimesMissing, NoteLocked.
    """
    row = lock_place(attendance, by=by, at=at)
    if not reason.strip() and (status == Status.EXCUSED or row.session.ended_at):
        raise ReasonMissing
    before = row.status
    row.reason, row.source = reason.strip(), "staff"
    row.mood_in = mood_in if mood_in is not None else row.mood_in
    row.mood_out = mood_out if mood_out is not None else row.mood_out
    came, went = _times(row, status, arrived_at, left_at, at) if status in HERE else (None, None)
    _write_down(row, status, by=by, at=at, came_at=came, went_at=went)
    stays = presence.stand_by_video(row, since=at) if status == Status.EXPECTED else set()
    presence.void(row, at=at, but=stays)
    if came:
        presence.begin(row, Source.STAFF, by=by, at=at, began_at=came, ended_at=went)
    return settle(row, status, by=by, at=at, before=before)


def settle(row: Attendance, otherwise: str | None, *, by: User, at: datetime, before: str) -> Attendance:
    """Bring this place up to the stretches that stand; `otherwise` is its status where there are none.

    The caller holds its lock.
    """
    if standing_of(row) or otherwise is None:
        return _judged(row, "sessions.marked", by=by, at=at, before=before)
    row.arrived_at = row.left_at = row.mood_in = row.mood_out = None
    row.status, row.minutes, row.excused_by_death = otherwise, 0, False
    presence.excuse_if_kept_out(row)
    if otherwise == Status.EXPECTED:
        row.source = row.location = ""
    row.save()
    audit.record("sessions.marked", by=by, about=row, at=at, reason=row.reason, before=before, now=row.status)
    follow_up(row, by=by, at=at)
    return row


def _write_down(row: Attendance, what: str, *, by: User, at: datetime, **times: datetime | None) -> None:
    """A mark made here and now, so that those that devices send later find their place before it."""
    Mark.objects.create(attendance=row, what=what, made_at=at, made_by=by, received_at=at, **times)


def lock_place(attendance: Attendance, *, by: User, at: datetime) -> Attendance:
    """This place, locked, for staff who may change the session. Raises PermissionDenied, NotNow, NoteLocked."""
    row, is_own = _lock(attendance, by=by, at=at)
    if is_own:
        raise PermissionDenied
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


def _lock(attendance: Attendance, *, by: User, at: datetime) -> tuple[Attendance, bool]:
    """This place, locked, for its own student or for staff who may change the session; and whether it is the former."""
    row = (
        Attendance.objects.select_for_update(of=("self",))
        .select_related("session", "patient__user")
        .get(pk=attendance.pk)
    )
    is_own = row.patient.user_id == by.pk
    if not is_own:
        access_session(viewer=by, pk=row.session_id, at=at, to="change")
    must_stand(row.session)
    if GroupNote.objects.filter(session=row.session_id, signed_at__isnull=False).exists():
        raise NoteLocked
    return row, is_own


def _judged(row: Attendance, verb: str, *, by: User, at: datetime, **detail: Any) -> Attendance:
    presence.judge(row)
    row.save()
    audit.record(verb, by=by, about=row, at=at, reason=row.reason, now=row.status, **detail)
    follow_up(row, by=by, at=at)
    return row


def follow_up(row: Attendance, *, by: User, at: datetime) -> None:
    """Open pages hear of it. Who missed a session is known once it has ended; a mark changed after may change it."""
    live.tell(f"session:{row.session_id}", "roster")
    if row.session.ended_at is not None:
        outreach.follow_up([row], by=by, at=at)
