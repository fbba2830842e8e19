"""Follow-ups that go out by themselves, quiet for whoever is on hold, and weeks for whoever steps down."""

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.accounts.models import Organisation
from hearth.aftercare import holding, services, stepping
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


@app.periodic(cron="*/15 * * * *")
@app.task(name="aftercare.ask_for_weeks", queue="slow", queueing_lock="aftercare.ask_for_weeks")
def ask_for_weeks(timestamp: int) -> None:
    """Have the weeks worked out in which somebody's dose falls, in every organisation."""
    at = timezone.now()
    for pk in tenancy.organisations():
        with tenancy.within(pk):
            zone = Organisation.objects.get(pk=pk).zone
            stepping.ask_for_weeks(today=at.astimezone(zone).date(), at=at)
