"""Asking measures by rule, and storing what was answered."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.measures import begun as halves
from hearth.measures import instrument as instruments
from hearth.measures import rules
from hearth.measures.concerns import follow_up, raise_concerns, raise_worsening
from hearth.measures.instrument import Instrument
from hearth.measures.instrument_parts import Form
from hearth.measures.models import Begun, How, Response, Rule, Words
from hearth.people.models import Patient
from hearth.program.pack import DueRule


@transaction.atomic
def follow_rules(
    *,
    patient: Patient,
    rules: Iterable[DueRule],
    started_on: date,
    by: User,
    at: datetime,
    minutes_a_week: int = 10,
) -> None:
    """Ask `patient` these measures by rule from `started_on` on, never more than `minutes_a_week` in seven days.

    Called twice, it changes nothing.
    """
    for rule in rules:
        row, is_new = Rule.objects.get_or_create(
            patient=patient,
            instrument=rule.instrument,
            started_on=started_on,
            defaults={
                "at_admission": rule.at_admission,
                "every_days": rule.every_days,
                "at_completion": rule.at_completion,
                "days_after": list(rule.days_after),
                "before_individual": rule.before_individual,
                "minutes_a_week": minutes_a_week,
            },
        )
        if is_new:
            audit.record("measures.rule_followed", by=by, about=row, at=at, instrument=rule.instrument)


@transaction.atomic
def complete_rules(*, patient: Patient, on: date, by: User, at: datetime) -> int:
    """From the day `on` ask only the completion answers and the follow-ups of this stay; returns how many rules.

    Rules that were completed before keep their day. What was on hold rests no more.
    """
    open_ones = list(Rule.objects.select_for_update(of=("self",)).filter(patient=patient, completed_on=None))
    for row in open_ones:
        row.completed_on, row.rests = on, False
        row.save(update_fields=["completed_on", "rests"])
        audit.record("measures.rule_completed", by=by, about=row, at=at, instrument=row.instrument)
    return len(open_ones)


def rest(*, patient: Patient, rests: bool) -> None:
    """Whether `patient` is left in peace for now: nothing reminds them. In the deed's transaction, which records it."""
    Rule.objects.filter(patient=patient, completed_on=None).update(rests=rests)


@transaction.atomic
def expect_individual(*, days: Mapping[UUID, date]) -> None:
    """Remember on which day each of these patients has their next talk alone; who is not named has none."""
    for row in Rule.objects.filter(before_individual=True, completed_on=None).select_for_update(of=("self",)):
        coming = days.get(row.patient_id)
        if row.individual_on != coming:
            row.individual_on = coming
            row.save(update_fields=["individual_on"])


def instrument_for(instrument_id: str, *, guardians: bool) -> Instrument:
    """The instrument, if guardians, or else patients themselves, answer it. Raises UnknownInstrument."""
    instrument = instruments.get(instrument_id)
    if instrument.is_of_guardians != guardians:
        raise instruments.UnknownInstrument(instrument_id)
    return instrument


@transaction.atomic
def store_answers(
    *,
    patient: Patient,
    instrument_id: str,
    answers: rules.Answers,
    language: str,
    by: User,
    at: datetime,
    token: UUID | None = None,
    how: str = How.SELF,
    declined: Collection[str] = (),
    written_at: datetime | None = None,
    begun: Begun | None = None,
) -> Response:
    """Score and keep these answers, and raise a concern for every severity of alert, all or nothing.

    `by` is the patient, or staff who write down what was said or filled in on paper. The same `token` stores once.
    `declined` are the link ids of what they would rather not answer; an answer beside it counts instead.
    `written_at` is when they were given, if that was before `at`, when they reached us; a concern says both.
    `begun` is what a tablet asked that `by` handed them: that was their way through the chart's door. Otherwise what
    they began anywhere before these answers were written becomes these answers.
    Raises UnknownInstrument, UnusableAnswers and PermissionDenied.
    """
    own = patient.user_id == by.pk
    person = patient if begun else _chart_of(patient, by, at)
    instrument = instrument_for(instrument_id, guardians=False)
    given = rules.read_answers(instrument, answers)
    stored, token = _stored(person, token, given)
    if stored:
        return stored
    half = begun or _half(person, instrument, written_at or at)
    score = rules.score(instrument, given, person=rules.Person(age=person.age(on=at.date()), sex=person.sex or None))
    response = Response.objects.create(
        pk=half.pk if half else uuid4(),
        patient=person,
        language=language,
        declined=_declined(given, declined, half),
        subscales=dict(score.subscales),
        band=score.band or "",
        answered_by=by,
        answered_at=written_at or at,
        received_at=at if written_at else None,
        how=how,
        form_token=token,
        **kept_of(instrument, given, score),
    )
    Begun.objects.filter(patient=person, instrument=instrument.id, changed_at__lte=written_at or at).delete()
    audit.record("measures.answered", by=by, about=response, at=at, instrument=instrument.id, own=own, how=how)
    _tell(response, instrument, score.alerts, half, None if begun else by, at)
    return response


