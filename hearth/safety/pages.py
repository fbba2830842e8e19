"""Concerns: the list, one concern, and raising one by hand."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE
from hearth.consent.queries import access_chart
from hearth.safety import queries, services
from hearth.safety.crisis import numbers_for
from hearth.safety.forms import AssessmentForm, ContactForm, GradeForm, ObservationForm, ResolveForm
from hearth.safety.models import Concern
from hearth.safety.plan_queries import review_since
from hearth.safety.protection_forms import DangersForm
from hearth.safety.protection_queries import duties_at
from hearth.safety.rules import Missing

PER_PAGE = 25


@require_safe
@signed_in(*queries.SEE_CONCERNS)
def concerns(request: Request) -> HttpResponse:
    """Open concerns first, the worst on top; below them those that were dealt with."""
    page = Paginator(queries.resolved_concerns(viewer=request.user), PER_PAGE).get_page(request.GET.get("page"))
    lines = queries.open_concern_lines(viewer=request.user, at=request.now)
    calls = queries.calls_due(viewer=request.user, on=request.now.astimezone(request.user.zone).date())
    on_call = queries.on_call_at(request.now)
    return render(request, "safety/concerns.html", {"lines": lines, "page": page, "calls": calls, "on_call": on_call})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*queries.SEE_CONCERNS)
def concern(request: Request, pk: UUID) -> HttpResponse:
    """One concern: whom to call, what happened so far, and what is still to be written down. A post does one of these.

    `step` in the post says which: a try to reach them, the assessment, how severe it is, or closing.
    """
    row = queries.access_concern(viewer=request.user, pk=pk, at=request.now)
    step = request.POST.get("step", "")
    today = request.now.astimezone(request.user.zone).date()
    forms: dict[str, Form] = {
        "contact": ContactForm(request.POST if step == "contact" else None),
        "assessment": AssessmentForm(request.POST if step == "assessment" else None, today=today),
        "grade": GradeForm(request.POST if step == "grade" else None, initial={"severity": row.severity}),
        "close": ResolveForm(request.POST if step == "close" else None),
    }
    sent = forms.get(step)
    if sent is not None and sent.is_valid():
        try:
            _write(step, row, sent.cleaned_data, request)
        except services.OfOneSource:
            sent.add_error("severity", _("The same answers raised another concern that is so already."))
        except services.StillMissing as missing:
            for part in missing.parts:
                sent.add_error(None, MISSING[part])
        else:
            messages.success(request, _("Written down. Thank you."))
            return redirect("safety:concern", pk)
    status = 422 if sent is not None else 200
    return render(request, "safety/concern.html", _known(request, row, forms), status=status)


MISSING = {
    Missing.CONTACT: _lazy("Write down first that somebody spoke with them, or each try to."),
    Missing.ASSESSMENT: _lazy("A clinician assesses the risk first."),
    Missing.PROTECTION: _lazy("Somebody else may be in danger: settle that first, above."),
    Missing.ACTION: _lazy("Write down what was done. A concern stays open until then."),
}


def _write(step: str, row: Concern, said: dict[str, Any], request: Request) -> None:
    if step == "contact":
        services.record_contact(concern=row, by=request.user, at=request.now, **said)
    elif step == "assessment":
        services.record_assessment(concern=row, by=request.user, at=request.now, **said)
    elif step == "grade":
        services.grade_concern(concern=row, by=request.user, at=request.now, **said)
    else:
        services.resolve_concern(concern=row, by=request.user, at=request.now, **said)


def _known(request: Request, row: Concern, forms: dict[str, Form]) -> dict[str, object]:
    today = request.now.astimezone(request.user.zone).date()
    steps = queries.steps_of(row)
    licence = services.licence_on(request.user, today)
    return {
        "concern": row,
        "state": row.state(at=request.now),
        "numbers": numbers_for(row.patient),
        "steps": steps,
        "may_write": request.user.has_any(services.TAKERS),
        "may_take": request.user.has_any(services.TAKERS) and row.taken_by_id != request.user.pk,
        "licence": licence,
        "may_screen": request.user.has_any(CARE),
        "was_tried": any(kind == "contact" for kind, _at, _row in steps),
        "was_assessed": any(kind == "assessment" for kind, _at, _row in steps),
        "forms": forms,
        "review": review_since(row),
        "dangers": [(duty, duty.standing(at=request.now)) for duty in duties_at(row)],
        "danger_form": DangersForm(),
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
