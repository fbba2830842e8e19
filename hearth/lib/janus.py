"""Janus, the video server, where it is installed: its configuration in `var/janus` and how it is started.

It listens on 127.0.0.1 alone and offers only the VideoRoom; browsers never reach it but through Hearth, which
holds the secrets below. Root runs it as an unprivileged user.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hearth.lib import environment, postgres, secrets_file

# Its WebSocket's port; not Janus's own 8188, which a system-wide Janus may hold.
PORT = environment.port(os.environ, "HEARTH_JANUS_PORT", 18188)
LOOPS = 1  # threads for media: a few rooms need no more, and one per connection wakes up for every single packet
MAIN = """\
general: {{
    configs_folder = "{folder}"
    api_secret = "{api_secret}"
    server_name = "Hearth"
    session_timeout = 60
    debug_level = 3
    debug_timestamps = true
    hide_dependencies = true
    event_loops = {loops}
}}
media: {{ rtp_port_range = "{ports}" }}
nat: {{ nice_debug = false }}
plugins: {{ disable = "{other_plugins}" }}
transports: {{ disable = "{other_transports}" }}
"""
WEBSOCKETS = """\
general: {{ json = "compact" ws = true ws_port = {port} ws_ip = "127.0.0.1" wss = false }}
admin: {{ admin_ws = false admin_wss = false }}
"""
VIDEOROOM = """\
general: {{ admin_key = "{admin_key}" string_ids = true }}
"""
OTHER_PLUGINS = "audiobridge duktape echotest lua nosip recordplay sip streaming textroom videocall voicemail"
OTHER_TRANSPORTS = "http mqtt nanomsg pfunix rabbitmq"


def api_secret(var: Path) -> str:
    """What every request to Janus carries."""
    return secrets_file.read_or_make(var / "keys" / "janus-api", size=24)


def admin_key(var: Path) -> str:
    """What a request to make a room carries."""
    return secrets_file.read_or_make(var / "keys" / "janus-rooms", size=24)


@dataclass(frozen=True, slots=True)
class Server:
    """One Janus, and what it asks of whoever talks to it."""

    name: str
    url: str
    api_secret: str
    admin_key: str


def servers(said: Mapping[str, str], var: Path) -> tuple[Server, ...]:
    """The pool: `HEARTH_JANUS_SERVERS` as `name=ws://host:port,…` with their secrets, or the one `hearth serve` starts.

    None with `HEARTH_JANUS=0`. Raises ValueError with a sentence.
    """
    if not environment.is_on(said, "HEARTH_JANUS", otherwise=True):
        return ()
    named = said.get("HEARTH_JANUS_SERVERS", "").strip()
    if not named:
        return (Server("here", f"ws://127.0.0.1:{PORT}", api_secret(var), admin_key(var)),)
    try:
        secret, key = said["HEARTH_JANUS_API_SECRET"], said["HEARTH_JANUS_ADMIN_KEY"]
    except KeyError as missing:
        raise ValueError(f"HEARTH_JANUS_SERVERS is set, so {missing.args[0]} must be set too.") from None
    found = [each.strip().partition("=") for each in named.split(",") if each.strip()]
    if any(not name or not url.startswith(("ws://", "wss://")) for name, _equals, url in found):
        raise ValueError("HEARTH_JANUS_SERVERS is written `name=ws://host:port`, with commas between servers.")
    return tuple(Server(name, url, secret, key) for name, _equals, url in found)


def is_installed() -> bool:
    return shutil.which("janus") is not None


def spawn(var: Path, *, port: int = PORT) -> "subprocess.Popen[bytes]":
    """Start Janus with a configuration written anew."""
    folder = var.absolute() / "janus"
    _write_configuration(var, folder, port)
    with (folder / "janus.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603
            [shutil.which("janus") or "janus", "-F", str(folder), "-C", str(folder / "janus.jcfg")],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **postgres.as_user(),
        )


def _write_configuration(var: Path, folder: Path, port: int) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    texts = {
        "janus.jcfg": MAIN.format(
            folder=folder,
            api_secret=api_secret(var),
            ports="20000-20500",
            loops=LOOPS,
            other_plugins=_libraries(OTHER_PLUGINS),
            other_transports=_libraries(OTHER_TRANSPORTS),
        ),
        "janus.transport.websockets.jcfg": WEBSOCKETS.format(port=port),
        "janus.plugin.videoroom.jcfg": VIDEOROOM.format(admin_key=admin_key(var)),
    }
    identity = postgres.as_user()
    for name, text in texts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    if "user" in identity:
        for place in (folder, *(folder / name for name in texts)):
            os.chown(place, identity["user"], identity["group"])


def _libraries(names: str) -> str:
    """`a b` as Janus lists what it shall not load."""
    return ",".join(f"libjanus_{name}.so" for name in names.split())
