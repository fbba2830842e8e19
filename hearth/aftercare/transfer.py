"""The transfer packet: put together under a consent, and taken as a PDF or a FHIR document while that consent holds."""

import json
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.admission.models import Episode
from hearth.admission.queries import access_episode
from hearth.aftercare.models import TransferPacket, TransitionPlan
from hearth.aftercare.transfer_body import body_of, opened
from hearth.aftercare.transfer_consent import Grant, grant_for
from hearth.aftercare.transfer_fhir import DISCHARGE, NOTICE, TRANSFER, bundle_of, sections_of
from hearth.aftercare.transfer_rules import Part
from hearth.audit import services as audit
from hearth.consent.models import Disclosure
from hearth.consent.services import record_disclosure
from hearth.fhir.check import Faulty, faults
from hearth.lib.pdf import pdf_of

SENDERS = frozenset({Role.COUNSELOR, Role.CASE_MANAGER, Role.SUPERVISOR, Role.MEDICAL, Role.NURSE})
"""Who may put it together and send it, where they may write into the chart."""
TEMPLATE = Path(__file__).parent / "transfer.typ"
SHOWN = 5


class Form(StrEnum):
    """As what it leaves."""

    PDF = "pdf"
    FHIR = "fhir"


class NotAgreed(Exception):
    """No consent lets out just this to just them at this moment."""


class NotPlanned(Exception):
    """Nobody has written down yet who comes next, or somebody has died."""


@transaction.atomic
def put_together(*, episode: Episode, by: User, at: datetime) -> TransferPacket:
    """Gather what today's consent lets out, and no more. Raises PermissionDenied, NotPlanned, NotAgreed."""
    plan = _plan(episode, by=by, at=at)
    grant = grant_for(plan, at=at)
    if grant is None:
        raise NotAgreed
    row = TransferPacket.objects.create(
        episode=plan.episode,
        patient=plan.patient,
        consent=grant.consent,
        recipient=grant.recipient,
        body=body_of(plan, grant, by=by, at=at),
        made_by=by,
        made_at=at,
    )
    if Part.COVERAGE in grant.parts:
        audit.record_read("coverage.read", by=by, about=row.patient, purpose="TREAT", at=at)
    audit.record("aftercare.transfer_put_together", by=by, about=row, at=at, parts=[str(one) for one in parts_of(row)])
    return row


def _plan(episode: Episode, *, by: User, at: datetime) -> TransitionPlan:
    if not by.has_any(SENDERS):
        raise PermissionDenied
    episode = access_episode(viewer=by, pk=episode.pk, at=at, to="change", lock=True)
    rows = TransitionPlan.objects.select_related("episode__program", "patient__organisation", "organisation")
    plan = rows.filter(episode=episode).first()
    if plan is None or plan.patient.has_died:
        raise NotPlanned
    return plan


@transaction.atomic
def take(*, pk: UUID, form: Form, by: User, at: datetime) -> bytes:
    """The packet as a file to be sent, written down as a disclosure; only under the consent it was put together under.

    Raises PermissionDenied, NotPlanned, NotAgreed, Faulty.
    """
    row = TransferPacket.objects.select_related("episode").filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    plan = _plan(row.episode, by=by, at=at)
    if not may_leave(row, grant_for(plan, at=at)):
        raise NotAgreed
    what = f"{TITLES[form]}: {', '.join(parts_of(row))}"
    record_disclosure(patient=plan.patient, consent=row.consent, recipient=row.recipient, what=what, by=by, at=at)
    return FILES[form](row)


def may_leave(row: TransferPacket, grant: Grant | None) -> bool:
    """Whether what stands in this packet may still go where it says, under the consent that it names."""
    if grant is None or grant.consent.pk != row.consent_id or grant.recipient != row.recipient:
        return False
    return set(parts_of(row)) <= grant.parts


def parts_of(row: TransferPacket) -> tuple[Part, ...]:
    """What this packet holds beside who somebody is."""
    return tuple(part for part in Part if part in row.body)


def packets_of(episode: Episode) -> QuerySet[TransferPacket]:
    """The latest packets of a stay, newest first. The caller has passed the chart's door."""
    rows = TransferPacket.objects.filter(episode=episode).select_related("made_by", "consent")
    return rows.order_by("-made_at", "pk")[:SHOWN]


def given_of(episode: Episode) -> QuerySet[Disclosure]:
    """What of this stay was taken to be sent, to whom and by whom, newest first. The caller has passed a door."""
    rows = Disclosure.objects.filter(patient=episode.patient_id, what__startswith=NAME, at__gte=episode.admitted_at)
    return rows.select_related("by").order_by("-at", "pk")[: 2 * SHOWN]


def _as_pdf(row: TransferPacket) -> bytes:
    sections = [asdict(one) | {"records": []} for one in sections_of(row.pk, opened(row.body))]
    title = (DISCHARGE if row.body["is_over"] else TRANSFER)[1]
    paper = {
        "title": title,
        "notice": NOTICE,
        "house": row.body["house"],
        "recipient": row.recipient,
        "author": f"{row.body['author']['name']}, {row.body['author']['title']}".rstrip(", "),
        "made_on": row.body["made_at"][:10],
        "sections": sections,
    }
    return pdf_of(TEMPLATE, paper)


def _as_fhir(row: TransferPacket) -> bytes:
    bundle = bundle_of(row.pk, opened(row.body))
    if found := faults(bundle):
        raise Faulty(found)
    return json.dumps(bundle, ensure_ascii=False, indent=1).encode()


NAME = "Transfer packet"
TITLES = {Form.PDF: f"{NAME} (PDF)", Form.FHIR: f"{NAME} (FHIR document)"}
FILES = {Form.PDF: _as_pdf, Form.FHIR: _as_fhir}
