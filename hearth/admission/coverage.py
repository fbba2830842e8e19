"""Who pays: reading it, writing it down, taking it over from a referral, and what a payer said."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from hearth.accounts.models import User
from hearth.admission.coverage_models import Benefit, Coverage
from hearth.admission.coverage_rules import Held, Sent, taken_over
from hearth.admission.models import Episode
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.inquiry.models import Referral
from hearth.inquiry.referral_store import read_packet
from hearth.lib import sealed
from hearth.people.models import Patient
from hearth.people.rules import PAYMENT

_TOLD = {"payer": 120, "plan": 120, "group": 60}  # letters of each that a row holds


class OrderTaken(Exception):
    """Another coverage pays in this order in some of these days."""


class ReasonMissing(Exception):
    """What does not hold any more needs a reason."""


def access_coverages(*, viewer: User, patient_pk: UUID, at: datetime, lock: bool = False) -> Patient:
    """The patient whose coverage `viewer` sees to. Raises PermissionDenied."""
    return access_chart(viewer=viewer, pk=patient_pk, purpose="HPAYMT", at=at, to="payment", lock=lock, what="coverage")


def access_coverage(*, viewer: User, pk: UUID, at: datetime) -> Coverage:
    """One coverage, for whoever sees to payment. Raises PermissionDenied."""
    row = Coverage.objects.filter(pk=pk, withdrawn_at=None).first()
    if row is None:
        raise PermissionDenied
    row.patient = access_coverages(viewer=viewer, patient_pk=row.patient_id, at=at)
    return row


def coverages_of(patient: Patient) -> list[Coverage]:
    """Everything that stands, what pays first at the top, with what payers said. The caller has passed a door."""
    said = Prefetch("benefits", Benefit.objects.select_related("recorded_by").order_by("-asked_on", "-recorded_at"))
    rows = Coverage.objects.filter(patient=patient, withdrawn_at=None).select_related("recorded_by", "source")
    order = list(Coverage.Rank)
    latest_first = rows.prefetch_related(said).order_by(F("ends_on").desc(nulls_first=True), "-recorded_at", "pk")
    return sorted(latest_first, key=lambda row: order.index(Coverage.Rank(row.rank)))


def who_pays(*, viewer: User, on: date) -> QuerySet[Patient]:
    """Everyone on the way in or in care, those nobody pays for on the day `on` first (`has_payer`)."""
    if not viewer.has_any(PAYMENT):
        raise PermissionDenied
    holds = standing_on(on)
    stays = Episode.objects.filter(patient=OuterRef("pk"))
    return (
        Patient.objects.living()
        .filter(Exists(stays.filter(ended_at=None)) | ~Exists(stays))
        .annotate(has_payer=Exists(holds.filter(patient=OuterRef("pk"), rank=Coverage.Rank.PRIMARY)))
        .prefetch_related(Prefetch("coverages", holds.order_by("rank"), to_attr="paying"))
        .order_by("has_payer", "chosen_name", "family_name", "pk")
    )


def standing_on(on: date) -> QuerySet[Coverage]:
    """Coverages that pay on this day. For callers with a door."""
    begun, lasting = Q(starts_on=None) | Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gte=on)
    return Coverage.objects.filter(begun, lasting, withdrawn_at=None).exclude(rank=Coverage.Rank.OTHER)


def member_id_of(row: Coverage) -> str:
    """The number on the card. Raises sealed.CannotOpen where the bytes belong to another row."""
    return sealed.unseal(bytes(row.member_id), keys=_keys(), context=_context(row)).decode()


def sealed_member_id(row: Coverage, member_id: str) -> bytes:
    """The number on the card, sealed for this row alone."""
    return sealed.seal(member_id.strip().encode(), keys=_keys(), context=_context(row))


def _keys() -> Path:
    return Path(settings.HEARTH_KEY_DIR) / "coverage"


def _context(row: Coverage) -> str:
    return f"coverage {row.pk} of {row.patient_id}"


@transaction.atomic
def keep_coverage(
    *, patient: Patient, told: Mapping[str, Any], member_id: str, by: User, at: datetime, row: Coverage | None = None
) -> Coverage:
    """Write a coverage down, or put right what is known of `row`. Raises OrderTaken."""
    patient = access_coverages(viewer=by, patient_pk=patient.pk, at=at, lock=True)
    is_new = row is None
    row = row or Coverage(patient=patient, recorded_by=by, recorded_at=at)
    for name, value in told.items():
        setattr(row, name, value)
    row.member_id = sealed_member_id(row, member_id)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "one_coverage_pays_first" not in str(error):
            raise
        raise OrderTaken from error
    audit.record("admission.coverage_kept" if is_new else "admission.coverage_changed", by=by, about=row, at=at)
    return row


@transaction.atomic
def withdraw_coverage(*, row: Coverage, reason: str, by: User, at: datetime) -> None:
    """This coverage was written down wrongly; it stays in the record. Raises ReasonMissing."""
    access_coverages(viewer=by, patient_pk=row.patient_id, at=at, lock=True)
    if not reason.strip():
        raise ReasonMissing
    row.withdrawn_at, row.withdrawn_reason = at, reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record("admission.coverage_withdrawn", by=by, about=row, at=at, reason=row.withdrawn_reason)


@transaction.atomic
def record_benefit(*, row: Coverage, told: Mapping[str, Any], by: User, at: datetime) -> Benefit:
    """Write down what the payer of `row` said."""
    access_coverages(viewer=by, patient_pk=row.patient_id, at=at)
    benefit = Benefit.objects.create(coverage=row, recorded_by=by, recorded_at=at, **told)
    audit.record("admission.benefit_recorded", by=by, about=benefit, at=at, patient_id=row.patient_id)
    return benefit


def take_over(*, referral: Referral, by: User, at: datetime) -> list[Coverage]:
    """Write down who pays as the accepted referral told it, so that nobody types it again. What is known stays."""
    patient = referral.patient
    assert patient is not None
    told = read_packet(referral).coverage
    sent = [Sent(one.payer or "", one.member_id or "", one.status or "", one.starts or "", one.ends or "")
            for one in told]  # fmt: skip
    today = timezone.localdate(at, patient.organisation.zone)
    rows = []
    for taken in taken_over(sent, _held(coverages_of(patient)), today=today):
        one = told[taken.place]
        row = Coverage(
            patient=patient, kind=Coverage.Kind.INSURANCE, rank=taken.rank, starts_on=taken.starts_on,
            ends_on=taken.ends_on, source=referral, recorded_by=by, recorded_at=at,
        )  # fmt: skip
        for name, most in _TOLD.items():
            setattr(row, name, (getattr(one, name) or "")[:most])
        row.member_id = sealed_member_id(row, one.member_id or "")
        row.save()
        audit.record("admission.coverage_taken_over", by=by, about=row, at=at, referral=str(referral.pk))
        rows.append(row)
    return rows


def _held(rows: Sequence[Coverage]) -> list[Held]:
    return [Held(row.rank, row.payer, member_id_of(row), row.starts_on, row.ends_on) for row in rows]
