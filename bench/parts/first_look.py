"""A house with free places, served as in production, for the benches of the first look."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@contextmanager
def served(*, secure: bool) -> Iterator[tuple[str, Any]]:
    """(where it answers, the organisation's id). A database of its own, deleted at the end; one proxy before it.

    `secure`: as in production, where the proxy speaks TLS; a browser without that proxy needs it off.
    """
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as var:
        Path(var).chmod(0o711)  # PostgreSQL may run as another user, who must be able to enter
        os.environ |= {"HEARTH_VAR": var, "DJANGO_SETTINGS_MODULE": "hearth.settings", "PYTHONPATH": str(ROOT)}
        os.environ |= {
            "HEARTH_DEMO": "0",
            "HEARTH_DEBUG": "0" if secure else "1",
            "HEARTH_PROXIES": "1",
            "HEARTH_HOSTS": "localhost",
        }
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread
        sys.path.insert(0, str(ROOT))
        from hearth.lib import postgres

        with postgres.running(Path(var)):
            for command in (["migrate"], ["collectstatic", "--noinput"]):
                whole = [sys.executable, "-m", "hearth.cli", *command, "--verbosity", "0"]
                subprocess.run(whole, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
            house = _house()
            with _web() as address:
                yield address, house


def _house() -> Any:
    import django

    django.setup()
    from hearth.accounts.roles import Role
    from hearth.accounts.testing import make_organisation, make_user
    from hearth.inquiry.interviews import give_hours
    from hearth.lib import tenancy
    from hearth.timetable.testing import make_program, make_section, put_on_duty

    at = datetime.now(UTC)
    monday = at.date() - timedelta(days=at.weekday())
    house = make_organisation()
    with tenancy.within(house.pk):
        ines = make_user("Inés Alvarado", Role.COORDINATOR, organisation=house)
        dana = make_user("Dana Kim", Role.COUNSELOR, organisation=house)
        put_on_duty(dana, since=date(2026, 1, 1))
        program = make_program()
        for weekday in range(3):
            make_section(program, dana, [], on=monday, weekday=weekday, minutes=150)
        give_hours(hours=[{"day": day, "from": "09:00", "to": "17:00"} for day in range(5)], by=ines, at=at)
    return house.pk


@contextmanager
def _web() -> Iterator[str]:
    from hearth.lib.supervise import end
    from hearth.lib.testing import free_port, wait_for

    port = free_port()
    where = ["--host", "127.0.0.1", "--port", str(port), "--interface", "asginl", "--no-access-log"]
    command = [sys.executable, "-m", "granian", *where, "--log-level", "error", "hearth.asgi:application"]
    web = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(port)
        yield f"http://localhost:{port}"
    finally:
        end(web)
