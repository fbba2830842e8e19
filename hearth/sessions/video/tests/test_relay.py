"""The WebSocket before Janus: who gets in, and what becomes of those who say what they may not."""

import asyncio
import json
import logging
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.core.management import CommandError, call_command
from django.utils import timezone

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.lib import janus, tenancy, videoroom
from hearth.lib.testing import apart, run, running_janus
from hearth.people.models import Modality
from hearth.people.testing import make_patient
from hearth.sessions.models import RefusalCount, SideRoom, VideoPlace, VideoRoom
from hearth.sessions.testing import make_session
from hearth.sessions.video import leading, relay, sides, tickets, visit


class Socket:
    """A browser's end of the WebSocket."""

    def __init__(self, *, origin=b"http://testserver", path=relay.ADDRESS):
        headers = [(b"host", b"testserver"), (b"origin", origin)]
        self.scope = {"type": "websocket", "path": path, "headers": headers}
        self.to_server: asyncio.Queue[Any] = asyncio.Queue()
        self.from_server: asyncio.Queue[Any] = asyncio.Queue()

    def opens(self, *texts):
        self.to_server.put_nowait({"type": "websocket.connect"})
        for text in texts:
            self.says(text)
        self.task = asyncio.create_task(relay.serve(self.scope, self.to_server.get, self.from_server.put))

    def says(self, text):
        words = text if isinstance(text, str) else json.dumps(text)
        self.to_server.put_nowait({"type": "websocket.receive", "text": words})

    async def hears(self, kind):
        """The next message of this kind."""
        while True:
            message = await asyncio.wait_for(self.from_server.get(), 60)
            assert message["type"] != "websocket.close", message
            words = json.loads(message.get("text", "{}"))
            if words.get("type") == kind:
                return words

    async def is_closed(self):
        """With which code."""
        while (message := await asyncio.wait_for(self.from_server.get(), 60))["type"] != "websocket.close":
            pass
        await asyncio.wait_for(self.task, 60)
        return message["code"]

    async def goes(self):
        self.to_server.put_nowait({"type": "websocket.disconnect"})
        await asyncio.wait_for(self.task, 60)


class Evening:
    def __init__(self, organisation):
        self.organisation, self.at = organisation, timezone.now()
        with tenancy.within(organisation.pk):
            self.dana = make_user("Dana Kim", Role.COUNSELOR, Role.FACILITATOR, organisation=organisation)
            self.maya = make_patient("Maya", "Reyes", at=self.at)
            self.jonah = make_patient("Jonah", "Park", at=self.at)
            self.session = self.group(self.maya)

    def group(self, *patients):
        return make_session(self.dana, *patients, starts_at=self.at - timedelta(minutes=9), modality=Modality.VIRTUAL)

    def ticket(self, user, *, session=None, at=None):
        session_id = (session or self.session).pk
        return {"ticket": tickets.make(user=user, session_id=session_id, at=at or timezone.now())}

    def refusals(self):
        with tenancy.within(self.organisation.pk):
            found = Event.objects.filter(verb="sessions.video_refused")
            return [(each.actor_id, each.detail["why"]) for each in found]

    def place(self):
        with tenancy.within(self.organisation.pk):
            return VideoPlace.objects.get()


@pytest.fixture
def evening(stored_organisation):
    return Evening(stored_organisation)


def test_with_a_ticket_one_waits_at_the_door(evening):
    async def story():
        socket = Socket()
        socket.opens(evening.ticket(evening.maya.user))
        assert (await socket.hears("standing"))["standing"] == "waiting"
        assert (await socket.hears("people"))["people"] == []
        await socket.goes()

    run(story)
    place = evening.place()
    assert place.joined_at is None
    assert place.connection is None


