"""Reads of what somebody takes, of drug tests, and of what waits for nurses and medical providers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.admission.models import Episode
from hearth.admission.queries import active_episodes
from hearth.consent.queries import access_chart, access_charts
from hearth.inquiry.models import CarriedFact
from hearth.medical import rules
from hearth.medical.models import (
    DrugTest,
    DrugTestStep,
    Medication,
    NaloxoneGiven,
    Reconciliation,
    WithdrawalCheck,
    changed_at,
    mark_of,
)
from hearth.people.models import Patient

MEDICAL = frozenset({Role.NURSE, Role.MEDICAL})
"""Who compares lists, orders, collects and reads."""

AT_RISK = frozenset({"substance-use", "co-occurring"})
"""Tracks in which opioids may come into play, whatever somebody came for: much of what is sold holds fentanyl."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything medical of one person. Only what is asked of somebody in care is due."""

    patient: Patient
    taken: list[Medication]
    ended: list[Medication]
    told: list[CarriedFact]  # by referrals, not taken over yet
    reconciliations: list[Reconciliation]
    tests: list[DrugTest]
    naloxone: list[NaloxoneGiven]
    checks: list[WithdrawalCheck]
    why_reconcile: rules.Why | None
    needs_naloxone: bool

    @property
    def mark(self) -> str:
        """Of the lines that are shown."""
        return mark_of(self.taken)


def sheet(*, viewer: User, pk: UUID, at: datetime) -> Sheet:
    """The sheet of `pk` for the care team; a read that is written down. Raises PermissionDenied. Ten queries."""
    if not viewer.has_any(CARE):
        raise PermissionDenied
    return _sheet(access_chart(viewer=viewer, pk=pk, purpose="TREAT", at=at, what="medical"), at=at)


def own_sheet(*, viewer: User, at: datetime) -> Sheet:
    """The viewer's own. Raises PermissionDenied."""
    own = Patient.objects.filter(user=viewer).values_list("pk", flat=True).first()
    if own is None:
        raise PermissionDenied
    return _sheet(access_chart(viewer=viewer, pk=own, purpose="TREAT", at=at, to="own", what="medical"), at=at)


def _sheet(patient: Patient, *, at: datetime) -> Sheet:
    rows = list(patient.medications.select_related("written_by", "ended_by").order_by("written_at", "pk"))
    taken = [row for row in rows if row.ended_at is None]
    over = {row.carried_id for row in rows}
    told = CarriedFact.objects.filter(patient=patient, kind=CarriedFact.Kind.MEDICATION).order_by("place", "pk")
    compared = list(patient.reconciliations.select_related("by").order_by("-at", "-pk"))
    naloxone = list(patient.naloxone.select_related("by").order_by("-expires_on", "-pk"))
    tests = list(patient.drug_tests.select_related("ordered_by").order_by("-ordered_at", "-pk"))
    in_care = Episode.objects.active().filter(patient=patient).first()
    return Sheet(
        patient=patient,
        taken=taken,
        ended=[row for row in reversed(rows) if row.ended_at is not None],
        told=[fact for fact in told if fact.pk not in over],
        reconciliations=compared,
        tests=tests,
        naloxone=naloxone,
        checks=list(patient.withdrawal_checks.select_related("by").order_by("-at", "-pk")),
        why_reconcile=_why(compared[0].at if compared else None, rows, at) if in_care else None,
        needs_naloxone=rules.naloxone_due(
            at_risk=in_care is not None and is_at_risk(in_care.track, rows),
            expires_on=naloxone[0].expires_on if naloxone else None,
            today=at.astimezone(patient.organisation.zone).date(),
        ),
    )


def _why(last_at: datetime | None, rows: list[Medication], at: datetime) -> rules.Why | None:
    return rules.reconciliation_due(last_at=last_at, changed_at=changed_at(rows), at=at)


def is_at_risk(track: str, rows: list[Medication]) -> bool:
    """Whether opioids may come into play: by the track, or a medication that treats their use."""
    return track in AT_RISK or any(row.moud for row in rows)


