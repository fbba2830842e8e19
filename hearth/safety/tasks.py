"""What the worker does for concerns: it tells people, step after step, until somebody has spoken with the student."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.lib import tenancy


@app.task(name="safety.escalate", queue="outbox")
def escalate(concern_id: str, organisation_id: str) -> None:
    """Tell whoever must be told of this concern by now."""
    from hearth.safety import services  # services post this module's jobs

    with tenancy.within(UUID(organisation_id)):
        services.escalate_one(pk=UUID(concern_id), at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="safety.escalate_all", queue="outbox", queueing_lock="safety.escalate_all")
def escalate_all(timestamp: int) -> None:
    """Every minute, everywhere: a job for each concern of which somebody must be told; none waits for another."""
    from hearth.safety import services

    for organisation in tenancy.organisations():
        with tenancy.within(organisation):
            for concern in services.due(at=timezone.now()):
                escalate.defer(concern_id=str(concern), organisation_id=str(organisation))
