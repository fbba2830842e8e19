"""`hearth serve`: the database, the web server, the worker and video, kept running until Ctrl-C."""

import argparse
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import NoReturn

from hearth.lib import environment, janus, one_at_a_time, postgres
from hearth.lib.supervise import Child, Process, Stopped, Supervisor

READY_WITHIN = 60.0  # seconds the web server has to open its door before the address is shown anyway


class CannotServe(ValueError):
    """Hearth cannot be started here; the text is one sentence saying why."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the command line in one sentence."""

    def error(self, message: str) -> NoReturn:
        raise CannotServe(f"{message[:1].upper()}{message[1:]}.")


def main(words: list[str]) -> int:
    """Run everything until Ctrl-C or SIGTERM; the exit status."""
    options = _parser().parse_args(words)
    from django.conf import settings

    var: Path = settings.VAR_DIR
    address = f"http://{'localhost' if options.host == '127.0.0.1' else options.host}:{options.port}"
    os.environ.setdefault("HEARTH_BASE_URL", address)
    os.environ["HEARTH_SERVED"] = "1"  # tells the commands below that the database is taken care of
    with _the_only_one(var, address):
        _must_be_free(options.host, options.port)
        try:
            with _database_in_use(var), Supervisor(_say) as keeper:
                _serve(keeper, options, var, address)
        except Stopped:
            pass
    _say("Hearth has stopped.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="hearth serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on (default: %(default)s)")
    parser.add_argument("--processes", type=int, default=1, help="web server processes (default: %(default)s)")
    return parser


def _serve(keeper: Supervisor, options: argparse.Namespace, var: Path, address: str) -> None:
    if "DATABASE_URL" not in os.environ:
        keeper.add(Child("PostgreSQL", lambda: postgres.spawn(var), signal.SIGINT))  # SIGINT: its fast, clean stop
        postgres.make_roles(var)
    status, sign_ins = keeper.run(_hearth("prepare", stdout=subprocess.PIPE))
    if status != 0:
        raise CannotServe("The database could not be brought up to date; the sentence above says why.")
    keeper.add(Child("The web server", lambda: _web(options)))
    keeper.add(Child("The worker", lambda: _hearth("worker")))
    if not environment.is_on(os.environ, "HEARTH_JANUS", otherwise=True):
        pass
    elif janus.is_installed():
        keeper.add(Child("Video (Janus)", lambda: janus.spawn(var)))
    else:
        _say("Video is off: Janus is not installed. Sessions in person and by outside link work.")
    _wait_for_the_door(keeper, options.host, options.port)
    _say(f"\nHearth is at {address} (Ctrl-C stops it)\n{sign_ins}")
    keeper.watch()


def _web(options: argparse.Namespace) -> Process:
    where = ["--host", options.host, "--port", str(options.port), "--workers", str(options.processes)]
    how = ["--interface", "asginl", "--log-level", "warning", "--no-access-log"]
    return _python("-m", "granian", *how, *where, "hearth.asgi:application")


def _hearth(*words: str, stdout: int | None = None) -> Process:
    return _python("-m", "hearth.cli", *words, stdout=stdout)


def _python(*words: str, stdout: int | None = None) -> Process:
    return subprocess.Popen(  # noqa: S603
        [sys.executable, *words], stdin=subprocess.DEVNULL, stdout=stdout, start_new_session=True
    )


def _wait_for_the_door(keeper: Supervisor, host: str, port: int) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        keeper.tick()
        try:
            socket.create_connection((_reachable(host), port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def _must_be_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
            door.listen(1)
        except OSError as trouble:
            if trouble.errno == errno.EADDRINUSE:
                raise CannotServe(
                    f"Port {port} is taken by another program: stop it, or choose another port, for example"
                    f" `make run PORT={port + 1}`."
                ) from trouble
            raise CannotServe(f"Cannot listen on {host}:{port}: {trouble.strerror}.") from trouble


@contextmanager
def _the_only_one(var: Path, address: str) -> Iterator[None]:
    try:
        with one_at_a_time.alone(var / "serve.lock", note=address):
            yield
    except one_at_a_time.Busy as trouble:
        raise CannotServe(f"Hearth runs already with this data, at {trouble}.") from trouble


def _database_in_use(var: Path) -> AbstractContextManager[None]:
    return nullcontext() if "DATABASE_URL" in os.environ else postgres.in_use(var)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
