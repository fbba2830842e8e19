"""One person's connection to their place in a video room.

Whatever happens to it is put into one inbox and done in order: what the browser says, what Janus tells, what others did
in the room, and the time passing. The database is asked in short transactions on other threads.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections
from django.utils import timezone

from hearth.lib import live, tenancy, turn, videoroom
from hearth.lib.janus import Server
from hearth.lib.videoroom import Gone, Refused
from hearth.sessions.video import pool, queries, rules, services
from hearth.sessions.video.rules import Standing
from hearth.sessions.video.services import Superseded
from hearth.sessions.video.stage import Me, Stage, offer_of, senders

Words = dict[str, Any]
Receive = Callable[[], Awaitable[Words]]
Send = Callable[[Words], Awaitable[None]]

BEAT = 5.0  # seconds between two looks at whether everyone is still there
SILENT = 20.0  # seconds without a word from a browser that is asked every beat
KEEP_ALIVE = 5  # beats; Janus forgets a session after a minute
MOST_MALFORMED = 5
TRIES = (0.2, 0.4, 0.8, 1.0, 1.0, 2.0)  # seconds before a server is looked for again

# What a browser is told at the end; above 4000 as WebSocket leaves to applications.
ENDED, REMOVED, ELSEWHERE, REFUSED, FLOOD, SILENCE, FULL = 4000, 4001, 4002, 4003, 4004, 4005, 4006

log = logging.getLogger("hearth.video")


class Closed(Exception):
    """This connection is over; `code` is what the browser is told."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


async def apart[T](work: Callable[[], T]) -> T:
    """Do this on another thread and give its database connection back."""

    def do() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    return await asyncio.to_thread(do)


