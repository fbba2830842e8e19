"""Reads of completion and aftercare. Callers have passed the chart's door unless a viewer is asked for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.admission.models import Episode
from hearth.admission.queries import active_episodes
from hearth.aftercare import ending_rules, rules
from hearth.aftercare.ending_rules import Standing
from hearth.aftercare.models import (
    Decision,
    Discharge,
    EndingReview,
    FirstVisit,
    FollowUp,
    FollowUpWish,
    TransitionPlan,
)
from hearth.consent.queries import access_chart
from hearth.measures import instrument as instruments
from hearth.measures.queries import first_and_last
from hearth.measures.rules import change
from hearth.people.models import CareTeamMember, Patient
from hearth.plan.queries import current_plan, goals_of
from hearth.program import pack
from hearth.program.pack import Pack
from hearth.safety.models import Concern
from hearth.safety.plan_queries import last_look
from hearth.sessions.doses import attendance_summary
from hearth.sessions.models import Attendance
from hearth.timetable.queries import PLANNERS

FOLLOWERS = CARE | {Role.DIRECTOR}
REVIEWERS = frozenset({Role.SUPERVISOR, Role.DIRECTOR, Role.MEDICAL})
"""Who may look at an ending by the program, where they are not in it."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Each completion criterion of an episode with its words and whether it is met."""

    met: tuple[tuple[str, rules.Met], ...]  # words in the reader's language, verdict
    may_complete: bool
    proposal: rules.Proposal
    fewer_days: tuple[int, ...]  # what the program could step down to

    def as_stored(self) -> list[dict[str, str]]:
        """The evidence as a decision keeps it."""
        return [{"id": one.id, "state": str(one.state), "figures": one.figures} for _words, one in self.met]


def readiness(*, episode: Episode, today: date, at: datetime, language: str) -> Readiness:
    """Whether this stay meets what its program asks for, today. A fixed number of queries."""
    described = pack.get(episode.program.pack)
    stay = _stay(episode, described, today, at)
    verdict = rules.judge(described.completion, stay)
    plan = current_plan(episode)
    days = int(plan.dose_on(today)["days"]) if plan else 0
    fewer = tuple(one.dose.days for one in described.steps_down if one.dose.days < days)
    words = {one.id: pack.in_language(one.text, language) for one in described.completion}
    return Readiness(
        met=tuple((words[one.id], one) for one in verdict),
        may_complete=rules.may_complete(verdict),
        proposal=rules.propose(verdict, stay, may_step_down=bool(fewer)),
        fewer_days=fewer,
    )


def _stay(episode: Episode, described: Pack, today: date, at: datetime) -> rules.Stay:
    came = attendance_summary(episodes=[episode], at=at)[episode.pk]
    goals = list(goals_of(episode.patient))
    looked = last_look(episode.patient)
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
        open_concerns=Concern.objects.open().filter(patient=episode.patient).count(),
        safety_plan_looked_on=timezone.localdate(looked) if looked else None,
    )


def _change(episode: Episode, instrument_id: str) -> tuple[int, int, bool] | None:
    pair = first_and_last(episode.patient, instrument_id, since=episode.starts_on - timedelta(days=14))
    if pair is None or pair[0].total is None or pair[1].total is None:
        return None
    moved = change(instruments.get(instrument_id), pair[0].total, pair[1].total)
    return pair[0].total, pair[1].total, bool(moved and moved.direction == "better")


def decisions_of(episode: Episode) -> QuerySet[Decision]:
    """What was decided about this stay, newest first."""
    return Decision.objects.filter(episode=episode).select_related("decided_by").order_by("-decided_at")


def ending_of(episode: Episode) -> EndingReview | None:
    """The newest ask for an ending by the program, with who did what."""
    rows = EndingReview.objects.filter(episode=episode).select_related("asked_by", "reviewed_by", "answered_by")
    return rows.order_by("-asked_at").first()


def standing_of(review: EndingReview | None) -> Standing | None:
    """The same as the rules read it."""
    if review is None:
        return None
    return Standing(
        grounds=frozenset(review.grounds),
        agrees=review.agrees,
        reviewed_at=review.reviewed_at,
        appealed=review.appealed_at is not None,
        upheld=review.upheld,
        answered_at=review.answered_at,
    )


def has_lapsed(episode: Episode, review: EndingReview | None, *, at: datetime) -> bool:
    """Whether this stay goes on although its end was agreed, so long ago that it holds no longer."""
    return episode.is_active and ending_rules.has_lapsed(standing_of(review), at=at)


def is_uninvolved(viewer: User, review: EndingReview) -> bool:
    """Whether `viewer` may look at it."""
    return _open_to_look_at(viewer).filter(pk=review.pk).exists()


def endings_to_look_at(*, viewer: User) -> list[EndingReview]:
    """Endings that wait for a review, or appeals for an answer, by somebody like `viewer`. One query.

    Where the stay has ended meanwhile there is nothing to review; an appeal is answered even then.
    """
    waits = Q(reviewed_at=None, episode__ended_at=None) | Q(appealed_at__isnull=False, answered_at=None)
    rows = _open_to_look_at(viewer).filter(waits, patient__has_died=False)
    return list(rows.select_related("patient").order_by("asked_at"))


