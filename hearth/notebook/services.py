"""Keeping sealed entries and wrapped keys. Nothing here can open them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.notebook.models import Entry, NotebookKey
from hearth.notebook.rules import Sealed, Wrapping
from hearth.people.models import Patient
from hearth.people.queries import access_patient, own_patient


class AlreadySetUp(Exception):
    """There is a notebook key; a second one would shut the first one's entries for ever."""


class NotSetUp(Exception):
    """There is no notebook key yet."""


class ChangedElsewhere(Exception):
    """The entry was changed after the writer last saw it."""


@transaction.atomic
def set_up(*, iterations: int, passphrase: Wrapping, recovery: Wrapping, by: User, at: datetime) -> NotebookKey:
    """Keep the wrapped key of a new notebook. Raises AlreadySetUp."""
    patient = _own(by)
    if NotebookKey.objects.filter(patient=patient).exists():
        raise AlreadySetUp
    key = NotebookKey(patient=patient, iterations=iterations, made_at=at, changed_at=at)
    _wrap(key, "passphrase", passphrase)
    _wrap(key, "recovery", recovery)
    key.save()
    audit.record("notebook.set_up", by=by, about=key, at=at)
    return key


@transaction.atomic
def rewrap(*, which: Literal["passphrase", "recovery"], wrapping: Wrapping, by: User, at: datetime) -> NotebookKey:
    """Wrap the same key under a new passphrase, or a new recovery code; the other wrapping stays. Raises NotSetUp."""
    key = NotebookKey.objects.filter(patient=_own(by)).first()
    if key is None:
        raise NotSetUp
    _wrap(key, which, wrapping)
    key.changed_at = at
    key.save()
    audit.record("notebook.rewrapped", by=by, about=key, at=at, which=which)
    return key


@transaction.atomic
def keep_entry(*, entry_id: UUID, sealed: Sealed, seen_at: datetime | None, by: User, at: datetime) -> Entry:
    """Keep a new entry, or the new text of one. `seen_at` is the change the writer last saw; None for a new one.

    Raises NotSetUp, ChangedElsewhere, and PermissionDenied for an entry of somebody else.
    """
    patient = _own(by)
    if not NotebookKey.objects.filter(patient=patient).exists():
        raise NotSetUp
    entry = Entry.objects.select_for_update(of=("self",)).filter(pk=entry_id).first()
    if entry is None:
        entry = Entry(pk=entry_id, patient=patient, created_at=at)
    elif entry.patient_id != patient.pk:
        raise PermissionDenied
    elif seen_at is not None and seen_at != entry.changed_at:
        raise ChangedElsewhere
    entry.iv, entry.ciphertext, entry.changed_at = sealed.iv, sealed.ciphertext, at
    entry.save()
    audit.record("notebook.entry_kept", by=by, about=entry, at=at)
    return entry


@transaction.atomic
def delete_entry(*, entry: Entry, by: User, at: datetime) -> None:
    """Take this entry away for good."""
    if entry.patient_id != _own(by).pk:
        raise PermissionDenied
    audit.record("notebook.entry_deleted", by=by, about=entry, at=at)
    entry.delete()


@transaction.atomic
def start_over(*, by: User, at: datetime) -> int:
    """Delete the key and every entry, for someone who has lost passphrase and code; returns how many entries."""
    patient = _own(by)
    key = NotebookKey.objects.filter(patient=patient).first()
    if key is None:
        return 0
    count, _ = Entry.objects.filter(patient=patient).delete()
    audit.record("notebook.started_over", by=by, about=key, at=at, entries=count)
    key.delete()
    return count


def _own(by: User) -> Patient:
    """The writer's own row, locked, so that two browsers cannot set up two keys."""
    return access_patient(viewer=by, pk=own_patient(viewer=by).pk, to="own", lock=True)


def _wrap(key: NotebookKey, which: str, wrapping: Wrapping) -> None:
    setattr(key, f"{which}_salt", wrapping.salt)
    setattr(key, f"{which}_iv", wrapping.iv)
    setattr(key, f"{which}_wrapped", wrapping.wrapped)
