"""Raising and taking concerns. One is raised directly by whatever can disclose a risk; never by a receiver."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.people.models import Patient
from hearth.safety.models import Concern, ConcernGrade, Severity
from hearth.safety.tasks import escalate

TAKERS = CARE | {Role.COORDINATOR}
"""Who may answer for a concern. Only those who care for people directly resolve one."""


@transaction.atomic
def raise_concern(
    *,
    patient: Patient,
    source_kind: str,
    source_id: UUID | None,
    severity: Severity | str,
    summary: str,
    by: User | None,
    at: datetime,
) -> Concern:
    """Store a risk so that staff screens show it until a named person has dealt with it.

    The same source raises a concern of a severity once, however often it is stored. Telling people is a job of this
    transaction; the screens and a look at all open concerns every minute do without it.
    """
    graded = ConcernGrade.objects.filter(
        concern__source_kind=source_kind, concern__source_id=source_id, before=severity
    )
    if source_id and (known := graded.select_related("concern").order_by("at").first()):
        return known.concern  # it was raised, and is more or less severe since
    row, is_new = Concern.objects.get_or_create(
        source_kind=source_kind,
        source_id=source_id,
        severity=severity,
        **({} if source_id else {"patient": patient, "raised_at": at}),
        defaults={"patient": patient, "summary": summary, "raised_at": at, "raised_by": by},
    )
    if is_new:
        audit.record("safety.concern_raised", by=by, about=row, at=at, severity=severity, source=source_kind)
        escalate.defer(concern_id=str(row.pk), organisation_id=str(row.organisation_id))
    return row


@transaction.atomic
def take_concern(*, concern: Concern, by: User, at: datetime) -> Concern:
    """`by` now answers for this concern. Taking over from a colleague is allowed and written down."""
    concern = lock(concern, by=by, at=at, roles=TAKERS)
    if concern.is_open and concern.taken_by_id != by.pk:
        concern.taken_by, concern.taken_at = by, at
        concern.save(update_fields=["taken_by", "taken_at"])
        audit.record("safety.concern_taken", by=by, about=concern, at=at)
    return concern


def lock(concern: Concern, *, by: User, at: datetime, roles: frozenset[Role]) -> Concern:
    """The concern's row, held, for one of `roles` who may write into the chart. Raises PermissionDenied."""
    if not by.has_any(roles):
        raise PermissionDenied
    row = Concern.objects.select_for_update(of=("self",)).get(pk=concern.pk)
    access_chart(viewer=by, pk=row.patient_id, purpose="TREAT", at=at, to="change", what="concern")
    return row
