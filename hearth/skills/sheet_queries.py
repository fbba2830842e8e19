"""Reads of working sheets: the student's own, and those they share."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from hearth.accounts.models import User
from hearth.lib import tenancy
from hearth.people.models import Patient
from hearth.skills.models import SharedSheet, Sheet
from hearth.skills.queries import AT_HAND


def sheets_of(viewer: User) -> list[Sheet]:
    """The viewer's own sheets, last written first."""
    with tenancy.rows_of(viewer.pk):
        return list(Sheet.objects.filter(owner=viewer).order_by("-changed_at", "pk"))


def sheets_at_hand(viewer: User) -> list[Sheet]:
    """Those that a phone keeps to go on with: the last written."""
    with tenancy.rows_of(viewer.pk):
        return list(Sheet.objects.filter(owner=viewer).order_by("-changed_at", "pk")[:AT_HAND])


def sheets_beside(row: Sheet, *, viewer: User) -> list[Sheet]:
    """What was written in the place of the viewer's own `row` on another device in between, and is kept beside it."""
    with tenancy.rows_of(viewer.pk):
        return list(Sheet.objects.filter(Q(beside=row) | Q(pk=row.beside_id), owner=viewer).order_by("at", "pk"))


def own_sheet(*, viewer: User, pk: UUID) -> Sheet:
    """One of the viewer's own. Raises PermissionDenied for anybody else's, whether there is one or not."""
    with tenancy.rows_of(viewer.pk):
        row = Sheet.objects.filter(owner=viewer, pk=pk).first()
    if row is None:
        raise PermissionDenied
    return row


def shared_sheets_of(patient: Patient) -> QuerySet[SharedSheet]:
    """What `patient` lets their care team read, last written first."""
    return SharedSheet.objects.filter(patient=patient).order_by("-changed_at", "pk")
