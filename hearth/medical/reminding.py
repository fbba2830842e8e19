"""Reminders at a student's own times of day, which name nothing."""

from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.accounts.telling import tell
from hearth.audit import services as audit
from hearth.medical import rules
from hearth.medical.models import MedicationReminder
from hearth.people.queries import access_patient, own_patient

MOST = 6  # times a day


class Full(Exception):
    """There are as many times as there may be. Nothing was changed."""


def reminders_of(viewer: User) -> QuerySet[MedicationReminder]:
    """The viewer's own times of day, in order."""
    return MedicationReminder.objects.filter(patient=own_patient(viewer=viewer)).order_by("time")


@transaction.atomic
def set_reminder(*, at_time: time, by: User, at: datetime) -> MedicationReminder:
    """Remind the student every day at this time where they are. Set twice, it is one. Raises Full."""
    patient = access_patient(viewer=by, pk=own_patient(viewer=by).pk, to="own", lock=True)
    moment = at_time.replace(second=0, microsecond=0)
    rows = list(reminders_of(by))
    found = next((row for row in rows if row.time == moment), None)
    if found and found.zone == by.zone.key:
        return found
    if found:  # set again where they are now
        found.zone, found.set_at, found.last_on = by.zone.key, at, None
        found.save(update_fields=["zone", "set_at", "last_on"])
        audit.record("medical.reminder_set", by=by, about=found, at=at)
        return found
    if len(rows) >= MOST:
        raise Full
    row = MedicationReminder.objects.create(patient=patient, time=moment, zone=by.zone.key, set_at=at)
    audit.record("medical.reminder_set", by=by, about=row, at=at)
    return row


@transaction.atomic
def drop_reminder(*, pk: UUID, by: User, at: datetime) -> None:
    """Remind no longer at this time. Raises PermissionDenied for anybody else's."""
    row = reminders_of(by).filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    audit.record("medical.reminder_dropped", by=by, about=row, at=at)
    row.delete()


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Post what falls due now in this organisation, once a day for each time; returns how many.

    A time that came while nobody could send is still told of for an hour, and not after: a late reminder of something
    that was taken meanwhile does harm.
    """
    zones = MedicationReminder.objects.values_list("zone", flat=True).distinct()
    return sum(
        _remind_in(zone, stretch, at) for zone in sorted(zones) for stretch in rules.just_past(at, ZoneInfo(zone))
    )


def _remind_in(zone: str, stretch: rules.Stretch, at: datetime) -> int:
    rows = MedicationReminder.objects.filter(zone=zone, time__lte=stretch.until, patient__user__is_active=True)
    rows = rows.exclude(last_on=stretch.day).select_related("patient__user").select_for_update(of=("self",))
    if stretch.after is not None:
        rows = rows.filter(time__gt=stretch.after)
    told = 0
    for row in rows:
        if row.patient.user and row.set_at <= datetime.combine(stretch.day, row.time, ZoneInfo(zone)):
            _say(row.patient.user, key=f"own time {row.pk} {stretch.day.isoformat()}", at=at)
            told += 1
            row.last_on = stretch.day
            row.save(update_fields=["last_on"])
    return told


def _say(user: User, *, key: str, at: datetime) -> None:
    with translation.override(user.language):
        words = _("Hello %(name)s, this is the reminder that you set for yourself. %(address)s") % {
            "name": user.first_name,
            "address": f"{settings.BASE_URL}{reverse('web:today')}",
        }
        tell(user, subject=_("A reminder from yourself"), body=words, key=key, at=at)
