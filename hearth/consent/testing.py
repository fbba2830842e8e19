"""Builders of consents for tests."""

from datetime import datetime, timedelta

from hearth.consent.models import Consent, ConsentKind
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
