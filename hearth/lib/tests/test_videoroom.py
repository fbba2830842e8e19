"""What a real Janus does with the few verbs Hearth uses: who comes in, who changes a room, and who is counted."""

import asyncio
from dataclasses import replace

import pytest

from hearth.lib import janus, videoroom
from hearth.lib.testing import free_port, run, running_janus
from hearth.lib.videoroom import Gone, Link, Refused, Room

pytestmark = pytest.mark.skipif(not janus.is_installed(), reason="Janus is not installed")
ROOM = Room("evening", "north-by-northwest", allowed=("mayas",))


@pytest.fixture(scope="module")
def server():
    with running_janus() as running:
        yield running.server


def on(server, story):
    """Run the story with a link and a handle."""

    async def whole():
        link = await Link.open(server)
        try:
            await story(link, await link.attach())
        finally:
            await link.close()

    run(whole)


def joining(person, token, room=ROOM):
    return {"request": "join", "ptype": "publisher", "room": room.name, "id": person, "token": token}


def test_without_the_secrets_nobody_talks_to_it(server):
    async def story():
        with pytest.raises(Refused):
            await Link.open(replace(server, api_secret="guessed"))
        link = await Link.open(replace(server, admin_key="guessed"))
        with pytest.raises(Refused):
            await videoroom.make_room(link, await link.attach(), Room("mine", "s"))
        await link.close()

    run(story)


def test_a_room_opens_only_to_tokens_on_its_list(server):
    async def story(link, handle):
        await videoroom.make_room(link, handle, ROOM)
        await videoroom.make_room(link, handle, ROOM)  # there already
        for person, token in (("jonah", "guessed"), ("jonah", "")):
            with pytest.raises(Refused):
                await link.request(await link.attach(), joining(person, token))
        await link.request(await link.attach(), joining("maya", "mayas"))
        await videoroom.let_in(link, handle, ROOM, "jonahs")
        await link.request(await link.attach(), joining("jonah", "jonahs"))
        await videoroom.keep_out(link, handle, ROOM, "mayas")
        await videoroom.kick(link, handle, ROOM, "maya")
        with pytest.raises(Refused):
            await link.request(await link.attach(), joining("maya", "mayas"))
        await videoroom.end_room(link, handle, ROOM)

    on(server, story)


def test_whoever_is_kicked_is_told_and_can_be_no_other(server):
    async def story(link, handle):
        await videoroom.make_room(link, handle, ROOM)
        maya = await Link.open(server)
        await maya.request(await maya.attach(), joining("maya", "mayas"))
        with pytest.raises(Refused) as taken:
            await link.request(await link.attach(), joining("maya", "mayas"))
        assert taken.value.code == videoroom.ID_TAKEN
        await videoroom.kick(link, handle, ROOM, "maya")
        told = await asyncio.wait_for(maya.events.get(), 5)
        assert told is not None
        assert told["plugindata"]["data"]["leaving"] == "ok"
        await maya.close()
        await videoroom.end_room(link, handle, ROOM)

    on(server, story)


def test_only_the_rooms_own_secret_changes_it_and_nothing_is_ever_recorded(server):
    guessed = replace(ROOM, secret="guessed")

    async def story(link, handle):
        await videoroom.make_room(link, handle, ROOM)
        with pytest.raises(Refused):
            await videoroom.let_in(link, handle, guessed, "jonahs")
        with pytest.raises(Refused):
            await videoroom.end_room(link, handle, guessed)
        await link.request(await link.attach(), joining("maya", "mayas"))
        with pytest.raises(Refused):
            await videoroom.kick(link, handle, guessed, "maya")
        await videoroom.kick(link, handle, ROOM, "jonah")  # who is not in has gone
        record = {"request": "enable_recording", "room": ROOM.name, "secret": "guessed", "record": True}
        with pytest.raises(Refused):
            await link.request(handle, record)
        await videoroom.end_room(link, handle, ROOM)
        with pytest.raises(Refused) as gone:
            await link.request(await link.attach(), joining("maya", "mayas"))
        assert gone.value.code == videoroom.NO_SUCH_ROOM
        await videoroom.kick(link, handle, ROOM, "maya")
        await videoroom.end_room(link, handle, ROOM)

    on(server, story)


def test_people_are_counted_and_a_server_that_is_away_is_none(server):
    async def story(link, handle):
        assert await videoroom.people_on(server) == 0
        await videoroom.make_room(link, handle, ROOM)
        await link.request(await link.attach(), joining("maya", "mayas"))
        assert await videoroom.people_on(server) == 1
        away = replace(server, url=f"ws://127.0.0.1:{free_port()}")
        assert await videoroom.people_on(away) is None
        with pytest.raises(Gone):
            await Link.open(away)
        await videoroom.end_room(link, handle, ROOM)

    on(server, story)
