"""What a sender hears of their referral: that it came, and beyond that only what the person agreed to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.consent import wordings
from hearth.consent.models import Consent, ConsentKind
from hearth.consent.queries import access_chart, all_agreed_to
from hearth.consent.services import record_disclosure
from hearth.inquiry.models import Referral
from hearth.inquiry.portal_models import ReferralLink, SharedStatus
from hearth.inquiry.referral_queries import access_referral
from hearth.people.models import Patient

WHAT = "Status of the referral: "


class NotAgreed(Exception):
    """No consent in force lets this recipient hear anything; or the referral was not taken over."""


@dataclass(frozen=True, slots=True)
class Release:
    """A recipient whom a consent in force names, and who may hear what it says."""

    consent: Consent
    recipient: str
    place: int

    @property
    def key(self) -> str:
        return f"{self.consent.pk}:{self.place}"


def access_sharing(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> tuple[Referral, Patient | None]:
    """The referral `pk` and the chart it was taken over into, for intake that may open it. Raises PermissionDenied."""
    referral = access_referral(viewer=viewer, pk=pk, at=at, lock=lock)
    if referral.patient_id is None:
        return referral, None
    return referral, access_chart(viewer=viewer, pk=referral.patient_id, purpose="TREAT", at=at, what="consents")


def links_of(referral: Referral) -> "QuerySet[ReferralLink]":
    """By which this referral came, oldest first. The caller has passed a door."""
    return ReferralLink.objects.filter(referral=referral).prefetch_related("statuses__by").order_by("used_at")


def releases(patient: Patient, *, at: datetime) -> list[Release]:
    """Whom this person's consents let hear something, newest first. The caller has passed the chart's door."""
    rows = Consent.objects.filter(patient=patient, kind=ConsentKind.RELEASE).exclude(paper__in=wordings.narrow())
    rows = rows.in_force(at=at).order_by("-signed_at")
    found = [Release(row, who, place) for row in rows for place, who in enumerate(row.recipients)]
    return [one for one in found if all_agreed_to(one.consent, recipient=one.recipient, at=at)]


@transaction.atomic
def share_status(*, referral: UUID, link: UUID, release: str, standing: str, by: User, at: datetime) -> SharedStatus:
    """Let the holder of `link`, whom `by` knows to be the one a consent names, hear how things stand.

    A disclosure of its own, written down. Raises PermissionDenied, NotAgreed.
    """
    found, patient = access_sharing(viewer=by, pk=referral, at=at, lock=True)
    row = links_of(found).filter(pk=link).first()
    if patient is None or row is None or patient.has_died:
        raise NotAgreed
    agreed = next((one for one in releases(patient, at=at) if one.key == release), None)
    if agreed is None:
        raise NotAgreed
    status = SharedStatus.objects.create(
        link=row, consent=agreed.consent, recipient=agreed.recipient, standing=standing, by=by, at=at
    )
    what = WHAT + SharedStatus.Standing(standing).name.lower().replace("_", " ")
    record_disclosure(patient=patient, recipient=agreed.recipient, what=what, by=by, at=at, consent=agreed.consent)
    audit.record("referral.status_shared", by=by, about=status, at=at, patient_id=patient.pk, standing=standing)
    return status


def status_shown(link: ReferralLink, *, at: datetime) -> SharedStatus | None:
    """What this sender may hear now, each look written down; None reads the same whatever its reason."""
    rows = SharedStatus.objects.filter(link=link).select_related("consent__patient__organisation")
    newest = rows.order_by("-at", "-pk").first()
    if newest is None or newest.consent.patient.has_died:
        return None
    if not all_agreed_to(newest.consent, recipient=newest.recipient, at=at):
        return None
    audit.record("referral.status_seen", by=None, about=newest, at=at, patient_id=newest.consent.patient_id)
    return newest
