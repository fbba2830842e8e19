"""When teams are at work: what students and whoever writes to the house are promised follows from it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.lib.working_hours import Stretch, Week
from hearth.program import queries, services
from hearth.program.forms import WorkingHoursForm
from hearth.program.models import Program


@require_GET
@signed_in(*queries.READERS)
def working_hours(request: Request) -> HttpResponse:
    """The hours of the house and of every program."""
    found = queries.teams(viewer=request.user)
    context = {
        "teams": [(team, said(team.week)) for team in found],
        "may_set": request.user.has_any(queries.SETTERS),
    }
    return render(request, "program/working_hours.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*queries.SETTERS)
def hours_of_house(request: Request) -> HttpResponse:
    """Say when the team of the whole house is at work."""
    return _change(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*queries.SETTERS)
def hours_of_program(request: Request, program: UUID) -> HttpResponse:
    """Say when the team of one program is at work, where that differs from the house."""
    return _change(request, get_object_or_404(Program, pk=program))


def _change(request: Request, program: Program | None) -> HttpResponse:
    team = next(one for one in queries.teams(viewer=request.user) if one.program == program)
    if request.POST.get("do") == "take_back":
        return _kept(request, program, hours=[])
    form = WorkingHoursForm(request.POST or None, hours=[_stored(one) for one in team.week])
    if form.is_valid():
        return _kept(request, program, hours=form.cleaned_data["hours"])
    context = {"team": team, "form": form}
    return render(request, "program/hours_of.html", context, status=422 if form.is_bound else 200)


def _kept(request: Request, program: Program | None, *, hours: list[dict[str, Any]]) -> HttpResponse:
    services.say_hours(program=program, hours=hours, by=request.user, at=request.now)
    messages.success(request, _("Kept. What is promised follows it from now on."))
    return redirect("program:working-hours")


def said(week: Week) -> list[str]:
    """A week in words, a line for each run of days with the same hours: `Mon–Fri 09:00–17:00`."""
    by_day = {day: ", ".join(_clocks(one) for one in week if one.day == day) for day in range(7)}
    lines: list[tuple[int, int, str]] = []
    for day, hours in by_day.items():
        if not hours:
            continue
        if lines and lines[-1][1] == day - 1 and lines[-1][2] == hours:
            lines[-1] = (lines[-1][0], day, hours)
        else:
            lines.append((day, day, hours))
    return [f"{_days(first, last)} {hours}" for first, last, hours in lines]


def _days(first: int, last: int) -> str:
    return f"{WEEKDAYS_ABBR[first]}" if first == last else f"{WEEKDAYS_ABBR[first]}–{WEEKDAYS_ABBR[last]}"


def _clocks(one: Stretch) -> str:
    return f"{_clock(one.since)}–{_clock(one.until)}"


def _stored(one: Stretch) -> dict[str, Any]:
    return {"day": one.day, "from": _clock(one.since), "to": _clock(one.until)}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
