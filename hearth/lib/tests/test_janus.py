import shutil
import socket
import tempfile
import time
from pathlib import Path

import pytest

from hearth.lib import janus
from hearth.lib.supervise import end

THIS_MACHINE_TOO = "127.0.0.2"  # a door open to all would answer here


@pytest.mark.skipif(not janus.is_installed(), reason="Janus is not installed")
def test_video_listens_on_this_machine_alone_and_not_as_root():
    var = Path(tempfile.mkdtemp(prefix="hearth-var-"))
    var.chmod(0o711)
    port = _free_port()
    process = janus.spawn(var, port=port)
    try:
        _wait_for(port)
        assert Path(f"/proc/{process.pid}").stat().st_uid != 0
        assert (var / "janus" / "janus.jcfg").stat().st_mode & 0o077 == 0
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((THIS_MACHINE_TOO, port), timeout=2)
    finally:
        end(process)
        shutil.rmtree(var)


def _free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def _wait_for(port):
    until = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_the_pool_is_our_own_janus_unless_others_are_named(tmp_path):
    (one,) = janus.servers({}, tmp_path)
    assert (one.url, one.api_secret) == (f"ws://127.0.0.1:{janus.PORT}", janus.api_secret(tmp_path))
    assert janus.servers({"HEARTH_JANUS": "0"}, tmp_path) == ()


def test_a_pool_is_named_with_its_secrets(tmp_path):
    named = {"HEARTH_JANUS_SERVERS": "a=ws://10.0.0.5:8188, b=wss://b.example", "HEARTH_JANUS_API_SECRET": "s"}
    with pytest.raises(ValueError, match="HEARTH_JANUS_ADMIN_KEY"):
        janus.servers(named, tmp_path)
    found = janus.servers(named | {"HEARTH_JANUS_ADMIN_KEY": "k"}, tmp_path)
    assert found == (janus.Server("a", "ws://10.0.0.5:8188", "s", "k"), janus.Server("b", "wss://b.example", "s", "k"))
    with pytest.raises(ValueError, match="name=ws"):
        janus.servers(named | {"HEARTH_JANUS_SERVERS": "10.0.0.5", "HEARTH_JANUS_ADMIN_KEY": "k"}, tmp_path)
