"""The student's own tools on a phone: for hard moments, with and without a connection."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import anyone, signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.lib import kept
from hearth.measures.queueing import Unreadable, written_at
from hearth.people.queries import own_patient
from hearth.skills import habit_services, own_services, queueing, sleep_services
from hearth.skills.habits import day_of
from hearth.skills.late_takers import GONE, take_practice, take_sheet, take_sheet_on, take_thought, take_thought_on
from hearth.skills.models import Tool
from hearth.skills.own_forms import ActivityForm, DidForm, HabitForm, HelpedForm, NightForm, OwnForm, UrgeForm
from hearth.skills.queueing import Data, Times

STUDENTS = (Role.STUDENT, Role.ALUMNUS)


@require_safe
@anyone
def calm(request: HttpRequest) -> HttpResponse:
    """Breathing, five senses and letting go. Asks nobody to sign in, stores nothing, and every phone keeps it."""
    return render(request, "skills/calm.html")


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def helped(request: Request, tool: str) -> HttpResponse:
    """“This helped me”, with a number before and after if they like."""
    own_patient(viewer=request.user)
    if tool not in Tool.values:
        raise Http404("there is no such tool")
    form = HelpedForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        own_services.keep_helped(tool=tool, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Kept, for you alone."))
        return redirect("skills:home")
    context = {"form": form, "tool": Tool(tool), "is_kept": "kept" in request.GET}
    return render(request, "skills/helped.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in(*STUDENTS)
def queued(request: Request) -> HttpResponse:
    """What was written without a connection. Each is kept once, and answered: done, or refused with a sentence."""
    own_patient(viewer=request.user)
    try:
        owner, items = queueing.read(request.body)
    except Unreadable:
        return JsonResponse({"words": _("This could not be read.")}, status=400)
    if owner != kept.owner_of(request.user.pk):
        return JsonResponse({"words": _("Somebody else is signed in on this device now.")}, status=409)
    results = [{"key": str(item.key), **_take(request, item)} for item in items]
    return JsonResponse({"now": int(request.now.timestamp() * 1000), "results": results})


def _take(request: Request, item: queueing.Item) -> dict[str, object]:
    what, _dot, which = item.what.partition(".")
    if what in OF_A_DAY and not queueing.has_known_day(item, at=request.now):
        return {"done": False, "words": _("We cannot tell which day this was. If it was today, tap it again.")}
    taker = TAKERS.get(what)
    times = Times(at=request.now, written_at=written_at(item, at=request.now))
    form = taker(request, which, {**item.fields, "token": str(item.key)}, times) if taker else None
    if form is None:
        return {"done": False, "words": _("This could not be read.")}
    words = " ".join(str(words) for each in form.errors.values() for words in each)
    gone = {"gone": True} if form.has_error(NON_FIELD_ERRORS, GONE) else {}
    return {"done": not words, "words": words, **gone}


def _take_helped(request: Request, tool: str, data: Data, times: Times) -> OwnForm | None:
    if tool not in Tool.values:
        return None
    form = HelpedForm(data)
    if form.is_valid():
        own_services.keep_helped(tool=tool, by=request.user, **times, **form.cleaned_data)
    return form


def _take_urge(request: Request, _which: str, data: Data, times: Times) -> OwnForm:
    form = UrgeForm(data)
    if form.is_valid():
        own_services.keep_urge(by=request.user, **times, **form.cleaned_data)
    return form


def _take_activity(request: Request, _which: str, data: Data, times: Times) -> OwnForm:
    form = ActivityForm(data)
    if form.is_valid():
        own_services.plan_activity(by=request.user, **times, **form.cleaned_data)
    return form


def _take_did(request: Request, which: str, data: Data, times: Times) -> OwnForm | None:
    form = DidForm(data)
    if form.is_valid():
        before, after = form.cleaned_data["before"], form.cleaned_data["after"]
        try:
            own_services.did_activity(pk=UUID(which), before=before, after=after, by=request.user, **times)
        except ValueError:
            return None
        except PermissionDenied:  # they took it away meanwhile: nothing is left to do
            pass
    return form


def _take_night(request: Request, _which: str, data: Data, times: Times) -> OwnForm:
    form = NightForm(data, today=day_of(times["at"], request.user.zone))
    if form.is_valid():
        sleep_services.keep_night(by=request.user, **times, **form.cleaned_data)
    return form


def _take_habit(request: Request, _which: str, data: Data, times: Times) -> OwnForm:
    form = HabitForm(data)
    if form.is_valid():
        try:
            habit_services.begin(by=request.user, **times, **form.cleaned_data)
        except habit_services.Enough:
            form.add_error(None, habit_services.ENOUGH)
    return form


def _take_habit_done(request: Request, which: str, data: Data, times: Times) -> OwnForm | None:
    form = OwnForm(data)
    if form.is_valid():
        try:
            habit_services.did_today(pk=UUID(which), by=request.user, **times)
        except ValueError:
            return None
        except PermissionDenied:  # they let it go meanwhile: nothing is left to do
            pass
    return form


TAKERS: dict[str, Callable[[Request, str, Data, Times], forms.Form | None]] = {
    "helped": _take_helped,
    "urge": _take_urge,
    "activity": _take_activity,
    "did": _take_did,
    "night": _take_night,
    "habit": _take_habit,
    "habit-done": _take_habit_done,
    "practice": take_practice,
    "sheet": take_sheet,
    "sheet-on": take_sheet_on,
    "thought": take_thought,
    "thought-on": take_thought_on,
}
"""The tools whose forms may come late, by name. Each stores what is valid; None: there is no such thing."""

OF_A_DAY = frozenset({"habit-done"})
"""Those that mark the day they were written on, and would mark a wrong one where that is not known."""
