"""Reads of the support map: the student's own, and what they share."""

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from hearth.accounts.models import User
from hearth.lib import tenancy
from hearth.people.models import Patient
from hearth.skills.models import MapEntry, SharedMap
from hearth.skills.support_map import Entry, Picture, offered, picture


def own_rows(viewer: User) -> list[MapEntry]:
    """Everybody on the viewer's map, the closest first, then as they were put there."""
    with tenancy.rows_of(viewer.pk):
        return list(MapEntry.objects.filter(owner=viewer).order_by("ring", "at", "pk"))


def own_row(*, viewer: User, pk: UUID) -> MapEntry:
    """One on the viewer's map. Raises PermissionDenied for anybody else's, whether there is one or not."""
    row = next((each for each in own_rows(viewer) if each.pk == pk), None)
    if row is None:
        raise PermissionDenied
    return row


def entry_of(row: MapEntry) -> Entry:
    """This row as it is drawn."""
    return Entry(row.name, row.kind, row.ring, row.knows, row.effect, row.note, str(row.pk))


def offered_rows(viewer: User) -> list[MapEntry]:
    """Whom of the map a plan could name."""
    return [row for row in own_rows(viewer) if offered([entry_of(row)])]


def as_shared(owner: User) -> list[dict[str, Any]]:
    """The map as the care team is shown it."""
    return [asdict(replace(entry_of(row), pk="")) for row in own_rows(owner)]


def shared_map_of(patient: Patient) -> SharedMap | None:
    """What `patient` lets their care team see; None if nothing. The caller has passed the chart's door."""
    return SharedMap.objects.filter(patient=patient).first()


def picture_of(shared: SharedMap) -> Picture:
    """The map that is shared, drawn."""
    return picture([Entry.read(row) for row in shared.entries])
