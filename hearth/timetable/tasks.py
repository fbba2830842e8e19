"""Working out a proposal, by whichever worker comes first; and closing offers nobody answered."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from hearth.accounts.models import Organisation
from hearth.lib import tenancy


@app.periodic(cron="*/10 * * * *")
@app.task(name="timetable.lapse_changes", queue="outbox", queueing_lock="timetable.lapse_changes")
def lapse_changes(timestamp: int) -> None:
    """Close offered changes that were not answered in time, in every organisation."""
    from hearth.timetable import services  # services post this module's jobs

    for organisation in Organisation.objects.all():
        with tenancy.within(organisation.pk):
            services.lapse_changes(at=timezone.now())


@app.task(name="timetable.solve", queue="slow")
def solve(proposal_id: str, organisation_id: str) -> None:
    """Work out one proposal; delivered twice, it is worked out once."""
    from hearth.timetable import services  # services post this job

    services.solve_proposal(proposal_id=UUID(proposal_id), organisation_id=UUID(organisation_id))
