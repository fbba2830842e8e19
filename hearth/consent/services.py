"""Signing and taking back consents; opening a chart in an emergency and looking into it afterwards."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.accounts.queries import holders_of
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.consent import facts, rules, wordings
from hearth.consent.drawing import Strokes
from hearth.consent.models import Consent, Disclosure, EmergencyAccess
from hearth.consent.queries import access_chart, access_consent, access_in_emergency, access_signing
from hearth.consent.seals import seal
from hearth.consent.signing import Terms, said_by, text_for
from hearth.outbox.services import post_mail
from hearth.people.models import Patient


class TextChanged(Exception):
    """The text is no longer the one that was read; it must be read again."""


class NameMissing(Exception):
    """A signature needs the signer's name, typed or drawn."""


class ReasonMissing(Exception):
    """Opening a chart in an emergency, or closing its review, needs a sentence."""


@transaction.atomic
def sign(
    *,
    patient_pk: UUID,
    kind: str,
    language: str,
    typed_name: str,
    shown: str,
    by: User,
    at: datetime,
    terms: Terms | None = None,
    drawn: Strokes | None = None,
    intent: str = "",
    device: str = "",
) -> Consent:
    """Keep what `by` (the patient, or a minor's guardian) agreed to, as it was shown to them.

    `shown` is `wordings.mark` of the text on their screen. A newer signature takes the place of an older one of
    the same kind and terms, which stays readable. `drawn` stands in place of a typed name, `intent` is the sentence
    they ticked, `device` is roughly what they signed on. Raises PermissionDenied, TextChanged, NameMissing.
    """
    patient = access_signing(viewer=by, pk=patient_pk, at=at, lock=True)
    is_patient = patient.user_id == by.pk
    wording, text, terms = text_for(patient, kind, language, terms=terms, signer="" if is_patient else by.name)
    if wordings.mark(text) != shown:
        raise TextChanged
    if not typed_name.strip() and not drawn:
        raise NameMissing
    consent = Consent(
        patient=patient,
        **said_by(wording, text, terms),
        signer=by,
        signer_is_patient=is_patient,
        signed_name=typed_name.strip() or by.name,
        drawing=drawn,
        intent=intent,
        device=device,
        signed_at=at,
    )
    seal(consent)
    consent.save()
    audit.record(
        "consent.signed", by=by, about=consent, at=at, kind=kind, version=wording.version, digest=consent.digest
    )
    facts.consent_signed.send(Consent, consent_id=consent.pk, patient_id=patient.pk, kind=consent.kind, at=at)
    return consent


@transaction.atomic
def take_copy(*, pk: UUID, by: User, at: datetime) -> Consent:
    """One signed paper for somebody who takes it along; every copy is written down. Raises PermissionDenied."""
    consent = access_consent(viewer=by, pk=pk, at=at)
    audit.record("consent.copy_taken", by=by, about=consent, at=at, kind=consent.kind)
    return consent


@transaction.atomic
def revoke(*, pk: UUID, by: User, at: datetime, reason: str = "") -> Consent:
    """Take a consent back: its signer, the patient, or staff whom they told so (`reason` says how they did)."""
    consent = access_consent(viewer=by, pk=pk, at=at, lock=True)
    is_own = by.pk in {consent.signer_id, consent.patient.user_id}
    if not is_own:
        access_chart(viewer=by, pk=consent.patient_id, purpose="PATRQT", at=at, to="change", what="consents")
        if not reason.strip():
            raise ReasonMissing
    if consent.revoked_at is None:
        consent.revoked_at = at
        consent.save(update_fields=["revoked_at"])
        audit.record("consent.revoked", by=by, about=consent, at=at, reason=reason.strip(), kind=consent.kind)
        facts.consent_revoked.send(
            Consent, consent_id=consent.pk, patient_id=consent.patient_id, kind=consent.kind, at=at
        )
    return consent


@transaction.atomic
def break_glass(*, patient_pk: UUID, reason: str, by: User, at: datetime) -> EmergencyAccess:
    """Open this chart to `by` for 60 minutes, write it down, and tell the privacy officers at once (42 CFR 2.51).

    Raises PermissionDenied, ReasonMissing, AlreadyOpen.
    """
    patient = access_in_emergency(viewer=by, pk=patient_pk)
    if not reason.strip():
        raise ReasonMissing
    access = EmergencyAccess.objects.create(
        patient=patient,
        person=by,
        reason=reason.strip(),
        opened_at=at,
        ends_at=at + timedelta(minutes=rules.EMERGENCY_MINUTES),
    )
    audit.record("consent.emergency_access_opened", by=by, about=access, at=at, reason=access.reason)
    _tell_privacy_officers(access, at=at)
    return access


def _tell_privacy_officers(access: EmergencyAccess, *, at: datetime) -> None:
    address = settings.BASE_URL + reverse("consent:emergency-accesses")
    for officer in holders_of(Role.PRIVACY).exclude(email=None):
        with translation.override(officer.language):
            post_mail(
                to=officer.email or "",
                subject=_("A record was opened in an emergency"),
                body=_("A record was opened in an emergency and needs your review.\n\nPlease sign in: %(address)s")
                % {"address": address},
                key=f"emergency access {access.pk} for {officer.pk}",
                about=None,
                at=at,
            )


@transaction.atomic
def review_emergency_access(*, pk: UUID, review: str, by: User, at: datetime) -> EmergencyAccess:
    """Close the review of an emergency access with what was found. Raises PermissionDenied, ReasonMissing."""
    if not by.has_role(Role.PRIVACY):
        raise PermissionDenied
    if not review.strip():
        raise ReasonMissing
    access = EmergencyAccess.objects.select_for_update().filter(pk=pk).first()
    if access is None or access.person_id == by.pk:  # nobody reviews their own
        raise PermissionDenied
    if access.reviewed_at is None:
        access.reviewed_by, access.reviewed_at, access.review = by, at, review.strip()
        access.save(update_fields=["reviewed_by", "reviewed_at", "review"])
        audit.record("consent.emergency_access_reviewed", by=by, about=access, at=at, reason=access.review)
    return access


def record_disclosure(
    *,
    patient: Patient,
    recipient: str,
    what: str,
    by: User,
    at: datetime,
    consent: Consent | None = None,
    why: str = "",
) -> Disclosure:
    """Write down what left the house under `consent`, or why without one (42 CFR 2.25, 45 CFR 164.528).

    For a caller who has checked that it may.
    """
    row = Disclosure.objects.create(
        patient=patient,
        consent=consent,
        recipient=recipient[:200],
        purpose=(consent.purpose or consent.get_kind_display() if consent else why)[:200],
        what=what[:300],
        by=by,
        at=at,
    )
    under = {"consent": str(consent.pk)} if consent else {}
    audit.record("consent.disclosed", by=by, about=row, at=at, patient_id=patient.pk, **under)
    return row
