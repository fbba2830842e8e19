"""The embedded PostgreSQL, each time in a `var` of its own."""

import os
import shutil
import signal
import stat

import psycopg
import pytest

from hearth.lib import postgres


def ask(url, query):
    with psycopg.connect(url, autocommit=True) as link:
        return link.execute(query).fetchall()


def server_pid(var):
    return int((var / "pg" / "data" / "postmaster.pid").read_text().split()[0])


def test_it_starts_once_stops_cleanly_and_keeps_what_was_stored(var):
    postgres.start(var)
    postgres.start(var)
    with psycopg.connect(postgres.urls(var)["owner"]) as link:
        link.execute("CREATE TABLE kept AS SELECT 7 AS number")
    postgres.stop(var)
    assert not postgres.is_running(var)
    assert not (var / "pg" / "data" / "postmaster.pid").exists()

    postgres.start(var)
    assert ask(postgres.urls(var)["owner"], "SELECT number FROM kept") == [(7,)]


def test_it_comes_back_after_kill_9_with_what_was_committed(made):
    postgres.start(made)
    with psycopg.connect(postgres.urls(made)["owner"]) as link:
        link.execute("CREATE TABLE kept AS SELECT 7 AS number")
    os.kill(server_pid(made), signal.SIGKILL)

    postgres.start(made)
    assert ask(postgres.urls(made)["owner"], "SELECT number FROM kept") == [(7,)]


def test_a_pid_left_by_a_crash_that_is_now_another_program_does_not_keep_it_from_starting(made):
    (made / "pg" / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{made}/pg/data\n1\n5432\n{made}/pg\n\n")

    postgres.start(made)
    assert postgres.is_running(made)


def test_only_a_socket_in_a_private_folder_leads_to_it_and_only_with_a_password(made):
    postgres.start(made)
    urls = postgres.urls(made)
    assert ask(urls["owner"], "SHOW listen_addresses") == [("",)]
    assert ask(urls["owner"], "SHOW fsync") == [("on",)]
    for folder in (made / "pg", made / "keys"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(urls["owner"].replace("hearth_owner:", "hearth_owner:wrong"))


def test_the_three_roles_may_do_what_they_are_for_and_no_more(made):
    postgres.start(made)
    urls = postgres.urls(made)
    rows = ask(
        urls["owner"],
        "SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole, rolcreatedb FROM pg_roles"
        " WHERE rolname LIKE 'hearth%' ORDER BY 1",
    )
    assert rows == [
        ("hearth_app", False, False),
        ("hearth_auditor", False, False),
        ("hearth_owner", False, True),
    ]
    for extension in ("btree_gist", "citext", "pg_trgm", "unaccent"):
        with psycopg.connect(urls["owner"]) as link:
            link.execute(f"CREATE EXTENSION {extension}")
    for alias in ("default", "auditor"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), psycopg.connect(urls[alias]) as link:
            link.execute("CREATE TABLE mine (number int)")


def test_it_serves_as_long_as_anyone_uses_it_and_then_stops(made):
    with postgres.running(made):
        with postgres.running(made):
            pass
        assert postgres.is_running(made)
    assert not postgres.is_running(made)


def test_data_of_another_major_version_is_refused_with_the_way_to_move_it(made):
    (made / "pg" / "data" / "PG_VERSION").write_text("15\n")

    with pytest.raises(postgres.DatabaseTrouble, match=r"made by PostgreSQL 15 .*`hearth database dump FILE`"):
        postgres.start(made)


def test_new_passwords_are_set_when_the_kept_ones_were_lost(made):
    postgres.start(made)
    (made / "keys" / "hearth_app.password").unlink()
    postgres.start(made)
    assert ask(postgres.urls(made)["default"], "SELECT 1") == [(1,)]


def test_keys_that_do_not_belong_to_the_data_are_explained(made):
    shutil.rmtree(made / "keys")
    with pytest.raises(postgres.DatabaseTrouble, match="put back the keys"):
        postgres.start(made)


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(var):
    deep = var / ("deep" * 30)
    deep.mkdir(mode=0o711)
    folder = postgres.socket_folder(deep)
    try:
        postgres.start(deep)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert ask(postgres.urls(deep)["default"], "SELECT 1") == [(1,)]
    finally:
        postgres.stop(deep)
    assert not folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the data to another user")
def test_a_folder_that_the_other_user_cannot_enter_is_left_as_it_is_and_named(var):
    var.chmod(0o700)
    with pytest.raises(postgres.DatabaseTrouble, match=r"cannot enter .*: run Hearth as an ordinary user"):
        postgres.start(var)
    assert stat.S_IMODE(var.stat().st_mode) == 0o700
