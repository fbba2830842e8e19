"""Prove a bound in a process of its own, for PDLP keeps the interpreter's lock while it runs.

python -m hearth.timetable.solver.proving SECONDS < relaxation > bound
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from io import BytesIO

import numpy as np

from hearth.timetable.solver.bound import Relaxation, prove


class Prover:
    """The process. `bound` is what it has proved, in minutes; None while it runs."""

    def __init__(self, relaxed: Relaxation, seconds: float) -> None:
        with tempfile.TemporaryFile() as file:
            np.savez(file, **asdict(relaxed))
            file.seek(0)
            self._process = subprocess.Popen(  # noqa: S603 - our own module, a number
                [sys.executable, "-m", __name__, str(seconds)],
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each)},
            )

    def bound(self) -> int | None:
        """What is proved, 0 if it failed; None if it still runs."""
        if self._process.poll() is None:
            return None
        text = self._process.stdout.read().strip() if self._process.stdout else b""
        self.end()
        return int(text) if text.isdigit() else 0

    def end(self) -> None:
        """Stop it if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


def main() -> None:
    """Read a relaxation, print the bound."""
    began = time.monotonic()
    with np.load(BytesIO(sys.stdin.buffer.read())) as data:
        relaxed = Relaxation(**{name: data[name] for name in data.files})
    bound, _ = prove(relaxed, seconds=max(0.1, float(sys.argv[1]) - (time.monotonic() - began)))
    sys.stdout.write(f"{bound}\n")


if __name__ == "__main__":
    main()
