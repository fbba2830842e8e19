"""Work that nobody waits for: what waits for an answer climbs, unused referral links are forgotten."""

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.inquiry import climbing, portal
from hearth.lib import tenancy


@app.periodic(cron="*/5 * * * *")
@app.task(name="inquiry.climb", queue="outbox", queueing_lock="inquiry.climb")
def climb(timestamp: int) -> None:
    """Tell whoever should know by now of inquiries and referrals that wait, in every organisation."""
    for pk in tenancy.organisations():
        with tenancy.within(pk):
            climbing.climb(at=timezone.now())


@app.periodic(cron="37 4 * * *")
@app.task(name="inquiry.forget_links", queue="outbox", queueing_lock="inquiry.forget_links")
def forget_links(timestamp: int) -> None:
    """Delete referral links by which nothing came, in every organisation."""
    for pk in tenancy.organisations():
        with tenancy.within(pk):
            portal.clear_old(at=timezone.now())
