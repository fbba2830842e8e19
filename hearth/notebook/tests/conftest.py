"""A real browser on a real server that works in the test's own transaction, so that nothing is left behind."""

import os
import threading
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Page

from hearth.accounts.models import User

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in the test's thread

CHROMIUM = os.environ.get("HEARTH_CHROMIUM", "/usr/bin/chromium")


class OneAtATime(WSGIHandler):
    """Answers requests one after another: they share the test's one connection and its transaction."""

    turn = threading.Lock()

    def __call__(self, environ, start_response):
        with self.turn:
            answer = super().__call__(environ, start_response)
            body = b"".join(answer)
            answer.close()
            return [body]


class Server(ThreadedWSGIServer):
    """Serves pages and static files from this process, and leaves the test's connection open."""

    def _close_connections(self):
        pass


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The Chromium of the system, never a downloaded one."""
    return {"executable_path": CHROMIUM, "args": ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"]}


@pytest.fixture
def site(organisation) -> Iterator[str]:
    """The address of the site, which sees what this test has made."""
    connection = connections["default"]
    connection.inc_thread_sharing()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    server = Server(("localhost", 0), QuietWSGIRequestHandler, connections_override={"default": connection})
    server.set_app(StaticFilesHandler(OneAtATime()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    connection.dec_thread_sharing()


@pytest.fixture
def browse_as(page: Page, site: str):
    """`browse_as(user)` gives a browser page signed in as this user."""

    def sign_in(user: User) -> Page:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
        page.set_default_timeout(15_000)
        return page

    return sign_in
