"""`hearth referral import FILE…`: referrals that arrive as FHIR R4 bundles or C-CDA documents."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from hearth.accounts.models import Organisation
from hearth.inquiry.bundle import LARGEST_BYTES
from hearth.inquiry.referral_services import Received, receive
from hearth.inquiry.said import Said
from hearth.lib import tenancy


class Command(BaseCommand):
    help = "Put referrals (FHIR R4 bundles, C-CDA documents) into the referral inbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        jobs = parser.add_subparsers(dest="job", required=True)
        taken = jobs.add_parser(
            "import", help="Import files and print what became of each as JSON; exit 1 if any was refused."
        )
        taken.add_argument("files", nargs="+", type=Path, metavar="FILE")
        taken.add_argument("--dry-run", action="store_true", help="Only show what would happen; store nothing.")
        taken.add_argument("--organisation", metavar="SLUG", help="Whose inbox; may be left out if there is only one.")

    def handle(self, *args: Any, files: list[Path], dry_run: bool, organisation: str | None, **options: Any) -> None:
        whose = _organisation(organisation)
        if dry_run:
            with tenancy.within(whose.pk), transaction.atomic():
                results = [_import(path) for path in files]
                transaction.set_rollback(True)
        else:
            results = []
            for path in files:
                with tenancy.within(whose.pk):
                    results.append(_import(path))
        self.stdout.write(json.dumps(results, ensure_ascii=False, indent=2))
        if any(one["status"] == "refused" for one in results):
            sys.exit(1)


def _organisation(slug: str | None) -> Organisation:
    every = list(Organisation.objects.order_by("slug"))
    if not every:
        raise CommandError("There is no organisation yet; `hearth demo` makes one to try with.")
    slugs = ", ".join(one.slug for one in every)
    if slug is None:
        if len(every) > 1:
            raise CommandError(f"Say whose inbox with --organisation: {slugs}.")
        return every[0]
    found = next((one for one in every if one.slug == slug), None)
    if found is None:
        raise CommandError(f"There is no organisation {slug!r}; there is {slugs}.")
    return found


def _import(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)  # one more tells that it is too large
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        return _told(
            path, Received(path.name, "refused", problems=(Said("The file cannot be read: %(why)s.", why=why),))
        )
    return _told(path, receive(data=data, file_name=path.name, by=None, source="command", at=timezone.now()))


def _told(path: Path, one: Received) -> dict[str, Any]:
    return {
        "file": str(path),
        "status": one.status,
        "patient": (one.packet.person.name or None) if one.packet else None,
        "counts": dict(one.packet.counts) if one.packet else {},
        "problems": list(one.problems),
    }
