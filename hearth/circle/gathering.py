"""Events of a circle as their members and hosts see them: what is coming, and who comes as one number at most."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.circle import rules
from hearth.circle.models import Circle, CircleEvent, EventMark, Membership, SupportGroup
from hearth.circle.places import own_membership, places_in
from hearth.circle.queries import access_circle
from hearth.people.models import Patient
from hearth.timetable.models import KeepApart

MOST = 20
"""So many are shown at a time, the next first: the list stays short."""

ON_TODAY = timedelta(days=7)
"""So long before it begins, Today shows what its reader comes to."""


@dataclass(frozen=True, slots=True)
class Coming:
    """One event as a member sees it. Of the others nothing is told."""

    event: CircleEvent
    is_coming: bool  # the reader


@dataclass(frozen=True, slots=True)
class Hosted:
    """One event as a host sees it."""

    event: CircleEvent
    people: int | None  # how many said that they come, or None until enough did
    must_not_meet: bool = False  # two of them are kept apart, or one from who wrote it; for supervisors alone


def coming_for(place: Membership, *, at: datetime, most: int = MOST) -> list[Coming]:
    """What is coming in the circle of this place, the next first, called off or not. One query.

    For the caller whose own place it is.
    """
    mine = EventMark.objects.filter(event=OuterRef("pk"), membership=place)
    rows = _open_to(place, at).select_related("support_group").annotate(is_mine=Exists(mine))
    return [Coming(row, row.is_mine) for row in rows.order_by("starts_at", "name", "pk")[:most]]


def coming_to(patient: Patient, *, at: datetime) -> list[CircleEvent]:
    """What this patient said they come to in the next days, for their own Today. One query."""
    open_places = Membership.objects.open_at(at).filter(patient=patient)
    mine = EventMark.objects.filter(event=OuterRef("pk"), membership__in=open_places)
    rows = CircleEvent.objects.filter(Exists(mine), ends_at__gt=at, starts_at__lt=at + ON_TODAY)
    rows = rows.exclude(is_ours=True, written_by__in=_kept_apart_from(patient.pk))
    return list(rows.order_by("starts_at", "name", "pk"))


def access_event(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> tuple[Membership, CircleEvent]:
    """An event that is coming in `viewer`'s circle, with their place. Raises PermissionDenied."""
    place = own_membership(viewer=viewer, at=at)
    if place is None or place.agreed_at is None:
        raise PermissionDenied
    rows = _open_to(place, at)
    row = (rows.select_for_update() if lock else rows).filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    return place, row


def events_of(*, viewer: User, circle: Circle, at: datetime) -> list[Hosted]:
    """What is coming in a circle, for its hosts, with numbers and no names. Four queries. Raises PermissionDenied."""
    circle = access_circle(viewer=viewer, pk=circle.pk)
    rows = CircleEvent.objects.filter(circle=circle, ends_at__gt=at).select_related("support_group")
    found = list(rows.order_by("starts_at", "name", "pk"))
    come: dict[UUID, set[UUID]] = {row.pk: set() for row in found}
    for mark in marks_of(found, circle, at=at):
        come[mark.event_id].add(mark.membership.patient_id)
    warned = _of_kept_apart(found, come) if viewer.has_role(Role.SUPERVISOR) else frozenset()
    return [Hosted(row, _told(len(come[row.pk])), row.pk in warned) for row in found]


def marks_of(events: Sequence[CircleEvent], circle: Circle, *, at: datetime) -> QuerySet[EventMark]:
    """Who said that they come, of those whose place in the circle is open. The caller has passed its door."""
    rows = EventMark.objects.filter(event__in=events, membership__in=places_in(circle, at=at))
    return rows.select_related("membership__patient__user")


def groups_to_name(circle: Circle) -> QuerySet[SupportGroup]:
    """The support groups that an event may belong to, by name: for the circle's own age band alone.

    One for everybody could be named to adults and to adolescents, who would then meet there.
    """
    return SupportGroup.objects.filter(population=circle.population, ended_at=None).order_by("name", "weekday", "pk")


def _open_to(place: Membership, at: datetime) -> QuerySet[CircleEvent]:
    """What is coming and open to this place: nothing of ours that a host wrote who is kept apart from its holder."""
    rows = CircleEvent.objects.filter(circle=place.circle_id, ends_at__gt=at)
    return rows.exclude(is_ours=True, written_by__in=_kept_apart_from(place.patient_id))


def _kept_apart_from(patient: UUID) -> QuerySet[KeepApart, UUID]:
    """Staff from whom this patient is kept apart."""
    rows = KeepApart.objects.filter(ended_at=None, patient=patient).exclude(member=None)
    return rows.values_list("member", flat=True)


def _told(people: int) -> int | None:
    return people if people >= rules.TOGETHER_FROM else None


def _of_kept_apart(events: Sequence[CircleEvent], come: Mapping[UUID, Collection[UUID]]) -> frozenset[UUID]:
    everybody = frozenset[UUID]().union(*come.values())
    pairs = list(
        KeepApart.objects.filter(ended_at=None, patient__in=everybody).values_list("patient", "other", "member")
    )
    return frozenset(
        row.pk
        for row in events
        if any(one in come[row.pk] and (other in come[row.pk] or member == row.written_by_id)
               for one, other, member in pairs)
    )  # fmt: skip
