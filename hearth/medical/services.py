"""Writing down what somebody takes, comparing it, drug tests step by step, naloxone, and checks for withdrawal."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, CLINICIANS, Role
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.inquiry.models import CarriedFact
from hearth.medical import rules, wording
from hearth.medical.models import (
    DrugTest,
    DrugTestStep,
    Medication,
    NaloxoneGiven,
    Reconciliation,
    WithdrawalCheck,
    listed,
    mark_of,
)
from hearth.medical.queries import MEDICAL
from hearth.people.models import Patient
from hearth.safety.services import licence_on, raise_concern, read_own_words

A_SECOND_TAP = timedelta(minutes=1)
COLLECTORS = MEDICAL | {Role.CASE_MANAGER}


class NotLicensed(PermissionDenied):
    """A nurse or medical provider with a licence in force signs this."""


class ListChanged(Exception):
    """Somebody added or ended a medication meanwhile: the list is looked at once more."""


class NotNow(Exception):
    """This step may not follow on what happened so far: somebody was faster, or it is not its turn."""


class NotAgreed(Exception):
    """A watched collection needs the student's own yes first."""


@transaction.atomic
def write_medication(
    *,
    patient_pk: UUID,
    name: str,
    dose: str,
    reason: str,
    prescriber: str,
    source: str,
    by: User,
    at: datetime,
) -> Medication:
    """Add a line to what somebody takes, by the care team or themselves; two taps are one. Raises PermissionDenied."""
    patient = _patient(patient_pk, by=by, at=at, lock=True)
    said = {
        "patient": patient,
        "name": name.strip(),
        "dose": dose.strip(),
        "reason": reason.strip(),
        "prescriber": prescriber.strip(),
        "source": Medication.Source.STUDENT if patient.user_id == by.pk else source,
        "written_by": by,
    }
    again = Medication.objects.taken().filter(**said, written_at__gt=at - A_SECOND_TAP).first()
    if again is not None:
        return again
    row = Medication.objects.create(**said, written_at=at)
    audit.record("medical.medication_written", by=by, about=row, at=at, patient_id=patient.pk)
    _read(row, (row.name, row.dose, row.reason, row.prescriber), by=by, at=at)
    return row


@transaction.atomic
def take_over(*, patient_pk: UUID, fact_pk: UUID, by: User, at: datetime) -> Medication:
    """Add what a referral told of a medication, once, as it was told. Raises PermissionDenied."""
    patient = _patient(patient_pk, by=by, at=at, own=False, lock=True)
    facts = CarriedFact.objects.filter(patient=patient, kind=CarriedFact.Kind.MEDICATION)
    fact = facts.filter(pk=fact_pk).first()
    if fact is None:
        raise PermissionDenied
    row, is_new = Medication.objects.get_or_create(
        carried=fact,
        defaults={
            "patient": patient,
            "name": fact.text[:200],
            "dose": fact.detail[:200],
            "source": Medication.Source.REFERRAL,
            "written_by": by,
            "written_at": at,
        },
    )
    if is_new:
        audit.record("medical.medication_written", by=by, about=row, at=at, patient_id=patient.pk)
    return row


@transaction.atomic
def end_medication(*, patient_pk: UUID, pk: UUID, why: str, by: User, at: datetime) -> Medication:
    """They do not take it any more, or not so. What was ended stays ended. Raises PermissionDenied."""
    patient = _patient(patient_pk, by=by, at=at)
    row = Medication.objects.filter(patient=patient).select_for_update().filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    if row.ended_at is None:
        row.ended_at, row.ended_by, row.ended_why = at, by, why.strip()
        row.save(update_fields=["ended_at", "ended_by", "ended_why"])
        audit.record("medical.medication_ended", by=by, about=row, at=at, patient_id=patient.pk)
        _read(row, row.ended_why, by=by, at=at)
    return row


@transaction.atomic
def reconcile(
    *, patient_pk: UUID, sources: Collection[str], found: str, shown: str, by: User, at: datetime
) -> Reconciliation:
    """Sign that the list was compared with these sources, as it was `shown` (`models.mark_of`).

    Raises PermissionDenied, NotLicensed, ListChanged.
    """
    patient = _patient(patient_pk, by=by, at=at, roles=MEDICAL, own=False, lock=True)
    lines = list(Medication.objects.taken().filter(patient=patient).order_by("written_at", "pk"))
    if mark_of(lines) != shown:
        raise ListChanged
    row = Reconciliation.objects.create(
        patient=patient,
        listed=listed(lines),
        sources=list(sources),
        found=found.strip(),
        by=by,
        licence=_licence(by, at),
        at=at,
    )
    audit.record("medical.reconciled", by=by, about=row, at=at, patient_id=patient.pk)
    return row


@transaction.atomic
def order_test(
    *,
    patient_pk: UUID,
    reason: str,
    panel: Collection[str],
    is_observed: bool,
    observed_why: str,
    by: User,
    at: datetime,
) -> DrugTest:
    """Order a test, once for two taps: watched only by a medical provider. Raises PermissionDenied, NotLicensed."""
    roles = frozenset({Role.MEDICAL}) if is_observed else MEDICAL
    patient = _patient(patient_pk, by=by, at=at, roles=roles, own=False, lock=True)
    _licence(by, at)
    wanted = [one for one in rules.SUBSTANCES if one in panel]
    said = {
        "patient": patient,
        "reason": reason.strip(),
        "panel": wanted,
        "is_observed": is_observed,
        "observed_why": observed_why.strip() if is_observed else "",
        "ordered_by": by,
    }
    again = DrugTest.objects.filter(**said, ordered_at__gt=at - A_SECOND_TAP).first()
    if again is not None:
        return again
    taken = Medication.objects.taken().filter(patient=patient).values_list("name", flat=True)
    row = DrugTest.objects.create(**said, expected=rules.expected_from(list(taken), wanted), ordered_at=at)
    _write(row, rules.Step.ORDERED, {}, "", by=by, at=at)
    return row


