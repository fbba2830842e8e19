"""Work that nobody waits for: an inquiry without an answer climbs."""

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.inquiry import interviews
from hearth.lib import tenancy


@app.periodic(cron="*/5 * * * *")
@app.task(name="inquiry.climb", queue="outbox", queueing_lock="inquiry.climb")
def climb(timestamp: int) -> None:
    """Tell whoever should know by now of inquiries that wait, in every organisation."""
    for pk in tenancy.organisations():
        with tenancy.within(pk):
            interviews.climb(at=timezone.now())
