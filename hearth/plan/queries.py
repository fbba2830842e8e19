"""Reads of plans and goals. Callers have passed the chart's door unless a viewer is asked for."""

from django.db.models import QuerySet

from hearth.admission.models import Episode
from hearth.people.models import Patient
from hearth.plan.models import CarePlan, Goal, Problem


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
