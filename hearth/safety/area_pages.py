"""Whom to call where: the list by county, and keeping it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.safety import queries, services
from hearth.safety.forms import AreaForm
from hearth.safety.models import EmergencyArea


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*queries.SEE_CONCERNS)
def areas(request: Request) -> HttpResponse:
    """Every county whom to call is known for. A post adds one."""
    form = AreaForm(request.POST or None, today=timezone.localdate(request.now))
    if form.is_valid() and _keep(request, form, None):
        return redirect("safety:areas")
    context = {
        "areas": queries.emergency_areas(viewer=request.user),
        "form": form,
        "may_keep": request.user.has_any(queries.KEEP_AREAS),
    }
    return render(request, "safety/areas.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(queries.KEEP_AREAS))
def area(request: Request, pk: UUID) -> HttpResponse:
    """One of them, to be put right or checked again."""
    row = queries.emergency_area(viewer=request.user, pk=pk)
    form = AreaForm(request.POST or None, today=timezone.localdate(request.now), area=row)
    if form.is_valid() and _keep(request, form, row):
        return redirect("safety:areas")
    context = {"area": row, "form": form}
    return render(request, "safety/area.html", context, status=422 if form.is_bound else 200)


def _keep(request: Request, form: AreaForm, row: EmergencyArea | None) -> bool:
    try:
        services.keep_area(area=row, by=request.user, at=request.now, **form.cleaned_data)
    except services.AreaKnown:
        form.add_error("county", _("This one is on the list already."))
        return False
    messages.success(request, _("Written down."))
    return True
