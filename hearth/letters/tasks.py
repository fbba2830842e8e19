"""Letters to oneself that come by themselves, every quarter of an hour by day."""

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.accounts.models import Organisation
from hearth.letters import future
from hearth.lib import tenancy

FROM_HOUR, TO_HOUR = 9, 20  # of the house's own clock: nobody is woken by themself


@app.periodic(cron="*/15 * * * *")
@app.task(name="letters.announce", queue="outbox", queueing_lock="letters.announce")
def announce(timestamp: int) -> None:
    """Tell whoever has put something away for today. Going round twice tells nobody twice."""
    at = timezone.now()
    for pk in tenancy.organisations():
        with tenancy.within(pk):
            here = at.astimezone(Organisation.objects.get(pk=pk).zone)
            if FROM_HOUR <= here.hour < TO_HOUR:
                future.announce(today=here.date(), at=at)
