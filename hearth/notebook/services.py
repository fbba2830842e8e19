"""Writes of one's own notebook. The record says what became of its keys; when somebody writes is theirs alone."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.measures.queueing import written_at
from hearth.notebook import queries
from hearth.notebook.models import Arrival, Entry, NotebookKey, SharedEntry
from hearth.notebook.rules import EntrySent, KeySent, LateSent
from hearth.people.queries import own_patient
from hearth.safety.services import read_own_words

WHERE = gettext_noop("It stands in an entry of their notebook that they share, on their chart.")


class Stale(Exception):
    """Somebody wrote in between: another tab or device. Nothing was changed."""


class OtherKey(Exception):
    """The entry is under a key that is not this notebook's: it was begun anew in between. Nothing was changed."""


class Gone(Exception):
    """The entry was deleted in between. Nothing was brought back."""


@transaction.atomic
def keep_key(*, sent: KeySent, by: User, at: datetime) -> NotebookKey:
    """Set up the notebook (`sent.version` 0), or wrap its data key anew over the version sent. Raises Stale."""
    patient = own_patient(viewer=by)
    wrapped = {
        "iterations": sent.iterations,
        "passphrase_salt": sent.passphrase.salt,
        "passphrase_iv": sent.passphrase.iv,
        "passphrase_wrapped": sent.passphrase.key,
        "recovery_salt": sent.recovery.salt,
        "recovery_iv": sent.recovery.iv,
        "recovery_wrapped": sent.recovery.key,
    }
    if sent.version == 0:
        try:
            with transaction.atomic():
                key = NotebookKey.objects.create(patient=patient, made_at=at, changed_at=at, **wrapped)
        except IntegrityError:
            raise Stale from None
        audit.record("notebook.set_up", by=by, about=key, at=at)
        return key
    changed = NotebookKey.objects.filter(patient=patient, version=sent.version).update(
        version=F("version") + 1, changed_at=at, **wrapped
    )
    if not changed:
        raise Stale
    key = NotebookKey.objects.get(patient=patient)
    audit.record("notebook.passphrase_changed", by=by, about=key, at=at, version=key.version)
    return key


@transaction.atomic
def begin_anew(*, version: int, by: User, at: datetime) -> None:
    """Delete the notebook with everything in it, for somebody who has lost both ways in. Raises Stale."""
    key = NotebookKey.objects.select_for_update().filter(patient=own_patient(viewer=by), version=version).first()
    if key is None:
        raise Stale
    audit.record("notebook.begun_anew", by=by, about=key, at=at)
    for shared in SharedEntry.objects.filter(patient=key.patient_id):
        _close(shared, by=by, at=at)
    key.delete()


@transaction.atomic
def keep_entry(*, pk: UUID, sent: EntrySent, by: User, at: datetime) -> Entry:
    """Write a new entry (`sent.version` 1) or the next version of one. The same sent twice is stored once.

    Raises Stale where another version stands there, OtherKey, and PermissionDenied for an id of somebody else's.
    """
    key = queries.own_key(viewer=by)
    if key is None or str(key.pk) != sent.key:
        raise OtherKey
    found = key.entries.filter(pk=pk).first()
    if found and (found.version, found.iv, found.ciphertext) == (sent.version, sent.iv, sent.ciphertext):
        _hear(sent.sending, key, pk, sent)
        return found
    if sent.version == 1 and found is None:
        entry = _add_entry(pk, key, sent, at)
    else:
        changed = key.entries.filter(pk=pk, version=sent.version - 1).update(
            iv=sent.iv, ciphertext=sent.ciphertext, version=sent.version, changed_at=at, beside=None
        )
        if not changed:
            raise Stale
        entry = key.entries.get(pk=pk)
    _hear(sent.sending, key, pk, sent)
    return entry


@transaction.atomic
def take_late(*, late: LateSent, by: User, at: datetime) -> None:
    """Keep what was written without a connection, once for each sending, and beside what was meanwhile written there.

    Raises OtherKey, Gone where the entry was deleted meanwhile, Stale where what it was kept beside as was changed,
    too, and PermissionDenied for an id of somebody else's.
    """
    key = NotebookKey.objects.select_for_update().filter(patient=own_patient(viewer=by)).first()
    if key is None or str(key.pk) != late.sent.key:
        raise OtherKey
    if key.arrivals.filter(pk=late.sending).exists():
        return
    heard = {one.entry: one.version for one in key.arrivals.filter(pk__in=late.over).order_by("version")}
    both = [late.entry, *([late.beside[0]] if late.beside else [])]
    found = {one.pk: one for one in key.entries.select_for_update().filter(pk__in=both)}
    pk, sent = _place_of(late, found, heard)
    there = found.get(pk)
    if there is None:
        entry = _add_entry(pk, key, sent, at, written_at(late, at=at) or at)
    else:
        entry = there
        entry.iv, entry.ciphertext, entry.version, entry.changed_at = sent.iv, sent.ciphertext, sent.version, at
    if pk != late.entry:
        entry.beside = found.get(late.entry)
    entry.save()
    _hear(late.sending, key, pk, sent)


