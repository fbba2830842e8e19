"""What the worker does for the strand: it hears of the day after where nobody answered."""

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.lib import tenancy
from hearth.trauma import services


@app.periodic(cron="*/5 * * * *")
@app.task(name="trauma.hear_silence", queue="outbox", queueing_lock="trauma.hear_silence")
def hear_silence(timestamp: int) -> None:
    """Every five minutes, everywhere: a check that nobody answered in good time is a concern, once."""
    for organisation in tenancy.organisations():
        with tenancy.within(organisation):
            services.hear_silence(at=timezone.now())
