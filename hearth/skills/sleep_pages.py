"""Sleep on a phone: how the day ends, one night at a time, and two weeks as a picture."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.people.queries import own_patient
from hearth.skills import nights, own_services, queries, sleep_queries, sleep_services
from hearth.skills.habits import day_of
from hearth.skills.models import Night
from hearth.skills.own_forms import NightForm, OwnForm, SleepRoutineForm
from hearth.skills.own_pages import STUDENTS

LESSON = "sleep-that-comes"


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def sleep(request: Request) -> HttpResponse:
    """The routine and the last two weeks. A post keeps a night."""
    own_patient(viewer=request.user)
    form = NightForm(request.POST if request.method == "POST" else None, today=day_of(request.now, request.user.zone))
    if form.is_valid():
        sleep_services.keep_night(by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Kept, for you alone."))
        return redirect("skills:sleep")
    return _page(request, night=form)


@require_POST
@signed_in(*STUDENTS)
def routine(request: Request) -> HttpResponse:
    """How the day ends."""
    own_patient(viewer=request.user)
    form = SleepRoutineForm(request.POST)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("up", "evening")}
        sleep_services.keep_routine(by=request.user, at=request.now, **said)
        messages.success(request, _("Kept, for you alone."))
        return redirect("skills:sleep")
    return _page(request, routine=form)


@require_POST
@signed_in(*STUDENTS)
def delete_night(request: Request, night: UUID) -> HttpResponse:
    """Take a night away for good."""
    own_services.delete(Night, pk=night, by=request.user, at=request.now)
    messages.success(request, _("It is gone."))
    return redirect("skills:sleep")


def _page(request: Request, *, night: OwnForm | None = None, routine: OwnForm | None = None) -> HttpResponse:
    today = day_of(request.now, request.user.zone)
    rows = sleep_queries.nights_of(request.user, since=today - timedelta(days=nights.DAYS))
    stands = sleep_queries.routine_of(request.user)
    now = {"up": stands.up, "evening": stands.evening} if stands else {}
    patient = own_patient(viewer=request.user)
    context: dict[str, Any] = {
        "form": night or NightForm(today=None if "kept" in request.GET else today),
        "routine_form": routine or SleepRoutineForm(initial=now),
        "routine": stands,
        "lines": nights.lines(rows, today) if rows else [],
        "pattern": nights.pattern(rows),
        "lesson": queries.lesson_for(patient, LESSON, get_language() or "en"),
        "is_kept": "kept" in request.GET,
    }
    is_wrong = any(form.is_bound for form in (context["form"], context["routine_form"]))
    return render(request, "skills/sleep.html", context, status=422 if is_wrong else 200)
