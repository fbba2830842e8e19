"""Reads of plans and goals. Callers have passed the chart's door unless a viewer is asked for."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import reduce
from operator import add
from uuid import UUID

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from hearth.admission.models import Episode
from hearth.people.models import Patient
from hearth.plan.models import DOSE_KINDS, CarePlan, Goal, Problem


def current_plan(episode: Episode) -> CarePlan | None:
    """The newest version of this episode's plan, signed or not."""
    return (
        CarePlan.objects.filter(episode=episode)
        .select_related("episode__program", "made_by", "signed_by")
        .order_by("-version")
        .first()
    )


def plans_of(episodes: QuerySet[Episode]) -> dict[object, CarePlan]:
    """The newest plan of each of `episodes`, by episode id, in one query."""
    rows = CarePlan.objects.filter(episode__in=episodes).select_related("episode").order_by("version")
    return {row.episode_id: row for row in rows}


def versions_of(episode: Episode) -> QuerySet[CarePlan]:
    """Every version, newest first, with who made and signed it."""
    return CarePlan.objects.filter(episode=episode).select_related("made_by", "signed_by").order_by("-version")


def goals_of(patient: Patient) -> QuerySet[Goal]:
    """Goals of the newest episode, in order."""
    newest = Episode.objects.filter(patient=patient).order_by("-admitted_at").values("pk")[:1]
    return Goal.objects.filter(patient=patient, episode__in=newest).order_by("number")


def problems_of(episode: Episode) -> QuerySet[Problem]:
    """What the plan is about, the primary one first."""
    return Problem.objects.filter(episode=episode).order_by("-is_primary", "noted_at")


def prescribed_by_program(*, mondays: Sequence[date]) -> dict[tuple[UUID, date], int]:
    """Minutes prescribed by program and week (its Monday), over every stay that holds a day of that week. One query.

    The newest version of a plan counts, with its dose before any step down; an ended stay counts until the day it
    ended. For those who lead.
    """
    newer = CarePlan.objects.filter(episode=OuterRef("episode"), version__gt=OuterRef("version"))
    sums = {f"week_{number}": Sum(_minutes_a_week(), filter=_holds(day)) for number, day in enumerate(mondays)}
    rows = CarePlan.objects.filter(~Exists(newer)).values("episode__program").annotate(**sums)
    found: dict[tuple[UUID, date], int] = {}
    for program, *minutes in rows.values_list("episode__program", *sums):
        found |= {(program, day): each or 0 for day, each in zip(mondays, minutes, strict=True)}
    return found


def _minutes_a_week() -> Combinable:
    """`CarePlan.minutes_a_week` for PostgreSQL."""
    parts = (_number(f"dose__{kind}__count") * _number(f"dose__{kind}__minutes") for kind in DOSE_KINDS)
    return reduce(add, parts)


def _number(path: str) -> Combinable:
    return Cast(KT(path), IntegerField())


def _holds(monday: date) -> Q:
    begun = Q(episode__starts_on__lte=monday + timedelta(days=6), episode__planned_end_on__gt=monday)
    return begun & (Q(episode__ended_at=None) | Q(episode__ended_at__date__gt=monday))
