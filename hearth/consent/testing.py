"""Builders of consents for tests and the demo."""

from datetime import datetime, timedelta
from typing import Any

from hearth.accounts.models import User
from hearth.consent import services, wordings
from hearth.consent.models import Consent, ConsentKind
from hearth.consent.signing import Terms, text_for
from hearth.people.models import Patient


def make_release(patient: Patient, to: str, *, at: datetime) -> Consent:
    """The student lets `to` know that and when they take part, for a year."""
    assert patient.user is not None
    return Consent.objects.create(
        patient=patient,
        kind=ConsentKind.RELEASE,
        version="1",
        text="…",
        recipients=[to],
        information="That I take part, and when",
        purpose="So that they can support me",
        signer=patient.user,
        signed_name=patient.user.name,
        signed_at=at,
        expires_on=(at + timedelta(days=365)).date(),
    )


def sign(
    patient: Patient,
    kind: str,
    *,
    by: User,
    at: datetime,
    terms: Terms | None = None,
    language: str = "en",
    **changes: Any,
) -> Consent:
    """`by` reads this text, types their name and signs; `changes` are what they send in place of that."""
    signer = "" if patient.user == by else by.name
    wording, text, _terms = text_for(patient, kind, language, terms=terms, signer=signer)
    sent = {"language": wording.language, "typed_name": by.name, "shown": wordings.mark(text), "terms": terms}
    return services.sign(patient_pk=patient.pk, kind=kind, by=by, at=at, **sent | changes)
