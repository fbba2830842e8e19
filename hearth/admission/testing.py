"""Builders of admissions for tests and the demo."""

from datetime import datetime, timedelta
from typing import Any

from hearth.accounts.models import User
from hearth.admission.models import Assessment, Episode
from hearth.people.models import Patient
from hearth.program.models import Program
from hearth.program.testing import make_program


def make_assessment(patient: Patient, *, by: User, at: datetime, level: str = "2.1") -> Assessment:
    """Findings that suggest `level`, signed by `by`."""
    return Assessment.objects.create(
        patient=patient,
        findings={number: {"rating": 2, "note": ""} for number in "123456"},
        recommended_level=level,
        decided_level=level,
        recorded_by=by,
        recorded_at=at,
        signed_by=by,
        signed_at=at,
    )


def make_episode(patient: Patient, *, by: User, at: datetime, program: Program | None = None, **fields: Any) -> Episode:
    """An active stay that began six weeks before `at`, for fourteen weeks, unless told otherwise."""
    starts_on = fields.pop("starts_on", (at - timedelta(weeks=5, days=at.weekday())).date())
    facts: dict[str, Any] = {
        "program": program or make_program(population=patient.population),
        "track": "co-occurring",
        "assessment": make_assessment(patient, by=by, at=at),
        "admitted_by": by,
        "admitted_at": at - timedelta(weeks=6),
        "starts_on": starts_on,
        "planned_end_on": starts_on + timedelta(weeks=14),
    }
    return Episode.objects.create(patient=patient, **facts | fields)
