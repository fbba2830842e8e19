"""Coming to the video room's door, being in it and leaving. What those who lead do stands in `leading`."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import live
from hearth.sessions.models import Attendance, VideoPlace, VideoRoom, VideoServer
from hearth.sessions.models.video import random_name
from hearth.sessions.services.presence import waits_since
from hearth.sessions.services.refusing import count_refusal
from hearth.sessions.video import presence, queries
from hearth.sessions.video.rules import SILENCE

KeptOut = Attendance.KeptOut


class NotOpen(Exception):
    """The door is closed now. The text is a sentence for the screen."""

    def __init__(self) -> None:
        super().__init__(_("The video room is open from half an hour before the session until its end."))


class Superseded(Exception):
    """Another connection of the same person holds the place now."""


def channel(room: VideoRoom) -> str:
    """Where changes of this room are told."""
    return f"video:{room.pk}"


def tell(room: VideoRoom, what: str = "people") -> None:
    live.tell(channel(room), what)


def tell_roster(room: VideoRoom) -> None:
    """The session's own pages show who is there."""
    live.tell(f"session:{room.session_id}", "roster")


@transaction.atomic
def enter(*, user_id: UUID, session_id: UUID, connection: UUID, at: datetime) -> VideoPlace:
    """Come to the door with this connection, which holds the place from now on. Raises NotOpen, PermissionDenied."""
    user = User.objects.select_related("organisation").get(pk=user_id, is_active=True)
    guest = queries.access_video(viewer=user, session_id=session_id, at=at)
    if not queries.is_open(guest, at=at):
        raise NotOpen
    VideoRoom.objects.get_or_create(session=guest.session)
    room = VideoRoom.objects.select_for_update().get(session=guest.session)
    if room.closed_at and guest.leads:  # ended by mistake: another room, with other secrets
        room.name, room.secret, room.server, room.closed_at = random_name(), random_name(), "", None
        room.save()
    place, _made = VideoPlace.objects.get_or_create(
        room=room, user=user, defaults={"asked_at": at, "leads": guest.leads, "attendance": guest.attendance}
    )
    if place.seen_at is None or place.seen_at < at - SILENCE:  # for the first time, or again after they were gone
        place.asked_at = at
    if place.joined_at:  # its last connection was lost, or is held by another tab
        _step_out(place, at=place.seen_at or at)
    place.leads, place.connection, place.seen_at = guest.leads, connection, at
    place.hand_at, place.is_sharing, place.turned_away_at = None, False, None
    place.save()
    tell(room)
    return place


@transaction.atomic
def joined(*, place_id: UUID, connection: UUID, at: datetime) -> None:
    """They are in the room, on Janus. Coming back there after a server was lost changes nothing. Raises Superseded."""
    place = _hold(place_id, connection)
    place.seen_at = at
    if place.joined_at is None:
        place.joined_at = at
        presence.begin(place, by=place.user, at=at)
        audit.record(
            "sessions.video_joined", by=place.user, about=place.room.session, at=at, patient_id=place.patient_id
        )
        tell_roster(place.room)
    place.save(update_fields=["seen_at", "joined_at"])
    tell(place.room)


@transaction.atomic
def turned_away(*, place_id: UUID, connection: UUID, at: datetime) -> None:
    """The room is full and they could not come in; those who lead see it until they come again. Raises Superseded."""
    place = _hold(place_id, connection)
    place.turned_away_at = at
    place.save(update_fields=["turned_away_at"])
    presence.keep_out(place, KeptOut.FULL)
    count_refusal(kind="room_full", at=at)
    _record("sessions.video_full", place, at)
    tell(place.room)
    tell_roster(place.room)


@transaction.atomic
def not_answered(*, place_id: UUID, connection: UUID, at: datetime) -> None:
    """They may come in, and Janus did not let them; whether they are in later is seen then. Raises Superseded."""
    place = _hold(place_id, connection)
    presence.keep_out(place, KeptOut.DOWN)
    _record("sessions.video_down", place, at)
    tell_roster(place.room)


@transaction.atomic
def stepped_out(*, place_id: UUID, connection: UUID, at: datetime) -> None:
    """The room waits, or they were removed: out of the room and still connected. Raises Superseded."""
    place = _hold(place_id, connection)
    _step_out(place, at=at)
    place.save(update_fields=["joined_at", "is_sharing"])
    tell(place.room)


