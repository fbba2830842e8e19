"""Reads of the hours that come again every week. There is no way to anybody else's, for any role."""

from hearth.accounts.models import User
from hearth.lib import tenancy
from hearth.skills.models import WeekHours


def hours_of(viewer: User) -> list[WeekHours]:
    """The viewer's own, the earliest in the week first."""
    with tenancy.rows_of(viewer.pk):
        rows = list(WeekHours.objects.filter(owner=viewer))
    return sorted(rows, key=lambda row: (row.days, row.starts, row.title))
