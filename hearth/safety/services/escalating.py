"""Telling people of a concern, one step after another, until somebody has spoken with the student; and who is on call.

Mail and texts name nobody and nothing. Screens never depend on them: every staff page shows what nobody has answered.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from hearth.accounts.models import User
from hearth.accounts.queries import holders_of
from hearth.accounts.roles import STAFF, Role
from hearth.audit import services as audit
from hearth.people.models import Patient, Supervision
from hearth.people.queries import primary_counselor_of
from hearth.safety import rules
from hearth.safety.models import Concern, ConcernNotice, OnCall
from hearth.safety.queries import PLAN_ON_CALL, on_call_at
from hearth.safety.services.telling import tell


def due(*, at: datetime) -> list[UUID]:
    """Open concerns of which somebody must be told now. One query."""
    rows = Concern.objects.to_tell_of(at).filter(Q(reached_at=None) | Q(owes=True))
    told = rows.annotate(steps=Coalesce(Max("notices__step"), 0), last=Max("notices__at"))

    def is_due(row: Any) -> bool:
        return rules.next_step(row.as_rule, told=row.steps, last_told_at=row.last, at=at) is not None

    return [row.pk for row in told.order_by("raised_at", "pk") if is_due(row)]


@transaction.atomic
def escalate_one(*, pk: UUID, at: datetime) -> bool:
    """Tell whoever must be told of this concern by now, each person of a step once. Whether anybody was told."""
    rows = Concern.objects.to_tell_of(at).select_for_update(of=("self",), skip_locked=True)
    concern = rows.filter(pk=pk).first()
    if concern is None:
        return False
    told = concern.notices.aggregate(steps=Max("step"), last=Max("at"))
    rung = rules.next_step(concern.as_rule, told=told["steps"] or 0, last_told_at=told["last"], at=at)
    if rung is None:
        return False
    step, people = (told["steps"] or 0) + 1, _people(concern.patient, rung, at)
    if not people:  # every staff page shows it
        return False
    for person in people:
        ConcernNotice.objects.create(concern=concern, step=step, rung=rung, person=person, at=at)
        _tell(person, concern, key=f"concern-{concern.pk}-{step}-{person.pk}", at=at)
    audit.record("safety.concern_told", by=None, about=concern, at=at, step=step, rung=rung, people=len(people))
    return True


def _people(patient: Patient, rung: rules.Rung, at: datetime) -> list[User]:
    """Who stands on this rung now; where nobody does, the next that has somebody."""
    found: dict[UUID, User] = {}
    for each in rules.RUNGS[rules.RUNGS.index(rung) :]:
        found |= {person.pk: person for person in _on_rung(patient, each, at) if person.is_active}
        if found:
            break
    return list(found.values())


def _on_rung(patient: Patient, rung: rules.Rung, at: datetime) -> Iterable[User]:
    counselor = primary_counselor_of(patient)
    if rung is rules.Rung.COUNSELOR:
        return [*([counselor] if counselor else []), *on_call_at(at)]
    if rung is rules.Rung.SUPERVISOR:
        return (_supervisors_of(counselor, at) if counselor else []) or holders_of(Role.SUPERVISOR)
    return [*holders_of(Role.DIRECTOR), *on_call_at(at)]


def _supervisors_of(counselor: User, at: datetime) -> list[User]:
    rows = Supervision.objects.on(at.astimezone(counselor.zone).date()).filter(clinician=counselor)
    return [one.supervisor for one in rows.select_related("supervisor") if one.supervisor.is_active]


def _tell(person: User, concern: Concern, *, key: str, at: datetime) -> None:
    # Nothing about the dead leaves the house; what is still to be heard of then is about somebody who lives.
    who = None if concern.patient.has_died else concern.patient_id
    with override(person.language):
        words = _("Somebody needs you. Please open this now: %(link)s") % {
            "link": settings.BASE_URL + reverse("safety:concerns")
        }
        tell(person, subject=_("Please look at Hearth now"), body=words, key=key, about=who, at=at)


class HoursWrong(Exception):
    """Being on call would end before it begins, or last longer than a week."""


@transaction.atomic
def plan_on_call(*, person: User, starts_at: datetime, ends_at: datetime, by: User, at: datetime) -> OnCall:
    """Put a member of staff on call. Raises PermissionDenied, HoursWrong."""
    if not by.has_any(PLAN_ON_CALL) or not person.has_any(STAFF) or person.organisation_id != by.organisation_id:
        raise PermissionDenied
    if not starts_at < ends_at <= starts_at + rules.LONGEST_ON_CALL:
        raise HoursWrong
    row = OnCall.objects.create(person=person, starts_at=starts_at, ends_at=ends_at, planned_by=by, planned_at=at)
    audit.record("safety.on_call_planned", by=by, about=row, at=at)
    return row


@transaction.atomic
def drop_on_call(*, row: OnCall, by: User, at: datetime) -> None:
    """Take somebody off call: from now on where it has begun. Raises PermissionDenied."""
    if not by.has_any(PLAN_ON_CALL):
        raise PermissionDenied
    audit.record("safety.on_call_dropped", by=by, about=row, at=at)
    if row.starts_at >= at:
        row.delete()
    elif row.ends_at > at:
        row.ends_at = at
        row.save(update_fields=["ends_at"])
