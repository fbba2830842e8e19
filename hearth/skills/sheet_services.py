"""Working sheets: written, shared or no longer, and taken away, by their student alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import tenancy
from hearth.people.queries import own_patient
from hearth.skills import own_services
from hearth.skills.models import SharedSheet, Sheet
from hearth.skills.sheet_kinds import Kind

AS_BEGUN = 1  # the version of a sheet that nobody went on with


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
) -> Sheet:
    """A new sheet of this kind, once for each token: sent again with other words, it goes on with them.

    `version` is what the words were written on, where its writer saw the sheet as it stood. Raises Stale.
    """
    said = {"kind": kind.id, "kind_version": kind.version, "answers": dict(answers), "changed_at": written_at or at}
    row = own_services.keep(Sheet, by=by, at=at, written_at=written_at, token=token, **said)
    if row.answers == answers:
        return row
    return go_on(pk=row.pk, kind=kind, answers=answers, version=max(version, AS_BEGUN), by=by, at=at)


@transaction.atomic
def go_on(*, pk: UUID, kind: Kind, answers: Mapping[str, Any], version: int, by: User, at: datetime) -> Sheet:
    """Keep what stands on the sheet now, over the `version` it was written on. The same is not stored again.

    Raises Stale, and PermissionDenied for anybody else's.
    """
    row = own_services.own(Sheet, pk=pk, by=by)
    if row.answers == answers:
        return row
    if row.version != version:
        raise Stale(row)
    row.answers, row.kind_version, row.changed_at, row.version = dict(answers), kind.version, at, version + 1
    with tenancy.rows_of(by.pk):
        row.save(update_fields=["answers", "kind_version", "changed_at", "version"])
        audit.record("skills.own_kept", by=by, about=by, at=at)
    for shared in SharedSheet.objects.filter(sheet=row.pk, patient=own_patient(viewer=by)):
        shared.answers, shared.changed_at = row.answers, at
        shared.save(update_fields=["answers", "changed_at"])
        audit.record("skills.sheet_changed", by=by, about=shared, at=at)
    return row


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


@transaction.atomic
def delete(*, pk: UUID, by: User, at: datetime) -> None:
    """Take a sheet away for good, and what was shared of it. Raises PermissionDenied for anybody else's."""
    _close(own_services.own(Sheet, pk=pk, by=by), by=by, at=at)
    own_services.delete(Sheet, pk=pk, by=by, at=at)


def _close(row: Sheet, *, by: User, at: datetime) -> None:
    for shared in SharedSheet.objects.filter(sheet=row.pk, patient=own_patient(viewer=by)):
        audit.record("skills.sheet_closed", by=by, about=shared, at=at)
        shared.delete()
