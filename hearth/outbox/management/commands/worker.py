"""`hearth worker`: carries out the jobs that wait in the database, until it is told to stop."""

import asyncio
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app


class Command(BaseCommand):
    help = "Carry out waiting jobs: mail, reminders and whatever else is due. Runs until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=4, help="jobs at the same time (default: 4)")

    def handle(self, *, concurrency: int, **_: Any) -> None:
        connector = app.connector.get_worker_connector()
        with app.replace_connector(connector) as worker_app:
            asyncio.run(worker_app.run_worker_async(concurrency=concurrency))
