"""Reads of what a student keeps for themselves alone. There is no way to anybody else's, for any role."""

from uuid import UUID

from django.core.exceptions import PermissionDenied

from hearth.accounts.models import User
from hearth.lib import tenancy
from hearth.skills.models import Activity, Helped, Urge


def helped_of(viewer: User) -> list[Helped]:
    """Which tools helped the viewer, newest first."""
    with tenancy.rows_of(viewer.pk):
        return list(Helped.objects.filter(owner=viewer).order_by("-at", "pk"))


def urges_of(viewer: User) -> list[Urge]:
    """The viewer's urges, newest first."""
    with tenancy.rows_of(viewer.pk):
        return list(Urge.objects.filter(owner=viewer).order_by("-at", "pk"))


def activities_of(viewer: User) -> list[Activity]:
    """What the viewer planned, the nearest day first, and did."""
    with tenancy.rows_of(viewer.pk):
        return list(Activity.objects.filter(owner=viewer).order_by("on", "at", "pk"))


def own_activity(*, viewer: User, pk: UUID) -> Activity:
    """One of the viewer's own. Raises PermissionDenied for anybody else's, whether there is one or not."""
    with tenancy.rows_of(viewer.pk):
        row = Activity.objects.filter(owner=viewer, pk=pk).first()
    if row is None:
        raise PermissionDenied
    return row
