"""Hours that come again every week: kept by their student alone."""

from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.people.queries import access_patient, own_patient
from hearth.skills import own_services, week_queries
from hearth.skills.models import WeekHours

MOST = 20
FULL = _("Twenty are plenty for one week. Delete one, and there is room for another.")


class Full(Exception):
    """There are as many as there may be. Nothing was changed."""


@transaction.atomic
def keep_hours(
    *,
    kind: str,
    what: str,
    days: list[int],
    starts: time,
    ends: time,
    by: User,
    at: datetime,
    token: UUID | None = None,
) -> WeekHours:
    """Keep hours of every week, once for each token. Raises Full."""
    access_patient(viewer=by, pk=own_patient(viewer=by).pk, to="own", lock=True)
    rows = week_queries.hours_of(by)
    if len(rows) >= MOST and not any(token and row.form_token == token for row in rows):
        raise Full
    return own_services.keep(
        WeekHours,
        by=by,
        at=at,
        token=token,
        kind=kind,
        what=what.strip(),
        days=sorted(set(days)),
        starts=starts,
        ends=ends,
    )
