"""Writes of the strand for painful events: training, offer, choice, readiness, sessions, the day after."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation

from hearth.accounts.models import User
from hearth.accounts.queries import access_staff_member
from hearth.accounts.roles import CLINICIANS
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.lib import live
from hearth.people.models import Patient
from hearth.people.queries import own_patient
from hearth.safety.services import raise_concern, read_own_words
from hearth.sessions.services import say_beside
from hearth.trauma import queries, rules, wording
from hearth.trauma.models import Choice, NextDayCheck, Offer, Processing, Readiness, StopSignal, Training
from hearth.trauma.texts import choice_text, lines_for, methods


class NotOpen(Exception):
    """The form of this session is closed; `reasons` says why, the student's own first."""

    def __init__(self, reasons: tuple[rules.Closed, ...]) -> None:
        super().__init__(f"{len(reasons)} reasons")
        self.reasons = reasons


class TextChanged(Exception):
    """The text was another than the one that was shown: it is read once more before anything is chosen."""


class OnFile(Exception):
    """A training of this person for this method is on file already."""


class Missing(Exception):
    """Lines of the checklist say nothing yet, or it is signed without a reason that it needs."""


# --- training -----------------------------------------------------------------------------------------------


@transaction.atomic
def record_training(
    *, holder_pk: UUID, method: str, trained_where: str, trained_on: date, by: User, at: datetime
) -> Training:
    """Write down that `by` saw the proof of somebody's training. Raises PermissionDenied, OnFile, KeyError."""
    holder = access_staff_member(viewer=by, pk=holder_pk)
    if holder.pk == by.pk:
        raise PermissionDenied
    User.objects.select_for_update(of=("self",)).get(pk=holder.pk)
    if queries.trainings_of(holder).filter(method=method).exists():
        raise OnFile
    if method not in methods():
        raise KeyError(method)
    row = Training.objects.create(
        holder=holder,
        method=method,
        trained_where=trained_where.strip(),
        trained_on=trained_on,
        proof_seen_by=by,
        written_at=at,
    )
    audit.record("trauma.training_recorded", by=by, about=row, at=at, holder=str(holder.pk), method=method)
    return row


@transaction.atomic
def strike_training(*, holder_pk: UUID, pk: UUID, by: User, at: datetime) -> None:
    """It was a mistake or holds no longer: no new session can rest on it. Raises PermissionDenied."""
    holder = access_staff_member(viewer=by, pk=holder_pk)
    row = queries.trainings_of(holder).select_for_update().filter(pk=pk).first()
    if row is None or holder.pk == by.pk:
        raise PermissionDenied
    row.struck_by, row.struck_at = by, at
    row.save(update_fields=["struck_by", "struck_at"])
    audit.record("trauma.training_struck", by=by, about=row, at=at, holder=str(holder.pk), method=row.method)


# --- the choice ---------------------------------------------------------------------------------------------


@transaction.atomic
def offer_choice(*, patient_pk: UUID, by: User, at: datetime) -> Offer:
    """After a talk: the choice stands on the student's own screen from now on. Once. Raises PermissionDenied."""
    patient = _led(patient_pk, by=by, at=at)
    row, is_new = Offer.objects.get_or_create(patient=patient, defaults={"by": by, "at": at})
    if is_new:
        audit.record("trauma.choice_offered", by=by, about=row, at=at)
    return row


@transaction.atomic
def choose(*, what: str, digest: str, by: User, at: datetime) -> Choice:
    """The student's own choice, under the text that was shown (`ChoiceText.digest`). It takes effect at once.

    Nobody else chooses; whoever has the session open sees it there. Raises PermissionDenied where nothing was offered,
    TextChanged.
    """
    patient = _own(by, at=at)
    text = choice_text(translation.get_language() or "en")
    if not Offer.objects.filter(patient=patient).exists():
        raise PermissionDenied
    if text.digest != digest:
        raise TextChanged
    before = queries.newest_choice(patient)
    if before is not None and (before.what, before.text_digest) == (what, text.digest):
        return before
    row = Choice.objects.create(
        patient=patient,
        what=rules.Choice(what),
        text_version=text.version,
        text_language=text.language,
        text_digest=text.digest,
        at=at,
    )
    audit.record("trauma.chosen", by=by, about=row, at=at, version=text.version)
    live.tell(f"strand:{patient.pk}")
    return row


