"""Reaching out to one student: how to reach them, what was tried, and writing down the next try."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE
from hearth.sessions import services
from hearth.sessions.forms import AttemptForm
from hearth.sessions.outreach import access_outreach


@require_http_methods(["GET", "POST"])
@signed_in(*sorted(CARE))
def outreach(request: Request, pk: UUID) -> HttpResponse:
    """One outreach; a post writes down a try."""
    row = access_outreach(viewer=request.user, pk=pk, at=request.now)
    form = AttemptForm(request.POST or None)
    if form.is_valid():
        try:
            services.record_attempt(outreach=row, by=request.user, at=request.now, **form.cleaned_data)
        except services.NoteMissing:
            form.add_error("note", _("Write in a sentence what you agreed."))
        else:
            messages.success(request, _("Written down."))
            return redirect("sessions:outreach", pk)
    context = {"outreach": row, "attempts": row.attempts.select_related("by").order_by("-at"), "form": form}
    return render(request, "sessions/outreach.html", context, status=422 if form.is_bound else 200)
