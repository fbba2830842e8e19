"""Reads of programs, rooms, duties, days off and interpreters."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.program import pack
from hearth.program.models import (
    Closure,
    GroupNeed,
    Interpreter,
    Leave,
    Program,
    Room,
    StaffDuty,
    StaffPair,
    Travel,
)

READERS = frozenset({Role.SUPERVISOR, Role.DIRECTOR, Role.ADMINISTRATOR})
"""Roles that see how the programs are set up."""


@dataclass(frozen=True, slots=True)
class Described:
    """A program with what its pack says, in the reader's language."""

    program: Program
    pack: pack.Pack
    summary: str
    tracks: tuple[str, ...]


def programs(*, viewer: User, language: str) -> list[Described]:
    """Every program, by name, with its pack in `language` or in English."""
    _must_read(viewer)
    return [_described(one, language) for one in Program.objects.select_related("site").order_by("name")]


def _described(program: Program, language: str) -> Described:
    found = pack.get(program.pack)
    tracks = tuple(pack.in_language(track.name, language) for track in found.tracks)
    return Described(program, found, pack.in_language(found.summary, language), tracks)


def rooms(*, viewer: User) -> QuerySet[Room]:
    """Every room, site by site."""
    _must_read(viewer)
    return Room.objects.select_related("site").order_by("site__name", "name")


def duties(*, viewer: User, on: date) -> QuerySet[StaffDuty]:
    """What each member of staff can be given on the day `on`, by name."""
    _must_read(viewer)
    return StaffDuty.objects.on(on).select_related("member").order_by("member__name")


def _must_read(viewer: User) -> None:
    if not viewer.has_any(READERS):
        raise PermissionDenied


TRAVEL_MINUTES = 60
"""Between two sites until somebody says otherwise."""


def travel_minutes() -> dict[frozenset[UUID], int]:
    """Minutes between two sites, where somebody said how many. The caller has passed a door."""
    return {frozenset((row.one_id, row.other_id)): row.minutes for row in Travel.objects.all()}


def closures_within(first: date, last: date) -> QuerySet[Closure]:
    """Closures that stand on any of these days, in order. The caller has passed a door."""
    rows = Closure.objects.standing().within(first, last)
    return rows.select_related("site").order_by("first_on", "name", "pk")


def leaves_within(first: date, last: date) -> QuerySet[Leave]:
    """Confirmed leaves on any of these days, in order. The caller has passed a door."""
    rows = Leave.objects.confirmed().within(first, last)
    return rows.select_related("member").order_by("first_on", "member__name", "pk")


def interpreters_on(day: date) -> list[Interpreter]:
    """Who can be booked on `day`: bound to confidentiality and still with us, by name."""
    return [row for row in Interpreter.objects.order_by("name") if row.can_be_booked_on(day)]


def group_needs() -> QuerySet[GroupNeed]:
    """What groups need, by kind and topic. The caller has passed a door."""
    return GroupNeed.objects.order_by("kind", "topic")


def staff_pairs() -> QuerySet[StaffPair]:
    """Who leads with whom, or never. The caller has passed a door."""
    return StaffPair.objects.select_related("first", "second").order_by("first__name", "second__name")