@transaction.atomic
def say_signal(*, patient_pk: UUID, words: str, by: User, at: datetime) -> StopSignal:
    """Agree on the sign to stop, in the student's words, by themselves or by who leads. Raises PermissionDenied."""
    is_own = Patient.objects.filter(pk=patient_pk, user=by).exists()
    patient = _own(by, at=at) if is_own else _led(patient_pk, by=by, at=at)
    before = queries.newest_signal(patient)
    if before is not None and before.words == words.strip():
        return before
    row = StopSignal.objects.create(patient=patient, words=words.strip(), by=by, at=at)
    audit.record("trauma.signal_said", by=by, about=row, at=at)
    read_own_words(
        patient=patient,
        kind="trauma.stop_signal",
        row=patient.pk,
        where=wording.IN_SIGNAL,
        words=row.words,
        by=by,
        at=at,
    )
    live.tell(f"strand:{patient.pk}")
    return row


# --- readiness ----------------------------------------------------------------------------------------------


@transaction.atomic
def sign_readiness(
    *,
    patient_pk: UUID,
    holds: Mapping[str, str],
    said: Mapping[str, str],
    begins: bool,
    words: str,
    by: User,
    at: datetime,
) -> Readiness:
    """Sign the checklist as gone through together: per line how it stands and in words, and what was decided.

    To begin while a line does not hold needs a reason in words; every line needs an answer. What the house knows is
    kept beside each line as it was. Raises PermissionDenied, Missing.
    """
    patient = _led(patient_pk, by=by, at=at)
    lines = lines_for(is_minor=queries.is_minor(patient, at=at))
    answers = {line.id: holds.get(line.id, "") for line in lines}
    if not set(answers.values()) <= set(wording.HOLDS):
        raise Missing
    if begins and set(answers.values()) != {"yes"} and not words.strip():
        raise Missing
    known = wording.known_words(queries.known_of(patient, at=at))
    row = Readiness.objects.create(
        patient=patient,
        lines={
            name: {"holds": value, "words": said.get(name, "").strip(), "known": known[name]}
            for name, value in answers.items()
        },
        begins=begins,
        words=words.strip(),
        signed_as=", ".join(filter(None, (by.name, by.title))),
        by=by,
        at=at,
    )
    audit.record("trauma.readiness_signed", by=by, about=row, at=at, begins=begins)
    return row


# --- one session --------------------------------------------------------------------------------------------


@transaction.atomic
def begin(*, session_id: UUID, training_pk: UUID, before: int | None, by: User, at: datetime) -> Processing:
    """Begin in this individual session, by a method that `by` is trained in. The day after is due from this moment.

    Begun twice it is begun once. Raises PermissionDenied, NotOpen, NoteLocked.
    """
    found = queries.in_session(viewer=by, session_id=session_id, at=at, to_change=True)
    if found.processing is not None:
        return found.processing
    if not found.session.is_led_by(by):
        raise PermissionDenied
    if found.closed:
        raise NotOpen(found.closed)
    training = next((each for each in found.trainings if each.pk == training_pk), None)
    signal = found.strand.signal
    if training is None or signal is None:
        raise NotOpen((rules.Closed.NOT_TRAINED,))
    patient = found.strand.patient
    row = Processing.objects.create(
        attendance=found.place,
        patient=patient,
        training=training,
        stop_signal=signal.words,
        by=by,
        begun_at=at,
        before=before,
    )
    window = rules.day_after(found.session.starts_at, zone=patient.organisation.zone)
    NextDayCheck.objects.create(
        processing=row,
        patient=patient,
        due_on=window.day,
        opens_at=window.opens_at,
        answer_by=window.answer_by,
        named=by,
    )
    _note(row)
    audit.record("trauma.begun", by=by, about=row, at=at, method=training.method)
    return row


@transaction.atomic
def rate(*, session_id: UUID, when: str, number: int, by: User, at: datetime) -> Processing:
    """The student's own tap, before or after. Raises PermissionDenied, NoteLocked, ValueError for no such number."""
    if when not in ("before", "after") or not 0 <= number <= 10:
        raise ValueError(when)
    pk = queries.own_processing(viewer=by, session_id=session_id).pk
    row = _locked(pk)
    setattr(row, when, number)
    setattr(row, f"{when}_own", True)
    row.save(update_fields=[when, f"{when}_own"])
    _note(row)
    audit.record("trauma.rated", by=by, about=row, at=at, when=when)
    live.tell(f"strand:{row.patient_id}")
    return row


