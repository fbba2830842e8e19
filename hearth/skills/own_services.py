"""What students keep for themselves alone. The record says of the writer that they kept something, never what."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import tenancy
from hearth.people.queries import own_patient
from hearth.skills.models import Helped, OwnRow


@transaction.atomic
def keep[Row: OwnRow](
    model: type[Row], *, by: User, at: datetime, token: UUID | None = None, **values: Any
) -> Row:
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
