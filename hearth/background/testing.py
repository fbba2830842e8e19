"""Builders of assessments for tests and the demo."""

from collections.abc import Mapping
from datetime import datetime

from hearth.accounts.models import User
from hearth.background.questionnaire import questions
from hearth.background.services import Saved, save_section
from hearth.people.models import Patient


def answer(patient: Patient, section: str, *, by: User, at: datetime, **said: object) -> Saved:
    """What `by` says in this section; what is not named was not on the screen."""
    return save_section(patient_pk=patient.pk, section=section, given=said, by=by, at=at)


def answer_all(patient: Patient, said: Mapping[str, object], *, by: User, at: datetime) -> None:
    """Answers by item, each in its section; sections without any are passed over."""
    for section in questions().sections:
        here = {item.id: said[item.id] for item in section.items if item.id in said}
        if here:
            answer(patient, section.id, by=by, at=at, **here)
