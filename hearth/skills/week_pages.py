"""School, work, family and own hours of a student's week, on a phone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.people.queries import own_patient
from hearth.skills import own_services, week_queries, week_services
from hearth.skills.models import WeekHours
from hearth.skills.own_pages import STUDENTS
from hearth.skills.week_forms import WeekHoursForm


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def week_hours(request: Request) -> HttpResponse:
    """The hours that come again every week. A post keeps some more."""
    own_patient(viewer=request.user)
    form = WeekHoursForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            week_services.keep_hours(by=request.user, at=request.now, **form.cleaned_data)
        except week_services.Full:
            form.add_error(None, week_services.FULL)
        else:
            messages.success(request, _("Kept, for you alone. They stand in your whole week."))
            return redirect("skills:week-hours")
    context = {"rows": week_queries.hours_of(request.user), "form": form}
    return render(request, "skills/week_hours.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in(*STUDENTS)
def delete_hours(request: Request, hours: UUID) -> HttpResponse:
    """These hours are no more."""
    own_services.delete(WeekHours, pk=hours, by=request.user, at=request.now)
    messages.success(request, _("They are gone."))
    return redirect("skills:week-hours")
