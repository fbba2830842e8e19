"""`hearth demo`: a whole program to look around in."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from hearth.web import demo


class Command(BaseCommand):
    help = "Load the demo program into an empty database. The same seed and time make the same demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="which chance decides the histories")
        parser.add_argument("--times", type=int, default=1, help="how many times as many people and groups")
        parser.add_argument("--at", type=_moment, default=None, help="the demo's now, as ISO 8601 with zone")

    def handle(self, *, seed: int, times: int, at: datetime | None, **_: Any) -> None:
        try:
            organisation = demo.load(seed=seed, at=at or timezone.now(), times=times)
        except demo.AlreadyFurnished as refusal:
            raise CommandError(str(refusal)) from refusal
        with connections["owner"].cursor() as owner:
            owner.execute("ANALYZE")  # it plans badly for rows it has not counted, and counts only after a while
        self.stdout.write(f"{organisation.name} is ready.")


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("the time needs a zone")
    return at
