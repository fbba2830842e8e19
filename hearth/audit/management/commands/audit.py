"""`hearth audit verify` and `hearth audit seal`."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from hearth.audit import sealing, verifying
from hearth.lib import tenancy


class Command(BaseCommand):
    help = "Check that the record of who read and did what is whole (verify), or seal what waits (seal)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["verify", "seal"], help="verify: exits 1 if anything is wrong")

    def handle(self, *, verb: str, **_: Any) -> None:
        """One JSON document on standard output; what is wrong in a sentence on standard error."""
        organisations = tenancy.organisations()
        if verb == "seal":
            counts = {str(each): sealing.seal(each, at=timezone.now(), whole=True) for each in organisations}
            self.stdout.write(json.dumps({"sealed": counts}))
            return
        verdicts = [verifying.verify(each, at=timezone.now()) for each in organisations]
        whole = not any(verdict.problems for verdict in verdicts)
        document = {"whole": whole, "organisations": [asdict(verdict) for verdict in verdicts]}
        self.stdout.write(json.dumps(document, default=str))
        if not whole:
            raise CommandError(_sentence(verdicts))


def _sentence(verdicts: list[verifying.Verdict]) -> str:
    faults = sorted({problem.fault.value for verdict in verdicts for problem in verdict.problems})
    count = sum(len(verdict.problems) for verdict in verdicts)
    return f"The record is not whole: {count} {'problem' if count == 1 else 'problems'} ({', '.join(faults)})."
