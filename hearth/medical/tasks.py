"""What the worker does for medications: it reminds students at their own times."""

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.lib import tenancy
from hearth.medical import reminding


@app.periodic(cron="*/5 * * * *")
@app.task(name="medical.remind", queue="prompt", queueing_lock="medical.remind")
def remind(timestamp: int) -> None:
    """Every five minutes: whose time has come hears of it. Going round twice reminds nobody twice."""
    at = timezone.now()
    for organisation in tenancy.organisations():
        with tenancy.within(organisation):
            reminding.remind(at=at)