def access_test(*, viewer: User, pk: UUID, at: datetime) -> DrugTest:
    """The test `pk` for the care team; the read is written down. Raises PermissionDenied."""
    row = DrugTest.objects.select_related("ordered_by").filter(pk=pk).first()
    if row is None or not viewer.has_any(CARE):
        raise PermissionDenied
    row.patient = access_chart(viewer=viewer, pk=row.patient_id, purpose="TREAT", at=at, what="medical")
    return row


def steps_of_test(row: DrugTest) -> list[DrugTestStep]:
    """Its steps in order. One query."""
    return list(row.steps.select_related("by").order_by("at", "pk"))


@dataclass(frozen=True, slots=True)
class Work:
    """What waits for nurses and medical providers."""

    tests: list[DrugTest]
    to_compare: list[tuple[Patient, rules.Why]]
    without_naloxone: list[Patient]

    @property
    def count(self) -> int:
        return len(self.tests) + len(self.to_compare) + len(self.without_naloxone)

    def first(self, most: int) -> "Work":
        """The first of each."""
        return Work(self.tests[:most], self.to_compare[:most], self.without_naloxone[:most])


def medical_work(*, viewer: User, at: datetime) -> Work:
    """Tests in course, and of those in care lists to compare and naloxone to give. Six queries.

    Of people whom `viewer` may see; the page that names them writes the reading down (`named`).
    """
    tests = list(_in_course(viewer).select_related("patient").order_by("ordered_at", "pk"))
    to_compare, without = _due(viewer=viewer, at=at)
    people = Patient.objects.in_bulk({*to_compare, *without})
    return Work(tests, [(people[pk], why) for pk, why in to_compare.items()], [people[pk] for pk in without])


def medical_count(*, viewer: User, at: datetime) -> int:
    """How much of it there is, without reading whose it is. Five queries."""
    to_compare, without = _due(viewer=viewer, at=at)
    return _in_course(viewer).count() + len(to_compare) + len(without)


def _in_course(viewer: User) -> QuerySet[DrugTest]:
    return DrugTest.objects.filter(patient__in=Patient.objects.open_to(viewer)).exclude(stage=rules.Stage.DONE)


def _due(*, viewer: User, at: datetime) -> tuple[dict[UUID, rules.Why], list[UUID]]:
    """Whose list is to be compared and why, and who is to be given naloxone, by name. Four queries."""
    if not viewer.has_any(MEDICAL):
        raise PermissionDenied
    rows = active_episodes(viewer=viewer)
    here = {"patient__in": rows.values("patient")}
    lines = _by_patient(Medication.objects.filter(**here).only("patient", "name", "written_at", "ended_at"))
    compared = dict(Reconciliation.objects.filter(**here).values_list("patient").annotate(Max("at")))
    keeps = dict(NaloxoneGiven.objects.filter(**here).values_list("patient").annotate(Max("expires_on")))
    today = at.astimezone(viewer.zone).date()
    to_compare: dict[UUID, rules.Why] = {}
    without = []
    for pk, track in rows.values_list("patient", "track"):
        own = lines.get(pk, [])
        if why := _why(compared.get(pk), own, at):
            to_compare[pk] = why
        if rules.naloxone_due(at_risk=is_at_risk(track, own), expires_on=keeps.get(pk), today=today):
            without.append(pk)
    return to_compare, without


def named(work: Work, *, viewer: User, at: datetime) -> None:
    """Write down that `viewer` reads whom this work is about. Four queries."""
    people = [one.patient_id for one in work.tests] + [one.pk for one, _why in work.to_compare]
    people += [one.pk for one in work.without_naloxone]
    access_charts(viewer=viewer, pks=people, purpose="TREAT", at=at, what="medical")


class OfPatient(Protocol):
    """A row about somebody."""

    patient_id: UUID


def _by_patient[Row: OfPatient](rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for row in rows:
        found.setdefault(row.patient_id, []).append(row)
    return found
