"""Reads of referrals. `access_referral` is the one door to what a sender told us."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, QuerySet

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.inquiry.models import CarriedFact, Referral
from hearth.inquiry.queries import INTAKE, alike_patients
from hearth.inquiry.referral_store import Label, read_label, traits_of
from hearth.inquiry.rules import Known, Match, match
from hearth.people.models import Patient

MOST_COMPARED = 200
"""Referrals that are looked into for one person: whoever floods the portal with one birth date costs no more."""


@dataclass(frozen=True, slots=True)
class InInbox:
    """Referrals nobody has decided on: how many, and since when the oldest waits."""

    count: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the inbox, unsealed for it."""

    referral: Referral
    label: Label
    late: bool  # its promise is broken


@dataclass(frozen=True, slots=True)
class Likeness:
    """Someone who may be the same person: a patient, or another referral that waits."""

    name: str
    match: Match
    patient: Patient | None
    referral: Referral | None


def access_referral(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> Referral:
    """The referral `pk` for intake alone, with the read written down. Raises PermissionDenied."""
    if not viewer.has_any(INTAKE):
        raise PermissionDenied
    rows = Referral.objects.select_related("received_by", "taken_by", "decided_by", "patient").defer("original")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(
        pk=pk, organisation_id=viewer.organisation_id
    )
    referral = found.first()
    if referral is None:
        raise PermissionDenied
    audit.record_read("referral.read", by=viewer, about=referral, purpose="TREAT", at=at)
    return referral


def referrals(*, viewer: User, status: str) -> QuerySet[Referral]:
    """Referrals of this status, the inbox danger first, then by promise; decided ones newest first; still sealed."""
    if not viewer.has_any(INTAKE):
        raise PermissionDenied
    order = ("-urgent", "promised_by") if status == Referral.Status.INBOX else ("-decided_at",)
    rows = Referral.objects.filter(status=status).select_related("decided_by", "received_by", "taken_by")
    return rows.defer("packet", "original").order_by(*order, "pk")


def unsealed(rows: list[Referral], *, viewer: User, at: datetime) -> list[Listed]:
    """The lines of one page of the list, with that reading written down once."""
    audit.record_read("referral.list_read", by=viewer, about=viewer.organisation, purpose="TREAT", at=at)
    return [Listed(row, read_label(row), row.is_late(at)) for row in rows]


def referrals_in_inbox(*, viewer: User) -> InInbox:
    """What waits for a decision; nothing for those who are not intake."""
    if not viewer.has_any(INTAKE):
        return InInbox(0, None)
    row = Referral.objects.filter(status=Referral.Status.INBOX).aggregate(
        count=Count("pk"), oldest_at=Min("received_at")
    )
    return InInbox(**row)


def likenesses(known: Known) -> list[Likeness]:
    """Patients, and referrals that wait or were accepted, who may be this person; likeliest first.

    Only referrals that share a trait with the person are unsealed, the newest MOST_COMPARED at most.

    `known.key` is the id of the person's own referral, which is left out. The caller has passed intake's door.
    An accepted referral stands for its patient, so that an identifier which only a sender knows finds them again.
    """
    found = {str(patient.pk): Likeness(patient.name, one, patient, None) for patient, one in alike_patients(known)}
    rows = Referral.objects.exclude(status=Referral.Status.DECLINED).exclude(pk=UUID(known.key))
    rows = rows.filter(traits__overlap=traits_of(known)).select_related("patient").defer("packet", "original")
    labels = {row.pk: (row, read_label(row)) for row in rows.order_by("-received_at", "pk")[:MOST_COMPARED]}
    for one in match(known, [label.known for _, label in labels.values()]):
        row, label = labels[UUID(one.candidate.key)]
        if row.patient is None:
            found[str(row.pk)] = Likeness(label.name, one, None, row)
        elif str(row.patient.pk) not in found:
            found[str(row.patient.pk)] = Likeness(row.patient.name, one, row.patient, None)
    return sorted(found.values(), key=lambda one: (-one.match.score, one.name))


TOLD_FIRST = (CarriedFact.Kind.MUST_KNOW, CarriedFact.Kind.DATES)


def told_first(patient: Patient) -> list[CarriedFact]:
    """What whoever referred `patient` said must be known before all else. The caller has passed the chart's door."""
    return list(CarriedFact.objects.filter(patient=patient, kind__in=TOLD_FIRST).order_by("-kind", "pk"))


def carried_facts(patient: Patient) -> QuerySet[CarriedFact]:
    """What senders told us of `patient`, by kind, most telling first. The caller has passed the chart's door."""
    return CarriedFact.objects.filter(patient=patient).order_by("kind", "place", "pk")