@transaction.atomic
def close(
    *,
    session_id: UUID,
    before: int | None,
    after: int | None,
    stopped: bool,
    ending: str,
    ended_words: str,
    named_pk: UUID,
    by: User,
    at: datetime,
) -> Processing:
    """How it was ended, and who looks after the day after. Also where the student chose otherwise meanwhile.

    What they tapped themselves stays. Raises PermissionDenied, NoteLocked.
    """
    found = queries.in_session(viewer=by, session_id=session_id, at=at, to_change=True)
    if found.processing is None or not found.session.is_led_by(by):
        raise PermissionDenied
    row = _locked(found.processing.pk)
    if not row.before_own:
        row.before = before
    if not row.after_own:
        row.after = after
    row.stopped, row.ending, row.ended_words = stopped, ending, ended_words.strip()
    row.closed_at = row.closed_at or at
    row.save()
    named = queries.who_may_be_named(row.patient).filter(pk=named_pk).first() or by
    NextDayCheck.objects.filter(processing=row).update(named=named)
    _note(row)
    audit.record("trauma.closed", by=by, about=row, at=at, named=str(named.pk))
    return row


def _locked(pk: UUID) -> Processing:
    rows = Processing.objects.select_for_update(of=("self",)).select_related("training", "attendance", "by", "patient")
    return rows.get(pk=pk)


def _note(row: Processing) -> None:
    """Say it in the student's note, in the language of who will sign it."""
    with translation.override(row.by.language):
        say_beside(attendance=row.attendance, words=wording.in_note(row))


# --- the day after ------------------------------------------------------------------------------------------


@transaction.atomic
def answer_check(
    *, pk: UUID, night: str, distress: int, safe: str, wants_call: bool, by: User, at: datetime
) -> NextDayCheck:
    """What the student says the day after; a concern follows in the same transaction where it asks for a person.

    Answered twice, the first stands: a second tap, or a page that was open twice. Raises PermissionDenied.
    """
    queries.own_check(viewer=by, pk=pk, at=at)
    row = NextDayCheck.objects.select_for_update(of=("self",)).select_related("patient", "named").get(pk=pk)
    if row.answered_at is not None:
        return row
    severity = rules.severity_of(rules.Answers(distress, safe, wants_call))
    row.night, row.distress, row.safe, row.wants_call = night, distress, safe, wants_call
    row.answered_at, row.asks_for_somebody = at, severity is not None
    row.save()
    audit.record("trauma.check_answered", by=by, about=row, at=at)
    if severity:
        raise_concern(
            patient=row.patient,
            source_kind="trauma.next_day_check",
            source_id=row.pk,
            severity=severity,
            summary=wording.CONCERNS[safe],
            by=by,
            at=at,
        )
    return row


@transaction.atomic
def hear_silence(*, at: datetime) -> int:
    """Raise a concern, once, for every check that nobody answered or settled in good time. How many that were."""
    late = queries.checks_silent(at=at).select_for_update(of=("self",), skip_locked=True)
    found = list(late.select_related("patient", "processing"))
    for row in found:
        raise_concern(
            patient=row.patient,
            source_kind=queries.SILENCE,
            source_id=row.pk,
            severity=rules.severity_of_silence(after=row.processing.after, ending=row.processing.ending),
            summary=wording.SILENT,
            by=None,
            at=at,
        )
    return len(found)


@transaction.atomic
def settle_check(*, pk: UUID, words: str, by: User, at: datetime) -> NextDayCheck:
    """Somebody of the care team saw to it, and says how. A concern stays open until it is resolved as every concern is.

    What was not answered and may still be is not settled ahead of its hour, and an answer that asks for somebody after
    it was settled waits again. Raises PermissionDenied, ValueError without words or too early.
    """
    found = queries.access_check(viewer=by, pk=pk, at=at)
    access_chart(viewer=by, pk=found.patient_id, purpose="TREAT", at=at, to="change", what="trauma")
    if not words.strip():
        raise ValueError("it says what was done")
    row = NextDayCheck.objects.select_for_update(of=("self",)).get(pk=pk)
    if row.answered_at is None and at < row.answer_by:
        raise ValueError("they may still answer")
    if not row.is_settled:
        row.settled_by, row.settled_at, row.settled_words = by, at, words.strip()
        row.save(update_fields=["settled_by", "settled_at", "settled_words"])
        audit.record("trauma.check_settled", by=by, about=row, at=at)
    return row


def _led(pk: UUID, *, by: User, at: datetime) -> Patient:
    """The student, held, for a clinician who may write into the chart. Raises PermissionDenied."""
    if not by.has_any(CLINICIANS):
        raise PermissionDenied
    return access_chart(viewer=by, pk=pk, purpose="TREAT", at=at, to="change", lock=True, what="trauma")


def _own(by: User, *, at: datetime) -> Patient:
    own = own_patient(viewer=by)
    return access_chart(viewer=by, pk=own.pk, purpose="TREAT", at=at, to="own", lock=True, what="trauma")
