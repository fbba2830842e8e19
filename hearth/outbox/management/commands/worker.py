"""`hearth worker`: carries out the jobs that wait in the database, until it is told to stop."""

import asyncio
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


class Command(BaseCommand):
    help = "Carry out waiting jobs: mail, reminders and whatever else is due. Runs until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=4, help="jobs at the same time (default: 4)")

    def handle(self, *, concurrency: int, **_: Any) -> None:
        asyncio.run(_work(concurrency))


async def _work(concurrency: int) -> None:
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(concurrency=concurrency)
