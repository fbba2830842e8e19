"""The test database: migrated once and kept, so that every run and every process starts from a copy of it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from django.test.utils import setup_databases
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
ALIASES = ("owner", "default", "auditor")
SHAPED_BY = ("requirements.lock", "hearth/*/migrations/*.py", "hearth/*/models.py", "hearth/*/models/*.py",
             "hearth/lib/row_security.py")  # fmt: skip
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
