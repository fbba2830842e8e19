"""`hearth program check [FOLDER]`: program packs, without a database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hearth.program import pack, rules


class Command(BaseCommand):
    help = "Check the program packs."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        jobs = parser.add_subparsers(dest="job", required=True)
        check = jobs.add_parser("check", help="Say what is wrong with a pack; exit 1 if anything is.")
        check.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=pack.FOLDER,
            help="One pack, or a folder of packs; all that ship if left out.",
        )

    def handle(self, *args: Any, job: str, folder: Path, **options: Any) -> None:
        alone = (folder / "pack.toml").is_file()
        checked = (folder,) if alone else pack.folders(folder)
        if not checked:
            raise CommandError(f"{folder} holds no program pack.")
        found = rules.check(folder) if alone else rules.check_all(folder)
        for problem in found:
            self.stdout.write(str(problem))
        packs = "1 pack" if len(checked) == 1 else f"{len(checked)} packs"
        if found:
            many = "1 problem" if len(found) == 1 else f"{len(found)} problems"
            raise CommandError(f"{many} in {packs}.")
        self.stdout.write(f"{packs} checked: no problems.")
