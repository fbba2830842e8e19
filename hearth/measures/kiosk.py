"""A tablet of the house in one student's hands: what is due is asked and kept answer by answer, until it is wiped."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.measures import begun, kiosk_rules, rules, services
from hearth.measures import words as wordings
from hearth.measures.instrument import Instrument
from hearth.measures.instrument_parts import Form
from hearth.measures.models import How, Kiosk, Response
from hearth.measures.queries import due_measures
from hearth.measures.questionnaires import follow_up_of
from hearth.people.models import Patient

HANDERS = CARE | {Role.COORDINATOR}
"""Who may hand a tablet to somebody they know."""


class NothingDue(Exception):
    """There is nothing that this student is asked today."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Where the questionnaire on the screen stands."""

    instrument: Instrument
    form: Form
    given: dict[str, int | None]
    now: str  # the question on the screen; empty once all were asked
    before: str  # the question that Back leads to; empty where there is none


@transaction.atomic
def hand_over(*, patient: UUID, by: User, at: datetime) -> Kiosk:
    """Ask this student what is due on the tablet in `by`'s hands. An earlier tablet of theirs ends.

    Raises PermissionDenied, NothingDue.
    """
    person = may_hand_over(patient=patient, by=by, at=at, lock=True)
    due = due_measures(person, timezone.localdate(at))
    if not due:
        raise NothingDue
    for earlier in Kiosk.objects.select_for_update(of=("self",)).filter(patient=person, ended_at=None):
        end(earlier, at=at)
    row = Kiosk.objects.create(
        patient=person,
        handed_by=by,
        handed_at=at,
        seen_at=at,
        language=_language_of(person),
        waiting=[one.instrument.id for one in due],
    )
    audit.record("measures.kiosk_handed_over", by=by, about=row, at=at)
    return row


def may_hand_over(*, patient: UUID, by: User, at: datetime, lock: bool = False) -> Patient:
    """The student to whom `by` may hand a tablet. Raises PermissionDenied."""
    if not by.has_any(HANDERS):
        raise PermissionDenied
    return access_chart(viewer=by, pk=patient, purpose="TREAT", at=at, to="change", lock=lock, what="measures")


def _language_of(patient: Patient) -> str:
    known = dict(settings.LANGUAGES)
    spoken = (code.split("-")[0].lower() for code in patient.languages)
    return next((code for code in spoken if code in known), settings.LANGUAGE_CODE)


def held(pk: UUID) -> Kiosk | None:
    """The tablet `pk`, locked with its student; None once it was given back. For the tablet, whose session names it.

    What they sent from another device meanwhile is asked no more.
    """
    Patient.objects.select_for_update(of=("self",)).filter(pk__in=Kiosk.objects.filter(pk=pk).values("patient")).first()
    rows = Kiosk.objects.select_for_update(of=("self",)).select_related("patient", "handed_by", "organisation")
    row = rows.filter(pk=pk, ended_at=None).first()
    if row and row.waiting:
        _leave_out_what_was_sent(row)
    return row


def _leave_out_what_was_sent(row: Kiosk) -> None:
    began = row.took_offer_at or row.handed_at
    since = Q(answered_at__gte=began) | Q(received_at__gte=began)
    rows = Response.objects.filter(since, patient=row.patient, instrument__in=row.waiting)
    sent = set(rows.values_list("instrument", flat=True))
    if row.waiting[0] in sent:
        row.given, row.looks_at = [], ""
    if sent:
        row.waiting = [one for one in row.waiting if one not in sent]
        row.save(update_fields=["waiting", "given", "looks_at"])


def is_over(row: Kiosk, *, at: datetime) -> bool:
    """Whether its minutes, or the quiet ones, are over."""
    return kiosk_rules.is_over(handed_at=row.handed_at, seen_at=row.seen_at, at=at)


def touch(row: Kiosk, *, at: datetime) -> None:
    """Somebody is there."""
    row.seen_at = at
    row.save(update_fields=["seen_at"])


def begin(row: Kiosk, *, language: str = "") -> None:
    """Show the first question, or only change the language they read."""
    if language in dict(settings.LANGUAGES):
        row.language = language
    else:
        row.has_begun = True
    row.save(update_fields=["language", "has_begun"])


def asking(row: Kiosk, *, at: datetime) -> Asking | None:
    """What is on the screen; None once everything was sent."""
    if not row.waiting:
        return None
    instrument = wordings.get(row.waiting[0])
    form = instrument.form(row.language)
    half = begun.lately(row.patient, instrument, at=at)
    given = half.answers if half else {}
    now = row.looks_at or kiosk_rules.next_question(instrument, form, given)
    before = kiosk_rules.question_before(instrument, form, given, here=row.given, now=now)
    return Asking(instrument, form, given, now, before)


@transaction.atomic
def answer(row: Kiosk, *, link_id: str, value: int | None, at: datetime) -> None:
    """Keep one answer (None: would rather not say); its concern, if it asks for one, is raised with it.

    Raises UnusableAnswers.
    """
    instrument = wordings.get(row.waiting[0])
    begun.keep(patient=row.patient, instrument=instrument, answers={link_id: value}, by=None, at=at)
    alerts = rules.answer_alerts(instrument, link_id, value)
    row.given = [*dict.fromkeys([*row.given, link_id])]
    row.looks_at = ""
    row.rang = row.rang or any(alert.severity != "watch" for alert in alerts)
    row.save(update_fields=["given", "looks_at", "rang"])


def just_rang(row: Kiosk, now: Asking) -> bool:
    """Whether the latest answer on this tablet asks for help at once: its screen shows all of it first."""
    if not row.given:
        return row.rang
    latest = rules.answer_alerts(now.instrument, row.given[-1], now.given.get(row.given[-1]))
    return any(alert.severity != "watch" for alert in latest)


def go_back(row: Kiosk, *, at: datetime) -> None:
    """Show the question before, if it was answered on this tablet."""
    now = asking(row, at=at)
    if now and now.before:
        row.looks_at = now.before
        row.save(update_fields=["looks_at"])


@transaction.atomic
def send(row: Kiosk, *, at: datetime) -> None:
    """Store the answers once every question was asked, and go on to what else is due. Otherwise nothing happens."""
    now = asking(row, at=at)
    half = begun.lately(row.patient, now.instrument, at=at) if now else None
    if now is None or now.now or half is None:
        return
    response = services.store_answers(
        patient=row.patient,
        instrument_id=now.instrument.id,
        answers=half.answers,
        language=now.form.language,
        by=row.handed_by,
        at=at,
        how=How.KIOSK,
        begun=half,
    )
    row.waiting, row.given = row.waiting[1:], []
    row.rang = row.rang or any(alert["severity"] != "watch" for alert in response.alerts)
    offered = follow_up_of(row.patient, [response])
    row.offers = "" if offered in row.waiting else offered  # what is due anyway is asked anyway
    row.save(update_fields=["waiting", "given", "rang", "offers"])


def take_offer(row: Kiosk, *, wanted: bool, at: datetime) -> None:
    """Ask the offered screen now, before whatever else is due, also if it was answered earlier today; or not."""
    if wanted and row.offers:
        row.waiting, row.took_offer_at = [row.offers, *row.waiting], at
    row.offers = ""
    row.save(update_fields=["waiting", "offers", "took_offer_at"])


@transaction.atomic
def end(row: Kiosk, *, at: datetime) -> None:
    """Nothing more is shown or taken on this tablet; what was begun is kept for the next time."""
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audit.record("measures.kiosk_ended", by=None, about=row, at=at, sent=not row.waiting)
