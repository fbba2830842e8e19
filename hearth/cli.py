"""The `hearth` command: Django's management commands, with the database started for those that need it.

What goes wrong is one sentence on standard error and a non-zero exit. `HEARTH_TRACE=1` shows where.
"""

import os
import sys
import textwrap
import traceback
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from hearth.lib import postgres

if TYPE_CHECKING:
    from django.core.management.base import BaseCommand

USAGE = """\
hearth - runs an Intensive Outpatient Program

Usage: hearth COMMAND [OPTIONS]        hearth COMMAND --help tells more of one command

  serve                  Run everything: database, web server, worker and video; Ctrl-C stops it all.
"""
# The first words of commands that work without a database. Everything else finds it running.
WITHOUT_DATABASE = (
    "check",
    "collectstatic",
    "compilemessages",
    "database",
    "diffsettings",
    "findstatic",
    "makemessages",
    "measures check",
    "measures score",
    "messages",
    "program check",
    "program report",
    "startapp",
    "startproject",
    "version",
)
# Commands that know nothing of rows, with their folder: not even the models are loaded for them.
PURE = {"selfcheck": "hearth.inquiry", "timetable": "hearth.timetable"}
AS_OWNER = ("migrate", "showmigrations", "flush", "sqlmigrate", "sqlflush", "sqlsequencereset", "inspectdb")
HELP = ("-h", "--help")


def main() -> None:
    """Run what the command line asks for and exit with its status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Carry out one command; its exit status. 1 if it went wrong, 2 if it is not known, 130 after Ctrl-C."""
    from django.core.management.base import CommandError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearth.settings")
    try:
        return _dispatch(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except CommandError as trouble:
        return _say(arguments, trouble, status=trouble.returncode)
    except Exception as trouble:
        return _say(arguments, trouble, status=1)


def _dispatch(arguments: list[str]) -> int:
    if not arguments or (arguments[0] in (*HELP, "help") and len(arguments) == 1):
        sys.stdout.write(USAGE + _commands_with_their_help())
        return 0
    if arguments[0] == "help":
        arguments = [*arguments[1:], "--help"]
    if arguments[0] == "--version":
        arguments = ["version"]
    name, *rest = arguments
    if name == "serve":
        from hearth import serve

        return serve.main(rest)
    return _run_command(name, rest)


def _run_command(name: str, rest: list[str]) -> int:
    import django
    from django.conf import settings
    from django.core.management import get_commands

    if name in PURE:
        return _execute(name, rest)
    needs_database = not (_works_without_database([name, *rest]) or any(word in HELP for word in rest))
    ours_to_start = "DATABASE_URL" not in os.environ and "HEARTH_SERVED" not in os.environ
    django.setup()
    if name not in get_commands():
        sys.stderr.write(f"hearth: there is no command {name!r}; `hearth --help` lists them.\n")
        return 2
    if needs_database and not ours_to_start:
        _must_answer(settings.DATABASES["default"])
    with postgres.running(settings.VAR_DIR) if needs_database and ours_to_start else nullcontext():
        return _execute(name, rest)


def _must_answer(database: dict[str, Any]) -> None:
    """Say at once, and once, that there is no database: the pool behind it would try and tell for twenty seconds."""
    import psycopg

    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    where = {name: str(database[kept]) for name, kept in known.items() if database[kept]}
    try:
        psycopg.connect(psycopg.conninfo.make_conninfo(**where, connect_timeout=5)).close()
    except psycopg.OperationalError as trouble:
        why = str(trouble).strip().splitlines()[0].removeprefix("connection failed: ")
        raise postgres.DatabaseTrouble(f"The database does not answer: {why}.") from trouble


def _execute(name: str, rest: list[str]) -> int:
    from django.core.management.color import no_style
    from django.db import connections

    command = _load(name)
    command.style = no_style()
    parser = command.create_parser("hearth", name)
    if name in AS_OWNER:
        parser.set_defaults(database="owner")
    options = vars(parser.parse_args(rest))
    positional = options.pop("args", ())
    try:
        command.execute(*positional, **options)
    except SystemExit as end:
        return _status(end)
    finally:
        connections.close_all()
    sys.stdout.flush()
    return 0


def _status(end: SystemExit) -> int:
    if isinstance(end.code, str):
        sys.stderr.write(f"{end.code}\n")
        return 1
    return end.code or 0


def _works_without_database(words: list[str]) -> bool:
    plain = [word for word in words if not word.startswith("-")]
    return plain[0] in WITHOUT_DATABASE or " ".join(plain[:2]) in WITHOUT_DATABASE


def _load(name: str) -> "BaseCommand":
    from django.core.management import get_commands, load_command_class
    from django.core.management.base import BaseCommand

    found = PURE.get(name) or get_commands()[name]
    return found if isinstance(found, BaseCommand) else load_command_class(found, name)


def _commands_with_their_help() -> str:
    import django
    from django.core.management import get_commands

    django.setup()
    ours: list[str] = []
    others: list[str] = []
    for name, app in sorted(get_commands().items()):
        sentence = str(_load(name).help).split(". ")[0].rstrip(".")
        line = f"  {name:<22} {textwrap.shorten(sentence, 90, placeholder=' ...')}\n"
        (ours if str(app).startswith("hearth.") else others).append(line)
    return "".join(ours) + "\nFrom the libraries Hearth stands on:\n" + "".join(others)


def _say(arguments: list[str], trouble: Exception, *, status: int) -> int:
    if os.environ.get("HEARTH_TRACE") == "1":
        traceback.print_exception(trouble)
        return status
    words = " ".join(_sentence(trouble).split()) or type(trouble).__name__
    known = isinstance(trouble, postgres.DatabaseTrouble | ValueError | OSError) or hasattr(trouble, "returncode")
    kind = "" if known else f"{type(trouble).__name__}: "
    command = " ".join(["hearth", *arguments[:1]])
    sys.stderr.write(f"{command}: {kind}{words.removeprefix('Error: ')}\n")
    return status


def _sentence(trouble: Exception) -> str:
    if isinstance(trouble, OSError) and trouble.filename and trouble.strerror:
        return f"{trouble.filename} cannot be used: {trouble.strerror.lower()}."
    return str(trouble)


if __name__ == "__main__":
    main()
