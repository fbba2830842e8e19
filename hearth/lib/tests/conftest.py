import shutil
import tempfile
from pathlib import Path

import pytest

from hearth.lib import postgres


@pytest.fixture
def var():
    """A `var` of its own that other users may enter, for PostgreSQL does not run as root."""
    folder = Path(tempfile.mkdtemp(prefix="hearth-var-"))
    folder.chmod(0o711)
    yield folder
    postgres.stop(folder)
    shutil.rmtree(folder)
