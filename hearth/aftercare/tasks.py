"""Follow-ups that go out by themselves, every quarter of an hour, on the organisation's own calendar."""

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.accounts.models import Organisation
from hearth.aftercare import services
from hearth.lib import tenancy


@app.periodic(cron="*/15 * * * *")
@app.task(name="aftercare.send_follow_ups", queue="outbox", queueing_lock="aftercare.send_follow_ups")
def send_follow_ups(timestamp: int) -> None:
    """Send what is due in every organisation. Sending twice sends nothing twice."""
    at = timezone.now()
    for pk in tenancy.organisations():
        with tenancy.within(pk):
            zone = Organisation.objects.get(pk=pk).zone
            services.send_follow_ups(today=at.astimezone(zone).date(), at=at)
