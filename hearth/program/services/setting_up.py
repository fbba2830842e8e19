"""How the house is set up: rooms and the ways between sites, duty hours, interpreters, who leads with whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from hearth.accounts import services as accounts
from hearth.accounts.models import Site, User
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.program.models import GroupNeed, Interpreter, Program, Room, StaffDuty, StaffPair, Travel, WorkingHours
from hearth.program.queries import SETTERS

Hours = list[dict[str, Any]]


class TooEarly(Exception):
    """New duty hours begin on a Monday, and after the ones that hold now began. `first`: the first day they may."""

    def __init__(self, first: date) -> None:
        super().__init__(f"not before {first}")
        self.first = first


class NotBound(Exception):
    """An interpreter is not bound to confidentiality, works here no longer, or has a way in already."""


def _must_set(by: User) -> None:
    if not by.has_any(SETTERS):
        raise PermissionDenied


@transaction.atomic
def keep_room(
    *, site: Site, name: str, seats: int, equipment: Sequence[str], by: User, at: datetime, room: Room | None = None
) -> Room:
    """A new room, or `room` changed. Whatever is planned in it stays as it is."""
    _must_set(by)
    row = room or Room()
    row.site, row.name, row.seats, row.equipment = site, name.strip(), seats, sorted(equipment)
    row.save()
    audit.record("program.room_kept", by=by, about=row, at=at, seats=seats, equipment=row.equipment)
    return row


@transaction.atomic
def say_block_grant(*, program: Program, has_it: bool, by: User, at: datetime) -> Program:
    """Whether this program takes the federal block grant for substance use; the waitlist's order follows it."""
    _must_set(by)
    program = Program.objects.select_for_update().get(pk=program.pk)
    program.has_block_grant = has_it
    program.save(update_fields=["has_block_grant"])
    audit.record("program.block_grant_said", by=by, about=program, at=at, has_it=has_it)
    return program


@transaction.atomic
def say_hours(*, program: Program | None, hours: Hours, by: User, at: datetime) -> None:
    """When the team of this program, or without one of the house, is at work. Without hours nothing is said any more.

    What students and whoever writes to us are promised follows from it at once.
    """
    _must_set(by)
    if not hours:
        for row in WorkingHours.objects.filter(program=program):
            audit.record("program.hours_taken_back", by=by, about=row, at=at)
            row.delete()
        return
    said = {"hours": hours, "said_by": by, "said_at": at}
    row, _ = WorkingHours.objects.update_or_create(program=program, defaults=said)
    audit.record("program.hours_said", by=by, about=row, at=at, hours=hours)


@transaction.atomic
def say_travel(*, one: Site, other: Site, minutes: int, by: User, at: datetime) -> Travel:
    """How many minutes it takes from one site to the other."""
    _must_set(by)
    first, second = sorted((one, other), key=lambda site: site.pk)
    row, _ = Travel.objects.update_or_create(one=first, other=second, defaults={"minutes": minutes})
    audit.record("program.travel_said", by=by, about=row, at=at, minutes=minutes)
    return row


@dataclass(frozen=True, slots=True)
class Duty:
    """What a member of staff can be given from a day on."""

    populations: Sequence[str]
    topics: Sequence[str]
    languages: Sequence[str]
    hours: Hours
    max_minutes_week: int
    max_minutes_run: int
    site: Site | None


@transaction.atomic
def set_duty(*, member: User, since: date, duty: Duty, by: User, at: datetime) -> StaffDuty:
    """From `since` on, a Monday, `member` works so; until then as before. Licences stay where they are.

    Asked again for the same Monday it takes the place of what was said for it. Raises TooEarly.
    """
    _must_set(by)
    rows = StaffDuty.objects.select_for_update(of=("self",)).filter(member=member)
    newest = rows.filter(Q(until=None) | Q(until__gt=since)).order_by("-since").first()
    if since.weekday() != 0 or (newest is not None and newest.since > since):
        raise TooEarly(newest.since if newest else since)
    if newest is not None and newest.since < since:
        newest.until = since
        newest.save(update_fields=["until"])
    row = newest if newest is not None and newest.since == since else StaffDuty(member=member, since=since)
    row.populations, row.topics, row.languages = list(duty.populations), list(duty.topics), list(duty.languages)
    row.hours, row.site = duty.hours, duty.site
    row.max_minutes_week, row.max_minutes_run = duty.max_minutes_week, duty.max_minutes_run
    row.save()
    audit.record("program.duty_set", by=by, about=row, at=at, since=since.isoformat(), hours=row.hours)
    return row


@transaction.atomic
def keep_interpreter(
    *,
    name: str,
    agency: str,
    offers: Sequence[str],
    modalities: Sequence[str],
    hours: Hours,
    bound_on: date | None,
    left_on: date | None,
    by: User,
    at: datetime,
    interpreter: Interpreter | None = None,
) -> Interpreter:
    """A new interpreter or captioner, or this one changed. Nobody is booked who is not bound to confidentiality."""
    _must_set(by)
    row = interpreter or Interpreter()
    row.name, row.agency = name.strip(), agency.strip()
    row.offers, row.modalities, row.hours = list(offers), list(modalities), hours
    row.bound_on, row.left_on = bound_on, left_on
    row.save()
    audit.record("program.interpreter_kept", by=by, about=row, at=at, offers=row.offers, bound=bound_on is not None)
    return row


@transaction.atomic
def invite_interpreter(*, interpreter: Interpreter, email: str, by: User, at: datetime) -> User:
    """Give this interpreter an account of their own, which shows when, where and what they interpret, and nothing else.

    Raises NotBound before they signed, accounts' AddressInUse where somebody else signs in with `email`.
    """
    _must_set(by)
    row = Interpreter.objects.select_for_update(of=("self",)).get(pk=interpreter.pk)
    if row.account_id is not None or not row.can_be_booked_on(at.astimezone(by.zone).date()):
        raise NotBound
    row.account = accounts.invite(name=row.name, roles=[Role.INTERPRETER], email=email, by=by, at=at)
    row.save(update_fields=["account"])
    audit.record("program.interpreter_invited", by=by, about=row, at=at)
    return row.account


@transaction.atomic
def pair_staff(*, first: User, second: User, lead: str, by: User, at: datetime) -> StaffPair:
    """How `first` leads groups: only, rather or never together with `second`."""
    _must_set(by)
    row, _ = StaffPair.objects.update_or_create(first=first, second=second, defaults={"lead": lead})
    audit.record("program.staff_paired", by=by, about=row, at=at, lead=lead)
    return row


@transaction.atomic
def unpair_staff(*, pair: StaffPair, by: User, at: datetime) -> None:
    """Nothing is said of these two any more."""
    _must_set(by)
    audit.record("program.staff_unpaired", by=by, about=pair, at=at, lead=pair.lead)
    pair.delete()


@transaction.atomic
def say_what_groups_need(
    *, kind: str, topic: str, leaders: int, equipment: Sequence[str], by: User, at: datetime
) -> GroupNeed | None:
    """How many leaders and which equipment groups of this kind and topic need; None if nothing beyond one leader."""
    _must_set(by)
    if leaders == 1 and not equipment:
        GroupNeed.objects.filter(kind=kind, topic=topic).delete()
        return None
    things = sorted(equipment)
    row, _ = GroupNeed.objects.update_or_create(
        kind=kind, topic=topic, defaults={"leaders": leaders, "equipment": things}
    )
    audit.record("program.group_need_said", by=by, about=row, at=at, leaders=leaders, equipment=things)
    return row
