"""What was begun and not sent yet: one row for a student and a questionnaire, whichever device asks next."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from hearth.accounts.models import User
from hearth.consent.queries import access_chart
from hearth.measures import kiosk_rules, rules
from hearth.measures.concerns import follow_up, raise_concerns
from hearth.measures.instrument import Instrument
from hearth.measures.models import Begun, Response
from hearth.people.models import Patient


def lately(patient: Patient, instrument: Instrument, *, at: datetime) -> Begun | None:
    """What was begun lately, with the words as they are now."""
    rows = Begun.objects.filter(patient=patient, instrument=instrument.id, version=instrument.version)
    return rows.filter(changed_at__gte=at - kiosk_rules.STALE).first()


def of(patient: Patient, *, at: datetime) -> dict[str, Begun]:
    """Everything that `patient` has begun lately, by instrument, also in earlier words. One query."""
    rows = Begun.objects.filter(patient=patient, changed_at__gte=at - kiosk_rules.STALE)
    return {row.instrument: row for row in rows}


@transaction.atomic
def keep(
    *,
    patient: Patient,
    instrument: Instrument,
    answers: Mapping[str, int | None],
    by: User | None,
    at: datetime,
    pk: UUID | None = None,
) -> Begun:
    """Keep these answers (None: would rather not say), and raise at once what each asks for: they may never be sent.

    `patient` is held; `pk` is the id that a new row takes. Raises UnusableAnswers.
    """
    row = lately(patient, instrument, at=at)
    known = row.answers if row else {}
    given = rules.read_answers(instrument, {**known, **answers})
    if row is None:
        Begun.objects.filter(patient=patient, instrument=instrument.id).delete()
        row = Begun(pk=pk or uuid4(), patient=patient, instrument=instrument.id, version=instrument.version)
    row.answers = {**known, **{link_id: given[link_id] for link_id in answers}}
    row.changed_at = at
    row.save()
    for link_id in answers:
        value = given[link_id]
        alerts = rules.answer_alerts(instrument, link_id, value)
        source = kiosk_rules.source_of(row.pk, link_id, value)
        raise_concerns(patient, source, [f"{instrument.name}:"], alerts, by, at)
        follow_up(patient, instrument, row.pk, alerts, at)
    return row


@transaction.atomic
def keep_own(
    *, patient: Patient, instrument: Instrument, answers: Mapping[str, int], token: UUID, by: User, at: datetime
) -> tuple[Begun, datetime | None] | None:
    """Keep what a student answered on their own device, so that any other goes on from there; with when it was changed
    before, on whatever device.

    `token` is that of their page: what it sent is not begun again by an answer that comes after; None then.
    Raises UnusableAnswers, PermissionDenied.
    """
    person = access_chart(viewer=by, pk=patient.pk, purpose="TREAT", at=at, to="own", lock=True, what="measures")
    if Response.objects.filter(Q(form_token=token) | Q(pk=token), patient=person).exists():
        return None
    before = lately(person, instrument, at=at)
    row = keep(patient=person, instrument=instrument, answers=answers, by=by, at=at, pk=token)
    return row, before.changed_at if before else None


def last_sent(patient: Patient, instrument: Instrument) -> datetime | None:
    """When an answer to this questionnaire last reached us: what a device kept before belongs to an earlier time."""
    row = Response.objects.filter(patient=patient, instrument=instrument.id).order_by("-answered_at").first()
    return (row.received_at or row.answered_at) if row else None


def rings(instrument: Instrument, row: Begun | None) -> bool:
    """Whether an answer kept before asks for help at once."""
    answers = row.answers if row else {}
    found = (alert for link_id, value in answers.items() for alert in rules.answer_alerts(instrument, link_id, value))
    return any(alert.severity != "watch" for alert in found)
