"""Reads of programs, rooms, duties, days off and interpreters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from hearth.accounts.models import Site, User
from hearth.accounts.roles import Role
from hearth.lib import working_hours
from hearth.lib.working_hours import Week
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
    WorkingHours,
)

READERS = frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.DIRECTOR, Role.ADMINISTRATOR})
"""Roles that see how the programs are set up."""

SETTERS = frozenset({Role.COORDINATOR, Role.DIRECTOR, Role.ADMINISTRATOR})
"""Roles that change rooms, duty hours, interpreters and who leads with whom."""

CLOSERS = SETTERS
"""Roles that close a site or the whole house for some days."""

LEAVE_LEADS = frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.DIRECTOR})
"""Roles that confirm the leave of others."""


@dataclass(frozen=True, slots=True)
class Described:
    """A program with what its pack says, in the reader's language."""

    program: Program
    pack: pack.Pack
    summary: str
    tracks: tuple[str, ...]


def programs(*, viewer: User) -> QuerySet[Program]:
    """Every program, by name."""
    _must_read(viewer)
    return Program.objects.select_related("site").order_by("name", "pk")


def described(program: Program, language: str) -> Described:
    """What its pack says of a program, in `language` or in English."""
    found = pack.get(program.pack)
    tracks = tuple(pack.in_language(track.name, language) for track in found.tracks)
    return Described(program, found, pack.in_language(found.summary, language), tracks)


def rooms(*, viewer: User) -> QuerySet[Room]:
    """Every room, site by site."""
    _must_read(viewer)
    return Room.objects.select_related("site").order_by("site__name", "name", "pk")


def duties(*, viewer: User, on: date) -> QuerySet[StaffDuty]:
    """What each member of staff can be given on the day `on`, by name."""
    _must_read(viewer)
    return StaffDuty.objects.on(on).select_related("member").order_by("member__name", "pk")


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


def closed_days(closures: Iterable[Closure], *, site_id: UUID | None) -> set[date]:
    """The days of these on which the whole house, or this site of it, is closed."""
    found = [one for one in closures if one.site_id is None or one.site_id == site_id]
    return {
        one.first_on + timedelta(days=ahead) for one in found for ahead in range((one.last_on - one.first_on).days + 1)
    }


def working_week(program_pk: UUID | None) -> Week:
    """When the team of this program is at work: as it says, else as the house says, else the product. One query."""
    rows = {row.program_id: row for row in WorkingHours.objects.filter(Q(program=None) | Q(program=program_pk))}
    said = rows.get(program_pk) or rows.get(None)
    return said.week if said else working_hours.DEFAULT


@dataclass(frozen=True, slots=True)
class Team:
    """A program, or None for the whole house, with when its team is at work, and whether it says so itself."""

    program: Program | None
    week: Week
    own: WorkingHours | None


def teams(*, viewer: User) -> list[Team]:
    """The house first, then every program, by name. Two queries."""
    if not viewer.is_staff:
        raise PermissionDenied
    rows = {row.program_id: row for row in WorkingHours.objects.select_related("said_by")}
    of_house = rows[None].week if None in rows else working_hours.DEFAULT
    found = [Team(None, of_house, rows.get(None))]
    for program in Program.objects.select_related("site").order_by("name", "pk"):
        own = rows.get(program.pk)
        found.append(Team(program, own.week if own else of_house, own))
    return found


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


def days_off(*, viewer: User, since: date) -> list[Closure]:
    """Closures that end on `since` or later, in order. For everyone who works here."""
    if not viewer.is_staff:
        raise PermissionDenied
    rows = Closure.objects.standing().filter(last_on__gte=since).select_related("site", "entered_by")
    return list(rows.order_by("first_on", "name", "pk"))


def leaves(*, viewer: User, since: date) -> list[Leave]:
    """Leaves that end on `since` or later: those asked for and confirmed of all for leads, of `viewer` for others."""
    if not viewer.is_staff:
        raise PermissionDenied
    rows = Leave.objects.filter(last_on__gte=since).select_related("member", "decided_by")
    of_all = rows.exclude(status=Leave.Status.TAKEN_BACK)
    rows = of_all if viewer.has_any(LEAVE_LEADS) else rows.filter(member=viewer)
    return list(rows.order_by("first_on", "member__name", "pk"))


