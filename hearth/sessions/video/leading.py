"""What those who lead do in the video room: admit, mute, remove, end. Each deed is in the record.

What must hold at once on Janus is asked of it with the room's own secret after the deed is stored; the relays of those
concerned hear of the deed too and do their part, so that it holds where Janus was away for a moment.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from asgiref.sync import async_to_sync
from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import videoroom
from hearth.lib.videoroom import Gone, Link, Refused
from hearth.sessions.models import Session, SideRoom, VideoPlace, VideoRoom
from hearth.sessions.queries import access_session
from hearth.sessions.video import pool
from hearth.sessions.video.queries import is_waiting
from hearth.sessions.video.rules import SOUND
from hearth.sessions.video.services import tell

log = logging.getLogger("hearth.video")


@transaction.atomic
def admit(*, session: Session, person: UUID | None, by: User, at: datetime) -> int:
    """Let this person in, or with None all who wait; how many. Somebody removed before may come in again."""
    room = led_room(session, by=by, at=at)
    rows = room.places.select_for_update(of=("self",)).filter(leads=False)
    found = [each for each in rows if (each.pk == person if person else is_waiting(each, at=at))]
    for place in found:
        place.admitted_at, place.removed_at = at, None
        place.save(update_fields=["admitted_at", "removed_at"])
    if found:
        audit.record("sessions.video_admitted", by=by, about=session, at=at, people=len(found))
        tell(room)
    return len(found)


@transaction.atomic
def mute(*, session: Session, person: UUID, by: User, at: datetime) -> None:
    """Turn this person's microphone off. They may turn it on again themselves."""
    room = led_room(session, by=by, at=at)
    place = place_in(room, person)
    place.is_muted = place.muted_by_staff = True
    place.save(update_fields=["is_muted", "muted_by_staff"])
    audit.record("sessions.video_muted", by=by, about=session, at=at, patient_id=place.patient_id)
    tell(room)
    ask_janus(
        room,
        lambda link, handle, on: videoroom.set_muted(link, handle, on, str(place.pk), mid=SOUND, muted=True),
        where=place.meets,
    )


@transaction.atomic
def remove(*, session: Session, person: UUID, by: User, at: datetime) -> None:
    """Take this person out of the room, now. They come in again only if they are admitted again."""
    room = led_room(session, by=by, at=at)
    place = place_in(room, person)
    if place.leads:
        raise PermissionDenied
    where = place.meets
    place.removed_at, place.admitted_at, place.side = at, None, None
    place.save(update_fields=["removed_at", "admitted_at", "side"])
    audit.record("sessions.video_removed", by=by, about=session, at=at, patient_id=place.patient_id)
    tell(room)

    async def keep_out(link: Link, handle: int, on: videoroom.Room) -> None:
        await videoroom.keep_out(link, handle, on, place.token)
        await videoroom.kick(link, handle, on, str(place.pk))

    ask_janus(room, keep_out, where=where)


@transaction.atomic
def end(*, session: Session, by: User, at: datetime) -> None:
    """End the video for everyone. The session itself is ended on its own page."""
    close(led_room(session, by=by, at=at), by=by, at=at)


@transaction.atomic
def close(room: VideoRoom, *, by: User, at: datetime) -> None:
    """The room is no more. Closing it twice changes nothing."""
    if room.closed_at is not None:
        return
    room.closed_at = at
    room.save(update_fields=["closed_at"])
    for side in room.sides.filter(closed_at=None):
        close_side(side, at=at)
    audit.record("sessions.video_ended", by=by, about=room.session, at=at)
    tell(room)
    ask_janus(room, videoroom.end_room)


def close_side(side: SideRoom, *, at: datetime) -> None:
    """This side room is no more; whoever is there belongs to the large room again. The caller holds the room's lock."""
    side.closed_at = at
    side.save(update_fields=["closed_at"])
    side.places.update(side=None)
    ask_janus(side.room, videoroom.end_room, where=side)


def led_room(session: Session, *, by: User, at: datetime) -> VideoRoom:
    """The session's room, locked, for those who lead it. Raises PermissionDenied."""
    access_session(viewer=by, pk=session.pk, at=at, to="change")
    room = VideoRoom.objects.select_for_update(of=("self",)).select_related("session").filter(session=session).first()
    if room is None:
        raise PermissionDenied
    return room


def place_in(room: VideoRoom, person: UUID) -> VideoPlace:
    """This person's place there, locked. Raises PermissionDenied."""
    places = room.places.select_for_update(of=("self",)).select_related("attendance", "room", "side")
    place = places.filter(pk=person).first()
    if place is None:
        raise PermissionDenied
    return place


Deed = Callable[[Link, int, videoroom.Room], Awaitable[None]]


def ask_janus(room: VideoRoom, deed: Deed, *, where: VideoRoom | SideRoom | None = None) -> None:
    """Ask this of the Janus on which the room stands, once the transaction holds; of a side room with `where`."""
    server = pool.named(room.server)
    on = videoroom.Room((where or room).name, (where or room).secret)

    async def ask() -> None:
        if server is None:
            return
        try:
            link = await Link.open(server)
            try:
                await deed(link, await link.attach(), on)
            finally:
                await link.close()
        except (Gone, Refused) as trouble:
            log.warning("A deed in a video room was not heard by Janus: %s", type(trouble).__name__)

    transaction.on_commit(async_to_sync(ask))
