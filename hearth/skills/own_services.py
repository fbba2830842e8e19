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
def keep[Row: OwnRow](model: type[Row], *, by: User, at: datetime, token: UUID | None = None, **values: Any) -> Row:
    """A new row of the student's own; one with a token that was kept before is given back as it stands."""
    own_patient(viewer=by)
    with tenancy.rows_of(by.pk):
        rows = model._default_manager.filter(owner=by)
        if token and (stored := rows.filter(form_token=token).first()):
            return stored
        row = model._default_manager.create(owner=by, at=at, form_token=token, **values)
        # About its writer, never about the student's chart: the chart's log must not say what they needed at night.
        audit.record("skills.own_kept", by=by, about=by, at=at)
        return row


def keep_helped(
    *, tool: str, by: User, at: datetime, before: int | None = None, after: int | None = None, token: UUID | None = None
) -> Helped:
    """Keep that this tool helped."""
    return keep(Helped, by=by, at=at, token=token, tool=tool, before=before, after=after)


def keep_urge(*, by: User, at: datetime, token: UUID | None = None, **values: Any) -> Urge:
    """Keep an urge that came: `about`, `strength`, `after`, `trigger` and `helped`."""
    return keep(Urge, by=by, at=at, token=token, **values)


def plan_activity(*, what: str, on: date, by: User, at: datetime, token: UUID | None = None) -> Activity:
    """Plan a small thing to do."""
    return keep(Activity, by=by, at=at, token=token, what=what.strip(), on=on)


@transaction.atomic
def did_activity(*, pk: UUID, before: int | None, after: int | None, by: User, at: datetime) -> Activity:
    """It was done. Told twice, the first time counts. Raises PermissionDenied for anybody else's."""
    row = _own(Activity, pk=pk, by=by)
    if row.done_at is None:
        row.before, row.after, row.done_at = before, after, at
        with tenancy.rows_of(by.pk):
            row.save(update_fields=["before", "after", "done_at"])
            audit.record("skills.own_kept", by=by, about=by, at=at)
    return row


@transaction.atomic
def delete(model: type[OwnRow], *, pk: UUID, by: User, at: datetime) -> None:
    """Take a row of the student's own away for good. Raises PermissionDenied for anybody else's."""
    row = _own(model, pk=pk, by=by)
    with tenancy.rows_of(by.pk):
        row.delete()
        audit.record("skills.own_deleted", by=by, about=by, at=at)


def _own[Row: OwnRow](model: type[Row], *, pk: UUID, by: User) -> Row:
    own_patient(viewer=by)
    with tenancy.rows_of(by.pk):
        row = model._default_manager.select_for_update().filter(pk=pk, owner=by).first()
    if row is None:
        raise PermissionDenied
    return row
