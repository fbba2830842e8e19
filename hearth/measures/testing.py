"""Builders of answers for tests and the demo."""

from collections.abc import Sequence
from datetime import datetime

from hearth.accounts.models import User
from hearth.measures import services
from hearth.measures.models import Response
from hearth.people.models import Patient

PHQ_9_MILD = [1, 1, 1, 1, 1, 1, 1, 0, 0]
PHQ_9_WITH_ITEM_9 = [2, 2, 2, 2, 1, 1, 1, 0, 1]


def make_response(patient: Patient, instrument_id: str, answers: Sequence[int | None], *, at: datetime) -> Response:
    """These answers by the patient themself, scored and stored as the real page does."""
    by: User | None = patient.user
    assert by is not None
    return services.store_answers(
        patient=patient, instrument_id=instrument_id, answers=answers, language="en", by=by, at=at
    )
