"""The Janus servers rooms are placed on: which answer, and which has the fewest people."""

import asyncio
import socket
import time
from urllib.parse import urlsplit

from django.conf import settings

from hearth.lib import videoroom
from hearth.lib.janus import Server

KNOWN_FOR = 10.0  # seconds an answer about a server's door is believed
KNOCK = 0.3  # seconds a door has to open
_doors: dict[str, tuple[float, bool]] = {}


def servers() -> tuple[Server, ...]:
    found: tuple[Server, ...] = settings.JANUS_SERVERS
    return found


def named(name: str) -> Server | None:
    """The server of this name, if it still belongs to the pool."""
    return next((each for each in servers() if each.name == name), None)


def is_up() -> bool:
    """Whether any server's door is open. A page asks this, so an answer is believed for ten seconds."""
    return any(_answers(each.url) for each in servers())


def _answers(url: str) -> bool:
    asked_at, answered = _doors.get(url, (0.0, False))
    if asked_at and time.monotonic() - asked_at < KNOWN_FOR:
        return answered
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname, parts.port or (443 if parts.scheme == "wss" else 80)), KNOCK).close()
        answered = True
    except OSError:
        answered = False
    _doors[url] = (time.monotonic(), answered)
    return answered


async def loads() -> dict[str, int | None]:
    """How many people take part on each server; None where it does not answer."""
    found = await asyncio.gather(*(videoroom.people_on(each) for each in servers()))
    return {each.name: people for each, people in zip(servers(), found, strict=True)}


def least_loaded(loads: dict[str, int | None], *, leave_out: set[str]) -> str | None:
    """The server for a new room: the one with the fewest people of those that answer, by name where they are equal.

    One that drains is taken only where there is no other.
    """
    healthy = {name: people for name, people in loads.items() if people is not None}
    wanted = {name: people for name, people in healthy.items() if name not in leave_out} or healthy
    return min(wanted, key=lambda name: (wanted[name], name), default=None)
