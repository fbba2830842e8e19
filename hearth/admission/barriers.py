"""The plan for what is in the way of somebody's coming: reading it, writing it down, and what became of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.admission.barrier_models import Barrier
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.lib import tenancy
from hearth.people.models import CareTeamMember, Patient
from hearth.people.rules import CHANGE, SEE_EVERYONE

HELPERS = CARE | {Role.COORDINATOR}
"""Who may write into the plan and own a part of it."""

READERS = HELPERS | {Role.DIRECTOR}
"""Who may read it."""


class NotTheirs(Exception):
    """This owner may not open the chart, so they could not see to it."""


def barriers_of(patient: Patient) -> QuerySet[Barrier]:
    """Everything that is or was in the way, what is open and due first at the top. The caller has passed a door."""
    rows = Barrier.objects.filter(patient=patient).select_related("owner", "done_by")
    return rows.order_by(F("done_at").desc(nulls_first=True), "due_on", "pk")


def my_barriers(*, viewer: User) -> QuerySet[Barrier]:
    """What `viewer` sees to and is not done, what is due first at the top. One query."""
    rows = Barrier.objects.filter(owner=viewer, done_at=None, patient__has_died=False).select_related("patient")
    return rows.filter(patient__in=Patient.objects.open_to(viewer)).order_by("due_on", "pk")


def possible_owners(patient: Patient) -> QuerySet[User]:
    """Those who may write into this chart: the care team, and whose work covers everyone. By name."""
    team = CareTeamMember.objects.current().filter(patient=patient).values("member")
    everyone = [role for role in HELPERS if role in SEE_EVERYONE & CHANGE]
    rows = User.objects.filter(organisation_id=tenancy.current(), is_active=True, roles__overlap=list(HELPERS))
    return rows.filter(Q(pk__in=team) | Q(roles__overlap=everyone)).order_by("name", "pk")


def access_barrier(*, viewer: User, pk: UUID, at: datetime) -> Barrier:
    """One part of the plan, for those who may change it. Raises PermissionDenied."""
    row = Barrier.objects.select_related("owner").filter(pk=pk).first()
    if row is None or not viewer.has_any(HELPERS):
        raise PermissionDenied
    row.patient = access_chart(viewer=viewer, pk=row.patient_id, purpose="TREAT", at=at, to="change", what="barriers")
    return row


@transaction.atomic
def note_barrier(*, patient: Patient, told: Mapping[str, Any], by: User, at: datetime) -> Barrier:
    """Write down what is in the way, who sees to it, and until when. Raises NotTheirs."""
    if not by.has_any(HELPERS):
        raise PermissionDenied
    patient = access_chart(viewer=by, pk=patient.pk, purpose="TREAT", at=at, to="change", what="barriers")
    row = Barrier(patient=patient, noted_by=by, noted_at=at, **told)
    _owned(row)
    row.save()
    audit.record("admission.barrier_noted", by=by, about=row, at=at, kind=row.kind, owner=str(row.owner_id))
    return row


@transaction.atomic
def change_barrier(*, row: Barrier, told: Mapping[str, Any], became: str, by: User, at: datetime) -> Barrier:
    """Hand it over, move its day, or say what became of it, which ends it. Raises NotTheirs."""
    row = access_barrier(viewer=by, pk=row.pk, at=at)
    for name, value in told.items():
        setattr(row, name, value)
    if became.strip():
        row.became, row.done_by, row.done_at = became.strip(), by, at
    else:
        _owned(row)
        row.became, row.done_by, row.done_at = "", None, None
    row.save()
    audit.record("admission.barrier_changed", by=by, about=row, at=at, done=row.done_at is not None)
    return row


def _owned(row: Barrier) -> None:
    if not possible_owners(row.patient).filter(pk=row.owner_id).exists():
        raise NotTheirs
