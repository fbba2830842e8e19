"""`hearth worker`: carries out the jobs that wait in the database, until it is told to stop."""

import asyncio
import contextlib
import signal
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandParser
from procrastinate import App
from procrastinate.app import WorkerOptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

PROMPT = "prompt"  # the queue of short jobs that may not wait behind long ones; it has a place of its own


class Command(BaseCommand):
    help = "Carry out waiting jobs: mail, reminders and whatever else is due. Runs until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=4, help="jobs at the same time (default: 4)")
        parser.add_argument(
            "--stalled-after",
            type=float,
            default=30.0,
            help="seconds of silence after which a worker counts as gone and its jobs are taken up (default: 30)",
        )

    def handle(self, *, concurrency: int, stalled_after: float, **_: Any) -> None:
        asyncio.run(_work(concurrency, stalled_after))


async def _work(concurrency: int, stalled_after: float) -> None:
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as worker_app:
        async with worker_app.open_async(), asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(worker_app.run_worker_async(**_options("all", concurrency, stalled_after))),
                group.create_task(
                    worker_app.run_worker_async(**_options(PROMPT, 1, stalled_after) | {"queues": [PROMPT]})
                ),
                group.create_task(_take_up_stalled(worker_app, stalled_after)),
            ]
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, _stop, tasks)


def _options(name: str, concurrency: int, stalled_after: float) -> WorkerOptions:
    return {
        "name": name,
        "concurrency": concurrency,
        "install_signal_handlers": False,
        "delete_jobs": "successful",
        "update_heartbeat_interval": stalled_after / 3,
        "stalled_worker_timeout": stalled_after,
        "shutdown_graceful_timeout": 8.0,
    }


async def _take_up_stalled(worker_app: App, stalled_after: float) -> None:
    """Hand the jobs of workers that were killed to those that live. Handlers check whether the work was done."""
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            for job in await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after):
                await _take_up(worker_app, job)
            await asyncio.sleep(stalled_after / 3)


async def _take_up(worker_app: App, job: Job) -> None:
    jobs = worker_app.job_manager
    try:
        await jobs.retry_job(job)
    except UniqueViolation:  # a job that may wait only once waits again already
        await jobs.finish_job(job, status=Status.FAILED, delete_job=True)
    except ConnectorException:
        pass  # another worker was quicker


def _stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
