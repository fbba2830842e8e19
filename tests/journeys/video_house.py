"""A real web server and a real Janus for what takes place by video; both speak with the test's own database."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connections

from hearth.lib.supervise import Process, end
from hearth.lib.testing import RunningJanus, free_port, running_janus, wait_for
from hearth.settings.database import ROLES

NEEDS_JANUS = "Janus is not installed (apt-get install janus)"


@dataclass
class VideoServers:
    """Where the pages answer, the Janus behind them, and where there are two, the other."""

    url: str
    janus: RunningJanus
    other: RunningJanus | None = None


@contextmanager
def video_servers() -> Iterator[VideoServers]:
    """A web server and a Janus, until the block ends."""
    with running_janus() as running, web_server(environment(running)) as url:
        yield VideoServers(url, running)


@contextmanager
def video_servers_with_a_pool() -> Iterator[VideoServers]:
    """A web server and two Janus, until the block ends; rooms are placed on `janus` first."""
    with (
        running_janus("one") as first,
        running_janus("two", beside=first) as second,
        web_server(environment(first, second)) as url,
    ):
        yield VideoServers(url, first, second)


@contextmanager
def web_server(environment: Mapping[str, str]) -> Iterator[str]:
    """A web server of ours as people meet it, with pages that hear what is told; its address."""
    port = free_port()
    web = _web(port, dict(environment))
    try:
        wait_for(port)
        yield f"http://localhost:{port}"
    finally:
        end(web)


def on_this_database() -> dict[str, str]:
    """What a web server of ours needs to serve the test's database."""
    return {
        **os.environ,
        **{name: _address(alias) for alias, name in ROLES.items()},
        "HEARTH_SECRET_KEY": settings.SECRET_KEY,
    }


def environment(*running: RunningJanus) -> dict[str, str]:
    """The same with these Janus as its pool; all of them hold the first one's secrets."""
    first = running[0].server
    return on_this_database() | {
        "HEARTH_JANUS_SERVERS": ",".join(f"{each.server.name}={each.server.url}" for each in running),
        "HEARTH_JANUS_API_SECRET": first.api_secret,
        "HEARTH_JANUS_ADMIN_KEY": first.admin_key,
    }


def _web(port: int, environment: dict[str, str]) -> Process:
    where = ["--host", "127.0.0.1", "--port", str(port), "--interface", "asginl", "--no-access-log"]
    command = [sys.executable, "-m", "granian", *where, "--log-level", "warning", "hearth.asgi:application"]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, env=environment)


def _address(alias: str) -> str:
    known = connections[alias].settings_dict
    options = {"host": known["HOST"]} | ({"port": known["PORT"]} if known["PORT"] else {})
    user, password = quote(known["USER"], safe=""), quote(known["PASSWORD"], safe="")
    return f"postgresql://{user}:{password}@/{known['NAME']}?{urlencode(options)}"
