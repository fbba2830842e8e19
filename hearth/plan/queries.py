"""Reads of plans and goals. Callers have passed the chart's door unless a viewer is asked for."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.people.models import Patient
from hearth.people.queries import own_patient
from hearth.plan import rules
from hearth.plan.models import CarePlan, Goal, GoalStep, Problem


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
    rows = CarePlan.objects.filter(episode__in=episodes).select_related("episode")
    newest = rows.order_by("episode", "-version").distinct("episode")
    return {row.episode_id: row for row in newest}


def versions_of(episode: Episode) -> QuerySet[CarePlan]:
    """Every version, newest first, with who made and signed it."""
    return CarePlan.objects.filter(episode=episode).select_related("made_by", "signed_by").order_by("-version")


def goals_of(patient: Patient) -> QuerySet[Goal]:
    """Goals of the newest episode with their steps, in order. Two queries."""
    newest = Episode.objects.filter(patient=patient).order_by("-admitted_at").values("pk")[:1]
    steps = Prefetch("steps", GoalStep.objects.order_by("number"))
    return Goal.objects.filter(patient=patient, episode__in=newest).order_by("number").prefetch_related(steps)


def own_goal(*, viewer: User, pk: UUID) -> Goal:
    """One of the viewer's own goals, with its steps. Raises PermissionDenied for anybody else's."""
    goal = goals_of(own_patient(viewer=viewer)).filter(pk=pk).first()
    if goal is None:
        raise PermissionDenied
    return goal


def problems_of(episode: Episode) -> QuerySet[Problem]:
    """What the plan is about, the primary one first."""
    return Problem.objects.filter(episode=episode).order_by("-is_primary", "noted_at")


def prescribed_by_program(*, mondays: Sequence[date]) -> dict[tuple[UUID, date], int]:
    """Minutes prescribed by program and week (its Monday), over every stay that holds a day of that week. One query.

    The newest version of a plan counts, with its steps down; an ended stay counts until the day it ended. For those
    who lead.
    """
    newer = CarePlan.objects.filter(episode=OuterRef("episode"), version__gt=OuterRef("version"))
    rows = CarePlan.objects.filter(
        ~Exists(newer),
        episode__starts_on__lte=max(mondays) + timedelta(days=6),
        episode__planned_end_on__gt=min(mondays),
    ).filter(Q(episode__ended_at=None) | Q(episode__ended_at__date__gt=min(mondays)))
    found: dict[tuple[UUID, date], int] = {}
    for program, starts_on, planned_end_on, ended_at, dose, steps in rows.values_list(
        "episode__program", "episode__starts_on", "episode__planned_end_on", "episode__ended_at", "dose", "steps"
    ):
        last = min(planned_end_on, ended_at.date()) if ended_at else planned_end_on
        for day in mondays:
            if starts_on <= day + timedelta(days=6) and day < last:
                week = rules.week_of_program(starts_on, max(day, starts_on))
                minutes = rules.minutes_a_week(rules.dose_in_week(dose, steps, week))
                found[program, day] = found.get((program, day), 0) + minutes
    return found
