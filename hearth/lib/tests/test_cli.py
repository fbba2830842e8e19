"""The `hearth` command as an operator meets it: another process, its two outputs and its exit status."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psycopg
import pytest

from hearth.lib import one_at_a_time, postgres

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def environment(var):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEARTH_", "DATABASE_"))}
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return kept | {"HEARTH_VAR": str(var), "HEARTH_JANUS": "0", "PYTHONPATH": path}


@pytest.fixture
def hearth(environment):
    def run(*words, **more):
        command = [sys.executable, "-m", "hearth.cli", *words]
        return subprocess.run(command, env=environment | more, capture_output=True, text=True, timeout=120)

    return run


def one_sentence(done):
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_help_names_every_command_in_one_line(hearth):
    done = hearth("--help")
    assert done.returncode == 0
    for name in ("serve", "worker", "database", "migrate"):
        assert [line for line in done.stdout.splitlines() if line.startswith(f"  {name} ")]


def test_an_unknown_command_is_one_sentence_and_status_2(hearth):
    done = hearth("referal")
    assert done.returncode == 2
    assert "there is no command 'referal'" in one_sentence(done)


def test_a_wrong_option_is_one_sentence(hearth):
    done = hearth("database", "roles", "--wrong")
    assert done.returncode == 1
    assert "unrecognized arguments: --wrong" in one_sentence(done)


def test_what_goes_wrong_is_one_sentence_and_its_place_is_shown_on_request(hearth, var):
    (var / "pg" / "data").mkdir(parents=True)
    (var / "pg" / "data" / "PG_VERSION").write_text("15\n")
    done = hearth("migrate")
    assert done.returncode == 1
    assert "made by PostgreSQL 15" in one_sentence(done)
    assert "Traceback" in hearth("migrate", HEARTH_TRACE="1").stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("HEARTH_SMTP_PORT", "foo", "HEARTH_SMTP_PORT is the number of a port, 1 to 65535, not 'foo'."),
        ("HEARTH_JANUS_PORT", "70000", "HEARTH_JANUS_PORT is the number of a port, 1 to 65535, not '70000'."),
        ("HEARTH_DEMO", "yes", "HEARTH_DEMO is 1 or 0, not 'yes'."),
        ("HEARTH_JANUS", "maybe", "HEARTH_JANUS is 1 or 0, not 'maybe'."),
        ("HEARTH_BASE_URL", "example.org", "HEARTH_BASE_URL begins with https:// or http://, unlike 'example.org'."),
        ("DATABASE_URL", "db:5432/x", "DATABASE_URL is not written as postgresql://user:password@host:port/name."),
        ("DATABASE_URL", "postgresql://a:secret@db:99999/x", "DATABASE_URL is not written as postgresql://user"),
    ],
)
def test_a_setting_that_cannot_be_is_one_sentence(hearth, name, value, sentence):
    fellows = {"DATABASE_OWNER_URL": "postgresql://a@db/x", "DATABASE_AUDITOR_URL": "postgresql://a@db/x"}
    done = hearth("check", **(fellows if name == "DATABASE_URL" else {}) | {name: value})
    assert done.returncode == 1
    assert sentence in one_sentence(done)
    assert "secret" not in done.stderr


def test_an_address_without_its_two_fellows_is_one_sentence(hearth):
    done = hearth("migrate", DATABASE_URL="postgresql://hearth_app@localhost/hearth")
    assert done.returncode == 1
    assert "DATABASE_OWNER_URL and DATABASE_AUDITOR_URL must be set too" in one_sentence(done)


def test_a_database_that_does_not_answer_is_one_sentence_at_once(hearth):
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_AUDITOR_URL")
    nowhere = dict.fromkeys(names, "postgresql://a@127.0.0.1:1/x")
    begin = time.monotonic()
    done = hearth("audit", "verify", **nowhere)
    assert time.monotonic() - begin < 25
    assert done.returncode == 1
    assert "The database does not answer" in one_sentence(done)


def test_a_folder_that_cannot_hold_data_is_one_sentence(hearth, tmp_path):
    (tmp_path / "file").write_text("")
    done = hearth("migrate", HEARTH_VAR=str(tmp_path / "file" / "var"))
    assert done.returncode == 1
    assert "cannot be used: not a directory" in one_sentence(done)


def test_a_wrong_word_after_serve_is_one_sentence(hearth):
    done = hearth("serve", "--port", "many")
    assert done.returncode == 1
    assert "invalid int value: 'many'" in one_sentence(done)


def test_a_command_that_needs_no_database_starts_none(hearth, var):
    assert hearth("check").returncode == 0
    assert not (var / "pg").exists()


def test_a_command_finds_the_database_running_keeps_its_own_status_and_leaves_nothing_behind(hearth, var):
    assert hearth("migrate", "--check").returncode == 1  # Django's own word for "not yet migrated"
    assert (var / "pg" / "data" / "PG_VERSION").exists()
    assert not postgres.is_running(var)


def test_a_dump_read_in_elsewhere_holds_the_same_rows(hearth, var, environment):
    with postgres.running(var), psycopg.connect(postgres.urls(var)["owner"]) as link:
        link.execute("CREATE TABLE kept AS SELECT 7 AS number")
    file = var / "hearth.dump"
    assert hearth("database", "dump", str(file)).returncode == 0
    with postgres.running(var), psycopg.connect(postgres.urls(var)["owner"]) as link:
        link.execute("DROP TABLE kept")

    done = hearth("database", "restore", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    with postgres.running(var), psycopg.connect(postgres.urls(var)["owner"]) as link:
        assert link.execute("SELECT number FROM kept").fetchall() == [(7,)]
        assert link.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'kept'").fetchall() == [
            ("hearth_owner",)
        ]


def test_the_printed_sql_makes_roles_and_database_also_twice(hearth, var):
    text = hearth("database", "roles", "--database", "clinic").stdout
    with postgres.running(var):
        for _ in range(2):
            psql = [str(postgres.binary("psql")), "--quiet", "--set", "ON_ERROR_STOP=1"]
            url = f"--dbname={postgres.superuser_url(var)}"
            done = subprocess.run([*psql, url], input=text, capture_output=True, text=True)
            assert (done.returncode, done.stderr) == (0, "")
        clinic = postgres.urls(var)["owner"].replace("@/hearth?", "@/clinic?")
        with psycopg.connect(clinic) as link:
            link.execute("CREATE TABLE first (number int)")


def test_a_second_hearth_with_the_same_data_is_told_where_the_first_is(hearth, var):
    with one_at_a_time.alone(var / "serve.lock", note="http://localhost:8000"):
        done = hearth("serve", "--port", str(free_port()))
        assert hearth("database", "stop").returncode == 1
    assert done.returncode == 1
    assert "runs already with this data, at http://localhost:8000" in one_sentence(done)


def test_a_port_that_is_taken_is_said_with_what_to_do(hearth):
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        done = hearth("serve", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr


def test_serve_opens_the_door_brings_back_a_killed_web_server_and_leaves_nothing_running(environment, var, tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "hearth.cli", "serve", "--port", str(port)]
    with (tmp_path / "said").open("w") as said:
        serving = subprocess.Popen(command, env=environment | {"HEARTH_DEMO": "0", "HEARTH_DEBUG": "1"}, stdout=said)
    try:
        wait_until(lambda: "Hearth is at" in (tmp_path / "said").read_text() or serving.poll() is not None, 300)
        assert status(port) is not None
        web = next(pid for pid in children(serving.pid) if "granian" in command_line(pid))
        os.kill(web, 9)
        wait_until(lambda: web not in children(serving.pid) and status(port) is not None, 60)
    finally:
        serving.terminate()
        assert serving.wait(60) == 0
    assert status(port) is None
    assert not postgres.is_running(var)


def status(port):
    try:
        return urlopen(f"http://127.0.0.1:{port}/", timeout=5).status
    except HTTPError as answer:
        return answer.code
    except (URLError, OSError):
        return None


def children(pid):
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_line(pid):
    return Path(f"/proc/{pid}/cmdline").read_text()


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def wait_until(true, seconds):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)
