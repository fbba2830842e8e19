"""The stretches of time somebody took part by video, on the same attendance as every other way of being there.

What joining and leaving mean for what else is known stands in `rules.taking_part`.
"""

from datetime import datetime

from hearth.accounts.models import User
from hearth.sessions.models import Attendance, Presence, VideoPlace
from hearth.sessions.queries import standing_of
from hearth.sessions.services import presence

Source = Presence.Source


def begin(place: VideoPlace, *, by: User, at: datetime) -> None:
    """They are in. From here on the room itself is the better witness than any tap."""
    row = _locked(place)
    if row is None:
        return
    _end(row, at)
    presence.begin(row, Source.VIDEO, by=by, at=at)
    row.reason = row.kept_out = ""
    presence.judge(row)
    row.save()


def keep_out(place: VideoPlace, why: str) -> None:
    """They came and could not be let in."""
    row = _locked(place)
    if row is None:
        return
    row.kept_out = why
    presence.excuse_if_kept_out(row)
    row.save(update_fields=["kept_out", "status"])


def end(place: VideoPlace, *, at: datetime) -> None:
    """They are in no more, since then."""
    row = _locked(place)
    if row is None:
        return
    _end(row, at)
    if standing_of(row):  # else staff wrote meanwhile that they were excused or absent: leaving changes nothing of it
        presence.judge(row)
    row.save()


def _end(row: Attendance, at: datetime) -> None:
    """Also one that staff's word took the place of: when its student left tells where that word ends."""
    for each in row.presences.filter(source=Source.VIDEO, ended_at=None):
        each.ended_at = max(at, each.began_at)
        each.save(update_fields=["ended_at"])


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
