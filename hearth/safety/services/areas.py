"""Keeping whom to call where."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.safety.models import EmergencyArea
from hearth.safety.queries import KEEP_AREAS


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
