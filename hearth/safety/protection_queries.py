"""Reads of duties to protect or to report."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied

from hearth.accounts.models import User
from hearth.safety.models import Concern
from hearth.safety.protection_models import ProtectiveDuty, ProtectiveStep
from hearth.safety.queries import access_concern


def duties_at(concern: Concern) -> list[ProtectiveDuty]:
    """Those marked at a concern, the soonest first, for a caller who has passed its door. One query."""
    return list(concern.protective_duties.order_by("due_at", "pk"))


def access_duty(*, viewer: User, pk: UUID, at: datetime) -> ProtectiveDuty:
    """The duty `pk`, through the door of its concern; the read is written down. Raises PermissionDenied."""
    duty = ProtectiveDuty.objects.select_related("marked_by").filter(pk=pk).first()
    if duty is None:
        raise PermissionDenied
    duty.concern = access_concern(viewer=viewer, pk=duty.concern_id, at=at)
    return duty


def steps_of_duty(duty: ProtectiveDuty) -> list[ProtectiveStep]:
    """What was done about it, in the order of doing. One query."""
    return list(duty.steps.select_related("by").order_by("at", "written_at", "pk"))