@transaction.atomic
def left(*, place_id: UUID, connection: UUID, at: datetime, for_good: bool) -> None:
    """The connection ended: on purpose (`for_good`), or it was lost and its last sign of life was at `at`.

    Nothing happens where another connection holds the place by now.
    """
    try:
        place = _hold(place_id, connection)
    except Superseded:
        return
    if waits_since(place, at=at) and not (place.attendance and place.attendance.kept_out):
        presence.keep_out(place, KeptOut.DOOR)
        _record("sessions.kept_out", place, at)
        tell_roster(place.room)
    _step_out(place, at=at)
    place.connection, place.hand_at = None, None
    place.seen_at = None if for_good else at
    place.save()
    tell(place.room)


def _step_out(place: VideoPlace, *, at: datetime) -> None:
    if place.joined_at is None:
        return
    place.joined_at, place.is_sharing = None, False
    presence.end(place, at=at)
    _record("sessions.video_left", place, at)
    tell_roster(place.room)


def _record(verb: str, place: VideoPlace, at: datetime) -> None:
    audit.record(verb, by=place.user, about=place.room.session, at=at, patient_id=place.patient_id)


def alive(*, place_id: UUID, connection: UUID, at: datetime) -> None:
    """Their last sign of life."""
    VideoPlace.objects.filter(pk=place_id, connection=connection).update(seen_at=at)


@transaction.atomic
def say(
    *, place_id: UUID, connection: UUID, what: Literal["hand", "muted", "video", "sharing"], on: bool, at: datetime
) -> bool:
    """What everyone sees of them: a raised hand, the microphone, the camera, a shared screen. Raises Superseded.

    Whether a microphone that staff had muted is opened again.
    """
    place = _hold(place_id, connection)
    opens_again = what == "muted" and not on and place.muted_by_staff
    if what == "hand":
        place.hand_at = (place.hand_at or at) if on else None
    elif what == "muted":
        place.is_muted, place.muted_by_staff = on, place.muted_by_staff and on
    elif what == "video":
        place.has_video = on
    else:
        place.is_sharing = on and place.leads
    place.save()
    tell(place.room)
    return opens_again


@transaction.atomic
def react(*, place_id: UUID, connection: UUID, which: str) -> None:
    """A small sign to all. It is told and kept nowhere. Raises Superseded."""
    place = _hold(place_id, connection)
    tell(place.room, f"react:{which}:{place.pk}")


@transaction.atomic
def placed(*, room_id: UUID, was: str, server: str, at: datetime) -> str:
    """The room stands on `server` now, unless somebody moved it first; where it stands."""
    room = VideoRoom.objects.select_for_update().get(pk=room_id)
    if room.server == was and was != server:
        room.server, room.placed_at = server, at
        room.save(update_fields=["server", "placed_at"])
        tell(room)
    return room.server


def drain(*, server: str, at: datetime) -> None:
    """Place no new room on this server; rooms with people in them stay there until they are empty."""
    VideoServer.objects.update_or_create(name=server, defaults={"draining_since": at})


def use_again(*, server: str) -> None:
    """Place rooms on this server again."""
    VideoServer.objects.filter(name=server).update(draining_since=None)


@transaction.atomic
def refused(*, place_id: UUID, why: str, at: datetime) -> None:
    """Write down that this connection said what it may not, so that attacks show in the record."""
    place = VideoPlace.objects.select_related("user", "room__session").get(pk=place_id)
    count_refusal(kind=why, at=at)
    audit.record("sessions.video_refused", by=place.user, about=place.room.session, at=at, why=why)


@transaction.atomic
def close_lost(*, at: datetime) -> int:
    """End what nobody ended: places whose process died with them, at their last sign of life. How many."""
    lost = VideoPlace.objects.select_for_update(of=("self",), skip_locked=True).filter(
        joined_at__isnull=False, seen_at__lt=at - SILENCE
    )
    found = list(lost.select_related("user", "room__session", "attendance"))
    for place in found:
        _step_out(place, at=place.seen_at or at)
        place.connection = place.seen_at = None
        place.save()
        tell(place.room)
    return len(found)


def _hold(place_id: UUID, connection: UUID) -> VideoPlace:
    """The place, locked, while this connection holds it."""
    place = (
        VideoPlace.objects.select_for_update(of=("self",))
        .select_related("user", "room__session", "attendance")
        .filter(pk=place_id)
        .first()
    )
    if place is None:
        raise PermissionDenied
    if place.connection != connection:
        raise Superseded
    return place
