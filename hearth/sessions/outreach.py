"""Reads of outreach, behind the chart's door."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet

from hearth.accounts.models import User
from hearth.consent.queries import access_chart
from hearth.people.models import Patient
from hearth.sessions.models import Outreach


def open_outreaches(*, viewer: User) -> QuerySet[Outreach]:
    """Those still to be reached whose chart `viewer` may open, who missed most first; `tries` counts attempts."""
    rows = Outreach.objects.filter(closed_at=None, patient__in=Patient.objects.open_to(viewer))
    return (
        rows.select_related("patient", "session")
        .annotate(tries=Count("attempts"))
        .order_by("-misses", "opened_at", "pk")
    )


def access_outreach(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> Outreach:
    """The outreach `pk`, for staff who may open the chart; the read is written down. Raises PermissionDenied."""
    rows = Outreach.objects.select_related("patient", "session", "closed_by")
    row = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if row is None or not viewer.is_staff:
        raise PermissionDenied
    access_chart(viewer=viewer, pk=row.patient_id, purpose="TREAT", at=at, what="outreach")
    return row
