"""Making, changing, signing and agreeing to plans; goals in the student's words."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS
from hearth.admission.models import Episode
from hearth.admission.queries import access_episode
from hearth.audit import services as audit
from hearth.people.models import Patient
from hearth.plan import facts, rules
from hearth.plan.models import CarePlan, Goal, GoalStep, Problem
from hearth.plan.queries import current_plan
from hearth.program import pack
from hearth.safety.services import read_own_words

WHERE = gettext_noop("It stands in a goal of their plan.")


class UnusablePlan(Exception):
    """The dose or length does not fit the program; `reasons` are codes of `plan.rules`."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


@transaction.atomic
def draft_plan(*, episode: Episode, weeks: int, by: User, at: datetime) -> CarePlan:
    """The first plan of a new episode, as its program's pack prescribes it. Kept as it is if one exists."""
    found = current_plan(episode)
    if found:
        return found
    described = pack.get(episode.program.pack)
    review_days = described.settings["plan_review_days"].value
    plan = CarePlan.objects.create(
        episode=episode,
        patient=episode.patient,
        dose=described.dose.as_board(),
        steps=_steps(described, described.dose.as_board(), weeks=weeks, week=0),
        weeks=weeks,
        review_due_on=episode.starts_on + timedelta(days=review_days),
        made_by=by,
        made_at=at,
    )
    audit.record("plan.drafted", by=by, about=plan, at=at, weeks=weeks)
    facts.plan_changed.send(CarePlan, plan_id=plan.pk, episode_id=episode.pk, by_id=by.pk, at=at)
    return plan


