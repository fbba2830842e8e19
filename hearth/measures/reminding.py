"""Reminding people that something waits for them, without a word of what."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.measures.models import Rule
from hearth.measures.queries import DueMeasure, due_by_patient
from hearth.outbox.services import post_mail, post_sms
from hearth.people.models import Patient

HOUR = 10  # product default: o'clock where the organisation is


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Post one mail, or one text, to everyone something is due for, at most once a week; returns to how many.

    It names neither a questionnaire nor the program, and leads to the person's own first page.
    """
    asked = Rule.objects.values("patient")
    people = Patient.objects.filter(pk__in=asked, user__is_active=True).select_related("user")
    reachable = [patient for patient in people if patient.user and (patient.user.email or patient.user.phone)]
    due = due_by_patient(reachable, timezone.localdate(at))
    waiting = [patient for patient in reachable if due[patient.pk]]
    for patient in waiting:
        if patient.user:
            _say(patient.user, key=_key(patient, due[patient.pk], timezone.localdate(at)), at=at)
    return len(waiting)


def _key(patient: Patient, due: list[DueMeasure], today: date) -> str:
    """One for each seven days that something has waited, counted from the day the oldest of it was due."""
    since = min(one.on for one in due)
    week = (today - since).days // 7
    return f"waits {patient.pk} {since.isoformat()} {week}"


def _say(user: User, *, key: str, at: datetime) -> None:
    with translation.override(user.language):
        words = _("Hello %(name)s, something short waits for you here: %(address)s") % {
            "name": user.first_name,
            "address": f"{settings.BASE_URL}{reverse('web:today')}",
        }
        if user.email:
            post_mail(to=user.email, subject=_("Something short for you"), body=words, key=key, at=at)
        elif user.phone:
            post_sms(to=user.phone, body=words, key=key, at=at)
