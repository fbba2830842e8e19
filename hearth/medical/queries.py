"""Reads of what somebody takes, of drug tests, and of what waits for nurses and medical providers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.core.exceptions import PermissionDenied

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
            at_risk=in_care is not None and is_at_risk(in_care, rows),
            expires_on=naloxone[0].expires_on if naloxone else None,
            today=at.astimezone(patient.organisation.zone).date(),
        ),
    )


def _why(last_at: datetime | None, rows: list[Medication], at: datetime) -> rules.Why | None:
    return rules.reconciliation_due(last_at=last_at, changed_at=changed_at(rows), at=at)


def is_at_risk(episode: Episode, rows: list[Medication]) -> bool:
    """Whether opioids may come into play: by the track, or a medication that treats their use."""
    return episode.track in AT_RISK or any(row.moud for row in rows)


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
    if not viewer.has_any(MEDICAL):
        raise PermissionDenied
    episodes = list(active_episodes(viewer=viewer))
    people = [one.patient_id for one in episodes]
    lines = _by_patient(Medication.objects.filter(patient__in=people).order_by("written_at"))
    compared = _by_patient(Reconciliation.objects.filter(patient__in=people).order_by("at"))
    given = _by_patient(NaloxoneGiven.objects.filter(patient__in=people).order_by("expires_on"))
    tests = DrugTest.objects.filter(patient__in=Patient.objects.open_to(viewer)).exclude(stage=rules.Stage.DONE)
    today = at.astimezone(viewer.zone).date()
    to_compare, without = [], []
    for episode in episodes:
        pk = episode.patient_id
        last = compared.get(pk, [])
        why = _why(last[-1].at if last else None, lines.get(pk, []), at)
        if why:
            to_compare.append((episode.patient, why))
        kits = given.get(pk, [])
        if rules.naloxone_due(
            at_risk=is_at_risk(episode, lines.get(pk, [])),
            expires_on=kits[-1].expires_on if kits else None,
            today=today,
        ):
            without.append(episode.patient)
    return Work(list(tests.select_related("patient").order_by("ordered_at", "pk")), to_compare, without)


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
