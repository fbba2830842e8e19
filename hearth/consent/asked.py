"""What the program somebody comes to asks of them beyond what everybody is asked, and why each paper is asked."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.consent.packet_models import ProgramPapers
from hearth.consent.papers import Paper, Why, whys
from hearth.lib.states import STATES
from hearth.people.models import Patient

Words = Mapping[str, str]  # by language
Asked = Mapping[str, Words]
"""What a program asks for, by the paper's id, with what its pack answers to “Why is this asked?”."""


def asked_of(patients: Iterable[UUID]) -> dict[UUID, Asked]:
    """What the program of each of these asks of them; nothing where none is chosen yet. For callers with a door."""
    pks = list(patients)
    rows = ProgramPapers.objects.filter(patient__in=pks)
    found: dict[UUID, Asked] = {row.patient_id: row.papers for row in rows}
    return {pk: found.get(pk, {}) for pk in pks}


def chosen_program(patient: Patient) -> ProgramPapers | None:
    """Which program and track this person's papers are asked for; None before anybody said. For callers with a door."""
    return ProgramPapers.objects.filter(patient=patient).first()


def whys_of(paper: Paper, patient: Patient, asked: Asked) -> tuple[str, ...]:
    """Why this person is asked for this paper, in the reader's language; what their program says comes first."""
    said = asked.get(paper.id, {})
    own = said.get((get_language() or "en")[:2]) or said.get("en", "")
    rest = [_reason(why, patient) for why in whys(paper) if not (own and why is Why.EVERYBODY)]
    return tuple(filter(None, (own, *rest)))


def _reason(why: Why, patient: Patient) -> str:
    match why:
        case Why.STATE:
            state = dict(STATES).get(patient.state, patient.state)
            return _("It is asked of everybody who lives in %(state)s.") % {"state": state}
        case Why.MODALITY:
            return _("It is asked of everybody who comes by video, or may.")
        case Why.NEEDED:
            return _("No stay begins without it.")
        case Why.EVERYBODY:
            return _("It is asked of everybody here.")


@transaction.atomic
def ask_for(*, patient: Patient, program: str, track: str, asked: Asked, by: User, at: datetime) -> ProgramPapers:
    """From now on they are asked for what this program and track ask for. For callers with a door.

    What was signed stays signed, also where the program they come to now would not have asked for it.
    """
    values = {"program": program, "track": track, "papers": {key: dict(words) for key, words in asked.items()}}
    row, _made = ProgramPapers.objects.update_or_create(patient=patient, defaults=values | {"by": by, "at": at})
    audit.record("consent.papers_asked", by=by, about=row, at=at, papers=sorted(asked))
    return row
