"""A web server on an embedded database of its own, and who is signed in there, for what is measured in Chromium."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = os.environ.get("HEARTH_CHROMIUM", "/usr/bin/chromium-headless-shell")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


@contextmanager
def house() -> Iterator[None]:
    """An empty database, migrated, with Django set up on it; deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as var:
        Path(var).chmod(0o711)  # PostgreSQL may run as another user, who must be able to enter
        os.environ |= {"HEARTH_VAR": var, "DJANGO_SETTINGS_MODULE": "hearth.settings", "HEARTH_DEMO": "1"}
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread
        sys.path.insert(0, str(ROOT))
        from hearth.lib import postgres

        with postgres.running(Path(var)):
            command = [sys.executable, "-m", "hearth.cli", "migrate", "--verbosity", "0"]
            subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
            import django

            django.setup()
            from django.db import connections

            try:
                yield
            finally:
                connections.close_all()
                connections["default"].close_pool()  # type: ignore[attr-defined]


@contextmanager
def served() -> Iterator[str]:
    """The web server's address, until the block ends."""
    from hearth.lib.supervise import end
    from hearth.lib.testing import free_port, wait_for

    port = free_port()
    where = ["--host", "127.0.0.1", "--port", str(port), "--interface", "asginl", "--no-access-log"]
    command = [sys.executable, "-m", "granian", *where, "--log-level", "error", "hearth.asgi:application"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    web = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(port)
        yield f"http://localhost:{port}"
    finally:
        end(web)


def cookie_of(user: Any) -> str:
    """The session of `user`, signed in with both steps done."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    session = client.session
    session["second_factor"] = True
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value