def _hear(sending: UUID | None, key: NotebookKey, entry: UUID, sent: EntrySent) -> None:
    """Remember that this arrived. Raises PermissionDenied for an id of somebody else's."""
    if sending is None or key.arrivals.filter(pk=sending).exists():
        return
    try:
        with transaction.atomic():
            Arrival.objects.create(pk=sending, notebook=key, entry=entry, version=sent.version)
    except IntegrityError:
        raise PermissionDenied from None


def _place_of(late: LateSent, found: Mapping[UUID, Entry], heard: Mapping[UUID, int]) -> tuple[UUID, EntrySent]:
    """Which entry these words belong in, and as which version. Raises Gone and Stale."""
    if late.beside and late.beside[0] in heard:  # what was written before stands beside already
        pk, sent = late.beside
        stands_on = {heard[pk]}
    else:
        pk, sent = late.entry, late.sent
        stands_on = {late.base, heard.get(pk, late.base)}
    there = found.get(pk)
    if there is None:
        if late.base or heard:
            raise Gone
        return pk, sent
    if there.version in stands_on and sent.version > there.version:
        return pk, sent
    if not late.beside or late.beside[0] in found:
        raise Stale
    return late.beside


@transaction.atomic
def delete_entry(*, pk: UUID, version: int, by: User, at: datetime) -> None:
    """Delete the viewer's entry for good, and what is shared of it, unless it was changed in between (Stale).

    One that is gone stays gone.
    """
    entry = queries.own_entries(viewer=by).select_for_update(of=("self",)).filter(pk=pk).first()
    if entry is None:
        return
    if entry.version != version:
        raise Stale
    entry.delete()
    stop_sharing(pk=pk, by=by, at=at)


@transaction.atomic
def share_entry(*, pk: UUID, version: int, text: str, by: User, at: datetime) -> SharedEntry:
    """Let the care team read these words of one entry; shared anew, instead of what they could read before.

    They come from its writer's device, which alone can open it. Raises Stale where another version stands there.
    """
    entry = queries.own_entries(viewer=by).select_for_update(of=("self",)).filter(pk=pk, version=version).first()
    if entry is None:
        raise Stale
    before = SharedEntry.objects.filter(entry=pk).values_list("text", flat=True).first()
    said = {"text": text, "version": version, "written_at": entry.created_at, "shared_at": at}
    patient = own_patient(viewer=by)
    shared, _is_new = SharedEntry.objects.update_or_create(entry=pk, patient=patient, defaults=said)
    audit.record("notebook.entry_shared", by=by, about=shared, at=at)
    read_own_words(
        patient=patient, kind="notebook.entry", row=pk, where=WHERE, words=text, before=before or (), by=by, at=at
    )
    return shared


@transaction.atomic
def stop_sharing(*, pk: UUID, by: User, at: datetime) -> None:
    """Delete what the care team could read of the viewer's entry `pk`; nothing where nothing is shared."""
    for shared in SharedEntry.objects.filter(entry=pk, patient=own_patient(viewer=by)):
        _close(shared, by=by, at=at)


def _close(shared: SharedEntry, *, by: User, at: datetime) -> None:
    audit.record("notebook.entry_closed", by=by, about=shared, at=at)
    shared.delete()


def _add_entry(pk: UUID, key: NotebookKey, sent: EntrySent, at: datetime, created_at: datetime | None = None) -> Entry:
    try:
        with transaction.atomic():
            return Entry.objects.create(
                pk=pk,
                patient_id=key.patient_id,
                key=key,
                iv=sent.iv,
                ciphertext=sent.ciphertext,
                version=sent.version,
                created_at=created_at or at,
                changed_at=at,
            )
    except IntegrityError:  # the id exists: somebody else's, or sent twice at the same moment
        if key.entries.filter(pk=pk).exists():
            raise Stale from None
        raise PermissionDenied from None
