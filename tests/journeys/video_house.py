"""A real web server and a real Janus for what takes place by video; both speak with the test's own database."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connections

from hearth.lib import janus
from hearth.lib.supervise import Process, end
from hearth.settings.database import ROLES

NEEDS_JANUS = "Janus is not installed (apt-get install janus)"


@dataclass
class VideoServers:
    """Where the pages answer, and the Janus behind them."""

    url: str
    var: Path
    janus_port: int
    janus: Process

    def kill_janus(self) -> None:
        """As if its machine had lost power."""
        self.janus.kill()
        self.janus.wait()

    def start_janus(self) -> None:
        self.janus = janus.spawn(self.var, port=self.janus_port)
        wait_for(self.janus_port)

    def end_janus(self) -> None:
        end(self.janus)


@contextmanager
def video_servers() -> Iterator[VideoServers]:
    """Both of them, until the block ends."""
    var = Path(tempfile.mkdtemp(prefix="hearth-var-"))
    var.chmod(0o711)
    web_port, janus_port = free_port(), free_port()
    servers = VideoServers(f"http://localhost:{web_port}", var, janus_port, janus.spawn(var, port=janus_port))
    web = _web(web_port, environment(var, janus_port))
    try:
        wait_for(janus_port)
        wait_for(web_port)
        yield servers
    finally:
        end(web)
        servers.end_janus()
        shutil.rmtree(var)


def environment(var: Path, janus_port: int) -> dict[str, str]:
    """What a web server of ours needs to serve the test's database and this Janus."""
    return {
        **os.environ,
        **{name: _address(alias) for alias, name in ROLES.items()},
        "HEARTH_SECRET_KEY": settings.SECRET_KEY,
        "HEARTH_JANUS_SERVERS": f"one=ws://127.0.0.1:{janus_port}",
        "HEARTH_JANUS_API_SECRET": janus.api_secret(var),
        "HEARTH_JANUS_ADMIN_KEY": janus.admin_key(var),
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


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < until, "a server did not start"
            time.sleep(0.1)
        else:
            return
