"""The supervisor as a program of its own, keeping two trivial children."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

KEEPER = """
import subprocess, sys
from hearth.lib.supervise import Child, Supervisor

def sleeper(name):
    code = "import sys, time; open(sys.argv[1], 'a').write(f'{__import__(\\"os\\").getpid()}\\\\n'); time.sleep(60)"
    return lambda: subprocess.Popen([sys.executable, "-c", code, name], start_new_session=True)

with Supervisor(print) as keeper:
    keeper.add(Child("The first", sleeper(sys.argv[1])))
    keeper.add(Child("The second", sleeper(sys.argv[2])))
    keeper.watch()
"""


class Kept:
    """A running supervisor and the pids that its children wrote down."""

    def __init__(self, folder):
        self.files = [folder / "first", folder / "second"]
        self.process = subprocess.Popen([sys.executable, "-c", KEEPER, *map(str, self.files)])

    def pids(self, *, at_least=1):
        """The latest pid of each child, once each has started `at_least` times."""
        wait_until(lambda: all(len(self._written(file)) >= at_least for file in self.files))
        return [self._written(file)[-1] for file in self.files]

    def first_again(self, not_this):
        wait_until(lambda: self._written(self.files[0])[-1] != not_this, 10)
        return self._written(self.files[0])[-1]

    def _written(self, file):
        return [int(line) for line in file.read_text().split()] if file.exists() else []


@pytest.fixture
def kept(tmp_path):
    supervisor = Kept(tmp_path)
    yield supervisor
    supervisor.process.terminate()
    supervisor.process.wait(60)


def wait_until(true, seconds=60.0):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def is_running(pid):
    """Not counting a process that has ended and whose end nobody has asked for."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()


def test_a_killed_child_is_back_within_ten_seconds_and_its_sibling_is_left_alone(kept):
    first, second = kept.pids()
    os.kill(first, signal.SIGKILL)
    again = kept.first_again(first)
    assert is_running(again)
    assert kept.pids()[1] == second
    assert is_running(second)


def test_a_child_that_ends_at_once_again_and_again_is_still_tried(kept):
    pid = kept.pids()[0]
    for _ in range(3):
        os.kill(pid, signal.SIGKILL)
        pid = kept.first_again(pid)
    assert is_running(pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_stops_all(kept, number):
    pids = kept.pids()
    kept.process.send_signal(number)
    assert kept.process.wait(60) == 0
    assert not any(is_running(pid) for pid in pids)


def test_no_child_outlives_a_supervisor_that_was_killed(kept):
    pids = kept.pids()
    kept.process.kill()
    wait_until(lambda: not any(is_running(pid) for pid in pids))
