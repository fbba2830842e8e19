"""Between a browser and Janus: a WebSocket that opens with a ticket and says only what `rules.read` knows."""

import asyncio
import contextlib
import json
import logging
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from hearth.accounts.queries import organisation_of_host
from hearth.lib import tenancy
from hearth.sessions.services import count_refusal_in
from hearth.sessions.video import services, tickets
from hearth.sessions.video.visit import REFUSED, Receive, Send, Visit, apart

Scope = dict[str, Any]

ADDRESS = "/video/relay/"
TICKET_WITHIN = 10.0  # seconds
TICKETS = {one: f"ticket_{one}" for one in ("forged", "old", "used")}  # as refusals are counted

log = logging.getLogger("hearth.video")


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """One WebSocket, from its ticket to its end."""
    await receive()  # websocket.connect
    if scope["path"] != ADDRESS or not _is_ours(scope):
        await send({"type": "websocket.close", "code": REFUSED})
        log.warning("A video connection was refused: %s", "path" if scope["path"] != ADDRESS else "origin")
        await _count_forged(_header(scope, b"host"))
        return
    await send({"type": "websocket.accept"})
    code = REFUSED
    try:
        visit = await _arrive(receive, send)
    except tickets.BadTicket as trouble:
        log.warning("A video ticket was refused: %s", trouble)
        await _count(trouble)
    except (PermissionDenied, services.NotOpen) as trouble:
        log.warning("A video room's door was closed: %s", type(trouble).__name__)
    else:
        code = await visit.run()
    with contextlib.suppress(Exception):  # the browser has gone already
        await send({"type": "websocket.close", "code": code})


async def _count(trouble: tickets.BadTicket) -> None:
    if trouble.why in TICKETS:
        kind, said = TICKETS[trouble.why], trouble.organisation_id
        await apart(lambda: count_refusal_in(organisation_id=said, kind=kind, at=timezone.now()))


async def _count_forged(host: str) -> None:
    """At the house that answers at the address which was asked: nothing else is known of who knocks so."""

    def count() -> None:
        house = organisation_of_host(host)
        count_refusal_in(organisation_id=house.pk if house else None, kind="room_forged", at=timezone.now())

    await apart(count)


def _is_ours(scope: Scope) -> bool:
    """Whether the page that asks is one of this site (a browser says so; another site's page cannot hide it)."""
    try:
        origin = urlsplit(_header(scope, b"origin")).netloc
    except ValueError:
        return False
    return bool(origin) and origin == _header(scope, b"host")


def _header(scope: Scope, name: bytes) -> str:
    found: bytes = dict(scope["headers"]).get(name, b"")
    return found.decode("latin-1")


async def _arrive(receive: Receive, send: Send) -> Visit:
    """Spend the ticket and come to the door. Raises BadTicket, PermissionDenied, NotOpen."""
    try:
        message = await asyncio.wait_for(receive(), TICKET_WITHIN)
        words = json.loads(message.get("text") or "")
        text = str(words["ticket"])[:600]
    except (TimeoutError, ValueError, KeyError, TypeError):
        raise tickets.BadTicket("missing") from None
    at, connection = timezone.now(), uuid4()

    def come() -> tuple[UUID, UUID, UUID]:
        ticket = tickets.spend(text, at=at)
        with tenancy.within(ticket.organisation_id):
            try:
                place = services.enter(
                    user_id=ticket.user_id, session_id=ticket.session_id, connection=connection, at=at
                )
            except (PermissionDenied, services.NotOpen) as trouble:
                closed = trouble
            else:
                return ticket.organisation_id, place.pk, place.room_id
        count_refusal_in(organisation_id=ticket.organisation_id, kind="door_closed", at=at)
        raise closed

    organisation_id, place_id, room_id = await apart(come)
    return Visit(receive, send, organisation_id, place_id, room_id, connection)
