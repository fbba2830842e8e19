"""Finding a student, and their chart: one page with everything a colleague needs, behind one door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Prefetch

from hearth.accounts.models import User
from hearth.accounts.roles import CARE
from hearth.admission.barrier_models import Barrier
from hearth.admission.barriers import barriers_of
from hearth.admission.models import Assessment, Episode
from hearth.admission.queries import latest_episode_of, newest_assessment_of
from hearth.background.queries import READERS, State, state_of
from hearth.consent.packet import Packet, packet_of
from hearth.consent.queries import access_chart
from hearth.inquiry.models import CarriedFact
from hearth.inquiry.portal_files import Listed, attached_for
from hearth.inquiry.referral_queries import TOLD_FIRST, carried_facts
from hearth.measures.models import Response
from hearth.measures.queries import Trajectory, due_measures, responses_of, trajectory_of
from hearth.measures.standing import Glance, standings
from hearth.notebook.models import SharedEntry
from hearth.notebook.queries import shared_entries_of
from hearth.people.models import CareTeamMember, Patient, Relationship
from hearth.people.queries import patients_open_to
from hearth.plan.models import CarePlan, Goal, Problem
from hearth.plan.queries import current_plan, goals_of, problems_of
from hearth.safety.incident_models import Incident
from hearth.safety.incident_queries import incidents_of
from hearth.safety.models import Concern
from hearth.safety.queries import concerns_of
from hearth.sessions.doses import AttendanceSummary, attendance_summary, dose_weeks
from hearth.sessions.models import Attendance, ProgressNote
from hearth.sessions.queries import next_session, notes_of
from hearth.sessions.rules.dose import WeekDose
from hearth.skills.coping_queries import shared_plan_of
from hearth.skills.map_queries import shared_map_of
from hearth.skills.models import SharedMap, SharedPlan

A_PAGE = 40


def find_students(*, viewer: User, words: str, page: str | None) -> Page[Any]:
    """The students `viewer` may open whose name holds every word, a page of them.

    Who is in the program or on the way in stands before who left.
    """
    stays = Episode.objects.filter(patient=OuterRef("pk"))
    found = patients_open_to(viewer=viewer, named=words).annotate(
        is_over=ExpressionWrapper(Exists(stays) & ~Exists(stays.filter(ended_at=None)), BooleanField())
    )
    found = found.order_by("is_over", "chosen_name", "family_name", "pk").prefetch_related(
        Prefetch("episodes", Episode.objects.select_related("program").order_by("-admitted_at"), to_attr="stays")
    )
    return Paginator(found, A_PAGE).get_page(page)


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything on the chart page."""

    patient: Patient
    age: int
    episode: Episode | None
    plan: CarePlan | None
    week_number: int
    team: Sequence[CareTeamMember]
    family: Sequence[Relationship]
    goals: Sequence[Goal]
    problems: Sequence[Problem]
    concerns: Sequence[Concern]
    incidents: Sequence[Incident]
    trajectories: Sequence[Trajectory]
    strip: list[Glance]
    weeks: Sequence[WeekDose]
    week: WeekDose | None
    summary: AttendanceSummary | None
    next: Attendance | None
    notes: Sequence[ProgressNote]
    carried: Sequence[CarriedFact]
    papers: list[Listed]
    packet: Packet
    barriers: Sequence[Barrier]
    assessment: Assessment | None
    shared_plan: SharedPlan | None
    shared_map: SharedMap | None
    shared_entry: SharedEntry | None  # the newest that they share of their notebook
    background: State | None

    @property
    def told_first(self) -> list[CarriedFact]:
        """What whoever referred them said must be known before all else."""
        return sorted((one for one in self.carried if one.kind in TOLD_FIRST), key=lambda one: one.kind, reverse=True)


@dataclass(frozen=True, slots=True)
class DoseColumn:
    """One week of the dose chart, in minutes."""

    label: str
    prescribed: int
    planned: int
    attended: int


def chart(*, viewer: User, pk: UUID, at: datetime) -> Chart:
    """The chart of `pk`, read for treatment and written down as such. A fixed number of queries."""
    patient = access_chart(viewer=viewer, pk=pk, purpose="TREAT", at=at)
    today = at.astimezone(viewer.zone).date()
    episode = latest_episode_of(patient)
    plan = current_plan(episode) if episode else None
    weeks = dose_weeks(viewer=viewer, episode=episode, at=at) if episode else []
    responses = list(responses_of(patient).filter(total__isnull=False))
    return Chart(
        patient=patient,
        age=patient.age(on=patient.died_on or today),
        episode=episode,
        plan=plan,
        week_number=plan.week_on(today) if plan else 0,
        team=list(patient.care_team.current().select_related("member").order_by("-is_primary", "since")),
        family=list(patient.relationships.select_related("person")),
        goals=list(goals_of(patient)),
        problems=list(problems_of(episode)) if episode else [],
        concerns=list(concerns_of(patient)[:10]),
        incidents=incidents_of(patient, viewer=viewer),
        trajectories=_trajectories(responses),
        strip=standings(patient, today, responses=responses, due=due_measures(patient, today)),
        weeks=[week for week in weeks if week.starts_on <= today],
        week=next((one for one in weeks if one.starts_on <= today <= one.ends_on), None),
        summary=attendance_summary(episodes=[episode], at=at)[episode.pk] if episode else None,
        next=next_session(viewer=viewer, patient=patient, at=at),
        notes=list(notes_of(viewer=viewer, patient=patient, at=at)[:8]),
        carried=list(carried_facts(patient)),
        papers=attached_for(patient),
        packet=packet_of(patient, at=at),
        barriers=[row for row in barriers_of(patient) if row.done_at is None],
        assessment=newest_assessment_of(patient),
        shared_plan=shared_plan_of(patient) if viewer.has_any(CARE) else None,
        shared_map=shared_map_of(patient) if viewer.has_any(CARE) else None,
        shared_entry=shared_entries_of(patient).defer("text").first() if viewer.has_any(CARE) else None,
        background=state_of(patient) if viewer.has_any(READERS) else None,
    )


def _trajectories(responses: Sequence[Response]) -> list[Trajectory]:
    """Every measure with a total that was answered, most often answered first."""
    by_instrument: dict[str, list[Response]] = {}
    for response in responses:
        by_instrument.setdefault(response.instrument, []).append(response)
    ranked = sorted(by_instrument.items(), key=lambda pair: -len(pair[1]))
    return [trajectory_of(instrument, responses) for instrument, responses in ranked[:4]]
