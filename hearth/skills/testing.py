"""Builders of a student in a program, for tests of the student's own tools."""

from datetime import datetime, timedelta

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.people.models import Patient
from hearth.program.models import Program


def make_stay(patient: Patient, *, by: User, at: datetime, pack: str = "adult-evening") -> Episode:
    """`patient` is in the sixth week of this program."""
    program = Program.objects.create(
        name=f"Evening {patient.chosen_name}", pack=pack, pack_version="1", population=patient.population
    )
    starts_on = at.date() - timedelta(weeks=6)
    return Episode.objects.create(
        patient=patient,
        program=program,
        track="mental-health",
        admitted_by=by,
        admitted_at=at - timedelta(weeks=6),
        starts_on=starts_on,
        planned_end_on=starts_on + timedelta(weeks=12),
    )