def access_closure(*, viewer: User, pk: UUID) -> Closure:
    """The closure, for those who close. Raises PermissionDenied."""
    row: Closure | None = Closure.objects.filter(pk=pk).first() if viewer.has_any(CLOSERS) else None
    if row is None:
        raise PermissionDenied
    return row


def access_leave(*, viewer: User, pk: UUID) -> Leave:
    """The leave, for whoever asked for it and for leads. Raises PermissionDenied."""
    row: Leave | None = Leave.objects.select_related("member").filter(pk=pk).first()
    if row is None or not (row.member_id == viewer.pk or viewer.has_any(LEAVE_LEADS)):
        raise PermissionDenied
    return row


def sites() -> QuerySet[Site]:
    """Every site, by name. The caller has passed a door."""
    return Site.objects.order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Way:
    """Two sites and the minutes between them; `is_said` if somebody said how many."""

    one: Site
    other: Site
    minutes: int
    is_said: bool


def ways(*, viewer: User) -> list[Way]:
    """Every two sites with the minutes between them, first those for which somebody said how many."""
    _must_read(viewer)
    said = travel_minutes()
    found = [
        Way(one, other, said.get(frozenset((one.pk, other.pk)), TRAVEL_MINUTES), frozenset((one.pk, other.pk)) in said)
        for one, other in combinations(sites(), 2)
    ]
    return sorted(found, key=lambda way: not way.is_said)


def access_room(*, viewer: User, pk: UUID) -> Room:
    """The room, for those who may change it. Raises PermissionDenied."""
    row = Room.objects.select_related("site").filter(pk=pk).first() if viewer.has_any(SETTERS) else None
    if row is None:
        raise PermissionDenied
    return row


def access_member(*, viewer: User, pk: UUID) -> User:
    """A member of staff whose duty `viewer` may set. Raises PermissionDenied."""
    row = User.objects.filter(pk=pk, organisation=viewer.organisation_id).first() if viewer.has_any(SETTERS) else None
    if row is None or not row.is_staff:
        raise PermissionDenied
    return row


def duties_of(member: User) -> list[StaffDuty]:
    """Every duty of a member of staff, newest first. The caller has passed a door."""
    return list(StaffDuty.objects.filter(member=member).select_related("site").order_by("-since"))


def interpreters(*, viewer: User) -> QuerySet[Interpreter]:
    """Every interpreter and captioner, by name."""
    _must_read(viewer)
    return Interpreter.objects.order_by("name")


def access_interpreter(*, viewer: User, pk: UUID) -> Interpreter:
    """The interpreter, for those who may change the row. Raises PermissionDenied."""
    row = Interpreter.objects.filter(pk=pk).first() if viewer.has_any(SETTERS) else None
    if row is None:
        raise PermissionDenied
    return row


def access_pair(*, viewer: User, pk: UUID) -> StaffPair:
    """The pair of staff, for those who may change it. Raises PermissionDenied."""
    row = StaffPair.objects.filter(pk=pk).first() if viewer.has_any(SETTERS) else None
    if row is None:
        raise PermissionDenied
    return row


def topics() -> list[tuple[str, str]]:
    """Every topic that a track of any program names, as (id, words), in order of words."""
    found: dict[str, str] = {}
    for name in Program.objects.order_by("pack").values_list("pack", flat=True).distinct():
        for track in pack.get(name).tracks:
            for topic in track.group_topics:
                found.setdefault(topic, topic.replace("_", " ").capitalize())
    return sorted(found.items(), key=lambda pair: pair[1])


def people_on_duty(on: date) -> list[User]:
    """Everyone on duty on this day, by name. The caller has passed a door."""
    return [row.member for row in StaffDuty.objects.on(on).select_related("member").order_by("member__name")]
