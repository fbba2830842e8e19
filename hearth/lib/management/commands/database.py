"""`hearth database ...`: what an operator does with the database as a whole."""

import os
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hearth.lib import one_at_a_time, postgres, roles


class Command(BaseCommand):
    help = "The database as a whole: make its roles, write it out, read it in, start or stop the embedded one."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        words = verbs.add_parser("roles", help="print the SQL that makes Hearth's roles on a PostgreSQL of your own")
        words.add_argument("--run", metavar="URL", help="run it there, as a superuser, instead of printing it")
        words.add_argument("--database", default="hearth", help="the database's name (default: hearth)")
        for verb, text in (
            ("dump", "write the database to a file"),
            ("restore", "read it into an empty database"),
        ):
            verbs.add_parser(verb, help=text).add_argument("file", type=Path)
        verbs.add_parser("start", help="start the embedded database and leave it running")
        verbs.add_parser("stop", help="stop the embedded database")

    def handle(self, *, verb: str, **options: Any) -> None:
        if verb == "roles":
            self._roles(options["database"], options["run"])
        elif verb == "start":
            postgres.start(settings.VAR_DIR)
        elif verb == "stop":
            self._stop(settings.VAR_DIR)
        else:
            self._move(verb, options["file"])

    def _stop(self, var: Path) -> None:
        try:
            with one_at_a_time.alone(var / "serve.lock"):
                postgres.stop(var)
        except one_at_a_time.Busy as trouble:
            raise CommandError(f"Hearth is running with this data at {trouble}: stop it first.") from trouble

    def _roles(self, database: str, url: str | None) -> None:
        passwords = {role: postgres.password(settings.VAR_DIR, role) for role in roles.OPTIONS}
        if url is None:
            self.stdout.write(roles.script(database=database, passwords=passwords))
            return
        try:
            roles.make(url, database=database, passwords=passwords)
        except psycopg.Error as trouble:
            raise CommandError(f"The roles could not be made: {str(trouble).splitlines()[0]}") from trouble
        self.stdout.write("The roles and the database are ready.")

    def _move(self, verb: str, file: Path) -> None:
        """With PostgreSQL's own programs, as superuser: row-level security hides rows from the owner."""
        if "DATABASE_URL" in os.environ:
            raise CommandError(f"DATABASE_URL is set: use your PostgreSQL's own pg_{verb}, as a superuser.")
        if verb == "dump":
            words = ["pg_dump", "--format=custom", f"--file={file}"]
        else:
            words = ["pg_restore", "--exit-on-error", "--single-transaction", str(file)]
        var: Path = settings.VAR_DIR
        with postgres.running(var):
            url = postgres.superuser_url(var, postgres.DATABASE)
            program = str(postgres.binary(words[0]))
            done = subprocess.run(  # noqa: S603
                [program, f"--dbname={url}", *words[1:]],
                check=False,
                capture_output=True,
                text=True,
                umask=0o077,
            )
        if done.returncode != 0:
            raise CommandError(f"{words[0]} did not succeed: {done.stderr.strip().splitlines()[-1]}")
