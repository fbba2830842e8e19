"""Families in sessions: who could come, who came, and whether that is as often as the program asks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.admission.queries import active_episodes
from hearth.people.models import Relationship
from hearth.sessions.models import WITH_FAMILY, FamilyPresence, Session, VideoPlace
from hearth.sessions.policies import policy_of_pack
from hearth.sessions.queries import organisation
from hearth.sessions.rules.families import Standing, State, standing

PAGE_LENGTH = 25


@dataclass(frozen=True, slots=True)
class Guest:
    """One person close to a student of this session.

    `by_video`: let into its room; `written`: whether they came, if staff wrote it down.
    """

    tie: Relationship
    by_video: bool
    written: bool | None

    @property
    def came(self) -> bool:
        """As staff wrote down; else as the video room has it."""
        return self.by_video if self.written is None else self.written


def guests_of(session: Session) -> list[Guest]:
    """Everybody close to the students of a session to which family comes. The caller has passed its door."""
    if session.kind not in WITH_FAMILY:
        return []
    ties = Relationship.objects.filter(patient__attendances__session=session).select_related("patient", "person")
    written = dict(FamilyPresence.objects.filter(session=session).values_list("relationship", "came"))
    seen = set(_admitted().filter(room__session=session).values_list("user", flat=True))
    rows = ties.order_by("patient__chosen_name", "person__name", "pk")
    return [Guest(tie, tie.person_id in seen, written.get(tie.pk)) for tie in rows]


def came_by_patient(session: Session) -> dict[UUID, dict[str, Any]]:
    """What each student's note says of their family, where family comes to such a session: who did, by name and tie.

    For a caller who has passed its door.
    """
    if session.kind not in WITH_FAMILY:
        return defaultdict(dict)
    found: dict[UUID, dict[str, Any]] = defaultdict(lambda: {"family": []})
    for guest in guests_of(session):
        if guest.came:
            tie = guest.tie
            found[tie.patient_id]["family"].append({"name": tie.person.name, "kind": tie.kind})
    return found


def _admitted() -> QuerySet[VideoPlace]:
    """Places of family who were let into a video room and not sent away."""
    return VideoPlace.objects.filter(attendance=None, leads=False, admitted_at__isnull=False, removed_at=None)


class Stay(NamedTuple):
    """What of a stay says when its family has to come."""

    pk: UUID
    patient: UUID
    pack: str
    starts_on: date
    planned_end_on: date
    ended_at: datetime | None


STAY = ("pk", "patient", "program__pack", "starts_on", "planned_end_on", "ended_at")  # as `Stay` has them


def standings_of(episodes: Iterable[Episode], *, at: datetime) -> dict[UUID, Standing]:
    """Where the family of each of these stays (with `program`) stands, where the program asks for it.

    For a caller with a door. Three queries in all.
    """
    stays = [
        Stay(one.pk, one.patient_id, one.program.pack, one.starts_on, one.planned_end_on, one.ended_at)
        for one in episodes
    ]
    return _standings(stays, at=at)


def _standings(stays: Iterable[Stay], *, at: datetime) -> dict[UUID, Standing]:
    asked = [(one, every) for one in stays if (every := policy_of_pack(one.pack).family_every)]
    if not asked:
        return {}
    zone = organisation().zone
    came = _came({one.patient for one, _every in asked})
    today = at.astimezone(zone).date()
    found = {}
    for one, every in asked:
        days: list[date] = [instant.astimezone(zone).date() for instant in came.get(one.patient, ())]
        ends = one.ended_at.astimezone(zone).date() if one.ended_at else one.planned_end_on
        where = standing(every=every, since=one.starts_on, until=ends, came=days, today=today)
        if where is not None:
            found[one.pk] = where
    return found


def _came(patients: set[UUID]) -> dict[UUID, set[datetime]]:
    """When somebody's family was in a session, by patient: written down by staff, or let into its video room."""
    written = FamilyPresence.objects.filter(relationship__patient__in=patients, session__cancelled_at=None)
    place = ("relationship__patient", "relationship__person", "session", "session__starts_at")
    said = {tuple(where): came for *where, came in written.values_list(*place, "came")}
    who = "room__session__roster__patient"
    by_video = _admitted().filter(
        **{f"{who}__in": patients}, room__session__kind__in=WITH_FAMILY, user__relatives__patient=F(who)
    )
    seen = set(by_video.values_list(who, "user", "room__session", "room__session__starts_at"))
    found: dict[UUID, set[datetime]] = {}
    for where in seen | said.keys():
        patient, _person, _session, starts_at = where
        if said.get(where, True):
            found.setdefault(patient, set()).add(starts_at)
    return found


@dataclass(frozen=True, slots=True)
class Due:
    """A student whose family is due or overdue."""

    episode: Episode
    standing: Standing


def families_due(*, viewer: User, at: datetime, page: str = "") -> Page[Due]:
    """Of the students open to `viewer`, whose family has to come soon or should have, the longest overdue first.

    The caller writes the read down.
    """
    episodes = active_episodes(viewer=viewer)
    names = {  # of everyone no more is read than the order asks for; of those on the page, all that is shown
        Stay(*stay): f"{chosen} {family}"
        for *stay, chosen, family in episodes.values_list(*STAY, "patient__chosen_name", "patient__family_name")
    }
    where = _standings(names, at=at)
    due = [one for one in names if one.pk in where and where[one.pk].state != State.ON_TIME]
    due.sort(key=lambda one: (where[one.pk].due_on, names[one]))
    pages: Paginator[Any] = Paginator(due, PAGE_LENGTH)
    found = pages.get_page(page)
    shown = episodes.in_bulk([one.pk for one in found])
    return Page([Due(shown[one.pk], where[one.pk]) for one in found], found.number, pages)
