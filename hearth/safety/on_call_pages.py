"""Who is on call: the list, planning it, and who really takes a turn."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.queries import staff_of
from hearth.accounts.requests import Request
from hearth.safety import on_call_queries, queries, services
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
    viewer, now = request.user, request.now
    shown = {
        "rows": queries.on_call_from(viewer=viewer, at=now),
        "over": on_call_queries.turns_over(viewer=viewer, at=now),
        "gaps": on_call_queries.gaps_ahead(viewer=viewer, at=now),
        "holidays": on_call_queries.holidays_ahead(viewer=viewer, at=now),
        "may_plan": viewer.has_any(queries.PLAN_ON_CALL),
    }
    return render(request, "safety/on_call.html", shown | {"form": form, "at": now})


@require_POST
@signed_in(*queries.SEE_CONCERNS)
def take(request: Request, pk: UUID) -> HttpResponse:
    """Say with one tap: I take this turn, or I took it."""
    row = queries.turn(viewer=request.user, pk=pk)
    try:
        services.take_turn(row=row, by=request.user, at=request.now)
    except services.TooLongAgo:
        messages.error(request, _("That was more than two weeks ago. It stays as it was written down."))
    else:
        messages.success(request, _("Written down. Thank you."))
    return redirect("safety:on-call")


@require_POST
@signed_in(*queries.SEE_CONCERNS)
def give_back(request: Request, pk: UUID) -> HttpResponse:
    """Undo that a turn was taken: it is again whose it was planned to be."""
    row = queries.turn(viewer=request.user, pk=pk)
    try:
        row = services.give_back_turn(row=row, by=request.user, at=request.now)
    except services.TooLongAgo:
        messages.error(request, _("That was more than two weeks ago. It stays as it was written down."))
    except services.TakenByAnother:
        messages.error(request, _("Somebody else has taken it meanwhile. Nothing was changed."))
    else:
        messages.success(request, _("Given back: %(name)s is on call then.") % {"name": row.person.name})
    return redirect("safety:on-call")


@require_POST
@signed_in(*queries.PLAN_ON_CALL)
def drop(request: Request, pk: UUID) -> HttpResponse:
    """Take somebody off call."""
    services.drop_on_call(row=queries.on_call_row(viewer=request.user, pk=pk), by=request.user, at=request.now)
    messages.success(request, _("Taken off."))
    return redirect("safety:on-call")
