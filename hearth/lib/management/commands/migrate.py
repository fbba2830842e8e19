"""`hearth migrate`: Django's own, which makes the tables of an empty database at once."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from hearth.lib import first_tables


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """With nothing but a database named; a step, a plan or a pretence is Django's."""
        particular = ("app_label", "plan", "check_unapplied", "fake", "prune")
        if not any(options[name] for name in particular):
            first_tables.make(connections[options["database"]])
        super().handle(*args, **options)
