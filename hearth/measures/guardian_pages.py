"""What a guardian is asked about a minor, on their own pages."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.measures import guardians, questionnaires


@require_http_methods(["GET", "POST"])
@signed_in(Role.FAMILY)
def answer(request: Request, tie: UUID, instrument: str) -> HttpResponse:
    """One questionnaire on how they see this student."""
    held = guardians.access_tie(viewer=request.user, pk=tie, at=request.now)
    found, form = questionnaires.form_of(request, instrument, of_guardian=True)
    if form.is_valid():
        response = guardians.store(
            tie=held.pk,
            instrument_id=found.id,
            answers=form.answers(),
            language=form.questionnaire.language,
            token=form.cleaned_data["token"],
            by=request.user,
            at=request.now,
        )
        return redirect("measures:guardian-given", response.pk)
    context = questionnaires.questions_of(found, form) | {"tie": held, "kept": f"guardian-{found.id}-{held.pk}"}
    return render(request, "measures/guardian.html", context, status=422 if form.is_bound else 200)


@require_safe
@signed_in(Role.FAMILY)
def given(request: Request, response: UUID) -> HttpResponse:
    """Thanks, and help first where an answer asks for it."""
    found = guardians.own_response(viewer=request.user, pk=response)
    grave = any(alert["severity"] != "watch" for alert in found.alerts)
    return render(request, "measures/guardian_given.html", {"is_grave": grave, "wants_call": bool(found.alerts)})
