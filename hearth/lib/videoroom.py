"""Janus's VideoRoom as Hearth uses it: one connection, its requests and answers, and the few verbs of a room.

Everything that knows Janus's words is here and in `janus`, so that another version, or another server, is a matter of
these two modules. Browsers never come here: `sessions.video.relay` stands between.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException
from websockets.typing import Subprotocol

from hearth.lib.janus import Server

Words = dict[str, Any]
PLUGIN = "janus.plugin.videoroom"
PATIENCE = 8.0  # seconds for an answer; beyond it the server counts as gone
NO_SUCH_ROOM, EXISTS_ALREADY, NO_SUCH_PERSON, FULL, ID_TAKEN = 426, 427, 428, 432, 436  # Janus's own numbers
MOST_PUBLISHERS = 20  # 16 students, two who lead, and two more
BITRATE, BITRATE_SHARING = 256_000, 1_200_000  # bits a second: a face, and for those who lead a screen


class Gone(Exception):
    """The server does not answer, or the connection to it has ended."""


class Refused(Exception):
    """Janus said no; `code` is its own number for why."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(f"Janus refused ({code}): {why}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Room:
    """A room on Janus: its name, the secret for changing it, and the tokens of those who may come in."""

    name: str
    secret: str
    allowed: tuple[str, ...] = ()


class Link:
    """One connection to a Janus with one session of its own, which ends with it."""

    def __init__(self, server: Server, socket: ClientConnection) -> None:
        self.server, self.socket = server, socket
        self.events: asyncio.Queue[Words | None] = asyncio.Queue()  # None: the connection has ended
        self._session = 0
        self._asked: dict[str, asyncio.Future[Words]] = {}
        self._reading = asyncio.get_running_loop().create_task(self._read())

    @classmethod
    async def open(cls, server: Server) -> "Link":
        """Connect and begin a session. Raises Gone, Refused."""
        try:
            async with asyncio.timeout(PATIENCE):
                protocol = Subprotocol("janus-protocol")
                socket = await connect(
                    server.url, subprotocols=[protocol], max_size=2**20, compression=None, proxy=None
                )
        except (OSError, TimeoutError, InvalidHandshake, WebSocketException) as trouble:
            raise Gone(server.name) from trouble
        link = cls(server, socket)
        try:
            link._session = (await link._ask({"janus": "create"}))["data"]["id"]
        except BaseException:
            await link.close()
            raise
        return link

    async def attach(self) -> int:
        """A new handle on the VideoRoom."""
        found: int = (await self._ask({"janus": "attach", "plugin": PLUGIN}))["data"]["id"]
        return found

    async def request(self, handle: int, body: Words, *, jsep: Words | None = None) -> Words:
        """Ask the plugin; its whole answer. Raises Refused, Gone."""
        message: Words = {"janus": "message", "handle_id": handle, "body": body}
        answer = await self._ask(message | ({"jsep": jsep} if jsep else {}))
        data = answer.get("plugindata", {}).get("data", {})
        if "error_code" in data:
            raise Refused(int(data["error_code"]), str(data.get("error", "")))
        return answer

    async def trickle(self, handle: int, candidate: Words) -> None:
        """Pass on where a browser may be reached."""
        await self._send({"janus": "trickle", "handle_id": handle, "candidate": candidate})

    async def hang_up(self, handle: int) -> None:
        """End this handle's media."""
        await self._send({"janus": "hangup", "handle_id": handle})

    async def keep_alive(self) -> None:
        await self._send({"janus": "keepalive"})

    async def close(self) -> None:
        """End the session and the connection."""
        with suppress(Gone):
            await self._send({"janus": "destroy"})
        self._reading.cancel()
        with suppress(OSError, WebSocketException):
            await self.socket.close()

    async def _ask(self, message: Words) -> Words:
        answer: asyncio.Future[Words] = asyncio.get_running_loop().create_future()
        transaction = secrets.token_hex(8)
        self._asked[transaction] = answer  # it may come before `send` returns
        try:
            await self._send(message, transaction)
            found = await asyncio.wait_for(answer, PATIENCE)
        except TimeoutError as trouble:
            raise Gone(self.server.name) from trouble
        finally:
            self._asked.pop(transaction, None)
        if found["janus"] == "error":
            raise Refused(int(found["error"]["code"]), str(found["error"]["reason"]))
        return found

    async def _send(self, message: Words, transaction: str = "") -> None:
        whole = message | {"transaction": transaction or secrets.token_hex(8), "apisecret": self.server.api_secret}
        if self._session:
            whole["session_id"] = self._session
        try:
            await self.socket.send(json.dumps(whole))
        except (OSError, WebSocketException) as trouble:
            raise Gone(self.server.name) from trouble

    async def _read(self) -> None:
        try:
            async for text in self.socket:
                self._hear(json.loads(text))
        except (OSError, WebSocketException):
            pass
        finally:
            for answer in self._asked.values():
                if not answer.done():
                    answer.set_exception(Gone(self.server.name))
            self.events.put_nowait(None)

    def _hear(self, message: Words) -> None:
        if message["janus"] == "ack":
            return
        answer = self._asked.get(message.get("transaction", ""))
        if answer is not None and not answer.done():
            answer.set_result(message)
        else:
            self.events.put_nowait(message)