def test_who_goes_from_one_small_room_to_another_of_its_kind_hears_of_it(evening):
    def open_two():
        with tenancy.within(evening.organisation.pk):
            made = {"room": VideoRoom.objects.get(), "kind": "pair", "needs_staff": False, "opened_at": evening.at}
            return [SideRoom.objects.create(number=number, **made).pk for number in (1, 2)]

    def go(side):
        with tenancy.within(evening.organisation.pk):
            sides.visit(session=evening.session, side=side, by=evening.dana, at=timezone.now())

    async def story():
        dana = Socket()
        dana.opens(evening.ticket(evening.dana))
        assert (await dana.hears("standing"))["side"] == ""
        for side in await sync_to_async(open_two)():
            await sync_to_async(go)(side)
            assert (await dana.hears("standing"))["side"] == str(side)
        await dana.goes()

    run(story)


@pytest.mark.parametrize("first", ["", "{}", "[]", '{"ticket": 7}', '{"ticket": "forged"}', '{"do": "publish"}'])
def test_without_a_ticket_the_door_is_closed(evening, caplog, first):
    async def story():
        socket = Socket()
        socket.opens(first)
        assert await socket.is_closed() == visit.REFUSED

    with caplog.at_level(logging.WARNING, "hearth.video"):
        run(story)
    assert "ticket was refused" in caplog.text


def test_a_ticket_used_twice_or_too_old_opens_nothing(evening):
    used, old = (
        evening.ticket(evening.maya.user),
        evening.ticket(evening.maya.user, at=evening.at - timedelta(minutes=2)),
    )

    async def story():
        first, second, third = Socket(), Socket(), Socket()
        first.opens(used)
        await first.hears("standing")
        second.opens(used)
        assert await second.is_closed() == visit.REFUSED
        third.opens(old)
        assert await third.is_closed() == visit.REFUSED
        await first.goes()

    run(story)


def test_a_page_of_another_site_gets_no_door_at_all_and_is_counted(evening, caplog):
    async def story():
        for socket in (Socket(origin=b"https://elsewhere.example"), Socket(origin=b""), Socket(path="/video/other/")):
            socket.opens(evening.ticket(evening.maya.user))
            assert (await asyncio.wait_for(socket.from_server.get(), 60)) == {
                "type": "websocket.close", "code": visit.REFUSED,
            }  # fmt: skip
            await socket.task

    with caplog.at_level(logging.WARNING):
        run(story)
    with tenancy.within(evening.organisation.pk):
        assert RefusalCount.objects.get().count == 3
    said = [one.getMessage() for one in caplog.records if one.name == "hearth.video"]
    assert said == [f"A video connection was refused: {why}" for why in ("origin", "origin", "path")]
    assert "elsewhere.example" not in caplog.text


def test_a_student_of_another_group_or_house_stays_outside(evening):
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere")
    with tenancy.within(elsewhere.pk):
        olga = make_patient("Olga", "Dunn", at=evening.at)
    with tenancy.within(evening.organisation.pk):
        other = evening.group(evening.jonah)

    async def story():
        for ticket in (
            evening.ticket(evening.jonah.user),
            evening.ticket(evening.maya.user, session=other),
            evening.ticket(olga.user),
        ):
            socket = Socket()
            socket.opens(ticket)
            assert await socket.is_closed() == visit.REFUSED

    run(story)


def test_a_flood_is_closed_counted_and_logged_without_a_word_about_whom(evening, caplog):
    async def story():
        socket = Socket()
        socket.opens(evening.ticket(evening.maya.user), *[{"do": "alive"}] * 400)
        assert await socket.is_closed() == visit.FLOOD

    with caplog.at_level(logging.WARNING, "hearth.video"):
        run(story)
    assert evening.refusals() == [(evening.maya.user_id, "flood")]
    assert "Maya" not in caplog.text
    assert str(evening.maya.pk) not in caplog.text


def test_verbs_no_page_says_are_refused_and_the_connection_is_closed_in_the_end(evening):
    async def story():
        socket = Socket()
        socket.opens(evening.ticket(evening.maya.user))
        await socket.hears("standing")
        for verb in ("create", "destroy", "kick", "join", "rtp_forward"):
            socket.says({"do": verb, "room": str(uuid4()), "display": "Dana Kim"})
        assert await socket.is_closed() == visit.REFUSED

    run(story)
    assert evening.refusals() == [(evening.maya.user_id, "malformed")]