@transaction.atomic
def agree_to_be_observed(*, pk: UUID, by: User, at: datetime) -> DrugTest:
    """The student's own yes to being watched, for this one test. Raises PermissionDenied."""
    row = DrugTest.objects.select_for_update().filter(pk=pk, patient__user=by).first()
    if row is None:
        raise PermissionDenied
    if row.is_observed and row.agreed_at is None and row.stage == rules.Stage.COLLECTION:
        row.agreed_at = at
        row.save(update_fields=["agreed_at"])
        audit.record("medical.test_agreed", by=by, about=row, at=at, patient_id=row.patient_id)
    return row


@transaction.atomic
def go_on(*, pk: UUID, step: str, results: Mapping[str, str], words: str, by: User, at: datetime) -> DrugTest:
    """The next step of a test. Raises PermissionDenied, NotNow, NotAgreed."""
    found = DrugTest.objects.filter(pk=pk).first()
    wanted = rules.Step(step)
    if found is None:
        raise PermissionDenied
    _patient(found.patient_id, by=by, at=at, roles=ROLES[wanted], own=False)
    row = DrugTest.objects.select_for_update().get(pk=pk)
    if wanted not in rules.NEXT[rules.Stage(row.stage)]:
        raise NotNow
    if wanted is rules.Step.COLLECTED and row.is_observed and row.agreed_at is None:
        raise NotAgreed
    _write(row, wanted, {one: results[one] for one in row.panel if one in results}, words, by=by, at=at)
    row.stage = rules.stage([each.happened for each in row.steps.order_by("at", "pk")], row.expected)
    row.save(update_fields=["stage"])
    return row


ROLES: Mapping[rules.Step, frozenset[Role]] = {
    rules.Step.COLLECTED: COLLECTORS,
    rules.Step.DECLINED: COLLECTORS,
    rules.Step.CANCELLED: MEDICAL,
    rules.Step.RESULTED: MEDICAL,
    rules.Step.CONFIRMED: MEDICAL,
    rules.Step.TALKED: CLINICIANS | {Role.NURSE},
}


@transaction.atomic
def give_naloxone(
    *, patient_pk: UUID, to: str, taught: bool, expires_on: date, by: User, at: datetime
) -> NaloxoneGiven:
    """Write down that staff handed naloxone over, once for two taps. Raises PermissionDenied."""
    patient = _patient(patient_pk, by=by, at=at, own=False, lock=True)
    said = {"patient": patient, "to": to.strip(), "taught": taught, "expires_on": expires_on, "by": by}
    again = NaloxoneGiven.objects.filter(**said, at__gt=at - A_SECOND_TAP).first()
    if again is not None:
        return again
    row = NaloxoneGiven.objects.create(**said, at=at)
    audit.record("medical.naloxone_given", by=by, about=row, at=at, patient_id=patient.pk)
    return row


@transaction.atomic
def check_withdrawal(
    *, patient_pk: UUID, stopped: Collection[str], signs: Collection[str], by: User, at: datetime
) -> WithdrawalCheck:
    """Store what was told, and in the same transaction the concern that it raises. Raises PermissionDenied.

    The same told twice within a minute, as by a second tap, is stored once.
    """
    patient = _patient(patient_pk, by=by, at=at, lock=True)
    told = rules.Signs(frozenset(stopped) & wording.STOPPED.keys(), frozenset(signs) & wording.SIGNS.keys())
    severity = rules.withdrawal(told)
    said = {"patient": patient, "stopped": sorted(told.stopped), "signs": sorted(told.signs), "by": by}
    again = WithdrawalCheck.objects.filter(**said, at__gt=at - A_SECOND_TAP).first()
    if again is not None:
        return again
    row = WithdrawalCheck.objects.create(**said, severity=severity, at=at)
    audit.record("medical.withdrawal_checked", by=by, about=row, at=at, patient_id=patient.pk, severity=severity)
    if severity:
        raise_concern(
            patient=patient,
            source_kind="medical.withdrawal",
            source_id=row.pk,
            severity=severity,
            summary=wording.CONCERN,
            by=by,
            at=at,
        )
    return row


def _patient(
    pk: UUID, *, by: User, at: datetime, roles: Collection[Role] = CARE, own: bool = True, lock: bool = False
) -> Patient:
    """Whose it is, for one of `roles` who may write into the chart; with `own` also for themselves."""
    if own and Patient.objects.filter(pk=pk, user=by).exists():
        return access_chart(viewer=by, pk=pk, purpose="TREAT", at=at, to="own", lock=lock, what="medical")
    if not by.has_any(roles):
        raise PermissionDenied
    return access_chart(viewer=by, pk=pk, purpose="TREAT", at=at, to="change", lock=lock, what="medical")


def _read(row: Medication, words: object, *, by: User, at: datetime) -> None:
    """Read for words of danger what the student wrote of it."""
    patient, where = row.patient, wording.WHERE
    read_own_words(patient=patient, kind="medical.medication", row=row.pk, where=where, words=words, by=by, at=at)


def _licence(by: User, at: datetime) -> str:
    held = licence_on(by, at.astimezone(by.zone).date())
    if not held:
        raise NotLicensed
    return held


def _write(row: DrugTest, step: rules.Step, results: Mapping[str, str], words: str, *, by: User, at: datetime) -> None:
    DrugTestStep.objects.create(test=row, step=step, results=dict(results), words=words.strip(), by=by, at=at)
    audit.record("medical.test_went_on", by=by, about=row, at=at, patient_id=row.patient_id, step=str(step))
