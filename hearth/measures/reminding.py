"""Reminding people that something waits for them, without a word of what."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.accounts.telling import tell
from hearth.lib import tenancy
from hearth.measures import guardians
from hearth.measures.models import Rule
from hearth.measures.queries import due_by_patient
from hearth.outbox.models import Message
from hearth.people.models import Patient

HOUR = 10  # product default: o'clock where the organisation is
WEEK = timedelta(days=6, hours=12)  # between two reminders; the job does not run at the same second every day
WAITS = "waits"  # what the keys of reminders begin with


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Post one mail, or one text, to every student and guardian something is due for, from the day it is due on and at
    most once in seven days; returns to how many.

    It names neither a questionnaire nor the program, and leads to the person's own first page. Nobody hears of what is
    asked after a stay: aftercare sends it, to whoever said yes to that.
    """
    resting = Rule.objects.filter(rests=True, completed_on=None).values("patient")
    people = Patient.objects.filter(pk__in=Rule.objects.values("patient"), user__is_active=True)
    people = people.exclude(pk__in=resting).select_related("user")
    reachable = [patient for patient in people if patient.user and (patient.user.email or patient.user.phone)]
    due = due_by_patient(reachable, timezone.localdate(at))
    reminded = _reminded_since(at - WEEK)
    waits = {pk for pk, asked_now in due.items() if any(one.why != "after" for one in asked_now)}
    waiting = [patient for patient in reachable if patient.pk in waits and str(patient.pk) not in reminded]
    told = [(patient.user, patient.pk) for patient in waiting if patient.user]
    asked = {tie.person_id: tie.person for tie in guardians.ties_with_something_due(at=at)}  # once, of however many
    told += [(person, pk) for pk, person in asked.items() if str(pk) not in reminded]
    for user, pk in told:
        _say(user, key=f"{WAITS} {pk} {timezone.localdate(at).isoformat()}", at=at)
    return len(told)


def _reminded_since(moment: datetime) -> set[str]:
    """The patients and guardians, by their ids, to whom a reminder was posted after `moment`."""
    keys = Message.objects.filter(
        organisation_id=tenancy.current(), posted_at__gt=moment, key__startswith=f"{WAITS} "
    ).values_list("key", flat=True)
    return {key.split(" ")[1] for key in keys}


def _say(user: User, *, key: str, at: datetime) -> None:
    with translation.override(user.language):
        words = _("Hello %(name)s, something short waits for you here: %(address)s") % {
            "name": user.first_name,
            "address": f"{settings.BASE_URL}{reverse('web:today')}",
        }
        subject = _("Something short for you")
        tell(user, subject=subject, body=words, key=key, at=at)
