"""Looking at thoughts: records written, also without a connection, shared or no longer, and taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.people.models import Patient
from hearth.people.queries import access_patient
from hearth.safety.services import read_own_words
from hearth.skills import late, queries
from hearth.skills.models import ThoughtRecord
from hearth.skills.rules import Feeling

AS_BEGUN = 1  # the version of a record that nobody went on with
WHERE = gettext_noop("It stands in a thought record, under Skills.")


class Stale(Exception):
    """The record, which is `row` now, was changed in between on another device or page. Nothing was changed."""

    def __init__(self, row: ThoughtRecord) -> None:
        super().__init__(row.pk)
        self.row = row


@transaction.atomic
def keep(
    *,
    patient: Patient,
    words: Mapping[str, str],
    feelings: Sequence[Feeling],
    is_shared: bool,
    by: User,
    at: datetime,
    token: UUID | None = None,
    over: Sequence[UUID] = (),
) -> ThoughtRecord:
    """Keep a new thought record, once for each token; or go on with what was written before on this phone.

    `words` holds situation, thought, evidence_for, evidence_against and balanced; `over` is what late.py says. Only the
    student writes here. Raises Stale.
    """
    person = access_patient(viewer=by, pk=patient.pk, to="own", lock=True)
    said = _said(words, feelings, is_shared=is_shared, at=at)
    if made := _made_of(over, person):
        return _change(made, said, version=AS_BEGUN, over=over, by=by, at=at)
    if token and (stored := _made_of([token], person)):
        return stored
    heard = late.hearing({}, token, *over, made=AS_BEGUN)
    return _new(person, said, token=token, heard=heard, by=by, at=at)


@transaction.atomic
def change(
    *,
    record: ThoughtRecord,
    words: Mapping[str, str],
    feelings: Sequence[Feeling],
    is_shared: bool,
    version: int,
    by: User,
    at: datetime,
    over: Sequence[UUID] = (),
) -> ThoughtRecord:
    """Keep what stands on the record now, over the `version` it was written on. Raises Stale."""
    row = _own(record.pk, by=by)
    row = _made_of(over, row.patient) or row
    return _change(row, _said(words, feelings, is_shared=is_shared, at=at), version=version, over=over, by=by, at=at)


@transaction.atomic
def take(
    *,
    pk: UUID | None,
    patient: Patient,
    words: Mapping[str, str],
    feelings: Sequence[Feeling],
    is_shared: bool,
    version: int,
    token: UUID,
    over: Sequence[UUID],
    by: User,
    at: datetime,
    written_at: datetime | None,
) -> ThoughtRecord:
    """Keep what was written without a connection, once for each token: a record begun, or, with a `pk`, gone on with.

    Where the record was changed in between on another device, this is kept beside it, and shared with nobody. Raises
    PermissionDenied where it was taken away.
    """
    person = access_patient(viewer=by, pk=patient.pk, to="own", lock=True)
    if made := _made_of([token], person):
        return made
    row = _made_of(over, person) or (_own(pk, by=by) if pk else None)
    said = _said(words, feelings, is_shared=is_shared, at=written_at or at)
    if row is None:  # the first key stands for the record: it may still come, and begins no second one then
        heard = late.hearing({}, token, *over, made=AS_BEGUN)
        return _new(person, said, token=[*over, token][0], heard=heard, by=by, at=at)
    try:
        return _change(row, said, version=version, key=token, over=over, by=by, at=at)
    except Stale:
        _hear(row, token, *over, made=late.BESIDE)
        return _new(person, said | {"is_shared": False, "beside": row}, token=token, heard={}, by=by, at=at)


@transaction.atomic
def keep_both(*, record: ThoughtRecord, by: User, at: datetime) -> None:
    """This record and what stands beside it are two records from now on."""
    row = _own(record.pk, by=by)
    ThoughtRecord.objects.filter(Q(pk=row.pk) | Q(beside=row), patient=row.patient_id).update(beside=None)
    audit.record("skills.thought_record_changed", by=by, about=row, at=at, shared=row.is_shared)


@transaction.atomic
def share(*, record: ThoughtRecord, is_shared: bool, by: User, at: datetime) -> ThoughtRecord:
    """Let the care team read this record, or no longer. What was written before on a phone does not undo it."""
    row = _own(record.pk, by=by)
    before = _readable(row)
    row.is_shared, row.version = is_shared, row.version + 1
    row.save(update_fields=["is_shared", "version"])
    _read(row, before=before, by=by, at=at)
    audit.record(
        "skills.thought_record_shared" if is_shared else "skills.thought_record_closed", by=by, about=row, at=at
    )
    return row


@transaction.atomic
def delete(*, record: ThoughtRecord, by: User, at: datetime) -> None:
    """Take this record away for good."""
    row = _own(record.pk, by=by)
    audit.record("skills.thought_record_deleted", by=by, about=row, at=at)
    row.delete()


def _own(pk: UUID, *, by: User) -> ThoughtRecord:
    """The writer's own record, locked. Raises PermissionDenied for anybody else's."""
    row = queries.own_thought_record(viewer=by, pk=pk)
    return ThoughtRecord.objects.select_for_update().get(pk=row.pk)


def _said(words: Mapping[str, str], feelings: Sequence[Feeling], *, is_shared: bool, at: datetime) -> dict[str, Any]:
    return {
        **{name: text.strip() for name, text in words.items()},
        "feelings": [asdict(feeling) for feeling in feelings],
        "is_shared": is_shared,
        "changed_at": at,
    }


def _new(
    patient: Patient, said: Mapping[str, Any], *, token: UUID | None, heard: dict[str, int], by: User, at: datetime
) -> ThoughtRecord:
    row = ThoughtRecord.objects.create(
        patient=patient, written_at=said["changed_at"], form_token=token, heard=heard, **said
    )
    audit.record("skills.thought_record_kept", by=by, about=row, at=at, shared=row.is_shared)
    _read(row, before=[], by=by, at=at)
    return row


def _change(
    row: ThoughtRecord,
    said: Mapping[str, Any],
    *,
    version: int,
    over: Sequence[UUID],
    by: User,
    at: datetime,
    key: UUID | None = None,
) -> ThoughtRecord:
    """Keep this over what stands in `row`; the same is not stored again. Raises Stale."""
    if key and str(key) in row.heard:
        return row
    if all(getattr(row, name) == value for name, value in said.items() if name != "changed_at"):
        _hear(row, key, *over, made=row.version)
        return row
    if row.version != late.written_on(version, over, row.heard):
        raise Stale(row)
    row.version += 1
    row.heard = late.hearing(row.heard, key, *over, made=row.version)
    before = _readable(row)
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=[*said, "version", "heard"])
    audit.record("skills.thought_record_changed", by=by, about=row, at=at, shared=row.is_shared)
    _read(row, before=before, by=by, at=at)
    return row


def _readable(row: ThoughtRecord) -> list[object]:
    """What of this record the care team may read."""
    words = [row.situation, row.feelings, row.thought, row.evidence_for, row.evidence_against, row.balanced]
    return words if row.is_shared else []


def _read(row: ThoughtRecord, *, before: object, by: User, at: datetime) -> None:
    """Read for words of danger what the care team may read since now. What came late says when it was written."""
    read_own_words(
        patient=row.patient, kind="skills.thought_record", row=row.pk, where=WHERE, words=_readable(row), before=before,
        by=by, at=at, written_at=row.changed_at if row.changed_at < at else None,
    )  # fmt: skip


def _made_of(keys: Sequence[UUID], patient: Patient) -> ThoughtRecord | None:
    """The record that the newest of these keys made, locked."""
    rows = ThoughtRecord.objects.select_for_update().filter(patient=patient, form_token__in=keys) if keys else ()
    found = {row.form_token: row for row in rows}
    return next((found[key] for key in reversed(keys) if key in found), None)


def _hear(row: ThoughtRecord, *keys: UUID | None, made: int) -> None:
    heard = late.hearing(row.heard, *keys, made=made)
    if heard != row.heard:
        row.heard = heard
        row.save(update_fields=["heard"])
