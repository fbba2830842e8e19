"""The chart's door, and what may leave it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.consent.models import Consent, ConsentKind, EmergencyAccess
from hearth.people.models import Patient
from hearth.people.queries import access_patient

Purpose = Literal["TREAT", "HPAYMT", "HOPERAT", "PATRQT", "BTG"]
"""HL7 v3 PurposeOfUse: treatment, payment, operations, at the patient's request, emergency (break the glass)."""


def access_chart(
    *, viewer: User, pk: UUID, purpose: Purpose, at: datetime, to: str = "read", lock: bool = False, what: str = "chart"
) -> Patient:
    """The patient `pk` for `viewer`, with the read written down. Every floor above this one comes in here.

    `what` names the part that is read (`chart`, `measures`, `notes` …). Raises PermissionDenied.
    """
    emergency = has_emergency_access(viewer=viewer, patient_id=pk, at=at)
    patient = access_patient(viewer=viewer, pk=pk, to=to, lock=lock, broke_glass=emergency)
    if patient.user_id != viewer.pk:
        audit.record_read(f"{what}.read", by=viewer, about=patient, purpose="BTG" if emergency else purpose, at=at)
    return patient


def has_emergency_access(*, viewer: User, patient_id: UUID, at: datetime) -> bool:
    """Whether `viewer` broke the glass of this chart and the time for it is not over."""
    return EmergencyAccess.objects.filter(
        person=viewer, patient_id=patient_id, opened_at__lte=at, ends_at__gt=at
    ).exists()


def consents_in_force(*, patient: Patient, at: datetime) -> dict[str, Consent]:
    """The newest consent of each kind that is in force."""
    rows = Consent.objects.filter(patient=patient).in_force(at=at).order_by("signed_at")
    return {row.kind: row for row in rows}


def may_disclose(*, patient: Patient, recipient: str, at: datetime) -> Consent | None:
    """The consent under which this patient's information may go to `recipient` now; None: it may not.

    A release names its recipients; the one consent for treatment, payment and operations covers treating
    providers (42 CFR 2.31(a)(4)). Proceedings against the patient are covered by neither.
    """
    rows = Consent.objects.filter(patient=patient, kind__in=[ConsentKind.RELEASE, ConsentKind.PART2_TPO]).in_force(
        at=at
    )
    wanted = recipient.casefold()
    for row in rows:
        if row.kind == ConsentKind.PART2_TPO or wanted in [name.casefold() for name in row.recipients]:
            return row
    return None
