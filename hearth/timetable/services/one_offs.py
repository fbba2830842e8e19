"""Dates on which a student cannot come: said, taken back, and whether they want a make-up for what they miss."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.people.models import Patient
from hearth.people.queries import access_patient
from hearth.timetable.models import OneOff
from hearth.timetable.one_offs import Dates


class DatesArePast(Exception):
    """The last of these days is over."""


@transaction.atomic
def say_cannot_come(*, patient: Patient, dates: Iterable[Dates], by: User, at: datetime) -> list[OneOff]:
    """Write down that this student cannot come on these dates; the new rows. Said twice, it is kept once.

    By the student or by staff who may write into the chart. Raises DatesArePast.
    """
    _open(patient, by)
    today = at.astimezone(patient.organisation.zone).date()
    rows = []
    for each in sorted(set(dates)):
        if each.last < today:
            raise DatesArePast
        row, is_new = OneOff.objects.get_or_create(
            patient=patient,
            first_on=each.first,
            last_on=each.last,
            starts=_time(each.start),
            ends=_time(each.end),
            defaults={"entered_by": by, "entered_at": at},
        )
        if is_new:
            rows.append(row)
    if rows:
        days = [_span_of(row) for row in rows]
        audit.record("timetable.cannot_come_said", by=by, about=patient, at=at, dates=days)
    return rows


@transaction.atomic
def take_back_one_off(*, one_off: OneOff, by: User, at: datetime) -> None:
    """The student can come after all."""
    _open(one_off.patient, by)
    audit.record("timetable.cannot_come_taken_back", by=by, about=one_off.patient, at=at, dates=[_span_of(one_off)])
    OneOff.objects.filter(pk=one_off.pk).delete()


@transaction.atomic
def answer_make_up(*, one_off: OneOff, wants: bool, by: User, at: datetime) -> OneOff:
    """Whether the student would like another time for what they miss; staff see it on the roster."""
    _open(one_off.patient, by)
    one_off.wants_make_up = wants
    one_off.save(update_fields=["wants_make_up"])
    audit.record("timetable.make_up_answered", by=by, about=one_off, at=at, wants=wants)
    return one_off


def _open(patient: Patient, by: User) -> None:
    access_patient(viewer=by, pk=patient.pk, to="own" if patient.user_id == by.pk else "change", lock=True)


def _time(minutes: int | None) -> time | None:
    """Minutes after midnight as a time of day; the end of the day is its last minute."""
    if minutes is None:
        return None
    return time(23, 59) if minutes >= 24 * 60 else time(minutes // 60, minutes % 60)


def _span_of(row: OneOff) -> list[str]:
    last: date = row.last_on
    return [row.first_on.isoformat(), last.isoformat()]
