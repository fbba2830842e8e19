"""Working sheets: written, shared or no longer, and taken away, by their student alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import tenancy
from hearth.people.queries import own_patient
from hearth.safety.services import read_own_words
from hearth.skills import late, own_services
from hearth.skills.models import SharedSheet, Sheet
from hearth.skills.sheet_kinds import Kind

AS_BEGUN = 1  # the version of a sheet that nobody went on with
WHERE = gettext_noop("It stands on a working sheet, under Skills.")


class Stale(Exception):
    """The sheet, which is `row` now, was changed in between on another device or page. Nothing was changed."""

    def __init__(self, row: Sheet) -> None:
        super().__init__(row.pk)
        self.row = row


@transaction.atomic
def begin(
    *,
    kind: Kind,
    answers: Mapping[str, Any],
    by: User,
    at: datetime,
    written_at: datetime | None = None,
    token: UUID | None = None,
    version: int = 0,
    over: Sequence[UUID] = (),
) -> Sheet:
    """A new sheet of this kind, once for each token: sent again with other words, it goes on with them.

    `version` is what the words were written on, where its writer saw the sheet as it stood, and `over` what they wrote
    before in its place without a connection (late.py). Raises Stale.
    """
    if made := _made_of(over, by=by):
        return go_on(pk=made.pk, kind=kind, answers=answers, version=version, by=by, at=at, over=over)
    said = _said(kind, answers, written_at or at) | {"heard": late.hearing({}, *over, made=AS_BEGUN)}
    row = own_services.keep(Sheet, by=by, at=at, written_at=written_at, token=token, **said)
    if row.answers == answers:
        return row
    return go_on(pk=row.pk, kind=kind, answers=answers, version=max(version, AS_BEGUN), by=by, at=at)


@transaction.atomic
def go_on(
    *,
    pk: UUID,
    kind: Kind,
    answers: Mapping[str, Any],
    version: int,
    by: User,
    at: datetime,
    written_at: datetime | None = None,
    key: UUID | None = None,
    over: Sequence[UUID] = (),
) -> Sheet:
    """Keep what stands on the sheet now, over the `version` it was written on. The same is not stored again.

    What comes late has a `key`, and is `over` what was written before on its phone, which may have made another sheet.
    Raises Stale, and PermissionDenied for anybody else's.
    """
    row = _made_of(over, by=by) or own_services.own(Sheet, pk=pk, by=by)
    if key and str(key) in row.heard:
        return row
    if row.answers == answers:
        _hear(row, key, *over, made=row.version, by=by)
        return row
    if row.version != late.written_on(version, over, row.heard):
        raise Stale(row)
    for name, value in _said(kind, answers, written_at or at).items():
        setattr(row, name, value)
    row.version += 1
    row.heard = late.hearing(row.heard, key, *over, made=row.version)
    with tenancy.rows_of(by.pk):
        row.save(update_fields=["answers", "kind", "kind_version", "changed_at", "version", "heard"])
        audit.record("skills.own_kept", by=by, about=by, at=at)
    for shared in SharedSheet.objects.filter(sheet=row.pk, patient=own_patient(viewer=by)):
        before, shared.answers, shared.changed_at = shared.answers, row.answers, at
        shared.save(update_fields=["answers", "changed_at"])
        audit.record("skills.sheet_changed", by=by, about=shared, at=at)
        _read(shared, before=before, by=by, at=at, written_at=written_at)
    return row


@transaction.atomic
def take(
    *,
    pk: UUID | None,
    kind: Kind,
    answers: Mapping[str, Any],
    version: int,
    token: UUID,
    over: Sequence[UUID],
    by: User,
    at: datetime,
    written_at: datetime | None,
) -> Sheet:
    """Keep what was written without a connection, once for each token: a sheet begun, or, with a `pk`, gone on with.

    Where the sheet was changed in between on another device, this is kept beside it. Raises PermissionDenied where it
    was taken away.
    """
    if made := _made_of([token], by=by):
        return made
    row = _made_of(over, by=by) or (own_services.own(Sheet, pk=pk, by=by) if pk else None)
    said = _said(kind, answers, written_at or at)
    if row is None:  # the first key stands for the sheet: it may still come, and begins no second one then
        heard = late.hearing({}, token, *over, made=AS_BEGUN)
        return own_services.keep(
            Sheet, by=by, at=at, written_at=written_at, token=[*over, token][0], heard=heard, **said
        )
    told: dict[str, Any] = {"kind": kind, "answers": answers, "version": version, "written_at": written_at}
    try:
        return go_on(pk=row.pk, key=token, over=over, by=by, at=at, **told)
    except Stale as stale:
        _hear(stale.row, token, *over, made=late.BESIDE, by=by)
        return own_services.keep(
            Sheet, by=by, at=at, written_at=written_at, token=token, beside_id=stale.row.pk, **said
        )


@transaction.atomic
def keep_both(*, pk: UUID, by: User, at: datetime) -> None:
    """This sheet and what stands beside it are two sheets from now on. Raises PermissionDenied for anybody else's."""
    row = own_services.own(Sheet, pk=pk, by=by)
    with tenancy.rows_of(by.pk):
        Sheet.objects.filter(Q(pk=row.pk) | Q(beside=row), owner=by).update(beside=None)
        audit.record("skills.own_kept", by=by, about=by, at=at)


