"""Urges that are ridden like a wave, and small activities with the mood before and after: the student's alone."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.lib.charts import Band
from hearth.people.queries import own_patient
from hearth.skills import own_queries, own_services, waves
from hearth.skills.models import Activity, Urge
from hearth.skills.own_forms import ActivityForm, DidForm, UrgeForm
from hearth.skills.own_pages import STUDENTS

NEWEST = 50


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def new_urge(request: Request) -> HttpResponse:
    """Ride an urge like a wave, with a timer, and write down what it was like."""
    own_patient(viewer=request.user)
    form = UrgeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        own_services.keep_urge(by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Kept, for you alone. You stayed with it."))
        return redirect("skills:urges")
    context = {"form": form, "is_kept": "kept" in request.GET}
    return render(request, "skills/urge.html", context, status=422 if form.is_bound else 200)


@require_safe
@signed_in(*STUDENTS)
def urges(request: Request) -> HttpResponse:
    """The student's own waves, as a picture and one by one."""
    own_patient(viewer=request.user)
    rows = own_queries.urges_of(request.user)
    zone = request.user.zone
    context = {
        "urges": rows[:NEWEST],
        "pattern": waves.change([row.eased for row in rows], [row.helped for row in rows]),
        "points": [waves.Crest(row.at.astimezone(zone).date(), row.strength) for row in reversed(rows[:NEWEST])],
        "bands": [Band(_("easy"), 0, 3, "pine"), Band(_("middle"), 4, 6, "dusk"), Band(_("strong"), 7, 10, "gold")],
    }
    return render(request, "skills/urges.html", context)


@require_POST
@signed_in(*STUDENTS)
def delete_urge(request: Request, urge: UUID) -> HttpResponse:
    """Take one away for good."""
    own_services.delete(Urge, pk=urge, by=request.user, at=request.now)
    messages.success(request, _("It is gone."))
    return redirect("skills:urges")


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def activities(request: Request) -> HttpResponse:
    """Small things to do: planned, done, and what they did for the mood. A post plans one."""
    own_patient(viewer=request.user)
    today = timezone.localdate(request.now)
    form = ActivityForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if form.is_valid():
        own_services.plan_activity(by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Planned. If it does not happen, nothing is lost: plan it again, smaller."))
        return redirect("skills:activities")
    context = _activities(request, today) | {"form": form}
    return render(request, "skills/activities.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def did(request: Request, activity: UUID) -> HttpResponse:
    """It was done: the mood before and after, if they like."""
    found = own_queries.own_activity(viewer=request.user, pk=activity)
    form = DidForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        before, after = form.cleaned_data["before"], form.cleaned_data["after"]
        own_services.did_activity(pk=activity, before=before, after=after, by=request.user, at=request.now)
        messages.success(request, _("You did it. That counts, however small it was."))
        return redirect("skills:activities")
    context = {"form": form, "activity": found, "is_kept": "kept" in request.GET}
    return render(request, "skills/did.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in(*STUDENTS)
def delete_activity(request: Request, activity: UUID) -> HttpResponse:
    """Let one go."""
    own_services.delete(Activity, pk=activity, by=request.user, at=request.now)
    messages.success(request, _("Let go. There is room for another one."))
    return redirect("skills:activities")


def _activities(request: Request, today: date) -> dict[str, object]:
    rows = own_queries.activities_of(request.user)
    done = sorted((row for row in rows if row.done_at), key=lambda row: row.done_at or row.at, reverse=True)
    lifting = [row.what for row in done if (row.lifted or 0) > 0]
    return {
        "today": today,
        "open": [row for row in rows if row.done_at is None],
        "done": done[:NEWEST],
        "pattern": waves.change([row.lifted for row in done], lifting),
        "is_kept": "kept" in request.GET,
    }
