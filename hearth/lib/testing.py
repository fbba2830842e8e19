"""For tests: a real worker on the test's database, a real Janus, stories that need an event loop, pictures."""

import asyncio
import base64
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.db import connections

from hearth.lib import janus
from hearth.lib.supervise import Process, end
from hearth.settings.database import KEPT_PLANS

PATIENCE = 240.0  # seconds; a busy machine is not a fault


def database_url(alias: str) -> str:
    """The address of the test's database for this role, as an environment has it."""
    known = connections[alias].settings_dict
    options = {name: value for name, value in known["OPTIONS"].items() if name not in {"pool", *KEPT_PLANS}}
    where = {"host": known["HOST"], "port": known["PORT"], **options}
    query = urlencode({name: value for name, value in where.items() if value})
    return f"postgresql://{quote(known['USER'])}:{quote(known['PASSWORD'])}@/{quote(known['NAME'])}?{query}"


def start_worker(var: Path, **environment: str) -> "subprocess.Popen[bytes]":
    """A worker on the test's database, as a process of its own; it soon takes up what a killed one left."""
    environment |= {
        "DATABASE_URL": database_url("default"),
        "DATABASE_OWNER_URL": database_url("owner"),
        "DATABASE_AUDITOR_URL": database_url("auditor"),
        "HEARTH_VAR": str(var),
    }
    command = [sys.executable, "-m", "hearth.cli", "worker", "--stalled-after", "1.5"]
    return subprocess.Popen(command, env=os.environ | environment)  # noqa: S603


def until(condition: Callable[[], Any]) -> None:
    """Wait for this to come true."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@dataclass
class RunningJanus:
    """One Janus and how to lose it."""

    var: Path
    server: janus.Server
    port: int
    process: Process

    def kill(self) -> None:
        """As if its machine had lost power."""
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        self.process = janus.spawn(self.var, port=self.port)
        wait_for(self.port)


@contextmanager
def running_janus(name: str = "one", *, beside: RunningJanus | None = None) -> Iterator[RunningJanus]:
    """A Janus until the block ends; `beside` another one it holds the secrets of that one, as in a pool."""
    var = Path(tempfile.mkdtemp(prefix="hearth-var-"))
    var.chmod(0o711)  # it may run as another user, who must be able to enter
    if beside is not None:
        shutil.copytree(beside.var / "keys", var / "keys")
    port = free_port()
    server = janus.Server(name, f"ws://127.0.0.1:{port}", janus.api_secret(var), janus.admin_key(var))
    running = RunningJanus(var, server, port, janus.spawn(var, port=port))
    try:
        wait_for(port)
        yield running
    finally:
        end(running.process)
        shutil.rmtree(var)


def apart[T](work: Callable[[], T]) -> T:
    """Do this on another thread: Playwright may hold the event loop of this one."""

    def do() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(do).result()


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Live through this story in an event loop of its own."""
    apart(lambda: asyncio.run(story()))


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def wait_for(port: int) -> None:
    """Until somebody listens there."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def a_jpeg() -> bytes:
    """A picture of 16 by 10 pixels, as a browser's canvas writes it."""
    return base64.b64decode(
        "/9j/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBD"
        "AQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAKABAD"
        "ASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAMF/8QAHxAAAQMDBQAAAAAAAAAAAAAAAAIDBAEFEhETFCFR/8QAFAEBAAAA"
        "AAAAAAAAAAAAAAAABf/EABcRAQEBAQAAAAAAAAAAAAAAAAEAAhH/2gAMAwEAAhEDEQA/AKRJlsajIRJtO+7TXJzkKTl35QzgAtez"
        "pkL/2Q=="
    )


def a_png(width: int, height: int, *more: tuple[bytes, bytes], packed: bytes = b"") -> bytes:
    """A black picture with `more` chunks before its pixels, which are `packed` where that is told."""
    pixels = packed or zlib.compress(bytes(min((3 * width + 1) * height, 10_000_000)))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), *more, (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def a_pdf(*objects: bytes, catalog: bytes = b"", trailer: bytes = b"") -> bytes:
    """One empty page, with more in its catalog or trailer, and `objects` as numbers 4, 5 and so on."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"
    first = (b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page)
    written, places = b"%PDF-1.7\n", []
    for number, body in enumerate((*first, *objects), start=1):
        places.append(len(written))
        written += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(places) + 1, len(written)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return written + head + table + b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, trailer, start,
    )  # fmt: skip


def a_stream(body: bytes, named: bytes = b"/Filter /FlateDecode") -> bytes:
    """A PDF's stream of these bytes, packed; `named` is what its dictionary says beside the length."""
    packed = zlib.compress(body)
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(packed), named, packed)


@contextmanager
def clamd(path: Path, answer: bytes, while_asked: Callable[[], None] = lambda: None) -> Iterator[list[bytes]]:
    """A daemon on this socket that reads one file as clamd does and answers."""
    taken: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def serve() -> None:
            line, _ = listening.accept()
            with line, line.makefile("rb") as told:
                assert told.read(10) == b"zINSTREAM\0"
                while size := struct.unpack(">I", told.read(4))[0]:
                    taken.append(told.read(size))
                while_asked()
                line.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield taken
        thread.join()


@contextmanager
def line_cut_before(words: str) -> Iterator[None]:
    """PostgreSQL ends this thread's connection as it is about to carry out the first statement with these words."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        line = cursor.fetchone()[0]

    def cut() -> None:
        try:
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [line])
        finally:
            connections.close_all()

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if words in sql:
            with ThreadPoolExecutor(1) as thread:
                thread.submit(cut).result()
        return execute(sql, params, many, context)

    with connections["default"].execute_wrapper(watch):
        try:
            yield
        finally:
            connections["default"].close()