@transaction.atomic
def change_plan(*, episode: Episode, dose: dict[str, Any], weeks: int, why: str, by: User, at: datetime) -> CarePlan:
    """A new version with another dose or length, and why. Raises UnusablePlan."""
    episode = access_episode(viewer=by, pk=episode.pk, at=at, to="change", lock=True)
    if not by.has_any(CLINICIANS):
        raise PermissionDenied
    described = pack.get(episode.program.pack)
    reasons = rules.problems(dose, weeks, population=described.population, length=described.length, why=why)
    if reasons:
        raise UnusablePlan(reasons)
    today = _today(by, at)
    steps = _steps(described, dose, weeks=weeks, week=(today - episode.starts_on).days // 7 + 1)
    return _next_version(episode, dose=dose, steps=steps, weeks=weeks, why=why, by=by, at=at)


@transaction.atomic
def step_down(*, episode: Episode, days: int, from_on: date, why: str, by: User, at: datetime) -> CarePlan:
    """From the week of `from_on` on the program's dose of so many `days` a week; a signed version, with why.

    The weeks before keep their dose, so that the next weeks worked out follow by themselves. Raises UnusablePlan.
    """
    episode, described, newest = _to_decide(episode, by, at)
    dose = next((one.dose.as_board() for one in described.steps_down if one.dose.days == days), None)
    week = rules.week_of_program(episode.starts_on, from_on)
    if dose is None or newest is None or not days < int(newest.dose_on(from_on)["days"]):
        raise UnusablePlan(("not_fewer_days",))
    if not why.strip():
        raise UnusablePlan(("why_missing",))
    before = [step for step in newest.steps if step["from_week"] < week]
    steps = [*before, {"from_week": week, "phase": "step-down", "dose": dose}]
    plan = _next_version(episode, dose=newest.dose, steps=steps, weeks=newest.weeks, why=why, by=by, at=at)
    return sign_plan(plan=plan, by=by, at=at)


@transaction.atomic
def extend_plan(*, episode: Episode, weeks: int, why: str, by: User, at: datetime) -> CarePlan:
    """So many weeks in all, at the dose as it stands; a signed version, with why. Raises UnusablePlan."""
    episode, described, newest = _to_decide(episode, by, at)
    if newest is None or weeks <= newest.weeks:
        raise UnusablePlan(("too_short",))
    if weeks > described.length.most:
        raise UnusablePlan(("too_long",))
    if not why.strip():
        raise UnusablePlan(("why_missing",))
    plan = _next_version(episode, dose=newest.dose, steps=newest.steps, weeks=weeks, why=why, by=by, at=at)
    return sign_plan(plan=plan, by=by, at=at)


def _to_decide(episode: Episode, by: User, at: datetime) -> tuple[Episode, pack.Pack, CarePlan | None]:
    """The locked episode, its program and newest plan, for a clinician who may change them."""
    if not by.has_any(CLINICIANS):
        raise PermissionDenied
    episode = access_episode(viewer=by, pk=episode.pk, at=at, to="change", lock=True)
    return episode, pack.get(episode.program.pack), current_plan(episode)


def _next_version(
    episode: Episode, *, dose: dict[str, Any], steps: list[Any], weeks: int, why: str, by: User, at: datetime
) -> CarePlan:
    newest = current_plan(episode)
    review_days = pack.get(episode.program.pack).settings["plan_review_days"].value
    plan = CarePlan.objects.create(
        episode=episode,
        patient=episode.patient,
        version=newest.version + 1 if newest else 1,
        dose=dose,
        steps=steps,
        weeks=weeks,
        why=why.strip(),
        review_due_on=_today(by, at) + timedelta(days=review_days),
        made_by=by,
        made_at=at,
    )
    episode.planned_end_on = episode.starts_on + timedelta(weeks=weeks)
    episode.save(update_fields=["planned_end_on"])
    audit.record("plan.changed", by=by, about=plan, at=at, version=plan.version, weeks=weeks)
    facts.plan_changed.send(CarePlan, plan_id=plan.pk, episode_id=episode.pk, by_id=by.pk, at=at)
    return plan


@transaction.atomic
def sign_plan(*, plan: CarePlan, by: User, at: datetime) -> CarePlan:
    """A clinician signs this version. Signing twice changes nothing."""
    if not by.has_any(CLINICIANS):
        raise PermissionDenied
    access_episode(viewer=by, pk=plan.episode_id, at=at, to="change")
    plan = CarePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.signed_at is None:
        plan.signed_by, plan.signed_at = by, at
        plan.save(update_fields=["signed_by", "signed_at"])
        audit.record("plan.signed", by=by, about=plan, at=at, version=plan.version)
        facts.plan_changed.send(CarePlan, plan_id=plan.pk, episode_id=plan.episode_id, by_id=by.pk, at=at)
    return plan


@transaction.atomic
def agree_to_plan(*, plan: CarePlan, by: User, at: datetime) -> CarePlan:
    """The student says yes to this version."""
    access_episode(viewer=by, pk=plan.episode_id, at=at, to="own")
    plan = CarePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.agreed_at is None:
        plan.agreed_at = at
        plan.save(update_fields=["agreed_at"])
        audit.record("plan.agreed", by=by, about=plan, at=at, version=plan.version)
    return plan


@transaction.atomic
def agree_goal(
    *, episode: Episode, words: str, first_step: str, by: User, at: datetime, confidence: int | None = None
) -> Goal:
    """Write down a goal in the student's own words, with how sure they are; the student or their care team may."""
    episode = _for_student_or_team(episode, by, at)
    number = Goal.objects.filter(episode=episode).count() + 1
    goal = Goal.objects.create(
        episode=episode,
        patient=episode.patient,
        number=number,
        words=words.strip(),
        confidence=confidence,
        agreed_at=at,
        changed_at=at,
    )
    audit.record("plan.goal_agreed", by=by, about=goal, at=at, number=number)
    _read(goal, goal.words, by=by, at=at)
    if first_step.strip():
        _put_step(goal, first_step, by=by, at=at)
    return goal


@transaction.atomic
def move_goal(
    *, goal: Goal, progress: int, status: str, by: User, at: datetime, confidence: int | None = None, helped: str = ""
) -> Goal:
    """How far along the student sees this goal and how sure they are, 0 to 10, what helped, and where it stands."""
    goal = _lock(goal, by=by, at=at)
    before = goal.helped
    goal.progress, goal.confidence, goal.helped, goal.status = progress, confidence, helped.strip(), status
    goal.changed_at = at
    goal.save(update_fields=["progress", "confidence", "helped", "status", "changed_at"])
    audit.record("plan.goal_moved", by=by, about=goal, at=at, progress=progress, status=status)
    _read(goal, goal.helped, before=before, by=by, at=at)
    return goal


@transaction.atomic
def add_step(*, goal: Goal, words: str, by: User, at: datetime) -> GoalStep:
    """Write down a step toward a goal; the student or their care team may."""
    return _put_step(_lock(goal, by=by, at=at), words, by=by, at=at)


@transaction.atomic
def tick_step(*, step: GoalStep, is_done: bool, by: User, at: datetime) -> GoalStep:
    """This step is done, or is not after all. Said again, the first time counts."""
    goal = _lock(step.goal, by=by, at=at)
    step = GoalStep.objects.get(pk=step.pk)
    if is_done != (step.done_at is not None):
        step.done_at = at if is_done else None
        step.save(update_fields=["done_at"])
        goal.changed_at = at
        goal.save(update_fields=["changed_at"])
        audit.record("plan.goal_step_ticked", by=by, about=goal, at=at, number=step.number, is_done=is_done)
    return step


@transaction.atomic
def note_problem(
    *,
    episode: Episode,
    text: str,
    by: User,
    at: datetime,
    code: str = "",
    code_system: str = "",
    is_primary: bool = False,
) -> Problem:
    """What the plan is about, with its diagnosis code where one was made. A new primary one replaces the old."""
    episode = access_episode(viewer=by, pk=episode.pk, at=at, to="change", lock=True)
    if is_primary:
        Problem.objects.filter(episode=episode, is_primary=True).update(is_primary=False)
    problem = Problem.objects.create(
        episode=episode,
        patient=episode.patient,
        text=text.strip(),
        code=code.strip(),
        code_system=code_system,
        is_primary=is_primary,
        noted_at=at,
    )
    audit.record("plan.problem_noted", by=by, about=problem, at=at, code=code)
    return problem


def _steps(described: pack.Pack, dose: dict[str, Any], *, weeks: int, week: int) -> list[dict[str, Any]]:
    """Where the dose falls in the phases to come after this week of the program."""
    phases = [(span.first_week, span.phase.id, span.phase.dose.as_board()) for span in described.spans(weeks)]
    return rules.steps_down(dose, described.dose.as_board(), phases, week=week)


def _put_step(goal: Goal, words: str, *, by: User, at: datetime) -> GoalStep:
    number = GoalStep.objects.filter(goal=goal).count() + 1
    step = GoalStep.objects.create(goal=goal, number=number, words=words.strip(), added_at=at)
    audit.record("plan.goal_step_added", by=by, about=goal, at=at, number=number)
    _read(goal, step.words, by=by, at=at)
    return step


def _read(goal: Goal, words: str, *, by: User, at: datetime, before: str = "") -> None:
    """Read for words of danger what the care team reads from now on."""
    read_own_words(
        patient=goal.patient, kind="plan.goal", row=goal.pk, where=WHERE, words=(words,), before=(before,), by=by, at=at
    )


def _lock(goal: Goal, *, by: User, at: datetime) -> Goal:
    _for_student_or_team(goal.episode, by, at)
    return Goal.objects.select_for_update(of=("self",)).get(pk=goal.pk)


def _for_student_or_team(episode: Episode, by: User, at: datetime) -> Episode:
    own = Patient.objects.filter(pk=episode.patient_id, user=by).exists()
    return access_episode(viewer=by, pk=episode.pk, at=at, to="own" if own else "change", lock=True)


def _today(by: User, at: datetime) -> Any:
    return timezone.localdate(at, by.organisation.zone)
