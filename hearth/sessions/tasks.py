"""What the worker does for sessions: it ends what nobody ended, pictures hours, tells of talks and offers make-ups."""

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.accounts.models import Organisation
from hearth.lib import tenancy
from hearth.sessions.services import (
    clear_forgotten,
    close_make_ups,
    invite_families,
    offer_make_ups,
    picture_everyones_hours,
)
from hearth.sessions.services.outreach import hear_of_kept_out
from hearth.sessions.services.talks import tell_of_talks
from hearth.sessions.video import services


@app.periodic(cron="* * * * *")
@app.task(name="sessions.close_lost", queue="outbox", queueing_lock="sessions.close_lost")
def close_lost(timestamp: int) -> None:
    """Every minute: those whose connection died with its process were there until its last sign of life.

    What is shown where nobody pressed the end is put away, and whoever could not be let in there is followed up.
    """
    for organisation in tenancy.organisations():
        with tenancy.within(organisation):
            services.close_lost(at=timezone.now())
        with tenancy.within(organisation):
            clear_forgotten(at=timezone.now())
        with tenancy.within(organisation):
            hear_of_kept_out(at=timezone.now())


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


@app.periodic(cron="*/10 * * * *")
@app.task(name="sessions.offer_make_ups", queue="slow", queueing_lock="sessions.offer_make_ups")
def make_up(timestamp: int) -> None:
    """Every ten minutes: whoever missed a session is offered other times, where their program says so."""
    for pk in tenancy.organisations():
        organisation = Organisation.objects.get(pk=pk)
        with tenancy.within(pk):
            close_make_ups(organisation=organisation, at=timezone.now())
        with tenancy.within(pk):
            offer_make_ups(organisation=organisation, at=timezone.now())


@app.periodic(cron="0 17 * * *")
@app.task(name="sessions.invite_families", queue="outbox", queueing_lock="sessions.invite_families")
def invite(timestamp: int) -> None:
    """Once a day: family whom a program asks for and who has not come for long gets a kind word."""
    for organisation in tenancy.organisations():
        with tenancy.within(organisation):
            invite_families(at=timezone.now())
