"""Working out a proposal, by whichever worker comes first. It may take a while; nobody waits for it."""

from uuid import UUID

from procrastinate.contrib.django import app


@app.task(name="timetable.solve", queue="slow")
def solve(proposal_id: str, organisation_id: str) -> None:
    """Work out one proposal; delivered twice, it is worked out once."""
    from hearth.timetable import services  # services post this job

    services.solve_proposal(proposal_id=UUID(proposal_id), organisation_id=UUID(organisation_id))
