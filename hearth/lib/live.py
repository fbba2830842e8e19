"""Telling other processes and open pages that something changed, over PostgreSQL's LISTEN and NOTIFY.

    live.tell(f"session:{session.pk}", "roster")       # in the deed's transaction: heard if and when it commits
    return live.stream(request, f"session:{pk}")       # in a page, behind its door: server-sent events

What is told are names and ids alone, never what the change was: whoever hears of it asks again through a door of its
own. Only subscribers of the same organisation hear it. One connection listens for all of a process; where the database
was away, every subscriber is told `AGAIN`, because something may have been missed.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from hearth.lib import tenancy

NOTIFICATION = "hearth_live"
AGAIN = "again"
PLAIN = re.compile(r"[A-Za-z0-9_:.-]{0,120}")
MOST_KEPT = 100  # what waits for one slow subscriber; beyond it only AGAIN is kept
BEAT = 15.0  # seconds between signs of life, so that no proxy takes a quiet stream for a dead one
LIVES = 300.0  # seconds of one stream: the browser then comes back through the page's door
WAITS = (0.2, 0.5, 1.0, 2.0, 5.0)  # seconds before the database is tried again


class Told(NamedTuple):
    """Something changed on `channel`; `what` is a word or an id."""

    channel: str
    what: str


def tell(channel: str, what: str = "", *, using: str = "default") -> None:
    """Tell this organisation's subscribers of `channel`, once, when the transaction commits.

    Raises ValueError for what is more than names and ids.
    """
    if not (PLAIN.fullmatch(channel) and PLAIN.fullmatch(what)):
        raise ValueError("What is told are names and ids: letters, digits and _ : . - alone.")
    payload = json.dumps([str(tenancy.current()), channel, what])
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [NOTIFICATION, payload])


class Subscriber:
    """What is still to be told to one listener. `async for told in subscriber` never ends by itself."""

    def __init__(self, organisation_id: UUID, channels: frozenset[str]) -> None:
        self.organisation_id, self.channels = str(organisation_id), channels
        self._kept: dict[Told, None] = {}
        self._news = asyncio.Event()

    def hear(self, told: Told) -> None:
        """Keep this until it is asked for; what was told twice is kept once."""
        if len(self._kept) >= MOST_KEPT:
            self._kept = dict.fromkeys(Told(channel, AGAIN) for channel in sorted(self.channels))
        self._kept[told] = None
        self._news.set()

    def hear_again(self) -> None:
        """Something may have been missed on every channel."""
        for channel in sorted(self.channels):
            self.hear(Told(channel, AGAIN))

    async def news(self, *, patience: float) -> list[Told]:
        """All that was told since the last time, after waiting up to `patience` seconds for some."""
        try:
            await asyncio.wait_for(self._news.wait(), patience)
        except TimeoutError:
            return []
        self._news.clear()
        found, self._kept = list(self._kept), {}
        return found


class Hub:
    """One listening connection for all subscribers of this event loop; it lives as long as there are any."""

    def __init__(self) -> None:
        self.subscribers: set[Subscriber] = set()
        self.listening = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def join(self, subscriber: Subscriber) -> None:
        self.subscribers.add(subscriber)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._listen())

    def leave(self, subscriber: Subscriber) -> None:
        self.subscribers.discard(subscriber)
        if not self.subscribers and self._task:
            self._task.cancel()
            self._task = None
            self.listening.clear()

    async def _listen(self) -> None:
        tries = 0
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(_address(), autocommit=True) as connection:
                    await connection.execute(f"LISTEN {NOTIFICATION}")
                    tries = 0
                    self._all_again()  # what changed before now was told to nobody here
                    self.listening.set()
                    await self._pass_on(connection)
            except psycopg.Error:
                self.listening.clear()
                await asyncio.sleep(WAITS[min(tries, len(WAITS) - 1)])
                tries += 1

    async def _pass_on(self, connection: psycopg.AsyncConnection) -> None:
        while True:
            async for heard in connection.notifies(timeout=BEAT):
                organisation_id, channel, what = json.loads(heard.payload)
                for each in list(self.subscribers):
                    if each.organisation_id == organisation_id and channel in each.channels:
                        each.hear(Told(channel, what))
            await connection.execute("SELECT 1")  # raises where the database has gone without a word

    def _all_again(self) -> None:
        for each in list(self.subscribers):
            each.hear_again()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the event loop that runs now."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())


@contextmanager
def subscribed(organisation_id: UUID, *channels: str) -> Iterator[Subscriber]:
    """Hear what is told on these channels of this organisation inside the block."""
    subscriber, ours = Subscriber(organisation_id, frozenset(channels)), hub()
    ours.join(subscriber)
    try:
        yield subscriber
    finally:
        ours.leave(subscriber)


def stream(request: HttpRequest, *channels: str) -> HttpResponseBase:
    """Server-sent events of this organisation's channels, for a page that has passed its door.

    The door's transaction ends before the first event, and the stream holds no database connection. It ends after five
    minutes, so that a browser comes back through the door. Where the server cannot stream, 204 tells the browser to
    leave it; pages look again by themselves there.
    """
    if not isinstance(request, ASGIRequest):
        return HttpResponse(status=204)
    events = _events(tenancy.current(), channels)
    return StreamingHttpResponse(
        events, content_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )


async def _events(organisation_id: UUID, channels: tuple[str, ...]) -> AsyncIterator[bytes]:
    await sync_to_async(connections.close_all)()  # the door's, in the request's own thread
    until = asyncio.get_running_loop().time() + LIVES
    with subscribed(organisation_id, *channels) as subscriber:
        if hub().listening.is_set():
            subscriber.hear_again()  # what changed between the page and this stream
        while asyncio.get_running_loop().time() < until:
            found = await subscriber.news(patience=BEAT)
            yield b"".join(map(_event, found)) or b": still here\n\n"


def _event(told: Told) -> bytes:
    return f"data: {json.dumps(told._asdict())}\n\n".encode()


def _address() -> str:
    """Where the web's own role connects. The pool is left out: this connection is kept for listening alone."""
    known = connections["default"].settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    where = {name: str(known[key]) for name, key in names.items() if known[key]}
    options = {name: value for name, value in known["OPTIONS"].items() if isinstance(value, str)}
    return psycopg.conninfo.make_conninfo("connect_timeout=5", **options, **where)
