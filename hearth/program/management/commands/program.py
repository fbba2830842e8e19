"""`hearth program check` and `hearth program report`: program packs, without a database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hearth.program import pack, report, rules


class Command(BaseCommand):
    help = "Check the program packs, or list their lessons."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        jobs = parser.add_subparsers(dest="job", required=True)
        check = jobs.add_parser("check", help="Say what is wrong with a pack; exit 1 if anything is.")
        listed = jobs.add_parser("report", help="List every lesson: module, language, minutes, reading age, sources.")
        listed.add_argument("--json", action="store_true", dest="as_json", help="For machines.")
        for job in (check, listed):
            job.add_argument(
                "folder",
                nargs="?",
                type=Path,
                default=pack.FOLDER,
                help="One pack, or a folder of packs; all that ship if left out.",
            )

    def handle(self, *args: Any, job: str, folder: Path, as_json: bool = False, **options: Any) -> None:
        alone = (folder / "pack.toml").is_file()
        named = (folder,) if alone else pack.folders(folder)
        if not named:
            raise CommandError(f"{folder} holds no program pack.")
        if job == "report":
            self._report(named, as_json)
        else:
            self._check(rules.check(folder) if alone else rules.check_all(folder), len(named))

    def _report(self, named: tuple[Path, ...], as_json: bool) -> None:
        try:
            rows = report.rows(pack.read(one) for one in named)
        except pack.UnreadablePack as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) if as_json else report.as_text(rows))

    def _check(self, found: tuple[pack.Problem, ...], many_packs: int) -> None:
        for problem in found:
            self.stdout.write(str(problem))
        packs = "1 pack" if many_packs == 1 else f"{many_packs} packs"
        if found:
            many = "1 problem" if len(found) == 1 else f"{len(found)} problems"
            raise CommandError(f"{many} in {packs}.")
        self.stdout.write(f"{packs} checked: no problems.")
