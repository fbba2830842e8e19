"""Reads for families: who sees what of whom, by consent's own word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.consent.queries import access_chart, family_grounds
from hearth.family import rules, wording
from hearth.people.models import Patient, Relationship
from hearth.people.queries import own_patient

STAFF_READERS = CARE | {Role.COORDINATOR, Role.DIRECTOR, Role.PRIVACY}
"""Roles that read on the chart what family sees."""

KEEPERS = frozenset({Role.COORDINATOR, Role.COUNSELOR})
"""Roles that invite family and say who is a guardian."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet in words."""

    words: wording.Words
    why: wording.Words
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one person sees of one student at this moment, and what stays private."""

    tie: Relationship
    may_confirm: bool
    shown: Sequence[Line]
    hidden: Sequence[Line]  # could be shown, and is not
    private: Sequence[Line]


def sheets(ties: Iterable[Relationship], *, at: datetime) -> list[Sheet]:
    """The sheet of each tie (with `person` and `patient__organisation`). Two queries. For callers with a door."""
    ties = list(ties)
    grounds = family_grounds(ties, at=at)
    return [_sheet(tie, rules.Tie(grounds[tie.pk], *_chosen(tie), tie.patient.has_died)) for tie in ties]


def _chosen(tie: Relationship) -> tuple[bool, bool]:
    return tie.may_see_schedule, tie.may_see_progress


def _sheet(tie: Relationship, facts: rules.Tie) -> Sheet:
    lines = rules.sheet(facts)
    told = [(one, Line(wording.CONTENTS[one.content], wording.WHY[one.why], one.is_shown)) for one in lines]
    return Sheet(
        tie=tie,
        may_confirm=rules.may_confirm(facts),
        shown=[words for one, words in told if one.is_shown],
        hidden=[words for one, words in told if not one.is_shown and one.content not in rules.PRIVATE],
        private=[words for one, words in told if one.content in rules.PRIVATE],
    )


def _ties() -> QuerySet[Relationship]:
    return Relationship.objects.select_related("person", "patient__organisation")


def own_sheets(*, viewer: User, at: datetime) -> list[Sheet]:
    """For a student: each person of theirs with what they see now. Raises PermissionDenied."""
    patient = own_patient(viewer=viewer)
    return sheets(_ties().filter(patient=patient, person__is_active=True).order_by("person__name", "pk"), at=at)


def sheets_of_viewer(*, viewer: User, at: datetime) -> list[Sheet]:
    """For family: what they see of each person they are close to. One whom they may not know of is not among them."""
    found = sheets(_ties().filter(person=viewer).order_by("patient__chosen_name", "pk"), at=at)
    return [one for one in found if one.may_confirm]


def sheets_on_chart(*, viewer: User, patient: UUID, at: datetime) -> tuple[Patient, list[Sheet]]:
    """For staff who may open the chart: who sees what of this student now. Raises PermissionDenied."""
    if not viewer.has_any(STAFF_READERS):
        raise PermissionDenied
    found = access_chart(viewer=viewer, pk=patient, purpose="TREAT", at=at, what="family")
    return found, sheets(_ties().filter(patient=found).order_by("person__name", "pk"), at=at)


def access_own_tie(*, viewer: User, pk: UUID, lock: bool = False) -> Relationship:
    """How somebody is close to `viewer`, who is the student. Raises PermissionDenied."""
    rows = _ties().filter(pk=pk, patient=own_patient(viewer=viewer))
    tie = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if tie is None:
        raise PermissionDenied
    return tie
