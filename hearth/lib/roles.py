"""The three database roles, on any PostgreSQL from version 15 on: who owns, who works, who only audits."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

ALIASES = {
    "owner": "hearth_owner",
    "default": "hearth_app",
    "auditor": "hearth_auditor",
}  # Django's alias: role
OPTIONS = {
    "hearth_owner": "LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION",
    "hearth_app": "LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION",
    "hearth_auditor": "LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION",
}
HEADING = """\
-- Hearth's database and its three roles. Run it with psql as a superuser; it holds passwords.
-- Afterwards set, with your host and port:
"""


def make(url: str, *, database: str, passwords: Mapping[str, str]) -> None:
    """Make roles and database where missing and set the passwords. `url` is a superuser's."""
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as link:
        known = {str(name) for (name,) in link.execute("SELECT rolname FROM pg_roles")}
        for role, password in passwords.items():
            link.execute(_role(role, password, "ALTER" if role in known else "CREATE"))
        if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            link.execute(_database(database))
    with psycopg.connect(make_conninfo(url, dbname=database), autocommit=True, connect_timeout=10) as link:
        for statement in _privileges(database):
            link.execute(statement)


def script(*, database: str, passwords: Mapping[str, str]) -> str:
    """The same as text for psql."""
    lines = [HEADING]
    for alias, role in ALIASES.items():
        name = "DATABASE_URL" if alias == "default" else f"DATABASE_{alias.upper()}_URL"
        lines.append(f"--   {name}=postgresql://{role}:{passwords[role]}@HOST:5432/{database}\n")
    for role, password in passwords.items():
        create = sql.SQL("CREATE ROLE {}").format(sql.Identifier(role))
        lines.append(_unless_there(create, "pg_roles", "rolname", role))
        lines.append(f"{_text(_role(role, password, 'ALTER'))};\n")
    lines.append(_unless_there(_database(database), "pg_database", "datname", database))
    lines.append(f"\\connect {_text(sql.Identifier(database))}\n")
    lines += [f"{_text(statement)};\n" for statement in _privileges(database)]
    return "".join(lines)


def _unless_there(statement: sql.Composed, table: str, column: str, name: str) -> str:
    """psql carries the statement out unless the table has a row of that name."""
    query = sql.SQL("SELECT {statement} WHERE NOT EXISTS (SELECT FROM {table} WHERE {column} = {name})\\gexec\n")
    return _text(
        query.format(
            statement=sql.Literal(_text(statement)),
            table=sql.Identifier(table),
            column=sql.Identifier(column),
            name=sql.Literal(name),
        )
    )


def _role(role: str, password: str, verb: str) -> sql.Composed:
    return sql.SQL("{verb} ROLE {role} WITH {options} PASSWORD {password}").format(
        verb=sql.SQL(verb),
        role=sql.Identifier(role),
        options=sql.SQL(OPTIONS[role]),
        password=sql.Literal(password),
    )


def _database(name: str) -> sql.Composed:
    return sql.SQL("CREATE DATABASE {} OWNER hearth_owner").format(sql.Identifier(name))


def _privileges(database: str) -> list[sql.Composed]:
    name = sql.Identifier(database)
    return [
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO hearth_app, hearth_auditor").format(name),
        sql.SQL("ALTER SCHEMA public OWNER TO hearth_owner").format(),
    ]


def _text(statement: sql.Composable) -> str:
    return statement.as_string(None)


def opens(url: str) -> bool:
    """Whether this address lets us in."""
    try:
        link: psycopg.Connection[Any] = psycopg.connect(url, connect_timeout=10)
    except psycopg.OperationalError:
        return False
    link.close()
    return True
