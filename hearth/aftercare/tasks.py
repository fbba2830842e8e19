"""Follow-ups that go out by themselves, and quiet for whoever is on hold, every quarter of an hour."""

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.accounts.models import Organisation
from hearth.aftercare import holding, services
from hearth.lib import tenancy


@app.periodic(cron="*/15 * * * *")
@app.task(name="aftercare.keep_quiet", queue="outbox", queueing_lock="aftercare.keep_quiet")
def keep_quiet(timestamp: int) -> None:
    """What is planned for whoever is on hold is excused, and nothing reminds them of it."""
    for pk in tenancy.organisations():
        with tenancy.within(pk):
            holding.keep_quiet(at=timezone.now())


@app.periodic(cron="*/15 * * * *")
@app.task(name="aftercare.send_follow_ups", queue="outbox", queueing_lock="aftercare.send_follow_ups")
def send_follow_ups(timestamp: int) -> None:
    """Send what is due in every organisation. Sending twice sends nothing twice."""
    at = timezone.now()
    for pk in tenancy.organisations():
        with tenancy.within(pk):
            zone = Organisation.objects.get(pk=pk).zone
            services.send_follow_ups(today=at.astimezone(zone).date(), at=at)