def _open_to_look_at(viewer: User) -> QuerySet[EndingReview]:
    """For a reviewer: endings that they neither asked for nor reviewed, of students whom they do not care for."""
    if not viewer.has_any(REVIEWERS):
        return EndingReview.objects.none()
    mine = CareTeamMember.objects.current().filter(member=viewer).values("patient")
    return EndingReview.objects.exclude(asked_by=viewer).exclude(reviewed_by=viewer).exclude(patient__in=mine)


def weeks_to_plan(*, viewer: User, at: datetime) -> list[Decision]:
    """Later ends that were decided and have no session in their last week yet, for those who plan. One query.

    Of fewer days `stepping` tells.
    """
    if not viewer.has_any(PLANNERS):
        return []
    places = Attendance.objects.filter(
        patient=OuterRef("patient"), session__starts_at__date__gte=OuterRef("from_on") - timedelta(days=7)
    )
    to_come = Q(from_on=F("episode__planned_end_on"), from_on__gt=at.astimezone(viewer.zone).date())
    rows = Decision.objects.filter(to_come & ~Exists(places), kind=Decision.Kind.EXTENDED, episode__ended_at=None)
    return list(rows.select_related("patient").order_by("from_on", "pk")[:SHOWN])


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
    """The follow-up that this link opens, answered or not, and however old; see `is_over`."""
    digest = sha256(token.encode()).hexdigest()
    return FollowUp.objects.select_related("patient__user", "episode").filter(token_digest=digest).first()


def is_over(row: FollowUp, *, at: datetime) -> bool:
    """Whether the link of this follow-up no longer opens it."""
    return row.sent_at is None or at > row.sent_at + LINK_LASTS


def wish_of(patient: Patient) -> FollowUpWish | None:
    """Whether and how they may be asked, if they have said so."""
    return FollowUpWish.objects.filter(patient=patient).select_related("said_by").first()


def first_visits_of(episode: Episode) -> QuerySet[FirstVisit]:
    """What was learnt of the first appointment, newest first."""
    return FirstVisit.objects.filter(episode=episode).select_related("asked_by").order_by("-asked_at")


def missed_follow_ups(*, viewer: User, at: datetime) -> list[FollowUp]:
    """Follow-ups nobody answered in time, or that only a call can reach, which fall to `viewer`. One query."""
    today = at.astimezone(viewer.zone).date()
    late = Q(sent_at=None, due_on__lt=today) | Q(sent_at__lte=at - MISSED_AFTER)
    by_call = Q(patient__follow_up_wish__way=CALL) | Q(patient__user=None)
    rows = open_follow_ups(today).filter(late | (Q(sent_at=None, due_on=today) & by_call))
    return list(rows.filter(_falls_to(viewer)).select_related("patient").order_by("due_on", "pk")[:SHOWN])


def visits_to_ask_about(*, viewer: User, at: datetime) -> list[TransitionPlan]:
    """Whose first appointment should have been by now, and nobody has learnt whether it was. One query."""
    known = FirstVisit.objects.filter(
        Q(outcome__in=SETTLED) | Q(outcome=FirstVisit.Outcome.MOVED, on__gt=at.astimezone(viewer.zone).date()),
        episode=OuterRef("episode"),
    )
    rows = TransitionPlan.objects.filter(next_at__lte=at, episode__ended_at__isnull=False, patient__has_died=False)
    rows = rows.filter(_falls_to(viewer), episode__discharge__isnull=False).exclude(Exists(known))
    return list(rows.select_related("patient").order_by("next_at", "pk")[:SHOWN])


def open_follow_ups(today: date) -> QuerySet[FollowUp]:
    """Due, not answered, of the living who did not say no and are not in the program again.

    One that never went out gives way to the next of its stay: nobody is asked for all they missed at once.
    """
    rows = FollowUp.objects.filter(answered_at=None, due_on__lte=today, patient__has_died=False)
    rows = rows.exclude(patient__follow_up_wish__wants=False)
    rows = rows.exclude(patient__in=Episode.objects.active().values("patient"))
    later = FollowUp.objects.filter(episode=OuterRef("episode"), due_on__gt=OuterRef("due_on"), due_on__lte=today)
    return rows.filter(Q(sent_at__isnull=False) | ~Exists(later))


def _falls_to(viewer: User) -> Q:
    """Rows of patients whose primary counselor `viewer` is; for those who lead, also of whoever has none at work."""
    primaries = CareTeamMember.objects.current().filter(is_primary=True)
    mine = Q(patient__in=primaries.filter(member=viewer).values("patient"))
    if not viewer.has_any(LEADERS):
        return mine
    return mine | ~Q(patient__in=primaries.filter(member__is_active=True).values("patient"))


SHOWN = 25
MISSED_AFTER = timedelta(days=3)
LINK_LASTS = timedelta(days=30)
SOON = timedelta(days=7)
"""Everybody is asked within the first week, whatever day was agreed."""
LEADERS = frozenset({Role.SUPERVISOR, Role.DIRECTOR})
CALL = FollowUpWish.Way.CALL
SETTLED = (FirstVisit.Outcome.TOOK_PLACE, FirstVisit.Outcome.MISSED)


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
    to_reach = seen.filter(pk__in=open_follow_ups(today))
    return AftercareBoard(
        ending=list(ending.order_by("planned_end_on", "pk")[:SHOWN]),
        more_ending=max(0, ending.count() - SHOWN),
        to_reach=list(to_reach.order_by("due_on", "pk")[:SHOWN]),
        more_to_reach=max(0, to_reach.count() - SHOWN),
        answered=list(seen.filter(answered_at__isnull=False).order_by("-answered_at", "pk")[:20]),
    )