def test_the_same_person_in_another_window_takes_the_place_over(evening):
    async def story():
        first, second = Socket(), Socket()
        first.opens(evening.ticket(evening.maya.user))
        await first.hears("people")
        second.opens(evening.ticket(evening.maya.user))
        await second.hears("people")
        assert await first.is_closed() == visit.ELSEWHERE
        await second.goes()

    run(story)


def test_those_who_lead_see_at_once_who_comes_to_the_door(evening):
    async def story():
        dana, maya = Socket(), Socket()
        dana.opens(evening.ticket(evening.dana))
        assert (await dana.hears("people"))["waiting"] == []
        maya.opens(evening.ticket(evening.maya.user))
        assert [each["name"] for each in (await dana.hears("people"))["waiting"]] == ["Maya"]
        await maya.goes()
        assert (await dana.hears("people"))["waiting"] == []
        await dana.goes()

    run(story)


def test_a_browser_that_answers_no_beat_is_gone(evening, monkeypatch):
    monkeypatch.setattr(visit, "BEAT", 0.05)
    monkeypatch.setattr(visit, "SILENT", 0.3)

    async def story():
        socket = Socket()
        socket.opens(evening.ticket(evening.maya.user))
        await socket.hears("beat")
        assert await socket.is_closed() == visit.SILENCE

    run(story)


def test_the_end_of_the_video_reaches_who_waits(evening):
    def end():
        with tenancy.within(evening.organisation.pk):
            leading.end(session=evening.session, by=evening.dana, at=timezone.now())

    async def story():
        socket = Socket()
        socket.opens(evening.ticket(evening.maya.user))
        await socket.hears("people")
        await sync_to_async(end)()
        assert await socket.is_closed() == visit.ENDED

    run(story)


def test_a_closed_account_is_out_of_the_room_with_the_next_beat(evening, monkeypatch):
    monkeypatch.setattr(visit, "BEAT", 0.05)

    def close():
        with tenancy.within(evening.organisation.pk):
            type(evening.maya.user).objects.filter(pk=evening.maya.user_id).update(is_active=False)

    async def story():
        socket = Socket()
        socket.opens(evening.ticket(evening.maya.user))
        await socket.hears("people")
        await asyncio.to_thread(apart, close)
        assert await socket.is_closed() == visit.REMOVED

    run(story)


# --- with real servers ---------------------------------------------------------------------------------------


needs_janus = pytest.mark.skipif(not janus.is_installed(), reason="Janus is not installed")


@pytest.fixture
def two_servers(settings):
    with running_janus("a") as a, running_janus("b") as b:
        settings.JANUS_SERVERS = (a.server, b.server)
        yield {"a": a, "b": b}


def server_of(evening):
    with tenancy.within(evening.organisation.pk):
        return VideoRoom.objects.get(session=evening.session).server


@needs_janus
def test_a_dead_servers_room_moves_and_everyone_follows(evening, two_servers):
    def admit():
        with tenancy.within(evening.organisation.pk):
            leading.admit(session=evening.session, person=None, by=evening.dana, at=timezone.now())

    async def story():
        dana, maya = Socket(), Socket()
        dana.opens(evening.ticket(evening.dana))
        await dana.hears("in")
        assert await asyncio.to_thread(server_of, evening) == "a"
        maya.opens(evening.ticket(evening.maya.user))
        await maya.hears("standing")
        await sync_to_async(admit)()
        assert (await maya.hears("in"))["me"] != (await dana.hears("people"))["me"]

        two_servers["a"].kill()
        await asyncio.gather(dana.hears("moving"), maya.hears("moving"))
        await asyncio.gather(dana.hears("in"), maya.hears("in"))
        assert await asyncio.to_thread(server_of, evening) == "b"
        assert await videoroom.people_on(two_servers["b"].server) == 2
        await maya.goes()
        await dana.goes()
        assert await videoroom.people_on(two_servers["b"].server) == 0

    run(story)


