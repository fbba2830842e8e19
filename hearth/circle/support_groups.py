"""The list of support groups: what students and alumni find, and what staff keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.dates import WEEKDAYS

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.circle import rules
from hearth.circle.models import SupportGroup
from hearth.circle.places import own_stay
from hearth.people.models import Population
from hearth.people.queries import own_patient

KEEPERS = CARE | {Role.COORDINATOR, Role.DIRECTOR}
"""Who keeps the list: whoever knows where people go."""

CHECK_AGAIN = timedelta(days=90)
"""After so long staff make sure again that a group still meets. A product default."""


@dataclass(frozen=True, slots=True)
class GroupsOfADay:
    """The groups that meet on one day of the week, by the clock."""

    weekday: int
    groups: Sequence[SupportGroup]

    @property
    def name(self) -> str:
        return str(WEEKDAYS[self.weekday])


def groups_for(*, viewer: User, at: datetime, weekday: int | None = None, way: str = "") -> list[GroupsOfADay]:
    """The groups that are for `viewer`, by day; only those of one day or one way, if asked. Three queries.

    Raises PermissionDenied for whoever is no patient.
    """
    rows = SupportGroup.objects.filter(Q(population="") | Q(population=_band(viewer, at)), ended_at=None)
    if weekday is not None:
        rows = rows.filter(weekday=weekday)
    if way:
        rows = rows.filter(way=way)
    found = rows.order_by("weekday", "starts", "name", "pk")
    return [GroupsOfADay(day, list(groups)) for day, groups in groupby(found, key=lambda one: one.weekday)]


def kept_groups(*, viewer: User) -> QuerySet[SupportGroup]:
    """The whole list for those who keep it, by day. Raises PermissionDenied."""
    if not viewer.has_any(KEEPERS):
        raise PermissionDenied
    return SupportGroup.objects.filter(ended_at=None).order_by("weekday", "starts", "name", "pk")


def access_group(*, viewer: User, pk: UUID, lock: bool = False) -> SupportGroup:
    """One group on the list, for those who keep it. Raises PermissionDenied."""
    rows = kept_groups(viewer=viewer)
    row = (rows.select_for_update() if lock else rows).filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    return row


def is_old(group: SupportGroup, *, today: date) -> bool:
    """Whether somebody should make sure again that it meets."""
    return group.checked_on < today - CHECK_AGAIN


def _band(viewer: User, at: datetime) -> str:
    """The age band of a student is that of their program, and of everybody else that of their age."""
    stay = own_stay(viewer=viewer)
    if stay is not None:
        return stay.program.population
    born = own_patient(viewer=viewer).birth_date
    return Population.ADULT if rules.fits(Population.ADULT, born=born, on=at.date()) else Population.ADOLESCENT
