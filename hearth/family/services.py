"""What students choose to share with their people, and who is their guardian no more."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.family.queries import KEEPERS, access_own_tie
from hearth.people.models import Relationship


@transaction.atomic
def choose(*, tie: UUID, schedule: bool, progress: bool, by: User, at: datetime) -> Relationship:
    """The student says what this person may see, from now on. Raises PermissionDenied for anybody else."""
    row = access_own_tie(viewer=by, pk=tie, lock=True)
    row.may_see_schedule, row.may_see_progress = schedule, schedule and progress
    row.save(update_fields=["may_see_schedule", "may_see_progress"])
    audit.record("family.chosen", by=by, about=row, at=at, schedule=schedule, progress=row.may_see_progress)
    return row


@transaction.atomic
def end_guardianship(*, patient: UUID, tie: UUID, by: User, at: datetime) -> Relationship:
    """This person decides for the student no longer, from now on; what they signed before stays signed.

    Only those who keep families, where they may write into the chart. Raises PermissionDenied.
    """
    if not by.has_any(KEEPERS):
        raise PermissionDenied
    person = access_chart(viewer=by, pk=patient, purpose="TREAT", at=at, to="change", lock=True, what="family")
    row = Relationship.objects.filter(pk=tie, patient=person).first()
    if row is None:
        raise PermissionDenied
    if row.is_guardian:
        row.is_guardian = False
        row.kind = Relationship.Kind.OTHER if row.kind == Relationship.Kind.GUARDIAN else row.kind
        row.save(update_fields=["is_guardian", "kind"])
        audit.record("family.guardianship_ended", by=by, about=row, at=at)
    return row
