"""Keeps several programs running: one that ends is started again, and all are stopped together.

Nothing is left behind when the supervisor itself is killed: a small process of its own holds the other end of
a pipe, notices that the supervisor is gone, and stops what it was told of.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

GRACE = 10.0  # seconds a program has to end by itself before it is killed
LONGEST_WAIT = 6.0  # seconds before a program that keeps ending is started again
STEADY = 20.0  # seconds after which a program counts as having started well
TICK = 0.1

Process = subprocess.Popen[bytes]


class Stopped(BaseException):
    """Ctrl-C or SIGTERM: it is time to stop everything."""


@dataclass(slots=True)
class Child:
    """A program to keep running. `spawn` starts it in its own session; None: it runs elsewhere already."""

    name: str
    spawn: Callable[[], Process | None]
    stop_with: signal.Signals = signal.SIGTERM
    process: Process | None = None
    started: float = 0.0
    again_at: float = 0.0
    wait: float = field(default=0.0)


class Supervisor:
    """`with Supervisor(say) as keeper: keeper.add(child); keeper.watch()`. Leaving stops all, last first."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.children: list[Child] = []

    def __enter__(self) -> "Supervisor":
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, _stop)
        self.lifeline = _lifeline()
        return self

    def __exit__(self, *_: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)  # already stopping
        for child in reversed(self.children):
            if child.process:
                end(child.process, child.stop_with)
        if self.lifeline.stdin:
            with contextlib.suppress(BrokenPipeError):
                self.lifeline.stdin.close()
        self.lifeline.wait()

    def add(self, child: Child) -> None:
        """Start this program and keep it running from now on. Errors of the first start are the caller's."""
        self.children.append(child)
        self._start(child)

    def tick(self) -> None:
        """Look once at every program and start again what has ended."""
        if self.lifeline.poll() is not None:
            self.lifeline = _lifeline()
            for child in self.children:
                if child.process:
                    self._tell(f"+{child.process.pid} {child.stop_with.value}\n")
        for child in self.children:
            if child.process and child.process.poll() is not None:
                self._ended(child, child.process)
            if child.process is None and time.monotonic() >= child.again_at:
                self._start_again(child)

    def run(self, process: Process) -> tuple[int, str]:
        """Wait for a program that does one thing; its exit status and what it wrote to its pipe."""
        self._tell(f"+{process.pid} {signal.SIGTERM.value}\n")
        try:
            written, _ = process.communicate()
        finally:
            end(process)
            self._tell(f"-{process.pid} 0\n")
        return process.returncode, (written or b"").decode()

    def watch(self) -> None:
        """Keep everything running until Ctrl-C or SIGTERM."""
        with contextlib.suppress(Stopped):
            while True:
                self.tick()
                time.sleep(TICK)

    def _start(self, child: Child) -> None:
        child.process = child.spawn()
        child.started = time.monotonic()
        if child.process is None:
            child.again_at = child.started + 1.0  # look again whether it still runs elsewhere
        else:
            self._tell(f"+{child.process.pid} {child.stop_with.value}\n")

    def _start_again(self, child: Child) -> None:
        try:
            self._start(child)
        except Exception as trouble:
            self.say(f"{child.name} did not start: {trouble}")
            child.again_at = time.monotonic() + LONGEST_WAIT

    def _ended(self, child: Child, process: Process) -> None:
        _kill_group(process.pid)  # what it may have left behind
        self._tell(f"-{process.pid} 0\n")
        steady = time.monotonic() - child.started > STEADY
        child.wait = 0.0 if steady else min(LONGEST_WAIT, child.wait * 2 + 0.5)
        child.again_at = time.monotonic() + child.wait
        child.process = None
        how = f"signal {-process.returncode}" if process.returncode < 0 else f"status {process.returncode}"
        if child.wait < LONGEST_WAIT:  # what keeps ending is told of a few times, not for ever
            self.say(f"{child.name} ended ({how}); starting it again.")

    def _tell(self, line: str) -> None:
        if self.lifeline.stdin:
            with contextlib.suppress(BrokenPipeError):
                self.lifeline.stdin.write(line.encode())
                self.lifeline.stdin.flush()


def _lifeline() -> Process:
    return subprocess.Popen(
        [sys.executable, "-m", "hearth.lib.supervise"], stdin=subprocess.PIPE, start_new_session=True
    )


def end(process: Process, stop_with: signal.Signals = signal.SIGTERM) -> None:
    """Ask the program to end; kill it and all it started if it has not within 10 s."""
    if process.poll() is None:
        process.send_signal(stop_with)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    _kill_group(process.pid)
    process.wait()


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def stop_when_the_supervisor_is_gone(lines: IO[str]) -> None:
    """Read `+PID SIGNAL` and `-PID 0` until the pipe closes, then end those still named, last first."""
    named: dict[int, int] = {}
    for line in lines:
        pid, number = (int(word) for word in line[1:].split())
        if line.startswith("+"):
            named[pid] = number
        else:
            named.pop(pid, None)
    until = time.monotonic() + GRACE
    for pid, number in reversed(named.items()):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        while _is_alive(pid) and time.monotonic() < until:
            time.sleep(TICK)
        _kill_group(pid)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    stop_when_the_supervisor_is_gone(sys.stdin)
