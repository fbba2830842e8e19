"""Message catalogues: each `.po` file compiled to the `.mo` file beside it, without needing gettext."""

import os
import sys
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1]


def compile_all(folder: Path = PACKAGE) -> list[Path]:
    """Compile every catalogue under `folder` that is newer than what was made of it; those compiled."""
    return [source for source in sorted(folder.rglob("LC_MESSAGES/*.po")) if _compile(source)]


def _compile(source: Path) -> bool:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    polib.pofile(str(source)).save_as_mofile(str(fresh))
    fresh.replace(target)  # whole or not at all, for those who read it at this moment
    return True


if __name__ == "__main__":
    sys.stdout.writelines(f"{path}\n" for path in compile_all())
