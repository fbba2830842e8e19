"""Families in sessions: who could come, who came, and whether that is as often as the program asks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
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


def standings_of(episodes: Iterable[Episode], *, at: datetime) -> dict[UUID, Standing]:
    """Where the family of each of these stays (with `program`) stands, where the program asks for it.

    For a caller with a door. Three queries in all.
    """
    asked = {one.pk: one for one in episodes if policy_of_pack(one.program.pack).family_every}
    if not asked:
        return {}
    zone = organisation().zone
    came = _came({one.patient_id for one in asked.values()})
    today = at.astimezone(zone).date()
    found = {}
    for pk, one in asked.items():
        days: list[date] = [instant.astimezone(zone).date() for instant in came.get(one.patient_id, ())]
        every = policy_of_pack(one.program.pack).family_every
        ends = one.ended_at.astimezone(zone).date() if one.ended_at else one.planned_end_on
        where = standing(every=every, since=one.starts_on, until=ends, came=days, today=today)
        if where is not None:
            found[pk] = where
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
    episodes = list(active_episodes(viewer=viewer))
    where = standings_of(episodes, at=at)
    due = [Due(one, where[one.pk]) for one in episodes if one.pk in where and where[one.pk].state != State.ON_TIME]
    due.sort(key=lambda one: (one.standing.due_on, one.episode.patient.name))
    return Paginator(due, PAGE_LENGTH).get_page(page)
