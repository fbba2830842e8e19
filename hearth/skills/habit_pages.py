"""Tiny habits on a phone: one tap today, with and without a connection."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.people.queries import own_patient
from hearth.skills import habit_queries, habit_services, own_services
from hearth.skills.habits import MOST
from hearth.skills.models import Habit
from hearth.skills.own_forms import HabitForm
from hearth.skills.own_pages import STUDENTS


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def habits(request: Request) -> HttpResponse:
    """The student's habits and how they stand. A post begins one."""
    own_patient(viewer=request.user)
    form = HabitForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            habit_services.begin(by=request.user, at=request.now, **form.cleaned_data)
        except habit_services.Enough:
            form.add_error(None, habit_services.ENOUGH)
        else:
            messages.success(request, _("Begun. A day without it breaks nothing."))
            return redirect("skills:habits")
    found = habit_queries.habits_of(request.user, at=request.now)
    going = [one for one in found if not one.habit.is_paused]
    context = {
        "going": going,
        "paused": [one for one in found if one.habit.is_paused],
        "has_room": len(going) < MOST,
        "form": form,
        "is_kept": "kept" in request.GET,
    }
    return render(request, "skills/habits.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in(*STUDENTS)
def done(request: Request, habit: UUID) -> HttpResponse:
    """Done today."""
    habit_services.did_today(pk=habit, by=request.user, at=request.now)
    messages.success(request, _("Done today. It counts, however small it was."))
    return redirect("skills:habits")


@require_POST
@signed_in(*STUDENTS)
def not_today(request: Request, habit: UUID) -> HttpResponse:
    """Take today back."""
    habit_services.not_today(pk=habit, by=request.user, at=request.now)
    messages.success(request, _("Taken back."))
    return redirect("skills:habits")


@require_POST
@signed_in(*STUDENTS)
def pause(request: Request, habit: UUID) -> HttpResponse:
    """Let a habit rest, or go on with it."""
    is_paused = request.POST.get("pause") == "yes"
    try:
        habit_services.pause(pk=habit, is_paused=is_paused, by=request.user, at=request.now)
    except habit_services.Enough:
        messages.warning(request, habit_services.ENOUGH)
    else:
        messages.success(request, _("It rests. Your days stay.") if is_paused else _("Good to have it back."))
    return redirect("skills:habits")


@require_POST
@signed_in(*STUDENTS)
def let_go(request: Request, habit: UUID) -> HttpResponse:
    """Let one go, with its days."""
    own_services.delete(Habit, pk=habit, by=request.user, at=request.now)
    messages.success(request, _("You let it go. There is room for another habit."))
    return redirect("skills:habits")
