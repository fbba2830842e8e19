"""Tiny habits: begun, done, paused and let go, by their student alone."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import tenancy
from hearth.people.queries import access_patient, own_patient
from hearth.skills import own_services
from hearth.skills.habits import MOST, day_of
from hearth.skills.models import Habit, HabitDay

ENOUGH = _("Five at once are plenty. Pause one or let one go, and there is room for another.")


class Enough(Exception):
    """There are as many habits as there may be at once. Nothing was changed."""


@transaction.atomic
def begin(
    *,
    what: str,
    anchor: str,
    by: User,
    at: datetime,
    written_at: datetime | None = None,
    token: UUID | None = None,
) -> Habit:
    """Begin a habit, once for each token. Raises Enough."""
    access_patient(viewer=by, pk=own_patient(viewer=by).pk, to="own", lock=True)
    with tenancy.rows_of(by.pk):
        stored = Habit.objects.filter(owner=by, form_token=token).first() if token else None
    if stored:
        return stored
    return own_services.keep(
        Habit,
        by=by,
        at=at,
        written_at=written_at,
        token=token,
        what=what.strip(),
        anchor=anchor.strip(),
        place=_free_place(by),
    )


@transaction.atomic
def did_today(*, pk: UUID, by: User, at: datetime, written_at: datetime | None = None) -> HabitDay:
    """It was done, on the day that it was where the student is. Told twice, it is one day. Raises PermissionDenied."""
    habit = own_services.own(Habit, pk=pk, by=by)
    on = day_of(written_at or at, by.zone)
    with tenancy.rows_of(by.pk):
        stored = HabitDay.objects.filter(habit=habit, on=on).first()
    return stored or own_services.keep(HabitDay, by=by, at=at, written_at=written_at, habit=habit, on=on)


@transaction.atomic
def not_today(*, pk: UUID, by: User, at: datetime) -> None:
    """It was a slip of the thumb: today is taken back. Raises PermissionDenied for anybody else's."""
    habit = own_services.own(Habit, pk=pk, by=by)
    with tenancy.rows_of(by.pk):
        gone, _rows = HabitDay.objects.filter(habit=habit, on=day_of(at, by.zone)).delete()
        if gone:
            audit.record("skills.own_deleted", by=by, about=by, at=at)


@transaction.atomic
def pause(*, pk: UUID, is_paused: bool, by: User, at: datetime) -> Habit:
    """Let a habit rest, or go on with it; its days stay. Raises Enough and PermissionDenied."""
    access_patient(viewer=by, pk=own_patient(viewer=by).pk, to="own", lock=True)
    habit = own_services.own(Habit, pk=pk, by=by)
    if habit.is_paused != is_paused:
        habit.place = None if is_paused else _free_place(by)
        with tenancy.rows_of(by.pk):
            habit.save(update_fields=["place"])
            audit.record("skills.own_kept", by=by, about=by, at=at)
    return habit


def _free_place(owner: User) -> int:
    with tenancy.rows_of(owner.pk):
        taken = set(Habit.objects.filter(owner=owner).exclude(place=None).values_list("place", flat=True))
    free = [place for place in range(MOST) if place not in taken]
    if not free:
        raise Enough
    return free[0]
