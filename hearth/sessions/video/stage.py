"""One person on Janus: a session with a handle that sends and one that receives, in the one room that is theirs.

Every request is made here from the person's place in the database. Of what a browser said only session descriptions,
candidates and the mids of streams go through, so no room, name, token or id of its own ever reaches Janus. Names are
told by Hearth beside the media.
"""

from dataclasses import dataclass, field
from typing import Any

from hearth.lib import videoroom
from hearth.lib.janus import Server
from hearth.lib.videoroom import Link, Refused, Room, Words
from hearth.sessions.video import rules


@dataclass(frozen=True, slots=True)
class Me:
    """Who somebody is in the room."""

    id: str
    token: str
    leads: bool


@dataclass(slots=True)
class Stage:
    """Somebody's place on Janus. Raises Gone wherever the server is lost."""

    link: Link
    room: Room
    me: Me
    sends: int
    receives: int
    private_id: int = 0
    watched: set[str] = field(default_factory=set)
    is_watching: bool = False

    @classmethod
    async def enter(cls, server: Server, room: Room, me: Me) -> tuple["Stage", list[str]]:
        """Make sure the room stands, come in, and say who sends there already."""
        link = await Link.open(server)
        try:
            stage = cls(link, room, me, await link.attach(), await link.attach())
            await videoroom.make_room(link, stage.sends, room)
            await videoroom.let_in(link, stage.sends, room, me.token)
            return stage, await stage._join()
        except BaseException:
            await link.close()
            raise

    async def _join(self) -> list[str]:
        body: Words = {"request": "join", "ptype": "publisher", "room": self.room.name}
        body |= {"id": self.me.id, "token": self.me.token}
        try:
            answer = await self.link.request(self.sends, body)
        except Refused as refusal:
            if refusal.code != videoroom.ID_TAKEN:
                raise
            await videoroom.kick(self.link, self.sends, self.room, self.me.id)  # their lost connection is still there
            answer = await self.link.request(self.sends, body)
        data = answer["plugindata"]["data"]
        self.private_id = int(data["private_id"])
        return senders(data)

    async def publish(self, said: rules.Publish) -> str:
        """Send what the browser offers; Janus's side of it."""
        bitrate = videoroom.BITRATE_SHARING if self.me.leads else videoroom.BITRATE
        body: Words = {"request": "publish", "bitrate": bitrate}
        if rules.SCREEN in said.mids:
            body["descriptions"] = [{"mid": rules.SCREEN, "description": "screen"}]
        answer = await self.link.request(self.sends, body, jsep={"type": "offer", "sdp": said.sdp})
        return str(answer["jsep"]["sdp"])

    async def watch(self, people: list[str]) -> Words | None:
        """Receive these people too; the offer for the browser, or None if it comes later or nobody is new."""
        new = [each for each in people if each not in self.watched and each != self.me.id]
        if not new:
            return None
        self.watched |= set(new)
        streams = [{"feed": each} for each in new]
        body: Words = {"request": "subscribe", "streams": streams}
        if not self.is_watching:
            body = {"request": "join", "ptype": "subscriber", "room": self.room.name, "private_id": self.private_id}
            body |= {"streams": streams, "autoupdate": True}
        try:
            answer = await self.link.request(self.receives, body)
        except Refused:  # they have gone in this moment
            self.watched -= set(new)
            return None
        self.is_watching = True
        return offer_of(answer)

    def forget(self, person: str) -> None:
        """They send no more."""
        self.watched.discard(person)

    async def answer(self, sdp: str) -> None:
        """The browser's side of an offer: let the media flow."""
        await self.link.request(self.receives, {"request": "start"}, jsep={"type": "answer", "sdp": sdp})

    async def pictures(self, mids: tuple[str, ...], *, send: bool) -> Words | None:
        """Whether these streams are sent to this browser."""
        streams = [{"mid": each, "send": send} for each in mids]
        return offer_of(await self.link.request(self.receives, {"request": "configure", "streams": streams}))

    async def trickle(self, said: rules.Trickle) -> None:
        await self.link.trickle(self.sends if said.handle == "publish" else self.receives, dict(said.candidate))

    async def set_muted(self, *, muted: bool) -> None:
        """Whether this person's sound is passed on, whatever their browser does."""
        await videoroom.set_muted(self.link, self.sends, self.room, self.me.id, mid=rules.SOUND, muted=muted)

    async def leave(self) -> None:
        """End the media and the session."""
        await self.link.close()


def senders(data: Words) -> list[str]:
    """Those who send, of an event's list."""
    return [str(each["id"]) for each in data.get("publishers", ())]


def offer_of(event: Words) -> Words | None:
    """The offer in an event for the receiving handle, with whose streams it brings."""
    jsep, data = event.get("jsep"), event.get("plugindata", {}).get("data", {})
    if not jsep:
        return None
    return {"sdp": jsep["sdp"], "streams": [_stream(each) for each in data.get("streams", ())]}


def _stream(said: Words) -> dict[str, Any]:
    return {
        "mid": said.get("mid"),
        "kind": said.get("type"),
        "person": said.get("feed_id") if said.get("active") else None,
        "screen": said.get("feed_mid") == rules.SCREEN,
    }
