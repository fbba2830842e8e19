"""Reads of what people need to take part, and of whom to keep apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.people.models import Patient
from hearth.timetable.models import Accommodation, KeepApart
from hearth.timetable.queries import PLANNERS

KEEPERS = frozenset({Role.SUPERVISOR})
"""Roles that keep people apart and read why."""

SHOWN = 20  # people found by name at most


def accommodation_of(patient: Patient) -> Accommodation | None:
    """What this student needs, as said last. The caller has passed a door."""
    return Accommodation.objects.filter(patient=patient).order_by("-entered_at").first()


def accommodations_of(patients: Iterable[UUID]) -> dict[UUID, Accommodation]:
    """What each of these students needs, in one query. The caller has passed a door."""
    rows = Accommodation.objects.filter(patient__in=list(patients))
    return {row.patient_id: row for row in rows.order_by("patient", "-entered_at").distinct("patient")}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who are kept apart. `reason` is empty for whoever may not read it."""

    row: KeepApart
    reason: str

    @property
    def other_name(self) -> str:
        other = self.row.other or self.row.member
        return other.name if other else ""


def pairs_apart(*, viewer: User, at: datetime) -> list[Pair]:
    """Everyone who is kept apart, by name; with the reasons for supervisors, whose reading is written down."""
    if not viewer.has_any(PLANNERS):
        raise PermissionDenied
    rows = KeepApart.objects.filter(ended_at=None).select_related("patient", "other", "member", "entered_by")
    reads = viewer.has_any(KEEPERS)
    found = [Pair(row, row.reason if reads else "") for row in rows.order_by("patient__family_name", "pk")]
    if reads and found:
        audit.record("timetable.apart_read", by=viewer, about=viewer.organisation, at=at, pairs=len(found))
    return found


def access_pair(*, viewer: User, pk: UUID) -> KeepApart:
    """Two who are kept apart, for supervisors. Raises PermissionDenied."""
    row = KeepApart.objects.filter(pk=pk).first() if viewer.has_any(KEEPERS) else None
    if row is None:
        raise PermissionDenied
    return row


def people_named(*, viewer: User, words: str) -> list[Patient]:
    """The first students in a program whose name holds every word, for supervisors."""
    if not viewer.has_any(KEEPERS):
        raise PermissionDenied
    here = Patient.objects.filter(Q(episodes__ended_at=None, episodes__isnull=False))
    return list(here.named_like(words).order_by("family_name", "chosen_name", "pk").distinct()[:SHOWN])
