"""The plan: for staff beside the chart, for the student on the phone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, CLINICIANS, Role
from hearth.admission.queries import latest_episode_of
from hearth.consent.queries import access_chart
from hearth.people.queries import own_patient
from hearth.plan import services
from hearth.plan.forms import (
    REASONS,
    DoseForm,
    GoalForm,
    GoalProgressForm,
    ProblemForm,
    StepForm,
    StepTogetherForm,
)
from hearth.plan.models import CarePlan, Goal
from hearth.plan.queries import current_plan, goals_of, own_goal, problems_of, versions_of

READERS = CARE | {Role.COORDINATOR, Role.DIRECTOR}
OWNERS = (Role.STUDENT, Role.ALUMNUS)


@require_http_methods(["GET", "POST"])
@signed_in(*READERS)
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """Goals, problems, dose and length of one student. A post adds a goal, step or problem, or changes the dose."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="plan")
    episode = latest_episode_of(person)
    if episode is None:
        return render(request, "plan/of_patient.html", {"patient": person})
    plan = current_plan(episode) or services.draft_plan(
        episode=episode, weeks=(episode.planned_end_on - episode.starts_on).days // 7, by=request.user, at=request.now
    )
    posted = request.POST.get("form") if request.method == "POST" else ""
    goal = GoalForm(request.POST if posted == "goal" else None)
    goals = list(goals_of(person))
    step = StepTogetherForm(
        request.POST if posted == "step" else None, goals=[row for row in goals if row.status == Goal.Status.ACTIVE]
    )
    problem = ProblemForm(request.POST if posted == "problem" else None)
    dose = DoseForm(request.POST if posted == "dose" else None, dose=plan.dose, initial={"weeks": plan.weeks})
    if goal.is_valid():
        services.agree_goal(episode=episode, by=request.user, at=request.now, **goal.cleaned_data)
        return redirect("plan:of-patient", person.pk)
    if step.is_valid():
        services.add_step(by=request.user, at=request.now, **step.cleaned_data)
        return redirect("plan:of-patient", person.pk)
    if problem.is_valid():
        services.note_problem(episode=episode, by=request.user, at=request.now, **problem.cleaned_data)
        return redirect("plan:of-patient", person.pk)
    if dose.is_valid() and _change(request, plan, dose):
        return redirect("plan:of-patient", person.pk)
    context = {
        "patient": person,
        "episode": episode,
        "plan": plan,
        **_dose_now(plan, request),
        "versions": versions_of(episode),
        "goals": goals,
        "problems": problems_of(episode),
        "goal_form": goal,
        "step_form": step,
        "problem_form": problem,
        "dose_form": dose,
        "may_sign": request.user.has_any(CLINICIANS),
    }
    return render(request, "plan/of_patient.html", context, status=422 if posted else 200)


def _dose_now(plan: CarePlan, request: Request) -> dict[str, Any]:
    """The week the student is in, what it holds, and where it falls later."""
    today = timezone.localdate(request.now)
    week = plan.week_on(today)
    return {
        "week": week,
        "dose": plan.dose_on(today),
        "minutes": plan.minutes_a_week(today),
        "steps": plan.steps_after(week),
    }


def _change(request: Request, plan: CarePlan, form: DoseForm) -> bool:
    try:
        services.change_plan(
            episode=plan.episode,
            dose=form.dose(),
            weeks=form.cleaned_data["weeks"],
            why=form.cleaned_data["why"],
            by=request.user,
            at=request.now,
        )
    except services.UnusablePlan as error:
        for reason in error.reasons:
            form.add_error(None, REASONS[reason])
        return False
    messages.success(request, _("A new version of the plan is stored. Sign it to make it count."))
    return True


@require_POST
@signed_in(*CLINICIANS)
def sign(request: Request, plan: UUID) -> HttpResponse:
    """A clinician signs the newest version."""
    row = CarePlan.objects.filter(pk=plan).first()
    if row is None:
        raise PermissionDenied
    services.sign_plan(plan=row, by=request.user, at=request.now)
    return redirect("plan:of-patient", row.patient_id)


@require_http_methods(["GET", "POST"])
@signed_in(*OWNERS)
def mine(request: Request) -> HttpResponse:
    """The student's own plan: goals they can move, what was agreed, and their yes."""
    person = own_patient(viewer=request.user)
    episode = latest_episode_of(person)
    plan = current_plan(episode) if episode else None
    form = GoalForm(request.POST or None)
    if episode and form.is_valid():
        services.agree_goal(episode=episode, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Your goal is written down."))
        return redirect("plan:mine")
    context = {
        "patient": person,
        "episode": episode,
        "plan": plan,
        **(_dose_now(plan, request) if plan else {}),
        "goals": goals_of(person),
        "form": form,
    }
    return render(request, "plan/mine.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in(*OWNERS)
def goal(request: Request, goal: UUID) -> HttpResponse:
    """One goal of the student's, with its steps. A post keeps how far along and how sure they are, and what helped."""
    row = own_goal(viewer=request.user, pk=goal)
    now = {name: getattr(row, name) for name in GoalProgressForm.base_fields}
    form = GoalProgressForm(request.POST or None, initial=now)
    if form.is_valid():
        services.move_goal(goal=row, by=request.user, at=request.now, **form.cleaned_data)
        return redirect("plan:mine")
    return _goal(request, row, form, StepForm())


@require_POST
@signed_in(*OWNERS)
def add_step(request: Request, goal: UUID) -> HttpResponse:
    """One more step toward a goal."""
    row = own_goal(viewer=request.user, pk=goal)
    form = StepForm(request.POST)
    if form.is_valid():
        services.add_step(goal=row, by=request.user, at=request.now, **form.cleaned_data)
        return redirect("plan:goal", row.pk)
    now = {name: getattr(row, name) for name in GoalProgressForm.base_fields}
    return _goal(request, row, GoalProgressForm(initial=now), form)


@require_POST
@signed_in(*OWNERS)
def tick_step(request: Request, goal: UUID, number: int) -> HttpResponse:
    """A step is done, or is not after all."""
    row = own_goal(viewer=request.user, pk=goal)
    step = next((one for one in row.steps.all() if one.number == number), None)
    if step is None:
        raise Http404
    services.tick_step(step=step, is_done="done" in request.POST, by=request.user, at=request.now)
    return redirect("plan:goal", row.pk)


def _goal(request: Request, row: Goal, form: GoalProgressForm, step: StepForm) -> HttpResponse:
    status = 422 if form.is_bound or step.is_bound else 200
    return render(request, "plan/goal.html", {"goal": row, "form": form, "step_form": step}, status=status)


@require_POST
@signed_in(Role.STUDENT)
def agree(request: Request) -> HttpResponse:
    """The student agrees to the newest version of their plan."""
    episode = latest_episode_of(own_patient(viewer=request.user))
    plan = current_plan(episode) if episode else None
    if plan is None:
        raise Http404
    services.agree_to_plan(plan=plan, by=request.user, at=request.now)
    messages.success(request, _("Thank you. Your counselor sees that you agreed."))
    return redirect("plan:mine")
