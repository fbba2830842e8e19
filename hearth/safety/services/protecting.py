"""Duties to protect or to report: marked at a concern, acted on by whoever knows, settled by who may."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.consent.services import record_disclosure
from hearth.safety import protection_rules as rules
from hearth.safety.models import Concern
from hearth.safety.protection_models import ProtectiveDuty, ProtectiveStep
from hearth.safety.services.answering import licence_on
from hearth.safety.services.raising import TAKERS, lock


class CannotSettle(Exception):
    """A duty cannot be settled as asked; `lacks` says why."""

    def __init__(self, lacks: rules.Lacks) -> None:
        super().__init__(lacks)
        self.lacks = lacks


class DangerSettled(Exception):
    """Somebody settled it meanwhile."""


class ConcernClosed(Exception):
    """The concern is closed: nobody is told of it any more. What is heard now is raised anew."""


@transaction.atomic
def mark_dangers(
    *, concern: Concern, dangers: Collection[str], learned_at: datetime, by: User, at: datetime
) -> list[ProtectiveDuty]:
    """Say that this concern may be about somebody else's safety. What is marked already stays as it is.

    Raises PermissionDenied, ConcernClosed.
    """
    concern = lock(concern, by=by, at=at, roles=TAKERS)
    if not concern.is_open:
        raise ConcernClosed
    state = concern.patient.state or by.organisation.state
    found = []
    for danger in [one for one in rules.book().dangers if one in dangers]:
        holding = rules.rules_of(danger, state=state, on=at.astimezone(by.organisation.zone).date())
        duty, is_new = ProtectiveDuty.objects.get_or_create(
            concern=concern,
            danger=danger,
            defaults={
                "state": state,
                "learned_at": learned_at,
                "due_at": rules.due_at(danger, holding, learned_at=learned_at, zone=by.organisation.zone),
                "rules_version": rules.book().version,
                "marked_by": by,
                "marked_at": at,
            },
        )
        found.append(duty)
        if is_new:
            audit.record("safety.danger_marked", by=by, about=concern, at=at, danger=danger)
    return found


@transaction.atomic
def record_danger_told(
    *,
    duty: ProtectiveDuty,
    whom: str,
    basis: str,
    words: str,
    reference: str,
    told_at: datetime,
    by: User,
    at: datetime,
) -> ProtectiveStep:
    """Write down whom `by` told, what was said and on what ground; also as a disclosure, where it named the student.

    May be written down after it was settled, too; told twice, as by a second tap, it is stored once.
    Raises PermissionDenied.
    """
    duty = _lock(duty, by=by, at=at)
    facts = {"whom": whom.strip(), "basis": basis, "reference": reference.strip()}
    step, is_new = _step(duty, ProtectiveStep.Kind.TOLD, words, by=by, at=told_at, written_at=at, **facts)
    if is_new and basis != ProtectiveStep.Basis.UNNAMED:
        why = str(step.get_basis_display())
        record_disclosure(
            patient=duty.concern.patient, recipient=step.whom, what=step.words, why=why, by=by, at=told_at
        )
    _acted(duty, told_at)
    return step


@transaction.atomic
def record_kept_safe(*, duty: ProtectiveDuty, words: str, done_at: datetime, by: User, at: datetime) -> ProtectiveStep:
    """Write down what else was done so that nobody is hurt: it takes the place of no report that whoever knows makes.

    Raises PermissionDenied.
    """
    duty = _lock(duty, by=by, at=at)
    step, _is_new = _step(duty, ProtectiveStep.Kind.KEPT_SAFE, words, by=by, at=done_at, written_at=at)
    if rules.may_be_met_untold(duty.danger):
        _acted(duty, done_at)
    return step


@transaction.atomic
def settle_danger(*, duty: ProtectiveDuty, outcome: str, words: str, by: User, at: datetime) -> ProtectiveDuty:
    """Sign that what it asks is done, or that it does not apply and why. Raises CannotSettle, DangerSettled."""
    duty = _lock(duty, by=by, at=at)
    if duty.outcome:
        raise DangerSettled
    wanted, licence = rules.Outcome(outcome), licence_on(by, at.astimezone(by.zone).date())
    lacks = rules.lacking(
        duty.danger, wanted, has_acted=duty.acted_at is not None, is_licensed=bool(licence), words=words
    )
    if lacks is not None:
        raise CannotSettle(lacks)
    _step(duty, ProtectiveStep.Kind(outcome), words, by=by, at=at, written_at=at, licence=licence)
    duty.outcome = wanted
    duty.save(update_fields=["outcome"])
    return duty


def _lock(duty: ProtectiveDuty, *, by: User, at: datetime) -> ProtectiveDuty:
    """Its row, held, through the door of its concern, which is taken first as everywhere."""
    lock(duty.concern, by=by, at=at, roles=TAKERS)
    return ProtectiveDuty.objects.select_for_update(of=("self",)).select_related("concern__patient").get(pk=duty.pk)


def _step(
    duty: ProtectiveDuty, kind: ProtectiveStep.Kind, words: str, *, by: User, at: datetime, written_at: datetime,
    **facts: str,
) -> tuple[ProtectiveStep, bool]:  # fmt: skip
    """The step, and whether it is new: the same by the same person at the same moment is one. The duty is held."""
    said = {"duty": duty, "kind": kind, "words": words.strip(), "by": by, "at": at} | facts
    row, is_new = ProtectiveStep.objects.get_or_create(**said, defaults={"written_at": written_at})
    if is_new:
        audit.record(
            "safety.danger_acted_on", by=by, about=duty.concern, at=written_at, danger=duty.danger, step=str(kind)
        )
    return row, is_new


def _acted(duty: ProtectiveDuty, at: datetime) -> None:
    if duty.acted_at is None or at < duty.acted_at:
        duty.acted_at = at
        duty.save(update_fields=["acted_at"])
