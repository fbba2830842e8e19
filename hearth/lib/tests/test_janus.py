import socket
from pathlib import Path

import pytest

from hearth.lib import janus
from hearth.lib.testing import running_janus

THIS_MACHINE_TOO = "127.0.0.2"  # a door open to all would answer here


@pytest.mark.skipif(not janus.is_installed(), reason="Janus is not installed")
def test_video_listens_on_this_machine_alone_and_not_as_root():
    with running_janus() as running:
        assert Path(f"/proc/{running.process.pid}").stat().st_uid != 0
        assert (running.var / "janus" / "janus.jcfg").stat().st_mode & 0o077 == 0
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((THIS_MACHINE_TOO, running.port), timeout=2)


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
