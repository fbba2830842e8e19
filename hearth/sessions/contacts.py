"""Reads of notes of contacts outside sessions: their door, and who may be told anything."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import CARE
from hearth.consent.queries import access_chart, may_speak_with
from hearth.consent.rules import Spoken
from hearth.sessions.models import ContactNote, ContactNoteVersion
from hearth.sessions.rules.contacts import Kind, Relation


def access_contact(
    *, viewer: User, pk: UUID, at: datetime, to: Literal["read", "change"] = "read", lock: bool = False
) -> ContactNote:
    """A draft for its author alone, as long as the chart is open to them. Raises PermissionDenied."""
    rows = ContactNote.objects.select_related("patient__organisation", "author")
    note = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk, author=viewer).first()
    if note is None or not viewer.has_any(CARE):
        raise PermissionDenied
    access_chart(viewer=viewer, pk=note.patient_id, purpose="TREAT", at=at, to=to, what="notes")
    return note


def spoken_with(note: ContactNote) -> Spoken | None:
    """Whether whom the author talked with might be told anything then; None where the talk was with the student."""
    if note.kind != Kind.COLLATERAL:
        return None
    who, treats = str(note.said.get("who") or ""), note.said.get("relation") == Relation.PROVIDER
    return may_speak_with(patient=note.patient, who=who, is_treating=treats, at=note.happened_at)


def versions_of_contact(note: ContactNote) -> QuerySet[ContactNoteVersion]:
    """What each saving changed, newest first, for a caller who has passed `access_contact`."""
    return note.versions.order_by("-number")
