"""What one process tells, others hear: at once, once it is true, and only in their own house."""

import asyncio
import json
import threading
import time
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connection, connections
from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_GET

from hearth.accounts.doors import signed_in
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.lib import live, tenancy
from hearth.lib.live import AGAIN, Told
from hearth.lib.testing import run
from tests.journeys.people import cookie_of


@require_GET
@signed_in(Role.COUNSELOR)
def board(request):
    return live.stream(request, "board")


@require_GET
@signed_in()
def plain(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("here")


urlpatterns = [path("live/", board), path("plain/", plain), path("", include("hearth.urls"))]
pytestmark = pytest.mark.urls(__name__)


def tell_from_elsewhere(organisation, *told, then=lambda: None):
    """As another process would: on a connection of its own, in a transaction."""

    def work():
        try:
            with tenancy.within(organisation.pk):
                for channel, what in told:
                    live.tell(channel, what)
                then()
        except ZeroDivisionError:
            pass
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


async def heard(subscriber, *, patience=30.0):
    """What arrives until nothing more does for a moment."""
    found = await subscriber.news(patience=patience)
    while more := await subscriber.news(patience=0.2):
        found += more
    return found


@asynccontextmanager
async def listening(organisation, *channels):
    with live.subscribed(organisation.pk, *channels) as subscriber:
        assert set(await heard(subscriber)) == {Told(channel, AGAIN) for channel in channels}
        yield subscriber


def test_a_subscriber_hears_what_is_told_on_its_channels_and_nothing_else(stored_organisation):
    async def story():
        async with listening(stored_organisation, "board", "session:1") as subscriber:
            await asyncio.to_thread(
                tell_from_elsewhere, stored_organisation, ("board", "moved"), ("other", "x"), ("session:1", "roster")
            )
            assert await heard(subscriber) == [Told("board", "moved"), Told("session:1", "roster")]

    run(story)


def test_what_is_undone_was_never_told(stored_organisation):
    async def story():
        async with listening(stored_organisation, "board") as subscriber:
            await asyncio.to_thread(tell_from_elsewhere, stored_organisation, ("board", "moved"), then=lambda: 1 / 0)
            assert await heard(subscriber, patience=0.5) == []

    run(story)


def test_the_same_told_twice_in_one_deed_is_heard_once(stored_organisation):
    async def story():
        async with listening(stored_organisation, "board") as subscriber:
            await asyncio.to_thread(tell_from_elsewhere, stored_organisation, ("board", "a"), ("board", "a"))
            assert await heard(subscriber) == [Told("board", "a")]

    run(story)


def test_another_organisation_hears_nothing(stored_organisation):
    other = make_organisation(name="Elsewhere", slug="elsewhere")

    async def story():
        async with listening(other, "board") as subscriber:
            await asyncio.to_thread(tell_from_elsewhere, stored_organisation, ("board", "moved"))
            assert await heard(subscriber, patience=0.5) == []

    run(story)


def test_words_a_person_wrote_are_not_told(organisation):
    with pytest.raises(ValueError, match="names and ids"):
        live.tell("board", "Maya is late")


def test_a_lost_database_is_found_again_and_everyone_looks_once_more(stored_organisation):
    def end_the_listener():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%%' AND datname = current_database()"
            )
            ended = cursor.fetchall()
        connections.close_all()
        return ended

    async def story():
        async with listening(stored_organisation, "board") as subscriber:
            assert await asyncio.to_thread(end_the_listener) == [(True,)]
            assert await heard(subscriber) == [Told("board", AGAIN)]
            await asyncio.to_thread(tell_from_elsewhere, stored_organisation, ("board", "moved"))
            assert await heard(subscriber) == [Told("board", "moved")]

    run(story)


