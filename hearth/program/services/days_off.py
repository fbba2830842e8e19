"""Closures of a site or the whole house, and leave of staff."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import Site, User
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.program import facts
from hearth.program.models import Closure, Leave
from hearth.program.queries import CLOSERS, LEAVE_LEADS


class NotYours(Exception):
    """Nobody confirms their own leave but the director, who has nobody above."""


@transaction.atomic
def close(*, name: str, first_on: date, last_on: date, site: Site | None, by: User, at: datetime) -> Closure:
    """Close `site`, or without one the whole organisation, on these days, both inside."""
    if not by.has_any(CLOSERS):
        raise PermissionDenied
    closure = Closure.objects.create(
        site=site, name=name.strip(), first_on=first_on, last_on=last_on, entered_by=by, entered_at=at
    )
    audit.record("program.closed", by=by, about=closure, at=at, first=first_on.isoformat(), last=last_on.isoformat())
    facts.closed.send(Closure, closure_id=closure.pk, by_id=by.pk, at=at)
    return closure


@transaction.atomic
def take_back_closure(*, closure: Closure, by: User, at: datetime) -> Closure:
    """It is open on these days after all. What was cancelled stays so; what is planned is made again."""
    if not by.has_any(CLOSERS):
        raise PermissionDenied
    closure = Closure.objects.select_for_update(of=("self",)).get(pk=closure.pk)
    if closure.taken_back_at is None:
        closure.taken_back_at = at
        closure.save(update_fields=["taken_back_at"])
        audit.record("program.opened_again", by=by, about=closure, at=at)
        facts.opened_again.send(Closure, closure_id=closure.pk, by_id=by.pk, at=at)
    return closure


@transaction.atomic
def ask_leave(*, first_on: date, last_on: date, by: User, at: datetime) -> Leave:
    """Ask for days off, both inside; a lead confirms them."""
    if not by.is_staff:
        raise PermissionDenied
    leave = Leave.objects.create(member=by, first_on=first_on, last_on=last_on, asked_at=at)
    audit.record("program.leave_asked", by=by, about=leave, at=at, first=first_on.isoformat(), last=last_on.isoformat())
    return leave


@transaction.atomic
def decide_leave(*, leave: Leave, is_confirmed: bool, by: User, at: datetime) -> Leave:
    """A lead says yes or no to a leave that was asked for. Raises NotYours."""
    if not by.has_any(LEAVE_LEADS):
        raise PermissionDenied
    leave = Leave.objects.select_for_update(of=("self",)).get(pk=leave.pk)
    if leave.member_id == by.pk and not by.has_role(Role.DIRECTOR):
        raise NotYours
    if leave.status != Leave.Status.ASKED:
        return leave
    leave.status = Leave.Status.CONFIRMED if is_confirmed else Leave.Status.DECLINED
    leave.decided_by, leave.decided_at = by, at
    leave.save(update_fields=["status", "decided_by", "decided_at"])
    audit.record(f"program.leave_{leave.status}", by=by, about=leave, at=at)
    return leave


@transaction.atomic
def take_back_leave(*, leave: Leave, by: User, at: datetime) -> Leave:
    """The member of staff, or a lead, takes back a leave that was asked for or confirmed."""
    leave = Leave.objects.select_for_update(of=("self",)).get(pk=leave.pk)
    if leave.member_id != by.pk and not by.has_any(LEAVE_LEADS):
        raise PermissionDenied
    if leave.status in (Leave.Status.DECLINED, Leave.Status.TAKEN_BACK):
        return leave
    leave.status = Leave.Status.TAKEN_BACK
    leave.save(update_fields=["status"])
    audit.record("program.leave_taken_back", by=by, about=leave, at=at)
    return leave
