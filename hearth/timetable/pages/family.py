"""The family's own page of hours: when they could come, and what a guardian suggests for a minor."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.timetable import hours, queries, services
from hearth.timetable.forms import FamilyHoursForm, HoursForm
from hearth.timetable.week_asked import zone_words


@require_http_methods(["GET", "POST"])
@signed_in(Role.FAMILY)
def hours_of_family(request: Request, patient: UUID) -> HttpResponse:
    """Say when the family could come; the guardian of a minor also sees and suggests the young person's hours."""
    relative = queries.access_family(viewer=request.user, patient=patient, at=request.now)
    row = queries.hours_of(relative.patient)
    waiting = queries.suggestion_for(relative.patient) if relative.may_suggest else None
    suggests = relative.may_suggest and request.POST.get("form") == "suggest"
    posted = request.POST if request.method == "POST" else None
    stored = waiting.hours if waiting else row.hours if row else []
    family = FamilyHoursForm(None if suggests else posted, stored=hours.from_json(row.family_hours) if row else ())
    suggestion = HoursForm(
        posted if suggests else None,
        stored=hours.from_json(stored),
        best=hours.best_from_json(stored),
        initial={"note": waiting.note if waiting else ""},
        with_family=False,
    )
    if family.is_valid() or suggestion.is_valid():
        _keep(request, relative, family, suggestion)
        return redirect("timetable:family-hours", patient)
    context = {
        "relative": relative,
        "family": family,
        "suggestion": suggestion,
        "waiting": waiting,
        "row": row,
        "zone": zone_words(request),
    }
    return render(request, "timetable/family_hours.html", context, status=422 if posted else 200)


def _keep(request: Request, relative: queries.Relative, family: FamilyHoursForm, suggestion: HoursForm) -> None:
    patient, by, at = relative.patient, request.user, request.now
    if family.is_bound:
        services.give_family_hours(patient=patient, family=family.family.reading.spans, by=by, at=at)
        messages.success(request, _("The family's hours are kept."))
        return
    spans, best, note = suggestion.spans(), suggestion.best(), suggestion.cleaned_data["note"]
    services.suggest_hours(patient=patient, spans=spans, best=best, note=note, by=by, at=at)
    words = _("%(name)s sees your suggestion and decides with the team.")
    messages.success(request, words % {"name": patient.chosen_name})