class Visit:
    """One person's connection to their place in a room."""

    def __init__(
        self, receive: Receive, send: Send, organisation_id: UUID, place_id: UUID, room_id: UUID, connection: UUID
    ) -> None:
        self.receive, self.send = receive, send
        self.organisation_id, self.place_id, self.room_id = organisation_id, place_id, room_id
        self.connection = connection
        self.inbox: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue()
        self.tasks: set[asyncio.Task[None]] = set()
        self.bucket = rules.Bucket(filled_at=time.monotonic())
        self.malformed = self.beats = self.tries = 0
        self.heard_at, self.heard = timezone.now(), time.monotonic()
        self.stage: Stage | None = None
        self.lost = ""  # the server that did not answer last; empty while one does
        self.view: queries.View | None = None
        self.standing: Standing | None = None
        self.side_id: UUID | None = None
        self.shown: Words = {}
        self.leads = False
        self.for_good = False

    async def run(self) -> int:
        """Until it ends; with which code."""
        code = SILENCE
        self._begin(self._listen())
        self._begin(self._beat())
        self._begin(self._follow())
        try:
            await self._look()
            while True:
                await (await self.inbox.get())()
        except Closed as end:
            code = end.code
        except Superseded:
            code = ELSEWHERE
        finally:
            for task in self.tasks:
                task.cancel()
            await self._leave_stage()
            await self._depart(code)
        return code

    async def _depart(self, code: int) -> None:
        lost = code == SILENCE and not self.for_good
        at = self.heard_at if lost else timezone.now()
        with contextlib.suppress(DatabaseError):  # the worker ends what is left open
            await self._ask(services.left, at=at, for_good=not lost)

    # Where things come from

    def _begin(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _put(self, deed: Callable[..., Awaitable[None]], *words: Any) -> None:
        self.inbox.put_nowait(lambda: deed(*words))

    async def _listen(self) -> None:
        while True:
            message = await self.receive()
            if message["type"] != "websocket.receive":
                self._put(self._gone)
                return
            self.heard_at, self.heard = timezone.now(), time.monotonic()
            if not self.bucket.takes(at=time.monotonic()):
                self._put(self._flooded)
                return
            self._put(self._hear, message.get("text") or "")

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            self._put(self._pulse)

    async def _follow(self) -> None:
        with live.subscribed(self.organisation_id, f"video:{self.room_id}") as subscriber:
            while True:
                for told in await subscriber.news(patience=60):
                    if told.what.startswith("react:"):
                        self._put(self._pass_reaction, told.what)
                self._put(self._look)

    async def _hear_janus(self, stage: Stage) -> None:
        while (event := await stage.link.events.get()) is not None:
            self._put(self._event, stage, event)
        self._put(self._lost_server, stage)

    # What is done about them

    async def _gone(self) -> None:
        raise Closed(SILENCE)

    async def _flooded(self) -> None:
        log.warning("A video connection was closed: flood")
        await self._ask_within(lambda: services.refused(place_id=self.place_id, why="flood", at=timezone.now()))
        raise Closed(FLOOD)

    async def _pulse(self) -> None:
        if time.monotonic() - self.heard > SILENT:
            raise Closed(SILENCE)
        await self._say("beat")
        self.beats += 1
        if self.stage and self.beats % KEEP_ALIVE == 0:
            with contextlib.suppress(Gone):
                await self.stage.link.keep_alive()
        with contextlib.suppress(DatabaseError):
            await self._ask(services.alive, at=self.heard_at)
        await self._look()

    async def _hear(self, text: str) -> None:
        try:
            said = rules.read(text, leads=self.leads)
        except rules.Malformed as trouble:
            await self._refuse(str(trouble))
            return
        if isinstance(said, rules.Leave):
            self.for_good = True
            raise Closed(SILENCE)
        if isinstance(said, rules.Alive):
            return
        if isinstance(said, rules.Say):
            await self._say_of_me(said)
        elif isinstance(said, rules.React):
            await self._ask(services.react, which=said.which)
        elif self.stage:
            try:
                await self._media(self.stage, said)
            except Gone:
                await self._lost_server(self.stage)
            except Refused as refusal:
                if refusal.code == videoroom.FULL:
                    await self._turn_away()
                log.info("Janus refused a browser's media: %s", refusal.code)
                await self._say("again")

    async def _refuse(self, why: str) -> None:
        self.malformed += 1
        if self.malformed == 1:
            log.warning("A video message was refused: %s", why)
            await self._ask_within(lambda: services.refused(place_id=self.place_id, why="malformed", at=timezone.now()))
        if self.malformed >= MOST_MALFORMED:
            raise Closed(REFUSED)

    async def _say_of_me(self, said: rules.Say) -> None:
        opens = await self._ask(services.say, what=said.what, on=said.on, at=timezone.now())
        if opens and self.stage:
            with contextlib.suppress(Gone):
                await self.stage.set_muted(muted=False)

    async def _media(self, stage: Stage, said: rules.Message) -> None:
        if isinstance(said, rules.Publish):
            await self._say("published", sdp=await stage.publish(said))
            if self.view and self.view.place.muted_by_staff:
                await stage.set_muted(muted=True)
        elif isinstance(said, rules.Trickle):
            await stage.trickle(said)
        elif isinstance(said, rules.Answer):
            await stage.answer(said.sdp)
        elif isinstance(said, rules.Pictures):
            await self._offer(await stage.pictures(said.mids, send=said.send))

    async def _event(self, stage: Stage, event: Words) -> None:
        if stage is not self.stage:
            return
        data = event.get("plugindata", {}).get("data", {})
        try:
            if event.get("sender") == stage.receives:
                await self._offer(offer_of(event))
            elif new := senders(data):
                await self._offer(await stage.watch(new))
        except Gone:
            await self._lost_server(stage)
            return
        gone = data.get("leaving") or data.get("unpublished") or data.get("kicked")
        if event["janus"] == "hangup":
            await self._say("again")
        elif data.get("videoroom") == "destroyed" or gone == "ok":
            await self._lost_server(stage)  # ended, or removed: which of them `_look` finds out
        elif gone:
            stage.forget(str(gone))
            await self._say("left", person=str(gone))
        elif data.get("videoroom") in ("talking", "stopped-talking"):
            await self._say("talking", person=str(data["id"]), on=data["videoroom"] == "talking")

    async def _offer(self, offer: Words | None) -> None:
        if offer:
            await self._say("offer", **offer)

    async def _pass_reaction(self, what: str) -> None:
        _react, which, person = what.split(":", 2)
        await self._say("reaction", which=which, person=person)

    # The room

    async def _look(self) -> None:
        """See how the room stands for this person, and go where that leads."""
        try:
            view = await self._ask_within(lambda: queries.view_of(place_id=self.place_id, at=timezone.now()))
        except DatabaseError:
            return  # looked again with the next beat; media go on meanwhile
        if view.place.connection != self.connection:
            raise Superseded
        self.view, self.leads = view, view.place.leads
        if view.standing == Standing.ENDED:
            raise Closed(ENDED)
        if view.standing == Standing.REMOVED:
            raise Closed(REMOVED)
        if self.stage and (view.standing != Standing.IN or _is_elsewhere(self.stage, view)):
            await self._leave_stage()
            if view.standing != Standing.IN:
                await self._ask(services.stepped_out, at=timezone.now())
        side_id = view.place.side_id
        if (view.standing, side_id) != (self.standing, self.side_id):
            self.standing, self.side_id = view.standing, side_id
            await self._say("standing", standing=view.standing, aside=view.aside, side=str(side_id or ""))
        await self._show(view)
        if view.standing == Standing.IN and self.stage is None and self.tries == 0:
            await self._join()

    async def _show(self, view: queries.View) -> None:
        inside = view.people if view.standing == Standing.IN else ()
        parts: dict[str, tuple[Any, ...]] = {"people": inside, "waiting": view.waiting, "sides": view.sides}
        parts["full"] = view.turned_away
        shown = {name: [asdict(each) for each in part] for name, part in parts.items()}
        if shown != self.shown:
            self.shown = shown
            await self._say("people", me=str(self.place_id), **shown)

    async def _join(self) -> None:
        assert self.view is not None
        view = self.view
        try:
            server = await self._server(view)
            self.lost = server.name  # until it has let them in
            room = videoroom.Room(view.meets.name, view.meets.secret)
            me = Me(str(view.place.pk), view.place.token, view.place.leads)
            stage, sending = await Stage.enter(server, room, me)
        except (Gone, Refused) as trouble:
            if isinstance(trouble, Refused) and trouble.code == videoroom.FULL:
                await self._turn_away()
            log.warning("A video room could not be entered: %s", type(trouble).__name__)
            if self.tries == 0:
                await self._ask(services.not_answered, at=timezone.now())
            await self._again_later()
            return
        self.stage, self.tries, self.lost = stage, 0, ""
        self._begin(self._hear_janus(stage))
        await self._ask(services.joined, at=timezone.now())
        ice = [turn.ice_server(settings.TURN, person=str(self.place_id), at=timezone.now())] if settings.TURN else []
        await self._say("in", me=str(self.place_id), leads=self.leads, ice=ice)
        try:
            await self._offer(await stage.watch(sending))
        except Gone:
            await self._lost_server(stage)

    async def _server(self, view: queries.View) -> Server:
        """Where the room stands, or is placed now: a new one, or one whose server does not answer. Raises Gone.

        Whoever comes after it was moved follows there, whichever server has fewer people by then.
        """
        stands, was = pool.named(view.room.server), view.room.server
        drains = await self._ask_within(queries.draining)
        if stands and not (stands.name == self.lost or (view.is_alone and stands.name in drains)):
            return stands
        chosen = pool.least_loaded(await pool.loads(), leave_out=drains) or was
        at = timezone.now()
        name = await self._ask_within(lambda: services.placed(room_id=self.room_id, was=was, server=chosen, at=at))
        found = pool.named(name)
        if found is None:
            raise Gone(name)
        return found

    async def _lost_server(self, stage: Stage) -> None:
        """Media ended at Janus's side: the browser begins anew, where the room stands by then."""
        if stage is not self.stage:
            return
        self.tries, self.lost = 1, stage.link.server.name
        await self._leave_stage()
        await self._look()  # was it ended, or were they removed?
        await self._say("moving")
        if self.standing == Standing.IN:
            await self._join()
        else:
            self.tries = 0

    async def _turn_away(self) -> None:
        """As many send as the room takes. It is not tried again by itself: they are told, and so are those who lead."""
        log.warning("A video room is full")
        await self._ask(services.turned_away, at=timezone.now())
        raise Closed(FULL)

    async def _again_later(self) -> None:
        wait = TRIES[min(self.tries, len(TRIES) - 1)]
        self.tries += 1
        asyncio.get_running_loop().call_later(wait, self._put, self._again)

    async def _again(self) -> None:
        await self._look()
        if self.stage is None and self.standing == Standing.IN:
            await self._join()
        else:
            self.tries = 0

    async def _leave_stage(self) -> None:
        stage, self.stage = self.stage, None
        if stage:
            await stage.leave()

    # Words

    async def _say(self, kind: str, **words: Any) -> None:
        try:
            await self.send({"type": "websocket.send", "text": json.dumps({"type": kind} | words)})
        except Exception as trouble:  # the web server says in its own words that the browser has gone
            raise Closed(SILENCE) from trouble

    async def _ask(self, service: Callable[..., Any], **words: Any) -> Any:
        return await self._ask_within(lambda: service(place_id=self.place_id, connection=self.connection, **words))

    async def _ask_within[T](self, work: Callable[[], T]) -> T:
        def within() -> T:
            with tenancy.within(self.organisation_id):
                return work()

        return await apart(within)


def _is_elsewhere(stage: Stage, view: queries.View) -> bool:
    """Whether their room stands on another server by now, or is another one."""
    return view.room.server != stage.link.server.name or view.meets.name != stage.room.name
