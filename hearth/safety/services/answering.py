"""What is written down of a concern on its way to being closed: tries, conversations, the risk, what was done."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS, Role
from hearth.audit import services as audit
from hearth.people.queries import licences_of
from hearth.safety import rules
from hearth.safety.models import Concern, ConcernAssessment, ConcernContact
from hearth.safety.services.raising import TAKERS, lock

ASSESSORS = CLINICIANS | {Role.NURSE}
"""Whose licence, where they hold one today, lets them assess a risk and close a concern."""


class NotLicensed(PermissionDenied):
    """Only a clinician with a licence in force assesses a risk and closes a concern."""


class StillMissing(Exception):
    """A concern cannot be closed yet; `parts` says what must be written down first."""

    def __init__(self, parts: tuple[rules.Missing, ...]) -> None:
        super().__init__(", ".join(parts))
        self.parts = parts


def licence_on(person: User, day: date) -> str:
    """The licence under which `person` signs on `day`, as it is written under a decision; empty without one."""
    if not person.has_any(ASSESSORS):
        return ""
    held = [one for one in licences_of([person])[person.pk] if one.is_held_on(day)]
    return f"{held[0].discipline} {held[0].state} {held[0].number}" if held else ""


@transaction.atomic
def record_contact(
    *, concern: Concern, how: str, whom: str, reached: bool, words: str, by: User, at: datetime
) -> ConcernContact:
    """Write down a try to reach somebody. A live conversation with the student ends the telling; a try delays it."""
    concern = lock(concern, by=by, at=at, roles=TAKERS)
    row = ConcernContact.objects.create(
        concern=concern, how=how, whom=whom, reached=reached, words=words.strip(), by=by, at=at
    )
    if concern.is_open:
        concern.tried_at = at
        if reached and whom == ConcernContact.Whom.STUDENT and concern.reached_at is None:
            concern.reached_at = at
        if concern.taken_by is None:
            concern.taken_by, concern.taken_at = by, at
        concern.save(update_fields=["tried_at", "reached_at", "taken_by", "taken_at"])
    audit.record("safety.contact_recorded", by=by, about=concern, at=at, how=how, whom=whom, reached=reached)
    return row


@transaction.atomic
def record_assessment(
    *,
    concern: Concern,
    thoughts: str,
    means: str,
    risk: str,
    disposition: str,
    plan_reviewed: bool,
    found: str,
    call_on: date | None,
    by: User,
    at: datetime,
) -> ConcernAssessment:
    """Sign what a clinician found and decided. Raises NotLicensed."""
    concern = lock(concern, by=by, at=at, roles=TAKERS)
    row = ConcernAssessment.objects.create(
        concern=concern,
        thoughts=thoughts,
        means=means,
        risk=risk,
        disposition=disposition,
        plan_reviewed=plan_reviewed,
        found=found.strip(),
        call_on=call_on,
        by=by,
        licence=require_licence(by, at),
        at=at,
    )
    audit.record("safety.risk_assessed", by=by, about=concern, at=at, disposition=disposition)
    return row


@transaction.atomic
def resolve_concern(*, concern: Concern, action: str, by: User, at: datetime) -> Concern:
    """Close this concern with what was done, signed. Raises NotLicensed, StillMissing."""
    concern = lock(concern, by=by, at=at, roles=TAKERS)
    require_licence(by, at)
    missing = rules.missing_to_close(
        contacts=concern.contacts.count(),
        assessments=concern.assessments.count(),
        unsettled=concern.protective_duties.filter(outcome="").count(),
        action=action,
    )
    if missing:
        raise StillMissing(missing)
    if concern.is_open:
        concern.resolved_by, concern.resolved_at, concern.action = by, at, action.strip()
        if concern.taken_by is None:
            concern.taken_by, concern.taken_at = by, at
        concern.save()
        audit.record("safety.concern_resolved", by=by, about=concern, at=at)
    return concern


def require_licence(by: User, at: datetime) -> str:
    """The licence under which `by` signs now. Raises NotLicensed."""
    held = licence_on(by, at.astimezone(by.zone).date())
    if not held:
        raise NotLicensed
    return held
