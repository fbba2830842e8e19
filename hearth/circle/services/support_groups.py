"""What staff do to the list of support groups."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.circle.models import SupportGroup
from hearth.circle.support_groups import KEEPERS, access_group


@transaction.atomic
def keep_group(*, group: UUID | None = None, by: User, at: datetime, **said: Any) -> SupportGroup:
    """Put a group on the list, or change one that is there: what the form says of it. Raises PermissionDenied."""
    if not by.has_any(KEEPERS):
        raise PermissionDenied
    row = access_group(viewer=by, pk=group, lock=True) if group else SupportGroup()
    for name, value in said.items():
        setattr(row, name, value)
    row.kept_by = by
    row.save()
    audit.record("circle.support_group_kept", by=by, about=row, at=at)
    return row


@transaction.atomic
def end_group(*, group: UUID, by: User, at: datetime) -> None:
    """Take a group off the list. Raises PermissionDenied."""
    row = access_group(viewer=by, pk=group, lock=True)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audit.record("circle.support_group_ended", by=by, about=row, at=at)
