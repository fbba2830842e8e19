"""Work that nobody waits for: proposals, offers nobody answered, freed places offered to those who wait."""

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

    for pk in tenancy.organisations():
        with tenancy.within(pk):
            services.lapse_changes(at=timezone.now())


@app.task(name="timetable.solve", queue="slow")
def solve(proposal_id: str, organisation_id: str) -> None:
    """Work out one proposal; delivered twice, it is worked out once."""
    from hearth.timetable import services  # services post this job

    services.solve_proposal(proposal_id=UUID(proposal_id), organisation_id=UUID(organisation_id))


@app.task(name="timetable.offer_places", queue="outbox")
def offer_places(organisation_id: str) -> None:
    """Seat those who said yes and were admitted, then offer what is free to whoever is asked first.

    Done twice, it is offered once.
    """
    from hearth.timetable import services  # its reactions post this job

    organisation = Organisation.objects.get(pk=organisation_id)
    with tenancy.within(organisation.pk):
        services.seat_whoever_was_admitted(organisation=organisation, at=timezone.now())
        services.offer_places(organisation=organisation, at=timezone.now())


@app.periodic(cron="*/15 * * * *")
@app.task(name="timetable.renew_offers", queue="outbox", queueing_lock="timetable.renew_offers")
def renew_offers(timestamp: int) -> None:
    """Let go of offers whose time is over, everywhere, and ask whoever is next."""
    for pk in tenancy.organisations():
        offer_places(str(pk))
