"""Who hosts a circle, and when they read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.circle.models import Circle, Host
from hearth.circle.queries import possible_hosts

LEADERS = frozenset({Role.SUPERVISOR})
"""Who names hosts and says when they read."""


@transaction.atomic
def name_host(*, circle: Circle, member: UUID, by: User, at: datetime) -> Host:
    """This facilitator or peer specialist hosts the circle from now on. Raises PermissionDenied."""
    circle = _lock(circle, by)
    person = possible_hosts(circle).filter(pk=member).first()
    if person is None:
        raise PermissionDenied
    row = Host.objects.create(circle=circle, member=person, named_by=by, named_at=at)
    audit.record("circle.host_named", by=by, about=row, at=at)
    return row


@transaction.atomic
def end_host(*, circle: Circle, host: UUID, by: User, at: datetime) -> None:
    """They host it no longer. Raises PermissionDenied."""
    circle = _lock(circle, by)
    row = circle.hosts.filter(pk=host, ended_at=None).first()
    if row is not None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        audit.record("circle.host_ended", by=by, about=row, at=at)


@transaction.atomic
def keep_hours(*, circle: Circle, hours: Sequence[dict[str, Any]], reads_first: bool, by: User, at: datetime) -> Circle:
    """When hosts read, as students are told, and whether they read every post first. Raises PermissionDenied."""
    circle = _lock(circle, by)
    circle.hours, circle.reads_first = list(hours), reads_first
    circle.save(update_fields=["hours", "reads_first"])
    audit.record("circle.hours_kept", by=by, about=circle, at=at, reads_first=reads_first)
    return circle


def _lock(circle: Circle, by: User) -> Circle:
    if not by.has_any(LEADERS):
        raise PermissionDenied
    return Circle.objects.select_for_update().get(pk=circle.pk)
