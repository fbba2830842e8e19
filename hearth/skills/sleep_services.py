"""Nights and the routine before them: kept by their student alone."""

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import tenancy
from hearth.people.queries import access_patient, own_patient
from hearth.skills import own_services
from hearth.skills.models import Night, SleepRoutine


@transaction.atomic
def keep_night(
    *,
    on: date,
    bed: time,
    up: time,
    rested: int | None,
    helped: str,
    by: User,
    at: datetime,
    written_at: datetime | None = None,
    token: UUID | None = None,
) -> Night:
    """Keep the night that ended on this day; written again, the newer words stand. Sent twice, it is kept once."""
    _lock(by)
    with tenancy.rows_of(by.pk):
        row = Night.objects.filter(owner=by, on=on).first()
    if row is None:
        return own_services.keep(
            Night, by=by, at=at, written_at=written_at, token=token,
            on=on, bed=bed, up=up, rested=rested, helped=helped.strip(),
        )  # fmt: skip
    if row.at <= (written_at or at):  # what comes late from a phone never stands over newer words
        row.bed, row.up, row.rested, row.helped, row.at = bed, up, rested, helped.strip(), written_at or at
        with tenancy.rows_of(by.pk):
            row.save(update_fields=["bed", "up", "rested", "helped", "at"])
            audit.record("skills.own_kept", by=by, about=by, at=at)
    return row


@transaction.atomic
def keep_routine(*, up: time | None, evening: str, by: User, at: datetime) -> SleepRoutine:
    """Keep how the day ends, in place of what stood there."""
    _lock(by)
    with tenancy.rows_of(by.pk):
        row, _is_new = SleepRoutine.objects.update_or_create(
            owner=by, defaults={"up": up, "evening": evening.strip(), "at": at}
        )
        audit.record("skills.own_kept", by=by, about=by, at=at)
    return row


def _lock(owner: User) -> None:
    """Two pages of one student write one after the other."""
    access_patient(viewer=owner, pk=own_patient(viewer=owner).pk, to="own", lock=True)
