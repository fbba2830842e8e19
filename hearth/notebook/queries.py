"""Reads of the notebook: the student's own alone. Staff have no way in, and would find nothing to read."""

from uuid import UUID

from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.notebook.models import Entry, NotebookKey
from hearth.people.queries import own_patient


def own_key(*, viewer: User) -> NotebookKey | None:
    """The viewer's wrapped key; None before the notebook is set up. PermissionDenied for others than patients."""
    return NotebookKey.objects.filter(patient=own_patient(viewer=viewer)).first()


def own_entries(*, viewer: User) -> QuerySet[Entry]:
    """The viewer's sealed entries, newest first."""
    return Entry.objects.filter(patient=own_patient(viewer=viewer)).order_by("-created_at", "pk")


def own_entry(*, viewer: User, pk: UUID) -> Entry | None:
    """One of the viewer's sealed entries; None if there is none with this id."""
    return own_entries(viewer=viewer).filter(pk=pk).first()
