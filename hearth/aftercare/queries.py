"""Reads of completion and aftercare. Callers have passed the chart's door unless a viewer is asked for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.admission.models import Episode
from hearth.admission.queries import active_episodes
from hearth.aftercare import rules
from hearth.aftercare.models import Discharge, FollowUp, TransitionPlan
from hearth.consent.queries import access_chart
from hearth.measures import instrument as instruments
from hearth.measures.queries import first_and_last
from hearth.measures.rules import change
from hearth.people.models import Patient
from hearth.plan.queries import goals_of
from hearth.program import pack
from hearth.program.pack import Pack
from hearth.sessions.doses import attendance_summary

FOLLOWERS = CARE | {Role.DIRECTOR}


@dataclass(frozen=True, slots=True)
class Readiness:
    """Each completion criterion of an episode with its words and whether it is met."""

    met: tuple[tuple[str, rules.Met], ...]  # words in the reader's language, verdict
    may_complete: bool


def readiness(*, episode: Episode, today: date, at: datetime, language: str) -> Readiness:
    """Whether this stay meets what its program asks for, today. A fixed number of queries."""
    described = pack.get(episode.program.pack)
    verdict = rules.judge(described.completion, _stay(episode, described, today, at))
    words = {one.id: pack.in_language(one.text, language) for one in described.completion}
    return Readiness(tuple((words[one.id], one) for one in verdict), rules.may_complete(verdict))


def _stay(episode: Episode, described: Pack, today: date, at: datetime) -> rules.Stay:
    came = attendance_summary(episodes=[episode], at=at)[episode.pk]
    goals = list(goals_of(episode.patient))
    transition = transition_plan_of(episode)
    asked = {str(one.limits["instrument"]) for one in described.completion if one.kind == "measure_response"}
    return rules.Stay(
        today=today,
        ends_on=episode.planned_end_on,
        prescribed_sessions=came.sessions - came.excused,
        attended_sessions=came.came,
        goals=len(goals),
        goals_reviewed_on=max((goal.changed_at.date() for goal in goals), default=None),
        measure_change={one: found for one in sorted(asked) if (found := _change(episode, one)) is not None},
        next_provider=transition.next_provider if transition else "",
        follow_up_on=transition.follow_up_on if transition else None,
    )


def _change(episode: Episode, instrument_id: str) -> tuple[int, int, bool] | None:
    pair = first_and_last(episode.patient, instrument_id, since=episode.starts_on - timedelta(days=14))
    if pair is None or pair[0].total is None or pair[1].total is None:
        return None
    moved = change(instruments.get(instrument_id), pair[0].total, pair[1].total)
    return pair[0].total, pair[1].total, bool(moved and moved.direction == "better")


def transition_plan_of(episode: Episode) -> TransitionPlan | None:
    """What was agreed for afterwards, if anything is written yet."""
    return TransitionPlan.objects.filter(episode=episode).select_related("written_by").first()


def discharge_of(episode: Episode) -> Discharge | None:
    """The signed summary, if the episode has ended with one."""
    return Discharge.objects.filter(episode=episode).select_related("signed_by", "patient").first()


def access_discharge(*, viewer: User, pk: UUID, at: datetime) -> Discharge:
    """The summary `pk`, for its patient and their care team. Raises PermissionDenied."""
    row = Discharge.objects.select_related("episode__program", "patient", "signed_by").filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    patient = access_chart(viewer=viewer, pk=row.patient_id, purpose="TREAT", at=at, what="discharge")
    if not (viewer.is_staff or patient.user_id == viewer.pk):
        raise PermissionDenied
    return row


def follow_ups_of(patient: Patient) -> QuerySet[FollowUp]:
    """Every follow-up, soonest first, with its answers."""
    return FollowUp.objects.filter(patient=patient).select_related("response", "reached_by").order_by("due_on")


def follow_up_of_token(token: str) -> FollowUp | None:
    """The follow-up that this link opens, answered or not."""
    digest = sha256(token.encode()).hexdigest()
    return FollowUp.objects.select_related("patient__user", "episode").filter(token_digest=digest).first()


SHOWN = 25


@dataclass(frozen=True, slots=True)
class AftercareBoard:
    """What the aftercare page shows."""

    ending: list[Episode]
    more_ending: int
    to_reach: list[FollowUp]  # due, sent or not, and not answered
    more_to_reach: int
    answered: list[FollowUp]


def aftercare_board(*, viewer: User, at: datetime) -> AftercareBoard:
    """Who ends soon, who has not answered, who has, among the people `viewer` may see."""
    if not viewer.has_any(FOLLOWERS):
        raise PermissionDenied
    today = at.astimezone(viewer.zone).date()
    seen = FollowUp.objects.filter(patient__in=Patient.objects.open_to(viewer)).select_related("patient", "response")
    ending = active_episodes(viewer=viewer).filter(planned_end_on__lte=today + timedelta(days=28))
    to_reach = seen.filter(answered_at=None, due_on__lte=today, patient__has_died=False)
    return AftercareBoard(
        ending=list(ending.order_by("planned_end_on", "pk")[:SHOWN]),
        more_ending=max(0, ending.count() - SHOWN),
        to_reach=list(to_reach.order_by("due_on", "pk")[:SHOWN]),
        more_to_reach=max(0, to_reach.count() - SHOWN),
        answered=list(seen.filter(answered_at__isnull=False).order_by("-answered_at", "pk")[:20]),
    )
