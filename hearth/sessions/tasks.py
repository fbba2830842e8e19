"""What the worker does for sessions: it ends video nobody could end, and pictures everyone's hours."""

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.lib import tenancy
from hearth.sessions.services import picture_everyones_hours
from hearth.sessions.video import services


@app.periodic(cron="* * * * *")
@app.task(name="sessions.close_lost", queue="outbox", queueing_lock="sessions.close_lost")
def close_lost(timestamp: int) -> None:
    """Every minute: those whose connection died with its process were there until its last sign of life."""
    for organisation in tenancy.organisations():
        with tenancy.within(organisation):
            services.close_lost(at=timezone.now())


@app.periodic(cron="*/15 * * * *")
@app.task(name="sessions.picture_hours", queue="outbox", queueing_lock="sessions.picture_hours")
def picture_hours(timestamp: int) -> None:
    """Each quarter of an hour: lists of hours and authorisations are made from what the ledgers say now."""
    for organisation in tenancy.organisations():
        with tenancy.within(organisation):
            picture_everyones_hours(at=timezone.now())