def _stored(patient: Patient, token: UUID | None, given: rules.Given) -> tuple[Response | None, UUID | None]:
    """What was stored of this form with these very answers, if it was; and the token under which they are stored.

    A page left open while another device sent what both had begun may hold other answers: those are kept as well.
    """
    if token is None:
        return None, None
    rows = Response.objects.filter(Q(form_token=token) | Q(pk=token), patient=patient)
    earlier = rows.first()
    if earlier is None or earlier.answers == given:
        return earlier, token
    token = uuid5(token, json.dumps(given, sort_keys=True))
    return Response.objects.filter(form_token=token, patient=patient).first(), token


def _half(patient: Patient, instrument: Instrument, written_at: datetime) -> Begun | None:
    """What these answers go on from: begun lately, and not after they were written."""
    row = halves.lately(patient, instrument, at=written_at)
    return row if row and row.changed_at <= written_at else None


def _declined(given: rules.Given, declined: Collection[str], half: Begun | None) -> list[str]:
    """What they were asked and would rather not say, here or on the device on which they began."""
    before = [link_id for link_id, value in half.answers.items() if value is None] if half else []
    return [link_id for link_id, value in given.items() if value is None and link_id in [*declined, *before]]


def kept_of(instrument: Instrument, given: rules.Given, score: rules.Score) -> dict[str, Any]:
    """What a row keeps of answers and of what they add up to, whoever gave them."""
    return {
        "instrument": instrument.id,
        "version": instrument.version,
        "answers": given,
        "total": score.total,
        "alerts": [{"item": one.item, "reason": one.reason, "severity": one.severity} for one in score.alerts],
        "is_complete": score.complete,
    }


def _tell(
    response: Response,
    instrument: Instrument,
    alerts: Iterable[rules.Alert],
    half: Begun | None,
    by: User | None,
    at: datetime,
) -> None:
    """Raise what these answers ask for, without what single ones raised the moment they gave them themselves.

    What staff write down or read out rings in any case: it was said anew.
    """
    before = half.answers if half and response.how in (How.SELF, How.KIOSK) else {}
    same = {link_id: value for link_id, value in before.items() if response.answers[link_id] == value}
    rang = {alert for one, value in same.items() for alert in rules.answer_alerts(instrument, one, value)}
    left = [alert for alert in alerts if alert not in rang]
    heading = [f"{instrument.name}:", *_late(response)]
    raise_concerns(response.patient, response.pk, heading, left, by, at)
    follow_up(response.patient, instrument, response.pk, left, at)
    raise_worsening(response, _late(response), by, at)


def _chart_of(patient: Patient, by: User, at: datetime) -> Patient:
    to = "own" if patient.user_id == by.pk else "change"
    return access_chart(viewer=by, pk=patient.pk, purpose="TREAT", at=at, to=to, lock=True, what="measures")


def _late(response: Response) -> list[str]:
    """Both times of an answer that was written without a connection and reached us later."""
    if response.received_at is None:
        return []
    zone = response.organisation.zone
    written, received = response.answered_at.astimezone(zone), response.received_at.astimezone(zone)
    return [f"{written:%Y-%m-%d %H:%M} → {received:%Y-%m-%d %H:%M}"]


@transaction.atomic
def attest_words(*, instrument_id: str, form: Form, permission: str, by: User, at: datetime) -> Words:
    """Show these words from now on: `by` attests that their holder allowed it, and where that is kept.

    Words in the same language end. Raises PermissionDenied, UnknownInstrument.
    """
    _administrators_only(by)
    instrument = instruments.get(instrument_id)
    if not instrument.asks_permission:
        raise PermissionDenied
    for earlier in Words.objects.select_for_update().filter(
        instrument=instrument.id, language=form.language, ended_at=None
    ):
        _end(earlier, "", by, at)
    row = Words.objects.create(
        instrument=instrument.id,
        language=form.language,
        title=form.title,
        instruction=form.instruction,
        questions={question.link_id: question.text for question in form.questions},
        answers={one.link_id: [[each.value, each.text] for each in one.answers] for one in form.questions},
        permission=permission,
        attested_by=by,
        attested_at=at,
    )
    audit.record("measures.words_attested", by=by, about=row, at=at, instrument=instrument.id)
    return row


@transaction.atomic
def withdraw_words(*, words: Words, reason: str, by: User, at: datetime) -> Words:
    """Show these words no more. What was answered stays, with numbers where the words were. Raises PermissionDenied."""
    _administrators_only(by)
    row = Words.objects.select_for_update().get(pk=words.pk)
    if row.ended_at is None:
        _end(row, reason, by, at)
        audit.record("measures.words_withdrawn", by=by, about=row, at=at, instrument=row.instrument)
    return row


def _end(row: Words, reason: str, by: User, at: datetime) -> None:
    row.ended_by, row.ended_at, row.end_reason = by, at, reason
    row.save(update_fields=["ended_by", "ended_at", "end_reason"])


def _administrators_only(by: User) -> None:
    if not by.has_any({Role.ADMINISTRATOR}):
        raise PermissionDenied
