"""Reads of a student's own nights. There is no way to anybody else's, for any role."""

from datetime import date

from hearth.accounts.models import User
from hearth.lib import tenancy
from hearth.skills.models import Night, SleepRoutine


def nights_of(viewer: User, *, since: date) -> list[Night]:
    """The viewer's nights that ended after this day, newest first."""
    with tenancy.rows_of(viewer.pk):
        return list(Night.objects.filter(owner=viewer, on__gt=since).order_by("-on"))


def routine_of(viewer: User) -> SleepRoutine | None:
    """How the viewer wants to end their day."""
    with tenancy.rows_of(viewer.pk):
        return SleepRoutine.objects.filter(owner=viewer).first()
