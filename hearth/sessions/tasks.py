"""What the worker does for sessions: it ends in the video rooms what nobody could end."""

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.lib import tenancy
from hearth.sessions.video import services


@app.periodic(cron="* * * * *")
@app.task(name="sessions.close_lost", queue="outbox", queueing_lock="sessions.close_lost")
def close_lost(timestamp: int) -> None:
    """Every minute: those whose connection died with its process were there until its last sign of life."""
    for organisation in tenancy.organisations():
        with tenancy.within(organisation):
            services.close_lost(at=timezone.now())
