"""Whether what is held in a place falls to a closure."""

from datetime import date
from uuid import UUID

from hearth.people.models import Modality
from hearth.program.models import Closure, StaffDuty


def is_closed(closure: Closure, modality: str, site: UUID | None) -> bool:
    """Whether this closure, on one of its days, hits what is held so: all of it, or in person at its site."""
    return closure.site_id is None or (modality != Modality.VIRTUAL and site == closure.site_id)


def offices_on(day: date) -> dict[UUID, UUID]:
    """Where each member of staff has their office on this day, for those who have one."""
    rows = StaffDuty.objects.on(day).filter(site__isnull=False)
    return dict(rows.values_list("member", "site"))
