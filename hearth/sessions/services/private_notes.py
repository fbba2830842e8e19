"""Writing private notes, and naming somebody to read those of a colleague who left."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.lib import tenancy
from hearth.people.models import Patient
from hearth.sessions.models import PrivateNote, PrivateNoteRelease
from hearth.sessions.private_notes import AUTHORISERS, Kind, seal

RELEASED_FOR = timedelta(days=7)


class StillHere(Exception):
    """The author's account is open: they are asked, nobody reads over their head."""


@transaction.atomic
def keep_private_note(
    *, patient: UUID, kind: Kind, text: str, by: User, at: datetime, note: UUID | None = None
) -> PrivateNote:
    """Keep a new private note, or change the author's own `note`. Raises ValueError without words."""
    if not by.has_any(CLINICIANS):
        raise PermissionDenied
    if not text.strip():
        raise ValueError("a private note has words")
    with tenancy.rows_of(by.pk):
        if note is None:
            person = access_chart(viewer=by, pk=patient, purpose="TREAT", at=at, to="change")
            row = PrivateNote(author=by, patient=person, written_at=at)
        else:
            found = PrivateNote.objects.select_for_update().filter(pk=note, author=by, patient=patient).first()
            if found is None:
                raise PermissionDenied
            row = found
        row.sealed, row.changed_at = seal(row, kind=kind, text=text.strip()), at
        row.save()
        # About its author, never about the student: the chart's own log must not say that there is one.
        audit.record("sessions.private_note_kept", by=by, about=by, at=at, note=str(row.pk))
    return row


@transaction.atomic
def release_private_notes(
    *, patient: Patient, author: User, reader: User, ground: str, reason: str, by: User, at: datetime
) -> PrivateNoteRelease:
    """Name `reader` to read what `author`, who left, wrote privately of this student, if anything, for seven days.

    It says the same whether there is a note or not. Raises StillHere; ValueError without a reason.
    """
    patient = access_chart(viewer=by, pk=patient.pk, purpose="HOPERAT", at=at)
    same = author.organisation_id == reader.organisation_id == by.organisation_id
    may_read = reader.has_any(CLINICIANS) and reader.is_active and reader.pk not in (by.pk, author.pk)
    if not by.has_any(AUTHORISERS) or not same or not may_read:
        raise PermissionDenied
    if author.is_active:
        raise StillHere
    if not reason.strip():
        raise ValueError("a release has a reason")
    row = PrivateNoteRelease.objects.create(
        author=author,
        patient=patient,
        reader=reader,
        authorised_by=by,
        ground=PrivateNoteRelease.Ground(ground),
        reason=reason.strip(),
        at=at,
        ends_at=at + RELEASED_FOR,
    )
    audit.record(
        "sessions.private_notes_released",
        by=by,
        about=patient,
        at=at,
        author=str(author.pk),
        reader=str(reader.pk),
        ground=ground,
        release=str(row.pk),
    )
    return row
