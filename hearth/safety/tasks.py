"""What the worker does for concerns: it tells people, step after step, until somebody has spoken with the student."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.lib import tenancy


@app.task(name="safety.escalate", queue="outbox")
def escalate(concern_id: str, organisation_id: str) -> None:
    """Tell the first people of a concern that was raised just now."""
    from hearth.safety import services  # services post this module's jobs

    with tenancy.within(UUID(organisation_id)):
        services.escalate_one(pk=UUID(concern_id), at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="safety.escalate_all", queue="outbox", queueing_lock="safety.escalate_all")
def escalate_all(timestamp: int) -> None:
    """Every minute, in every organisation: whoever is next is told of what nobody has answered."""
    from hearth.safety import services

    for organisation in tenancy.organisations():
        with tenancy.within(organisation):
            services.escalate_all(at=timezone.now())
