"""Asking ClamAV about a file, where its daemon is installed (clamd's INSTREAM, over its local socket)."""

import socket
import struct
from pathlib import Path

_PATIENCE = 30  # seconds
_PIECE = 1 << 16  # bytes


class Infected(Exception):
    """ClamAV knows this file as harmful."""


class NotAsked(Exception):
    """The daemon is installed and did not answer: nobody knows."""


def refuse(data: bytes, *, daemon: Path) -> None:
    """Raise Infected or NotAsked if this file may not be kept; where no `daemon` has its socket, nothing happens."""
    if not daemon.exists():
        return
    answer = _asked(daemon, data)
    if answer.endswith("FOUND"):
        raise Infected
    if not answer.endswith("OK"):
        raise NotAsked(answer)


def _asked(daemon: Path, data: bytes) -> str:
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(_PATIENCE)
            line.connect(str(daemon))
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), _PIECE):
                piece = data[start : start + _PIECE]
                line.sendall(struct.pack(">I", len(piece)) + piece)
            line.sendall(struct.pack(">I", 0))
            return line.makefile("rb").read().rstrip(b"\0\n").decode(errors="replace")
    except OSError as error:
        raise NotAsked(str(error)) from error
