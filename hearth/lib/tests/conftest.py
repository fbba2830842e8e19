import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from hearth.lib import postgres


@pytest.fixture
def var():
    """A `var` of its own that other users may enter, for PostgreSQL does not run as root."""
    folder = _new_folder()
    yield folder
    postgres.stop(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def started_before():
    """A `var` in which the server was once, with its data, roles and keys."""
    folder = _new_folder()
    postgres.start(folder)
    postgres.stop(folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def made(var, started_before):
    """A `var` of its own that begins as a copy of one in which the server was before: making data takes seconds."""
    subprocess.run(["/bin/cp", "-a", f"{started_before}/.", var], check=True)
    return var


def _new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hearth-var-"))
    folder.chmod(0o711)
    return folder
