"""Reads of one's own notebook. There is no way to anybody else's, for any role."""

from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.notebook.models import Entry, NotebookKey
from hearth.people.queries import own_patient


def own_key(*, viewer: User) -> NotebookKey | None:
    """The viewer's own notebook key, None before set-up. Raises PermissionDenied for someone who is no patient."""
    return NotebookKey.objects.filter(patient=own_patient(viewer=viewer)).first()


def own_entries(*, viewer: User) -> QuerySet[Entry]:
    """The viewer's own entries, newest first, still encrypted. Raises PermissionDenied."""
    return Entry.objects.filter(patient=own_patient(viewer=viewer)).order_by("-created_at", "pk")
