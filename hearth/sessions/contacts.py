"""Reads of notes of contacts outside sessions: their door, what is not signed yet, and who may be told anything."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import CARE
from hearth.consent.queries import access_chart, may_speak_with
from hearth.consent.rules import Spoken
from hearth.people.models import Patient
from hearth.people.rules import SEE_EVERYONE
from hearth.sessions.models import ContactNote, ContactNoteVersion
from hearth.sessions.rules.contacts import Kind, Relation
from hearth.sessions.rules.notes import note_state


@dataclass(frozen=True, slots=True)
class UnsignedContact:
    """A draft that waits for its author; `state` is "new", "due" or "overdue", by the hours of every note."""

    note: ContactNote
    age: timedelta
    state: str


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


def contacts_to_sign(*, viewer: User, at: datetime, everyone: bool = False) -> list[UnsignedContact]:
    """Contact notes not signed yet: the viewer's own, or (for those who see everyone) all. Oldest first."""
    if everyone and not viewer.has_any(SEE_EVERYONE):
        raise PermissionDenied
    rows = ContactNote.objects.filter(signed_at=None, set_aside_at=None).select_related("patient", "author")
    mine = rows if everyone else rows.filter(author=viewer)
    return [
        UnsignedContact(row, at - row.over_at, note_state(over_at=row.over_at, at=at))
        for row in mine.order_by("happened_at", "pk")
    ]


def open_contacts_of(patient: Patient) -> QuerySet[ContactNote]:
    """Those of one student, for a caller who has passed `access_chart`."""
    rows = ContactNote.objects.filter(patient=patient, signed_at=None, set_aside_at=None)
    return rows.select_related("author").order_by("-happened_at", "pk")
