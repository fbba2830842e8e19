"""Builders of answers for tests and the demo."""

from collections.abc import Sequence
from datetime import datetime

from hearth.accounts.models import User
from hearth.measures import instrument, services
from hearth.measures.models import Response
from hearth.people.models import Patient

PHQ_9_MILD = [1, 1, 1, 1, 1, 1, 1, 0, 0]
PHQ_9_WITH_ITEM_9 = [2, 2, 2, 2, 1, 1, 1, 0, 1]


def answered(name: str, total: int) -> list[int]:
    """A full list of answers whose points, as the paper counts them, add up to `total`."""
    one = instrument.get(name)
    rest = total - sum(item.values[0] for item in one.items if item.scored)
    answers = []
    for item in one.items:
        if not item.scored:
            answers.append(item.values[-1])  # whatever is not scored may be anything
            continue
        points = max(value for value in item.values if value - item.values[0] <= rest)
        rest -= points - item.values[0]
        answers.append(item.points(points))
    assert rest == 0
    return answers


def all_at(name: str, **some: int | None) -> dict[str, int | None]:
    """Every item at its lowest, but for `some`, told as i3=2."""
    answers: dict[str, int | None] = {item.link_id: item.values[0] for item in instrument.get(name).items}
    return answers | {link_id.removeprefix("i"): value for link_id, value in some.items()}


def make_response(patient: Patient, instrument_id: str, answers: Sequence[int | None], *, at: datetime) -> Response:
    """These answers by the patient themself, scored and stored as the real page does."""
    by: User | None = patient.user
    assert by is not None
    return services.store_answers(
        patient=patient, instrument_id=instrument_id, answers=answers, language="en", by=by, at=at
    )
