"""The test database: migrated once and kept, so that every run and every process starts from a copy of it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.test.utils import setup_databases
from psycopg import sql

from hearth.lib import row_security

ROOT = Path(__file__).resolve().parents[1]
ALIASES = ("owner", "default", "auditor")
SHAPED_BY = ("requirements.lock", "hearth/*/migrations/*.py", "hearth/*/models.py", "hearth/*/models/*.py",
             "hearth/lib/row_security.py")  # fmt: skip
KEPT = {"contenttypes", "auth"}  # rows that migrations made
LOCK = 5_318_008  # any number; processes that test side by side take turns


def make() -> None:
    """Point every alias to a fresh database with all tables and no rows but those that migrations made."""
    owner = connections["owner"]
    name, kept = owner.creation._get_test_db_name(), f"kept_{_digest()}"  # type: ignore[attr-defined]
    owner.close()
    with _maintenance() as postgres:
        postgres.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        names = {row[0] for row in postgres.execute("SELECT datname FROM pg_database")}
        if kept in names:
            _drop(postgres, name)
            _copy(postgres, kept, name)
            _in_haste(postgres, name)
            _use(name)
            return
        setup_databases(verbosity=0, interactive=False, aliases=dict.fromkeys(ALIASES, True))
        for alias in ALIASES:
            connections[alias].close()
        connections["default"].close_pool()  # type: ignore[attr-defined]
        for old in names:
            if old.startswith("kept_"):
                _drop(postgres, old)
        _copy(postgres, name, kept)
        _in_haste(postgres, name)


def empty() -> None:
    """Delete the rows that a test stored for good. Leaves those that migrations made.

    Truncating every table, and then telling every app that it was migrated, takes two seconds: Django's own way.
    """
    models = [each for each in apps.get_models(include_auto_created=True) if each._meta.app_label not in KEPT]
    closed = {each._meta.db_table for each in row_security.models_of_an_organisation()}
    private = {each._meta.db_table for each in models if getattr(each, row_security.PRIVATE_TO, None)}
    known = connections["owner"].settings_dict
    where = {"host": known["HOST"], "port": known["PORT"] or None, "user": known["USER"], "password": known["PASSWORD"]}
    with psycopg.connect(dbname=known["NAME"], **where) as owner:
        filled = {name for (name,) in owner.execute("SELECT relname FROM pg_class WHERE pg_relation_size(oid) > 0")}
        tables = sorted(filled & {each._meta.db_table for each in models})
        if not tables:
            return
        # A page that is still answered ends first: a row of its would hold on to one that is deleted here.
        names = sql.SQL(", ").join(map(sql.Identifier, tables))
        owner.execute("SET LOCAL lock_timeout = '60s'")
        owner.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(names))
        if private & filled:  # their rows are seen by their own person alone; some refer to each other
            together = sql.SQL(", ").join(map(sql.Identifier, sorted(private)))
            owner.execute(sql.SQL("TRUNCATE {}").format(together))
        for (organisation,) in owner.execute("SELECT id::text FROM accounts_organisation").fetchall():
            owner.execute("SELECT set_config('hearth.organisation', %s, true)", [organisation])
            for table in tables:
                if table in closed - private:
                    owner.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for table in tables:
            if table not in closed:
                owner.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def drop() -> None:
    """Forget this process's copy, unless somebody's last request still holds it: then the next run does."""
    name = connections["owner"].settings_dict["NAME"]
    with _maintenance() as postgres, suppress(psycopg.Error):
        _drop(postgres, name)


def _use(name: str) -> None:
    for alias in ALIASES:
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = name


def _copy(postgres: "psycopg.Connection", whole: str, name: str) -> None:
    postgres.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(whole)))


def _in_haste(postgres: "psycopg.Connection", name: str) -> None:
    """Nobody waits for a disk: what is lost with the machine is a test's."""
    postgres.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(name)))


def _drop(postgres: "psycopg.Connection", name: str) -> None:
    postgres.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _maintenance() -> "Iterator[psycopg.Connection]":
    """A connection of the owner to the server itself; its end gives the lock back."""
    with connections["owner"]._nodb_cursor() as cursor:
        yield cursor.connection


def _digest() -> str:
    """Of everything that shapes the tables."""
    found = hashlib.sha256()
    for path in sorted(each for pattern in SHAPED_BY for each in ROOT.glob(pattern)):
        found.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]
