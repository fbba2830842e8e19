"""The stretches of time behind an attendance. Callers hold the attendance's lock and save it after `judge`."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from hearth.accounts.models import User
from hearth.sessions.models import Attendance, Presence, Session, VideoPlace
from hearth.sessions.policies import policy_of
from hearth.sessions.queries import plan_of, seen_of, standing_of
from hearth.sessions.rules import attendance as rules
from hearth.sessions.rules.policy import Policy
from hearth.sessions.rules.taking_part import counted, heard, way_of
from hearth.sessions.video.rules import SILENCE

WAITED = timedelta(minutes=5)
"""Whoever was at the door of a running session so long came, and was not let in. A product default."""
JUDGED = ("status", "minutes", "arrived_at", "left_at", "source", "modality", "planned")
"""What `judge` writes on an attendance."""


def is_there(row: Attendance) -> bool:
    """Whether somebody has come and not left."""
    return any(each.ended is None for each in heard(seen_of(row), plan_of(row)))


def begin(
    row: Attendance,
    source: str,
    *,
    by: User,
    at: datetime,
    began_at: datetime | None = None,
    ended_at: datetime | None = None,
    said_at: datetime | None = None,
) -> Presence:
    """A stretch begins now, or then; `said_at` where it was said earlier than it is recorded."""
    _forget(row)
    return Presence.objects.create(
        attendance=row,
        source=source,
        began_at=began_at or at,
        ended_at=ended_at,
        recorded_by=by,
        recorded_at=at,
        said_at=said_at,
    )


def end(row: Attendance, *, at: datetime) -> None:
    """Every open stretch ends now; one that would only begin later ends as it begins."""
    for each in standing_of(row):
        if each.ended_at is None:
            each.ended_at = max(at, each.began_at)
            each.save(update_fields=["ended_at"])


def void(row: Attendance, *, at: datetime, but: Collection[UUID] = ()) -> None:
    """What was written down of this attendance, `but` these, does not count any more. It is kept for the record."""
    _forget(row)
    row.presences.filter(voided_at=None).exclude(pk__in=but).update(voided_at=at)


def stand_by_video(row: Attendance, *, since: datetime) -> set[UUID]:
    """Staff took their word back then: whoever was in the video room at that moment was there as the room tells.

    Their stretches by video, which all stand again; none where they were not in the room.
    """
    by_video = row.presences.filter(source=Presence.Source.VIDEO)
    if not by_video.filter(Q(ended_at=None) | Q(ended_at__gt=since), began_at__lte=since).exists():
        return set()
    _forget(row)
    by_video.update(voided_at=None)
    return set(by_video.values_list("pk", flat=True))


def waits_since(place: VideoPlace, *, at: datetime) -> datetime | None:
    """Since when this student is at the door of a session that runs, if that is long enough to say so.

    None for whoever is in, has been in, was let in or removed, found the room full, or has just come. The room's
    session must be loaded.
    """
    since = _at_door_since(place, at=at)
    if since is None or _stretches_by_video().filter(attendance=place.attendance_id).exists():
        return None
    return since


def _at_door_since(place: VideoPlace, *, at: datetime) -> datetime | None:
    """The same, also for whoever has been in."""
    decided = place.joined_at or place.admitted_at or place.removed_at or place.turned_away_at
    if place.attendance_id is None or decided:
        return None
    since = max(place.asked_at, place.room.session.starts_at)
    return since if at - since >= WAITED else None


def _stretches_by_video() -> QuerySet[Presence]:
    return Presence.objects.filter(source=Presence.Source.VIDEO)


def note_who_waits(session: Session, rows: Iterable[Attendance], *, at: datetime) -> None:
    """Of these places of a session that ends now: who is still at the door was there, and nobody let them in.

    Where something else kept them out that is known already, it stays so.
    """
    places = VideoPlace.objects.filter(room__session=session, connection__isnull=False, seen_at__gt=at - SILENCE)
    places = places.exclude(Exists(_stretches_by_video().filter(attendance=OuterRef("attendance"))))
    waiting = {one.attendance_id for one in places.select_related("room__session") if _at_door_since(one, at=at)}
    for row in rows:
        if row.pk in waiting and not row.kept_out:
            row.kept_out = Attendance.KeptOut.DOOR


def excuse_if_kept_out(row: Attendance) -> None:
    """Whom the house could not let in did not stay away, whatever a tap says; a word of staff with a reason holds."""
    if row.status == Attendance.Status.ABSENT and row.kept_out and not row.reason:
        row.status = Attendance.Status.EXCUSED


def judge(row: Attendance, *, policy: Policy | None = None) -> None:
    """Bring status, minutes, times and how they took part up to what is known. Minutes count once the session is over.

    `policy` is their program's, for whoever has looked up those of many at once.
    """
    session, standing = row.session, standing_of(row)
    policy = policy or policy_of(row.patient_id)
    seen, plan, is_over = seen_of(row), plan_of(row), session.ended_at is not None
    stretches = counted(seen, plan) if is_over else heard(seen, plan)
    verdict = rules.judge(stretches, planned=planned(session), over_at=session.ended_at, policy=policy)
    row.status, row.minutes = verdict.status, verdict.minutes if session.ended_at else 0
    excuse_if_kept_out(row)
    row.arrived_at = min((each.began for each in stretches), default=None)
    ends = [each.ended for each in stretches]
    row.left_at = max((each for each in ends if each), default=None) if None not in ends else None
    row.source = min(standing, key=lambda each: each.recorded_at).source if standing else row.source
    way = way_of(
        seen, plan, start=session.starts_at, end=session.over_at, is_over=is_over, bridge=policy.bridge
    )  # fmt: skip
    if way != row.modality:
        row.planned, row.modality = row.planned or row.modality, way


def planned(session: Session) -> tuple[datetime, datetime]:
    """The planned start and end."""
    return session.starts_at, session.ends_at


def _forget(row: Attendance) -> None:
    row.__dict__.pop("every_presence", None)
