"""What the worker does for sessions: it ends video nobody could end, pictures hours, and tells of talks alone."""

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.accounts.models import Organisation
from hearth.lib import tenancy
from hearth.sessions.services import picture_everyones_hours
from hearth.sessions.services.talks import tell_of_talks
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


@app.periodic(cron="35 * * * *")
@app.task(name="sessions.tell_of_talks", queue="outbox", queueing_lock="sessions.tell_of_talks")
def tell_of_coming_talks(timestamp: int) -> None:
    """Every hour: what is asked before a talk alone falls due in time."""
    for organisation in tenancy.organisations():
        with tenancy.within(organisation), timezone.override(Organisation.objects.get(pk=organisation).zone):
            tell_of_talks(at=timezone.now())
