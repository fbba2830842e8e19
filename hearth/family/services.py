"""What students choose to share with their people."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.family.queries import access_own_tie
from hearth.people.models import Relationship


@transaction.atomic
def choose(*, tie: UUID, schedule: bool, progress: bool, by: User, at: datetime) -> Relationship:
    """The student says what this person may see, from now on. Raises PermissionDenied for anybody else."""
    row = access_own_tie(viewer=by, pk=tie, lock=True)
    row.may_see_schedule, row.may_see_progress = schedule, schedule and progress
    row.save(update_fields=["may_see_schedule", "may_see_progress"])
    audit.record("family.chosen", by=by, about=row, at=at, schedule=schedule, progress=row.may_see_progress)
    return row
