"""Who works under whose supervision, for those who lead."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts import queries as accounts
from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.people import forms, services
from hearth.people.queries import possible_supervisors, supervision_of


@require_http_methods(["GET", "POST"])
@signed_in(Role.ADMINISTRATOR, Role.DIRECTOR)
def begin(request: Request, pk: UUID) -> HttpResponse:
    """Name the supervisor who co-signs a staff member's notes from a day on."""
    member = accounts.access_staff_member(viewer=request.user, pk=pk)
    today = request.now.astimezone(request.user.zone).date()
    choices = possible_supervisors(viewer=request.user, of=member)
    form = forms.SupervisionForm(request.POST or None, choices=choices, today=today)
    if form.is_valid():
        services.begin_supervision(clinician=member, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Kept. What they sign from that day on waits for a co-signature."))
        return redirect("people:staff-member", pk)
    return render(request, "people/supervision.html", {"member": member, "form": form})


@require_http_methods(["GET", "POST"])
@signed_in(Role.ADMINISTRATOR, Role.DIRECTOR)
def end(request: Request, pk: UUID, supervision: UUID) -> HttpResponse:
    """Say on which day a supervision ends."""
    found = supervision_of(viewer=request.user, clinician=pk, pk=supervision)
    today = request.now.astimezone(request.user.zone).date()
    form = forms.EndSupervisionForm(request.POST or None, today=today)
    if form.is_valid():
        services.end_supervision(supervision=found, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Kept. What waits for a co-signature keeps waiting."))
        return redirect("people:staff-member", pk)
    return render(request, "people/supervision.html", {"member": found.clinician, "supervision": found, "form": form})
