"""Sealing, every few seconds, by whichever worker comes first."""

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.audit import sealing
from hearth.lib import tenancy


@app.periodic(cron="* * * * * */3")  # the sixth place is seconds
@app.task(name="audit.seal", queue="prompt", queueing_lock="audit.seal")
def seal_all(timestamp: int) -> None:
    """Seal what was written since the last run, organisation by organisation."""
    for organisation in tenancy.organisations():
        sealing.seal(organisation, at=timezone.now())
