"""`hearth prepare`: everything that must be so before Hearth opens its door."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from hearth.lib import catalogues


class Command(BaseCommand):
    help = "Bring database, demo, texts and static files up to date; `hearth serve` does this by itself."
    requires_system_checks: list[str] = []

    def handle(self, **_: Any) -> None:
        """Writes the demo's sign-ins to standard output, and what takes time to standard error."""
        catalogues.compile_all()
        if not settings.TRIAL:
            call_command("collectstatic", interactive=False, verbosity=0)
        if self._is_behind():
            self.stderr.write("Bringing the database up to date ...")
            call_command("migrate", database="owner", interactive=False, verbosity=0)
        if settings.DEMO and "demo" in get_commands():
            if not get_user_model().objects.exists():
                self.stderr.write("Loading the demo program ...")
                call_command("demo", stdout=self.stderr)
            self.stdout.write(_table(_sign_ins()))

    def _is_behind(self) -> bool:
        executor = MigrationExecutor(connections["owner"])
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _sign_ins() -> Sequence[Sequence[str]]:
    """Who may sign in to the demo: rows of words, the first row naming the columns."""
    if find_spec("hearth.web.demo") is None:
        return ()
    rows: Sequence[Sequence[str]] = import_module("hearth.web.demo").sign_ins()
    return rows


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return "\n".join(
        "  " + "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
