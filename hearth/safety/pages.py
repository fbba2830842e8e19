"""Concerns: the list, one concern, and raising one by hand."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE
from hearth.consent.queries import access_chart
from hearth.safety import queries, services
from hearth.safety.crisis import numbers_for
from hearth.safety.forms import ObservationForm, ResolveForm
from hearth.safety.models import Concern

PER_PAGE = 25


@require_safe
@signed_in(*queries.SEE_CONCERNS)
def concerns(request: Request) -> HttpResponse:
    """Open concerns first, the worst on top; below them those that were dealt with."""
    page = Paginator(queries.resolved_concerns(viewer=request.user), PER_PAGE).get_page(request.GET.get("page"))
    lines = queries.open_concern_lines(viewer=request.user, at=request.now)
    return render(request, "safety/concerns.html", {"lines": lines, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*queries.SEE_CONCERNS)
def concern(request: Request, pk: UUID) -> HttpResponse:
    """One concern: whom to call, who answers for it, and what was done. A post resolves it."""
    row = queries.access_concern(viewer=request.user, pk=pk, at=request.now)
    form = ResolveForm(request.POST or None)
    if form.is_valid():
        action = form.cleaned_data["action"]
        services.resolve_concern(concern=row, action=action, by=request.user, at=request.now)
        messages.success(request, _("Written down. Thank you."))
        return redirect("safety:concern", pk)
    return render(request, "safety/concern.html", _known(request, row, form))


def _known(request: Request, row: Concern, form: ResolveForm) -> dict[str, object]:
    return {
        "concern": row,
        "state": row.state(at=request.now),
        "numbers": numbers_for(row.patient),
        "may_take": request.user.has_any(services.TAKERS) and row.taken_by_id != request.user.pk,
        "may_resolve": request.user.has_any(CARE),
        "form": form,
    }


@require_POST
@signed_in(*services.TAKERS)
def take(request: Request, pk: UUID) -> HttpResponse:
    """Answer for this concern from now on."""
    row = queries.access_concern(viewer=request.user, pk=pk, at=request.now)
    services.take_concern(concern=row, by=request.user, at=request.now)
    messages.success(request, _("You answer for this now."))
    return redirect("safety:concern", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*services.TAKERS)
def raise_by_hand(request: Request, pk: UUID) -> HttpResponse:
    """Tell the team what you noticed about a student."""
    patient = access_chart(viewer=request.user, pk=pk, purpose="TREAT", at=request.now, to="change", what="concern")
    form = ObservationForm(request.POST or None)
    if form.is_valid():
        row = services.raise_observation(patient_pk=pk, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("The team sees it now."))
        return redirect("safety:concern", row.pk)
    return render(request, "safety/raise.html", {"patient": patient, "form": form, "numbers": numbers_for(patient)})