def test_many_subscribers_share_one_connection_and_the_last_one_closes_it(stored_organisation):
    def listeners():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%%' AND datname = current_database()"  # others test beside this process
            )
            return cursor.fetchone()[0]

    async def story():
        async with listening(stored_organisation, "board"):
            with live.subscribed(stored_organisation.pk, "board"), live.subscribed(stored_organisation.pk, "other"):
                await asyncio.sleep(0.1)
                assert await asyncio.to_thread(listeners) == 1
        until = time.monotonic() + 60
        while await asyncio.to_thread(listeners):
            assert time.monotonic() < until
            await asyncio.sleep(0.05)

    run(story)


def test_a_subscriber_who_is_far_behind_is_only_told_to_look_again():
    async def story():
        subscriber = live.Subscriber(UUID(int=1), frozenset({"board"}))
        for number in range(live.MOST_KEPT + 1):
            subscriber.hear(Told("board", str(number)))
        assert await subscriber.news(patience=1) == [Told("board", AGAIN), Told("board", str(live.MOST_KEPT))]

    run(story)


# --- pages ---------------------------------------------------------------------------------------------------


class Visit:
    """One request to the ASGI application, read while it lasts."""

    def __init__(self, address, cookie):
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": address,
            "query_string": b"",
            "headers": [
                (b"host", b"testserver"),
                (b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()),
                (b"sec-fetch-dest", b"empty"),
            ],
        }
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.gone = asyncio.Event()
        self.is_asked = False

    async def receive(self):
        if not self.is_asked:
            self.is_asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def starts(self, application):
        self.task = asyncio.create_task(application(self.scope, self.receive, self.sent.put))
        return (await asyncio.wait_for(self.sent.get(), 60))["status"]

    async def reads(self):
        return (await asyncio.wait_for(self.sent.get(), 60)).get("body", b"").decode()

    async def leaves(self):
        self.gone.set()
        await asyncio.wait_for(self.task, 60)


def events(text):
    return [json.loads(line.removeprefix("data: "))["what"] for line in text.split("\n") if line.startswith("data: ")]


def test_a_page_streams_to_those_its_door_lets_in(stored_organisation):
    dana = cookie_of(make_user("Dana Kim", Role.COUNSELOR, organisation=stored_organisation))
    newt = cookie_of(make_user("Newt Hale", Role.NURSE, organisation=stored_organisation))

    async def story():
        application = get_asgi_application()
        refused = Visit("/live/", newt)
        assert await refused.starts(application) == 403
        await refused.leaves()
        visit = Visit("/live/", dana)
        assert await visit.starts(application) == 200
        assert events(await visit.reads()) == [AGAIN]
        await asyncio.to_thread(tell_from_elsewhere, stored_organisation, ("board", "moved"))
        assert events(await visit.reads()) == ["moved"]
        await visit.leaves()
        assert live.hub().subscribers == set()

    run(story)


def test_open_streams_hold_no_database_connection(stored_organisation):
    dana = cookie_of(make_user("Dana Kim", Role.COUNSELOR, organisation=stored_organisation))
    many = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"] + 3

    async def story():
        application = get_asgi_application()
        visits = [Visit("/live/", dana) for _ in range(many)]
        for visit in visits:
            assert await visit.starts(application) == 200
            assert events(await visit.reads()) == [AGAIN]
        other = Visit("/plain/", dana)
        assert await other.starts(application) == 200
        assert await other.reads() == "here"
        await other.leaves()
        for visit in visits:
            await visit.leaves()

    run(story)


def test_a_stream_ends_so_that_its_browser_comes_back_through_the_door(stored_organisation, monkeypatch):
    monkeypatch.setattr(live, "LIVES", 0.0)
    dana = cookie_of(make_user("Dana Kim", Role.COUNSELOR, organisation=stored_organisation))

    async def story():
        visit = Visit("/live/", dana)
        assert await visit.starts(get_asgi_application()) == 200
        assert await visit.reads() == ""
        await visit.leaves()

    run(story)


def test_a_server_that_cannot_stream_says_so_at_once(as_user, dana):
    assert as_user(dana).get("/live/").status_code == 204
