"""Telling those whose week changes, and only them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.accounts.telling import tell
from hearth.audit import services as audit
from hearth.lib.written_dates import written
from hearth.people.models import Patient
from hearth.timetable.board import Solution
from hearth.timetable.changed import patients_changed, staff_changed
from hearth.timetable.models import WeekNotice
from hearth.timetable.ways import way_to_week


@dataclass(frozen=True, slots=True)
class Told:
    """Whom a notice reached; `not_reached` are students who have no account to sign in with and want a call."""

    told: tuple[User, ...]
    not_reached: tuple[Patient, ...]


@transaction.atomic
def notify_changed(*, before: Solution, after: Solution, week_of: date, by: User, at: datetime) -> Told:
    """Tell everyone whose week of `week_of` is another in `after` than in `before`, once each.

    A student's week is when, what, where, with whom and how they come; that of staff and interpreters what they lead or
    interpret, where, and whom they see alone. Each gets a notice on their screen and a mail (or a text message) that
    only says to sign in. `by` knows already. A fixed number of queries, and those of one message for each person told.
    """
    patients = list(
        Patient.objects.filter(pk__in=patients_changed(before, after)).select_related("user").order_by("family_name")
    )
    working = staff_changed(before, after)
    staff = User.objects.filter(Q(pk__in=working) | Q(interpreting__in=working), is_active=True).exclude(pk=by.pk)
    students = [one.user for one in patients if one.user is not None and one.user.is_active]
    people = [*students, *staff.order_by("name")]
    reached = set(students)
    _tell(people, week_of, at)
    if people:
        audit.record("timetable.week_told", by=by, about=by.organisation, at=at, people=len(people))
    return Told(tuple(people), tuple(one for one in patients if one.user not in reached))


@transaction.atomic
def tell_week_changed(*, people: Iterable[User], week_of: date, by: User, at: datetime) -> None:
    """Tell these people that their week of `week_of`, a Monday, changes: a notice and a message each.

    `by` knows already. A fixed number of queries, and those of one message for each person told.
    """
    told = sorted((one for one in people if one.is_active and one.pk != by.pk), key=lambda one: one.pk)
    _tell(told, week_of, at)
    if told:
        audit.record("timetable.week_told", by=by, about=by.organisation, at=at, people=len(told))


def _tell(people: Collection[User], week_of: date, at: datetime) -> None:
    """One notice and one message for each; a notice that was not seen yet is renewed."""
    unseen = WeekNotice.objects.filter(user__in=people, week_of=week_of, seen_at=None)
    notices: dict[UUID, UUID] = {}
    while missing := [user for user in people if user.pk not in notices]:  # twice where one is seen just now
        new = (WeekNotice(user=user, week_of=week_of, at=at) for user in missing)
        WeekNotice.objects.bulk_create(new, ignore_conflicts=True)
        notices = dict(unseen.select_for_update().values_list("user", "pk"))
    unseen.update(at=at)
    for user in people:
        _post(user, week_of, notices[user.pk], at)


def _post(user: User, week_of: date, notice: UUID, at: datetime) -> None:
    key = f"week changed {notice} at {at.timestamp()}"
    address = settings.BASE_URL + reverse(way_to_week(user))
    with translation.override(user.language):
        words = _("Hello %(name)s, your week changes from %(day)s. Please sign in to see it: %(address)s") % {
            "name": user.first_name,
            "day": written(week_of, "l j F"),
            "address": f"{address}?week={week_of.isoformat()}",
        }
        subject = _("Your week changes")
        tell(user, subject=subject, body=words, key=key, at=at)


@transaction.atomic
def see_notices(*, by: User, at: datetime) -> int:
    """Put away the notices on this person's screen; how many there were."""
    return WeekNotice.objects.filter(user=by, seen_at=None).update(seen_at=at)
