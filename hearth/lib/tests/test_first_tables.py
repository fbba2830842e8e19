"""An empty database gets at once what all the migrations make of it step by step; no other is touched."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from hearth.lib import first_tables

pytestmark = pytest.mark.django_db(databases=["owner"])

WHAT_STANDS = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_generated,
            generation_expression
        FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    """,
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "extensions": "SELECT extname, extversion FROM pg_extension",
    "applied": "SELECT app, name FROM django_migrations",
}


@contextmanager
def empty_database(alias: str) -> Iterator[BaseDatabaseWrapper]:
    """A database of the owner's in which nothing stands, gone afterwards."""
    owner = connections["owner"]
    found = owner.copy(alias)
    name = found.settings_dict["NAME"] = f"{owner.settings_dict['NAME']}_{alias}"
    with owner._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    connections[alias] = found
    try:
        yield found
    finally:
        found.close()
        del connections[alias]
        with owner._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')


def go_on(connection: BaseDatabaseWrapper) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def what_stands(connection: BaseDatabaseWrapper) -> dict[str, set[tuple[object, ...]]]:
    with connection.cursor() as cursor:
        found = {}
        for what, query in WHAT_STANDS.items():
            cursor.execute(query)
            found[what] = set(cursor.fetchall())
    return found


@pytest.fixture
def steps_in_haste(monkeypatch):
    """A step works out anew the model it changes, not every model from which that one can be reached.

    Nearly all are reached from nearly all, which takes a minute; what a step says to PostgreSQL does not hang on them.
    """
    monkeypatch.setattr(ProjectState, "_find_reload_model", lambda _, app, model, delay=False: {(app, model)})


def test_made_at_once_or_step_by_step_the_same_stands(steps_in_haste):
    with empty_database("at_once") as at_once, empty_database("by_step") as by_step:
        assert first_tables.make(at_once)
        go_on(at_once)
        go_on(by_step)
        first, second = what_stands(at_once), what_stands(by_step)
        for what in WHAT_STANDS:
            assert first[what] - second[what] == set(), what
            assert second[what] - first[what] == set(), what
        assert len(first["columns"]) > 1000


def test_a_database_with_some_of_it_is_left_to_its_own_steps():
    with empty_database("begun") as begun:
        recorder = MigrationRecorder(begun)
        recorder.ensure_schema()
        recorder.record_applied("lib", "0001_extensions")
        assert not first_tables.make(begun)
        assert begun.introspection.table_names() == ["django_migrations"]


def test_a_single_step_is_djangos():
    with empty_database("single") as single:
        call_command("migrate", "lib", database="single", verbosity=0)
        assert set(MigrationRecorder(single).applied_migrations()) == {
            ("lib", "0001_extensions"),
            ("lib", "0002_take_statistics"),
        }
