"""Raising, taking and resolving concerns, and keeping whom to call where.

A concern is raised directly by whatever can disclose a risk; never by a receiver.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.people.models import Patient
from hearth.safety.models import Concern, EmergencyArea, Severity
from hearth.safety.queries import KEEP_AREAS

TAKERS = CARE | {Role.COORDINATOR}
"""Who may answer for a concern. Only those who care for people directly resolve one."""


class ActionMissing(Exception):
    """A concern cannot be resolved without saying what was done."""


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

    The same source raises a concern of a severity once, however often it is stored.
    """
    row, is_new = Concern.objects.get_or_create(
        source_kind=source_kind,
        source_id=source_id,
        severity=severity,
        **({} if source_id else {"patient": patient, "raised_at": at}),
        defaults={"patient": patient, "summary": summary, "raised_at": at, "raised_by": by},
    )
    if is_new:
        audit.record("safety.concern_raised", by=by, about=row, at=at, severity=severity, source=source_kind)
    return row


class SummaryMissing(Exception):
    """An observation needs a sentence."""


@transaction.atomic
def raise_observation(*, patient_pk: UUID, severity: Severity | str, summary: str, by: User, at: datetime) -> Concern:
    """Store what a member of staff noticed about a student. Raises PermissionDenied, SummaryMissing."""
    if not by.has_any(TAKERS):
        raise PermissionDenied
    patient = access_chart(viewer=by, pk=patient_pk, purpose="TREAT", at=at, to="change", what="concern")
    if not summary.strip():
        raise SummaryMissing
    return raise_concern(
        patient=patient,
        source_kind="staff",
        source_id=None,
        severity=severity,
        summary=summary.strip(),
        by=by,
        at=at,
    )


@transaction.atomic
def take_concern(*, concern: Concern, by: User, at: datetime) -> Concern:
    """`by` now answers for this concern. Taking over from a colleague is allowed and written down."""
    concern = _lock(concern, by=by, at=at, roles=TAKERS)
    if concern.is_open and concern.taken_by_id != by.pk:
        concern.taken_by, concern.taken_at = by, at
        concern.save(update_fields=["taken_by", "taken_at"])
        audit.record("safety.concern_taken", by=by, about=concern, at=at)
    return concern


@transaction.atomic
def resolve_concern(*, concern: Concern, action: str, by: User, at: datetime) -> Concern:
    """Close this concern with what was done. Raises ActionMissing."""
    if not action.strip():
        raise ActionMissing
    concern = _lock(concern, by=by, at=at, roles=CARE)
    if concern.is_open:
        concern.resolved_by, concern.resolved_at, concern.action = by, at, action.strip()
        if concern.taken_by is None:
            concern.taken_by, concern.taken_at = by, at
        concern.save()
        audit.record("safety.concern_resolved", by=by, about=concern, at=at)
    return concern


class AreaKnown(Exception):
    """This county, or this whole state, is on the list already."""


@transaction.atomic
def keep_area(*, area: EmergencyArea | None, by: User, at: datetime, **said: Any) -> EmergencyArea:
    """Write down whom to call in an area, or that it was checked again. Raises PermissionDenied, AreaKnown."""
    if not by.has_any(KEEP_AREAS):
        raise PermissionDenied
    row = EmergencyArea.objects.select_for_update().get(pk=area.pk) if area else EmergencyArea()
    for name, value in said.items():
        setattr(row, name, value)
    row.checked_by = by
    same = EmergencyArea.objects.filter(state=row.state, county__iexact=row.county).exclude(pk=row.pk)
    if same.exists():
        raise AreaKnown
    row.save()
    audit.record("safety.area_kept", by=by, about=row, at=at)
    return row


def _lock(concern: Concern, *, by: User, at: datetime, roles: frozenset[Role]) -> Concern:
    if not by.has_any(roles):
        raise PermissionDenied
    row = Concern.objects.select_for_update(of=("self",)).get(pk=concern.pk)
    access_chart(viewer=by, pk=row.patient_id, purpose="TREAT", at=at, to="change", what="concern")
    return row
