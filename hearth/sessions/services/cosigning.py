"""Co-signing: asking for it, reading, signing too, and sending back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.people.models import Licence, Patient
from hearth.people.queries import supervisor_of
from hearth.sessions.cosigning import Standing, access_to_co_sign, covers
from hearth.sessions.models import CoSignature, CoSignatureAsked, CoSignatureRead, ProgressNote, SentBack
from hearth.sessions.rules.cosigning import State


class NotRead(Exception):
    """Some of these notes, or what was added to them, the supervisor has not opened yet."""

    def __init__(self, notes: Sequence[ProgressNote]) -> None:
        super().__init__(f"{len(notes)} notes are not read")
        self.notes = list(notes)


class NotWaiting(Exception):
    """The note is co-signed already, or its author is to add something first."""


def ask_co_signatures(*, notes: Sequence[ProgressNote], by: User, at: datetime) -> None:
    """Let notes that `by` signs now wait for the supervisor they work under today, if there is one."""
    supervisor = supervisor_of(by, on=at.astimezone(by.zone).date())
    if supervisor is None:
        return
    for note in notes:
        CoSignatureAsked.objects.create(note=note, supervisor=supervisor, at=at)
        audit.record("sessions.co_signature_asked", by=by, about=note, at=at, supervisor=str(supervisor.pk))


@transaction.atomic
def mark_read(*, note: UUID, by: User, at: datetime) -> Standing:
    """Open a note to co-sign it; what was read may be signed."""
    standing = access_to_co_sign(viewer=by, pk=note, at=at)
    CoSignatureRead.objects.get_or_create(note=standing.note, by=by, covers=covers(standing.note), defaults={"at": at})
    return standing


@transaction.atomic
def co_sign(*, notes: Sequence[UUID], by: User, at: datetime) -> list[CoSignature]:
    """Sign these locked notes too, all or none. Raises NotRead, NotWaiting."""
    _lock(notes)
    found = [access_to_co_sign(viewer=by, pk=pk, at=at) for pk in dict.fromkeys(notes)]
    unread = [one.note for one in found if not one.is_read]
    if unread:
        raise NotRead(unread)
    if any(one.state is not State.WAITING for one in found):
        raise NotWaiting
    signed_as = _signed_as(by, at)
    made = []
    for one in found:
        row = CoSignature.objects.create(note=one.note, by=by, signed_as=signed_as, covers=covers(one.note), at=at)
        audit.record("sessions.note_co_signed", by=by, about=one.note, at=at, covers=row.covers)
        made.append(row)
    return made


@transaction.atomic
def send_back(*, note: UUID, comment: str, by: User, at: datetime) -> SentBack:
    """Ask the author for an addendum before co-signing. Raises ValueError without words, NotWaiting."""
    if not comment.strip():
        raise ValueError("a note is sent back with words")
    _lock([note])
    standing = access_to_co_sign(viewer=by, pk=note, at=at)
    if standing.state is not State.WAITING:
        raise NotWaiting
    row = SentBack.objects.create(note=standing.note, by=by, comment=comment.strip(), at=at)
    audit.record("sessions.note_sent_back", by=by, about=standing.note, at=at)
    return row


def _lock(notes: Sequence[UUID]) -> None:
    """Two windows make one co-signature. Notes only grow and cannot be locked themselves: their patients are."""
    patients = ProgressNote.objects.filter(pk__in=notes).values("patient")
    list(Patient.objects.select_for_update(of=("self",)).filter(pk__in=patients).order_by("pk"))


def _signed_as(by: User, at: datetime) -> str:
    day = at.astimezone(by.zone).date()
    licences = Licence.objects.filter(holder=by, during__contains=day).order_by("state", "number")
    words = [by.name, by.title, *(f"{each.discipline} {each.state} {each.number}" for each in licences)]
    return ", ".join(word for word in words if word)[:300]
