"""Reads of programs, rooms and duties."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.program import pack
from hearth.program.models import Program, Room, StaffDuty

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
