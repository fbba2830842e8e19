"""The private store: sealing, opening, and who may. Author-only; nothing else in the house reads these rows."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS, Role
from hearth.audit import services as audit
from hearth.lib import sealed, tenancy
from hearth.people.models import Patient
from hearth.sessions.models import PrivateNote, PrivateNoteRelease

AUTHORISERS = frozenset({Role.PRIVACY, Role.DIRECTOR})
"""Who may name a reader for the notes of somebody who left. They never read them themselves by that."""


class Kind(StrEnum):
    """Which law keeps it apart: 45 CFR 164.501, or 42 CFR 2.11."""

    PSYCHOTHERAPY = "psychotherapy"
    SUD_COUNSELING = "sud_counseling"


@dataclass(frozen=True, slots=True)
class Opened:
    """One private note, opened."""

    id: UUID
    kind: Kind
    text: str
    written_at: datetime
    changed_at: datetime


def keys() -> Path:
    """The file of the keys that seal private notes, and nothing else."""
    return Path(settings.HEARTH_KEY_DIR) / "private-notes"


def _context(note: PrivateNote) -> str:
    return f"private note {note.pk} by {note.author_id} of {note.patient_id}"


def seal(note: PrivateNote, *, kind: Kind, text: str) -> bytes:
    """The content, sealed for this row, this author and this student alone."""
    return sealed.seal(json.dumps({"kind": kind, "text": text}).encode(), keys=keys(), context=_context(note))


def unseal(note: PrivateNote) -> Opened:
    """Raises sealed.CannotOpen where the bytes belong to another row or were changed."""
    content = json.loads(sealed.unseal(bytes(note.sealed), keys=keys(), context=_context(note)))
    return Opened(note.pk, Kind(content["kind"]), content["text"], note.written_at, note.changed_at)


def own_notes(*, viewer: User, patient: Patient, at: datetime) -> list[Opened]:
    """What `viewer` wrote privately of this student, newest first. Written down for the reader, not for the chart."""
    if not viewer.has_any(CLINICIANS):
        raise PermissionDenied
    found = _notes(author_id=viewer.pk, patient_id=patient.pk)
    if found:
        audit.record_read("private_notes.read", by=viewer, about=viewer, purpose="TREAT", at=at)
    return found


def own_note(*, viewer: User, pk: UUID, at: datetime) -> tuple[Patient, Opened]:
    """One of the viewer's own. Raises PermissionDenied for all others', whether they exist or not."""
    with tenancy.rows_of(viewer.pk):
        note = PrivateNote.objects.select_related("patient").filter(pk=pk).first()
        if note is None or not viewer.has_any(CLINICIANS):
            raise PermissionDenied
        audit.record_read("private_notes.read", by=viewer, about=viewer, purpose="TREAT", at=at)
        return note.patient, unseal(note)


def _notes(*, author_id: UUID, patient_id: UUID) -> list[Opened]:
    with tenancy.rows_of(author_id):
        return [unseal(row) for row in PrivateNote.objects.filter(patient_id=patient_id).order_by("-written_at", "pk")]


def releases_for(*, viewer: User, patient: Patient, at: datetime) -> QuerySet[PrivateNoteRelease]:
    """What `viewer` was named for and may read now of this student."""
    rows = PrivateNoteRelease.objects.filter(reader=viewer, patient=patient, ends_at__gt=at)
    return rows.select_related("author").order_by("-at")


def releases_of(*, viewer: User, patient: Patient) -> QuerySet[PrivateNoteRelease]:
    """Every release for this student, newest first. Raises PermissionDenied for all who do not authorise."""
    if not viewer.has_any(AUTHORISERS):
        raise PermissionDenied
    rows = PrivateNoteRelease.objects.filter(patient=patient)
    return rows.select_related("author", "reader", "authorised_by").order_by("-at")


def released_notes(*, viewer: User, pk: UUID, at: datetime) -> tuple[PrivateNoteRelease, list[Opened]]:
    """What somebody who left wrote, for the reader named. Each opening stands in the student's access log."""
    rows = PrivateNoteRelease.objects.select_related("author", "patient", "authorised_by")
    release = rows.filter(pk=pk, reader=viewer, ends_at__gt=at).first()
    if release is None or not viewer.has_any(CLINICIANS) or release.author.is_active:
        raise PermissionDenied
    purpose = {"authorised": "PATRQT", "emergency": "BTG", "danger": "BTG"}.get(release.ground, "HOPERAT")
    audit.record_read("private_notes.read", by=viewer, about=release.patient, purpose=purpose, at=at)
    return release, _notes(author_id=release.author_id, patient_id=release.patient_id)


def people_who_left(*, viewer: User) -> QuerySet[User]:
    """Clinicians of this house whose account is closed, by name."""
    rows = User.objects.filter(organisation_id=viewer.organisation_id, is_active=False)
    return rows.filter(roles__overlap=sorted(CLINICIANS)).order_by("name", "pk")


def possible_readers(*, viewer: User) -> QuerySet[User]:
    """Clinicians of this house, by name; nobody names themself."""
    rows = User.objects.filter(organisation_id=viewer.organisation_id, is_active=True)
    return rows.filter(roles__overlap=sorted(CLINICIANS)).exclude(pk=viewer.pk).order_by("name", "pk")
