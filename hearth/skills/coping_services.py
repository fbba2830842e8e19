"""Writing the plan for hard days and its cards, and sharing them or no longer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import tenancy
from hearth.people.queries import own_patient
from hearth.safety.services import read_own_words
from hearth.skills import coping_queries, own_services
from hearth.skills.models import Card, CopingPlan, SharedPlan

WHERE = gettext_noop("It stands in the plan for hard days, under Skills.")
PARTS = ("triggers", "warning_signs", "situations", "what_i_do")


class Stale(Exception):
    """The plan was changed in between, on another device or page. Nothing was changed."""


@transaction.atomic
def keep_plan(
    *, words: Mapping[str, str], people: Sequence[Mapping[str, str]], version: int, by: User, at: datetime
) -> CopingPlan:
    """Keep the plan over the `version` it was written on (0: there was none). What says the same is not stored again.

    Raises Stale.
    """
    own_patient(viewer=by)
    said: dict[str, Any] = {name: words[name].strip() for name in PARTS}
    said |= {"people": [dict(one) for one in people]}
    with tenancy.rows_of(by.pk):
        plans = CopingPlan.objects.select_for_update()
        plan, is_new = plans.get_or_create(owner=by, defaults=said | {"at": at})
        if not is_new:
            if all(getattr(plan, name) == value for name, value in said.items()):
                return plan
            if plan.version != version:
                raise Stale
            for name, value in (said | {"at": at, "version": version + 1}).items():
                setattr(plan, name, value)
            plan.save(update_fields=[*said, "at", "version"])
        audit.record("skills.own_kept", by=by, about=by, at=at)
    _share_anew(by=by, at=at)
    return plan


@transaction.atomic
def write_card(*, words: str, by: User, at: datetime, token: UUID | None = None) -> Card:
    """A card in the student's own words."""
    card = own_services.keep(Card, by=by, at=at, token=token, words=words.strip())
    _share_anew(by=by, at=at)
    return card


@transaction.atomic
def keep_source(*, source: str, is_away: bool, by: User, at: datetime) -> Card:
    """Keep what helped as a card, or put that card away."""
    own_patient(viewer=by)
    with tenancy.rows_of(by.pk):
        card, _is_new = Card.objects.update_or_create(owner=by, source=source, defaults={"is_away": is_away, "at": at})
        audit.record("skills.own_kept", by=by, about=by, at=at)
        return card


@transaction.atomic
def delete_card(*, pk: UUID, by: User, at: datetime) -> None:
    """Take a card in own words away for good. Raises PermissionDenied for anybody else's."""
    own_patient(viewer=by)
    with tenancy.rows_of(by.pk):
        card = Card.objects.filter(pk=pk, owner=by, source="").first()
        if card is None:
            raise PermissionDenied
        card.delete()
        audit.record("skills.own_deleted", by=by, about=by, at=at)
    _share_anew(by=by, at=at)


@transaction.atomic
def share_plan(*, is_shared: bool, by: User, at: datetime) -> None:
    """Let the care team read the plan and the cards in own words, as they are and become; or no longer."""
    patient = own_patient(viewer=by)
    if not is_shared:
        for row in SharedPlan.objects.filter(patient=patient):
            audit.record("skills.coping_plan_closed", by=by, about=row, at=at)
            row.delete()
        return
    content = _content(by)
    row, is_new = SharedPlan.objects.get_or_create(
        patient=patient, defaults={"content": content, "shared_at": at, "changed_at": at}
    )
    if is_new:
        audit.record("skills.coping_plan_shared", by=by, about=row, at=at)
        _read(row, before=(), by=by, at=at)


def _share_anew(*, by: User, at: datetime) -> None:
    """Bring what is shared up to what stands now; nothing where nothing is shared."""
    row = SharedPlan.objects.select_for_update().filter(patient__user=by).first()
    if row is None:
        return
    before, row.content, row.changed_at = row.content, _content(by), at
    row.save(update_fields=["content", "changed_at"])
    audit.record("skills.coping_plan_changed", by=by, about=row, at=at)
    _read(row, before=before, by=by, at=at)


def _read(row: SharedPlan, *, before: object, by: User, at: datetime) -> None:
    """Read for words of danger what the care team may read since now."""
    read_own_words(
        patient=row.patient, kind="skills.coping_plan", row=row.patient_id, where=WHERE, words=row.content,
        before=before, by=by, at=at,
    )  # fmt: skip


def _content(owner: User) -> dict[str, Any]:
    plan = coping_queries.own_plan(owner)
    words = {name: getattr(plan, name) if plan else "" for name in PARTS}
    cards = [card.words for card in coping_queries.own_cards(owner) if card.words]
    return words | {"people": plan.people if plan else [], "cards": cards}
