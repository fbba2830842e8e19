"""The stretches of time somebody took part by video, on the same attendance as every other way of being there."""

from datetime import datetime

from hearth.accounts.models import User
from hearth.sessions.models import Attendance, Presence, VideoPlace
from hearth.sessions.queries import standing_of
from hearth.sessions.services import presence

Source = Presence.Source


def begin(place: VideoPlace, *, by: User, at: datetime) -> None:
    """They are in. Their own tap said when they came; from here on the room itself is the better witness."""
    row = _locked(place)
    if row is None:
        return
    for each in standing_of(row):
        if each.ended_at is None and each.source in (Source.OWN, Source.VIDEO):
            _end(each, at)
    presence.begin(row, Source.VIDEO, by=by, at=at)
    presence.judge(row)
    row.reason = ""
    row.save()


def end(place: VideoPlace, *, at: datetime) -> None:
    """They are in no more, since then."""
    row = _locked(place)
    if row is None:
        return
    for each in standing_of(row):
        if each.ended_at is None and each.source == Source.VIDEO:
            _end(each, at)
    presence.judge(row)
    row.save()


def _end(stretch: Presence, at: datetime) -> None:
    stretch.ended_at = max(at, stretch.began_at)
    stretch.save(update_fields=["ended_at"])


def _locked(place: VideoPlace) -> Attendance | None:
    """The student's attendance, while its session has not been ended: after that only staff correct it."""
    if place.attendance_id is None:
        return None
    row = (
        Attendance.objects.select_for_update(of=("self",))
        .select_related("session", "patient__user")
        .get(pk=place.attendance_id)
    )
    return row if row.session.ended_at is None else None