# --- a room ---------------------------------------------------------------------------------------------------


async def make_room(link: Link, handle: int, room: Room) -> None:
    """Make sure this room stands on this server. Whoever comes second finds it there."""
    body: Words = {
        "request": "create",
        "room": room.name,
        "secret": room.secret,
        "admin_key": link.server.admin_key,
        "allowed": list(room.allowed),
        "is_private": True,
        "require_pvtid": True,
        "publishers": MOST_PUBLISHERS,
        "bitrate": BITRATE_SHARING,
        "bitrate_cap": True,
        "fir_freq": 0,
        "audiocodec": "opus",
        "opus_fec": True,
        "opus_dtx": True,  # who is silent sends next to nothing: most packets of a group are silence
        "videocodec": "vp8",
        "record": False,
        "lock_record": True,
        "notify_joining": False,
        "audiolevel_event": True,
        "audio_active_packets": 25,  # half a second of talking
        "audio_level_average": 55,
    }
    try:
        await link.request(handle, body)
    except Refused as refusal:
        if refusal.code != EXISTS_ALREADY:
            raise


async def let_in(link: Link, handle: int, room: Room, token: str) -> None:
    """This token opens the room."""
    await link.request(handle, _with_secret(room, "allowed", action="add", allowed=[token]))


async def keep_out(link: Link, handle: int, room: Room, token: str) -> None:
    """This token opens the room no more."""
    await link.request(handle, _with_secret(room, "allowed", action="remove", allowed=[token]))


async def kick(link: Link, handle: int, room: Room, person: str) -> None:
    """End this person's media now. Nothing happens where they are not in. Raises Refused where Janus will not do it."""
    async with _unless_gone(NO_SUCH_ROOM, NO_SUCH_PERSON):
        await link.request(handle, _with_secret(room, "kick", id=person))


async def set_muted(link: Link, handle: int, room: Room, person: str, *, mid: str, muted: bool) -> None:
    """Whether this person's sound is passed on. Nothing happens where they are not in."""
    with suppress(Refused):
        await link.request(handle, _with_secret(room, "moderate", id=person, mid=mid, mute=muted))


async def end_room(link: Link, handle: int, room: Room) -> None:
    """Take the room away with everyone's media. Raises Refused where Janus will not do it."""
    async with _unless_gone(NO_SUCH_ROOM):
        await link.request(handle, _with_secret(room, "destroy"))


@asynccontextmanager
async def _unless_gone(*codes: int) -> AsyncIterator[None]:
    """What is to be ended and is not there has ended; every other refusal is one."""
    try:
        yield
    except Refused as refusal:
        if refusal.code not in codes:
            raise


async def people_on(server: Server) -> int | None:
    """How many take part on this server now; None where it does not answer in time."""
    try:
        async with asyncio.timeout(PATIENCE / 4):
            link = await Link.open(server)
            try:
                answer = await link.request(await link.attach(), {"request": "list", "admin_key": server.admin_key})
            finally:
                await link.close()
    except (Gone, Refused, TimeoutError):
        return None
    rooms: Sequence[Words] = answer["plugindata"]["data"]["list"]
    return sum(int(each["num_participants"]) for each in rooms)


def _with_secret(room: Room, request: str, **more: Any) -> Words:
    return {"request": request, "room": room.name, "secret": room.secret, **more}
