"""What students keep for themselves alone. The record says of the writer that they kept something, never what."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import tenancy
from hearth.people.queries import own_patient
from hearth.skills.models import Activity, Helped, OwnRow, Urge


@transaction.atomic
def keep[Row: OwnRow](
    model: type[Row],
    *,
    by: User,
    at: datetime,
    written_at: datetime | None = None,
    token: UUID | None = None,
    **values: Any,
) -> Row:
    """A new row of the student's own; one with a token that was kept before is given back as it stands.

    `written_at` is when they wrote it, if that was before `at`, when it reached us.
    """
    own_patient(viewer=by)
    said = {"at": written_at or at, **values}
    with tenancy.rows_of(by.pk):
        if token:  # two taps may come at the same moment: the database lets one of them in
            row, is_new = model._default_manager.get_or_create(owner=by, form_token=token, defaults=said)
        else:
            row, is_new = model._default_manager.create(owner=by, **said), True
        if is_new:
            # About its writer, never about the student's chart: the chart's log must not say what they needed at night.
            audit.record("skills.own_kept", by=by, about=by, at=at)
        return row


def keep_helped(*, tool: str, by: User, at: datetime, **values: Any) -> Helped:
    """Keep that this tool helped: `before`, `after`, and as `keep` takes it."""
    return keep(Helped, by=by, at=at, tool=tool, **values)


def keep_urge(*, by: User, at: datetime, **values: Any) -> Urge:
    """Keep an urge that came: `about`, `strength`, `after`, `trigger` and `helped`, and as `keep` takes it."""
    return keep(Urge, by=by, at=at, **values)


def plan_activity(*, what: str, on: date, by: User, at: datetime, **values: Any) -> Activity:
    """Plan a small thing to do, and as `keep` takes it."""
    return keep(Activity, by=by, at=at, what=what.strip(), on=on, **values)


@transaction.atomic
def did_activity(
    *, pk: UUID, before: int | None, after: int | None, by: User, at: datetime, written_at: datetime | None = None
) -> Activity:
    """It was done. Told twice, the first time counts. Raises PermissionDenied for anybody else's."""
    row = own(Activity, pk=pk, by=by)
    if row.done_at is None:
        row.before, row.after, row.done_at = before, after, written_at or at
        with tenancy.rows_of(by.pk):
            row.save(update_fields=["before", "after", "done_at"])
            audit.record("skills.own_kept", by=by, about=by, at=at)
    return row


@transaction.atomic
def delete(model: type[OwnRow], *, pk: UUID, by: User, at: datetime) -> None:
    """Take a row of the student's own away for good. Raises PermissionDenied for anybody else's."""
    row = own(model, pk=pk, by=by)
    with tenancy.rows_of(by.pk):
        row.delete()
        audit.record("skills.own_deleted", by=by, about=by, at=at)


def own[Row: OwnRow](model: type[Row], *, pk: UUID, by: User) -> Row:
    """A row of the student's own, locked. Raises PermissionDenied for anybody else's."""
    own_patient(viewer=by)
    with tenancy.rows_of(by.pk):
        row = model._default_manager.select_for_update().filter(pk=pk, owner=by).first()
    if row is None:
        raise PermissionDenied
    return row
