"""Reads of concerns."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, QuerySet, Value, When

from hearth.accounts.models import User
from hearth.accounts.roles import CARE
from hearth.people.models import Patient
from hearth.safety.models import Concern, Severity

_BY_SEVERITY = Case(
    When(severity=Severity.EMERGENCY, then=Value(0)),
    When(severity=Severity.URGENT, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def open_concerns(*, viewer: User) -> QuerySet[Concern]:
    """Concerns nobody has dealt with yet about people `viewer` may see, worst and oldest first."""
    if not viewer.has_any(CARE):
        return Concern.objects.none()
    return (
        Concern.objects.open()
        .filter(patient__in=Patient.objects.open_to(viewer))
        .select_related("patient", "taken_by")
        .order_by(_BY_SEVERITY, "raised_at")
    )


def access_concern(*, viewer: User, pk: UUID) -> Concern:
    """The concern `pk`, if `viewer` cares for its patient. Raises PermissionDenied."""
    if not viewer.has_any(CARE):
        raise PermissionDenied
    row = (
        Concern.objects.filter(patient__in=Patient.objects.open_to(viewer))
        .select_related("patient", "taken_by", "resolved_by")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise PermissionDenied
    return row


def concerns_of(patient: Patient) -> QuerySet[Concern]:
    """Every concern about `patient`, newest first. The caller has passed the chart's door."""
    return Concern.objects.filter(patient=patient).select_related("taken_by", "resolved_by").order_by("-raised_at")