@needs_janus
def test_where_more_servers_are_left_all_of_a_room_follow_to_the_same(evening, two_servers, settings):
    def admit():
        with tenancy.within(evening.organisation.pk):
            leading.admit(session=evening.session, person=None, by=evening.dana, at=timezone.now())

    async def story(third):
        dana, maya = Socket(), Socket()
        dana.opens(evening.ticket(evening.dana))
        await dana.hears("in")
        maya.opens(evening.ticket(evening.maya.user))
        await maya.hears("standing")
        await sync_to_async(admit)()
        await maya.hears("in")
        two_servers["a"].kill()
        await asyncio.gather(dana.hears("in"), maya.hears("in"))
        assert await videoroom.people_on(two_servers["b"].server) == 2
        assert await videoroom.people_on(third) == 0
        await maya.goes()
        await dana.goes()

    with running_janus("c") as third:
        settings.JANUS_SERVERS = (*settings.JANUS_SERVERS, third.server)
        run(lambda: story(third.server))


@needs_janus
def test_no_new_room_is_placed_on_a_server_that_drains(evening, two_servers):
    apart(lambda: call_command("video", "drain", "a", stdout=StringIO()))

    async def story():
        dana = Socket()
        dana.opens(evening.ticket(evening.dana))
        await dana.hears("in")
        await dana.goes()

    run(story)
    assert server_of(evening) == "b"
    said = StringIO()
    apart(lambda: call_command("video", "use", "a", stdout=said))
    assert said.getvalue().split() == ["a", "0", "taking", "part", "b", "0", "taking", "part"]
    with pytest.raises(CommandError, match="Known: a, b"):
        call_command("video", "drain", "c")


@needs_janus
def test_a_kick_ends_the_media_at_once_on_janus_too(evening, two_servers):
    def admit():
        with tenancy.within(evening.organisation.pk):
            leading.admit(session=evening.session, person=None, by=evening.dana, at=timezone.now())

    def remove():
        with tenancy.within(evening.organisation.pk):
            found = VideoPlace.objects.get(user=evening.maya.user)
            leading.remove(session=evening.session, person=found.pk, by=evening.dana, at=timezone.now())

    async def story():
        dana, maya = Socket(), Socket()
        dana.opens(evening.ticket(evening.dana))
        await dana.hears("in")
        maya.opens(evening.ticket(evening.maya.user))
        await maya.hears("standing")
        await sync_to_async(admit)()
        await maya.hears("in")
        assert await videoroom.people_on(two_servers["a"].server) == 2
        await sync_to_async(remove)()
        assert await maya.is_closed() == visit.REMOVED
        assert await videoroom.people_on(two_servers["a"].server) == 1
        await dana.goes()

    run(story)


SOUND_ALONE = """v=0
o=- 1 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
m=audio 9 UDP/TLS/RTP/SAVPF 111
c=IN IP4 0.0.0.0
a=ice-ufrag:abcd
a=ice-pwd:abcdefghijklmnopqrstuvwx
a=fingerprint:sha-256 {print}
a=setup:actpass
a=mid:0
a=sendonly
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=ssrc:1 cname:one
""".format(print=":".join(["AB"] * 32)).replace("\n", "\r\n")


@needs_janus
def test_whoever_finds_the_room_full_is_told_and_does_not_try_again_by_themself(evening, two_servers, monkeypatch):
    monkeypatch.setattr(videoroom, "MOST_PUBLISHERS", 0)  # nobody may send in a room made now

    async def story():
        dana = Socket()
        dana.opens(evening.ticket(evening.dana))
        await dana.hears("in")
        dana.says({"do": "publish", "sdp": SOUND_ALONE})
        assert await dana.is_closed() == visit.FULL

    run(story)
    assert evening.place().turned_away_at is not None
    with tenancy.within(evening.organisation.pk):
        assert RefusalCount.objects.get().kind == "room_full"