@transaction.atomic
def share(*, pk: UUID, is_shared: bool, by: User, at: datetime) -> None:
    """Let the care team read this sheet, as it is and becomes; or no longer. Raises PermissionDenied."""
    row = own_services.own(Sheet, pk=pk, by=by)
    if not is_shared:
        _close(row, by=by, at=at)
        return
    said = {"kind": row.kind, "answers": row.answers, "shared_at": at, "changed_at": row.changed_at}
    shared, is_new = SharedSheet.objects.get_or_create(sheet=row.pk, patient=own_patient(viewer=by), defaults=said)
    if is_new:
        audit.record("skills.sheet_shared", by=by, about=shared, at=at)
        _read(shared, before=(), by=by, at=at)


@transaction.atomic
def delete(*, pk: UUID, by: User, at: datetime) -> None:
    """Take a sheet away for good, and what was shared of it. Raises PermissionDenied for anybody else's."""
    _close(own_services.own(Sheet, pk=pk, by=by), by=by, at=at)
    own_services.delete(Sheet, pk=pk, by=by, at=at)


def _read(shared: SharedSheet, *, before: object, by: User, at: datetime, written_at: datetime | None = None) -> None:
    """Read for words of danger what the care team may read since now."""
    read_own_words(
        patient=shared.patient, kind="skills.sheet", row=shared.sheet, where=WHERE, words=shared.answers,
        before=before, by=by, at=at, written_at=written_at,
    )  # fmt: skip


def _said(kind: Kind, answers: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {"kind": kind.id, "kind_version": kind.version, "answers": dict(answers), "changed_at": at}


def _made_of(keys: Sequence[UUID], *, by: User) -> Sheet | None:
    """The sheet that the newest of these keys made, locked."""
    if not keys:
        return None
    with tenancy.rows_of(by.pk):
        found = {row.form_token: row for row in Sheet.objects.select_for_update().filter(owner=by, form_token__in=keys)}
    return next((found[key] for key in reversed(keys) if key in found), None)


def _hear(row: Sheet, *keys: UUID | None, made: int, by: User) -> None:
    heard = late.hearing(row.heard, *keys, made=made)
    if heard != row.heard:
        row.heard = heard
        with tenancy.rows_of(by.pk):
            row.save(update_fields=["heard"])


def _close(row: Sheet, *, by: User, at: datetime) -> None:
    for shared in SharedSheet.objects.filter(sheet=row.pk, patient=own_patient(viewer=by)):
        audit.record("skills.sheet_closed", by=by, about=shared, at=at)
        shared.delete()
