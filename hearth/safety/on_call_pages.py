"""Who is on call: the list, and planning it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.queries import staff_of
from hearth.accounts.requests import Request
from hearth.safety import queries, services
from hearth.safety.forms import OnCallForm


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*queries.SEE_CONCERNS)
def on_call(request: Request) -> HttpResponse:
    """Who is on call now and later. A post by those who plan it adds somebody."""
    people = staff_of(viewer=request.user).filter(roles__overlap=sorted(queries.SEE_CONCERNS), is_active=True)
    form = OnCallForm(request.POST or None, people=people)
    if form.is_valid():
        try:
            services.plan_on_call(by=request.user, at=request.now, **form.cleaned_data)
        except services.HoursWrong:
            form.add_error("ends_at", _("It ends after it begins, and within a week."))
        else:
            messages.success(request, _("They are on call then."))
            return redirect("safety:on-call")
    rows = queries.on_call_from(viewer=request.user, at=request.now)
    may_plan = request.user.has_any(queries.PLAN_ON_CALL)
    return render(request, "safety/on_call.html", {"rows": rows, "form": form, "may_plan": may_plan, "at": request.now})


@require_POST
@signed_in(*queries.PLAN_ON_CALL)
def drop(request: Request, pk: UUID) -> HttpResponse:
    """Take somebody off call."""
    services.drop_on_call(row=queries.on_call_row(viewer=request.user, pk=pk), by=request.user, at=request.now)
    messages.success(request, _("Taken off."))
    return redirect("safety:on-call")
