"""The programs that are compared, each run as a process of its own. OR-Tools is imported by none of this."""

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BENCH = Path(__file__).parent.parent
ROOT = BENCH.parent
Json = dict[str, Any]


class NoReferee(Exception):
    """The referee's `tools/board.py` is not where it was looked for."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the engine's progress. `seconds`: since its process was started."""

    seconds: float
    unmet: int
    moved: int


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run of the engine. `seconds`: from its process's start to its end.

    `memory`: the most that it and the processes it started held together, in MB.
    """

    week: Json
    seconds: float
    memory: float
    told: list[Told]


def referee_path() -> Path:
    """Where the referee is: HEARTH_SHARED says so, or it lies in `../shared` beside the repository."""
    shared = Path(os.environ.get("HEARTH_SHARED", ROOT.parent / "shared"))
    path = shared / "tools" / "board.py"
    if not path.is_file():
        raise NoReferee(f"The referee is not at {path}; set HEARTH_SHARED to the folder that holds tools/board.py.")
    return path


def referee(*arguments: str | Path) -> Json:
    """What the referee prints. `check` exits with 1 where a rule is broken, which its figures say."""
    command: list[str | Path] = [sys.executable, referee_path(), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"the referee could not do: {' '.join(map(str, arguments))}")
    found: Json = json.loads(done.stdout)
    return found


def check(board: Path, week: Path) -> Json:
    """The referee's figures of this week."""
    return referee("check", "--board", board, "--solution", week)


def engine(board: Path, out: Path, *, seconds: float, workers: int, seed: int = 1) -> Run:
    """`hearth timetable solve`, watched."""
    command: list[str | Path] = [*_hearth(), "solve", "--board", board, "--out", out, "--seconds", f"{seconds:.2f}"]
    command += ["--seed", str(seed), "--workers", str(workers), "--progress"]
    log = out.with_suffix(".progress")
    began = time.monotonic()
    told: list[Told] = []
    with log.open("wb") as figures:
        child = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=figures, stderr=subprocess.PIPE)
        assert child.stderr
        peak = _Peak(child.pid)
        peak.start()
        for line in child.stderr:
            if line.startswith(b"{"):
                row = json.loads(line)
                told.append(Told(round(time.monotonic() - began, 2), row["unmet_minutes"], row["moved"]))
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        peak.over.set()
        peak.join()
    log.unlink()
    if child.returncode:
        raise RuntimeError(f"the engine exited with {child.returncode} on {board}")
    took = round(time.monotonic() - began, 2)
    memory = max(peak.most, usage.ru_maxrss) / 1024
    return Run(json.loads(out.read_text(encoding="utf-8")), took, round(memory, 1), told)


class _Peak(threading.Thread):
    """Watches how much memory a process and those below it hold together; `most` is in kB, 0 where /proc is not."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self.over = pid, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.2):
            self.most = max(self.most, sum(map(_held, _family(self.pid))))


def _family(pid: int) -> list[int]:
    """This process and those below it."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in path.read_text(encoding="ascii").split():
                found += _family(int(child))
    return found


def _held(pid: int) -> int:
    """Resident memory of one process in kB; 0 if it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0


def places(board: Path, person: Path) -> float | None:
    """Seconds that `hearth timetable places` takes, its start included; None where there is no such command."""
    began = time.monotonic()
    command: list[str | Path] = [*_hearth(), "places", "--board", board, "--person", person]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, check=False)
    if done.returncode:
        return None
    answer = json.loads(done.stdout)
    assert {"places", "one_change_away"} <= answer.keys()
    return round(time.monotonic() - began, 2)


def rival(method: str, board: Path, greedy: Path, out: Path, *, seconds: float, workers: int) -> None:
    """One plain solver alone (`plain.rival`); its week is in `out`."""
    command: list[str | Path] = [sys.executable, "-m", "plain.rival", method, board, greedy, out]
    command += ["--seconds", f"{seconds:.1f}", "--workers", str(workers)]
    subprocess.run(command, cwd=BENCH, stdout=subprocess.DEVNULL, check=True)


def linear_bound(board: Path, out: Path) -> int:
    """The minutes that `bench/bound.py` proves."""
    command: list[str | Path] = [sys.executable, BENCH / "bound.py", board, "--json", out]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    figures = json.loads(out.read_text(encoding="utf-8"))["figures"]
    return int(figures[board.stem]["value"])


def _hearth() -> list[str]:
    return [sys.executable, "-m", "hearth.cli", "timetable"]


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}
