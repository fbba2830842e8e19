"""What the worker does for measures: it reminds."""

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.accounts.models import Organisation
from hearth.lib import tenancy
from hearth.measures import reminding


@app.periodic(cron="5 * * * *")
@app.task(name="measures.remind", queue="outbox", queueing_lock="measures.remind")
def remind(timestamp: int) -> None:
    """Once a day, at an hour when people are up: whoever something waits for hears of it, at most once a week."""
    now = timezone.now()
    for organisation in tenancy.organisations():
        with tenancy.within(organisation):
            zone = Organisation.objects.get(pk=organisation).zone
            if now.astimezone(zone).hour == reminding.HOUR:
                with timezone.override(zone):
                    reminding.remind(at=now)
