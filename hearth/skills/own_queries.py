"""Reads of what a student keeps for themselves alone. There is no way to anybody else's, for any role."""

from hearth.accounts.models import User
from hearth.lib import tenancy
from hearth.skills.models import Helped


def helped_of(viewer: User) -> list[Helped]:
    """Which tools helped the viewer, newest first."""
    with tenancy.rows_of(viewer.pk):
        return list(Helped.objects.filter(owner=viewer).order_by("-at", "pk"))
