"""Who is in a program but cannot be given a week yet, and what is missing."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.admission.queries import active_episodes
from hearth.people.models import Modality, Patient
from hearth.plan.models import CarePlan
from hearth.program import pack
from hearth.program.models import Program
from hearth.timetable.models import Availability
from hearth.timetable.queries import PLANNERS, monday_of


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Someone in the program whom no week can be made for yet, and what is missing."""

    patient: Patient
    reasons: tuple[Promise | str, ...]


def episodes_in_week(*, viewer: User, week_of: date) -> QuerySet[Episode]:
    """Every active episode that holds a day of the week of `week_of`, by name. Raises PermissionDenied."""
    if not viewer.has_any(PLANNERS):
        raise PermissionDenied
    return active_episodes(viewer=viewer).filter(starts_on__lte=week_of + timedelta(days=6), planned_end_on__gt=week_of)


def left_out_of_week(*, viewer: User, week_of: date, most: int) -> tuple[list[LeftOut], int]:
    """The first `most` people left out of the week of `week_of`, a Monday, and how many there are. Three queries."""
    rows = episodes_in_week(viewer=viewer, week_of=week_of).annotate(
        has_plan=Exists(CarePlan.objects.filter(episode=OuterRef("pk"))),
        has_hours=Exists(Availability.objects.filter(patient=OuterRef("patient")).exclude(hours=[])),
    )
    rows = rows.filter(Q(has_plan=False) | Q(has_hours=False) | _STATELESS | _in_a_lost_track())
    found = [LeftOut(row.patient, missing(row, has_plan=row.has_plan, has_hours=row.has_hours)) for row in rows[:most]]
    return found, rows.count()


def last_week(*, viewer: User, least: date) -> date:
    """The Monday of the last week that somebody's stay reaches into, `least` or later. Raises PermissionDenied."""
    if not viewer.has_any(PLANNERS):
        raise PermissionDenied
    ends = active_episodes(viewer=viewer).aggregate(last=Max("planned_end_on"))["last"]
    return max(least, monday_of(ends - timedelta(days=1))) if ends else least


_STATELESS = Q(patient__state="") & ~Q(patient__modality=Modality.IN_PERSON)


def _in_a_lost_track() -> Q:
    lost = Q(pk=None)
    for name in Program.objects.order_by("pack").values_list("pack", flat=True).distinct():
        lost |= Q(program__pack=name) & ~Q(track__in=[track.id for track in pack.get(name).tracks])
    return lost


def missing(episode: Episode, *, has_plan: bool, has_hours: bool) -> tuple[Promise | str, ...]:
    """What keeps this person from being placed, in words that follow their name; empty if nothing does."""
    patient = episode.patient
    found: list[Promise | str] = []
    if not has_plan:
        found.append(_("has no plan yet"))
    if not has_hours:
        found.append(_("has not said which hours fit"))
    if not patient.state and patient.modality != Modality.IN_PERSON:
        found.append(_("has no state in the address, which video needs"))
    if episode.track not in {track.id for track in pack.get(episode.program.pack).tracks}:
        found.append(_("is in a track that the program no longer has"))
    return tuple(found)
