"""The support map: drawn, shared or no longer, and brought into plans, by its student alone."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import tenancy
from hearth.people.queries import own_patient
from hearth.safety.plan_queries import newest_plan
from hearth.safety.plan_rules import Sections
from hearth.safety.services import read_own_words, save_plan
from hearth.skills import map_queries, own_services
from hearth.skills.models import MapEntry, SharedMap
from hearth.skills.support_map import MOST, into_sections

WHERE = gettext_noop("It stands on the support map, under Skills.")


class Full(Exception):
    """There is room for no more on the map."""


@transaction.atomic
def put(*, by: User, at: datetime, token: UUID | None = None, **said: Any) -> MapEntry:
    """Somebody or some place on the map. Raises Full."""
    rows = map_queries.own_rows(by)
    if len(rows) >= MOST and not any(row.form_token == token for row in rows):
        raise Full
    row = own_services.keep(MapEntry, by=by, at=at, token=token, **said)
    _share_anew(by=by, at=at)
    return row


@transaction.atomic
def change(*, pk: UUID, by: User, at: datetime, **said: Any) -> MapEntry:
    """What is said of one now. Raises PermissionDenied for anybody else's."""
    row = own_services.own(MapEntry, pk=pk, by=by)
    for name, value in said.items():
        setattr(row, name, value)
    with tenancy.rows_of(by.pk):
        row.save(update_fields=[*said])
        audit.record("skills.own_kept", by=by, about=by, at=at)
    _share_anew(by=by, at=at)
    return row


@transaction.atomic
def take_off(*, pk: UUID, by: User, at: datetime) -> None:
    """Take one off the map for good. Raises PermissionDenied for anybody else's."""
    own_services.delete(MapEntry, pk=pk, by=by, at=at)
    _share_anew(by=by, at=at)


@transaction.atomic
def share(*, is_shared: bool, by: User, at: datetime) -> None:
    """Let the care team see the map, as it is and becomes; or no longer."""
    patient = own_patient(viewer=by)
    if not is_shared:
        for row in SharedMap.objects.filter(patient=patient):
            audit.record("skills.map_closed", by=by, about=row, at=at)
            row.delete()
        return
    said = {"entries": map_queries.as_shared(by), "shared_at": at, "changed_at": at}
    row, is_new = SharedMap.objects.get_or_create(patient=patient, defaults=said)
    if is_new:
        audit.record("skills.map_shared", by=by, about=row, at=at)
        _read(row, before=(), by=by, at=at)


def _share_anew(*, by: User, at: datetime) -> None:
    """Bring what is shared up to what stands now; nothing where nothing is shared."""
    row = SharedMap.objects.select_for_update().filter(patient__user=by).first()
    if row is None:
        return
    before, row.entries, row.changed_at = row.entries, map_queries.as_shared(by), at
    row.save(update_fields=["entries", "changed_at"])
    audit.record("skills.map_changed", by=by, about=row, at=at)
    _read(row, before=before, by=by, at=at)


def _read(row: SharedMap, *, before: object, by: User, at: datetime) -> None:
    """Read for words of danger what the care team may read since now."""
    read_own_words(
        patient=row.patient, kind="skills.support_map", row=row.patient_id, where=WHERE, words=row.entries,
        before=before, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def into_safety_plan(*, chosen: Collection[UUID], by: User, at: datetime) -> list[str]:
    """A new version of the safety plan with these of the map in it; gives back for whom there was no room.

    Raises PermissionDenied, safety's EmptyPlan where nobody was chosen and there is no plan, and ChangedMeanwhile.
    """
    patient = own_patient(viewer=by)
    newest = newest_plan(patient)
    entries = [map_queries.entry_of(row) for row in map_queries.own_rows(by) if row.pk in chosen]
    sections, left = into_sections(newest.sections if newest else Sections(), entries)
    based_on = newest.version if newest else 0
    save_plan(patient_pk=patient.pk, sections=sections, based_on=based_on, by=by, at=at)
    return left
