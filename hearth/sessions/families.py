"""Families in sessions: who could come, who came, and whether that is as often as the program asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, QuerySet

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.admission.queries import active_episodes
from hearth.people.models import Relationship
from hearth.sessions.models import WITH_FAMILY, FamilyPresence, Session, VideoPlace
from hearth.sessions.policies import policy_of_pack
from hearth.sessions.queries import organisation
from hearth.sessions.rules.families import Standing, State, standing


@dataclass(frozen=True, slots=True)
class Guest:
    """One person close to a student of this session. `came`: as staff wrote down; `by_video`: let into its room."""

    tie: Relationship
    came: bool
    by_video: bool


def guests_of(session: Session) -> list[Guest]:
    """Everybody close to the students of a session to which family comes. The caller has passed its door."""
    if session.kind not in WITH_FAMILY:
        return []
    ties = Relationship.objects.filter(patient__attendances__session=session).select_related("patient", "person")
    came = set(FamilyPresence.objects.filter(session=session).values_list("relationship", flat=True))
    seen = set(_admitted().filter(room__session=session).values_list("user", flat=True))
    rows = ties.order_by("patient__chosen_name", "person__name", "pk")
    return [Guest(tie, tie.pk in came, tie.person_id in seen) for tie in rows]


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
    rows = list(written.values_list("relationship__patient", "session__starts_at"))
    who = "room__session__roster__patient"
    by_video = _admitted().filter(
        **{f"{who}__in": patients}, room__session__kind__in=WITH_FAMILY, user__relatives__patient=F(who)
    )
    rows += list(by_video.values_list(who, "room__session__starts_at"))
    found: dict[UUID, set[datetime]] = {}
    for patient, starts_at in rows:
        found.setdefault(patient, set()).add(starts_at)
    return found


@dataclass(frozen=True, slots=True)
class Due:
    """A student whose family is due or overdue."""

    episode: Episode
    standing: Standing


def families_due(*, viewer: User, at: datetime) -> list[Due]:
    """Of the students open to `viewer`, whose family has to come soon or should have, the longest overdue first."""
    episodes = list(active_episodes(viewer=viewer))
    where = standings_of(episodes, at=at)
    due = [Due(one, where[one.pk]) for one in episodes if one.pk in where and where[one.pk].state != State.ON_TIME]
    return sorted(due, key=lambda one: (one.standing.due_on, one.episode.patient.name))
