"""Reads of one's own notebook. There is no way to anybody else's, for any role, but to what its writer shares."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.notebook.models import Entry, NotebookKey, SharedEntry
from hearth.people.models import Patient
from hearth.people.queries import own_patient


def own_key(*, viewer: User) -> NotebookKey | None:
    """The viewer's own notebook key, None before set-up. Raises PermissionDenied for someone who is no patient."""
    return NotebookKey.objects.filter(patient=own_patient(viewer=viewer)).first()


def own_entries(*, viewer: User) -> QuerySet[Entry]:
    """The viewer's own entries, newest first, still encrypted. Raises PermissionDenied."""
    return Entry.objects.filter(patient=own_patient(viewer=viewer)).order_by("-created_at", "pk")


def own_shared(entries: Iterable[UUID], *, viewer: User) -> dict[UUID, int]:
    """Which of these entries the viewer shares, and the version each was shared in. Raises PermissionDenied."""
    rows = SharedEntry.objects.filter(patient=own_patient(viewer=viewer), entry__in=entries)
    return dict(rows.values_list("entry", "version"))


def shared_entries_of(patient: Patient) -> QuerySet[SharedEntry]:
    """What `patient` shares of their notebook, newest first. For whoever passed `access_chart`."""
    return SharedEntry.objects.filter(patient=patient).order_by("-shared_at", "pk")
