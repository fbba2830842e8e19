"""Days off: when a site or the whole house is closed, and leave, asked for and confirmed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import STAFF
from hearth.lib.written_dates import written
from hearth.program import queries, services
from hearth.program.forms import ClosureForm, DatesForm
from hearth.program.models import Closure, Leave


@require_http_methods(["GET", "POST"])
@signed_in(*STAFF)
def days_off(request: Request) -> HttpResponse:
    """Closures and leave to come. A post closes, or asks for leave."""
    today = timezone.localdate(request.now)
    posted = request.POST.get("form") if request.method == "POST" else ""
    closing = ClosureForm(request.POST if posted == "closure" else None, today=today, prefix="closure")
    asking = DatesForm(request.POST if posted == "leave" else None, today=today, prefix="leave")
    if closing.is_valid():
        _close(request, closing)
        return redirect("program:days-off")
    if asking.is_valid():
        services.ask_leave(by=request.user, at=request.now, **asking.cleaned_data)
        messages.success(request, _("Your leave is asked for. A lead confirms it."))
        return redirect("program:days-off")
    found = queries.leaves(viewer=request.user, since=today)
    context = {
        "closures": queries.days_off(viewer=request.user, since=today),
        "waiting": [one for one in found if one.status == Leave.Status.ASKED and one.member_id != request.user.pk],
        "leaves": [one for one in found if one.status != Leave.Status.ASKED or one.member_id == request.user.pk],
        "closing": closing,
        "asking": asking,
        "may_close": request.user.has_any(queries.CLOSERS),
        "leads": request.user.has_any(queries.LEAVE_LEADS),
    }
    return render(request, "program/days_off.html", context, status=422 if posted else 200)


def _close(request: Request, form: ClosureForm) -> None:
    data = form.cleaned_data
    overlapping = list(queries.closures_within(data["first_on"], data["last_on"]))
    closure = services.close(by=request.user, at=request.now, **data)
    messages.success(request, _("It is closed. Sessions on these days are cancelled, and everyone in them is told."))
    for other in overlapping:
        messages.info(request, _overlap(closure, other))


def _overlap(closure: Closure, other: Closure) -> str:
    first, last = max(closure.first_on, other.first_on), min(closure.last_on, other.last_on)
    words = {
        "name": other.name,
        "where": other.site.name if other.site else _("everywhere"),
        "first": written(first, "j F"),
        "last": written(last, "j F"),
    }
    if first == last:
        return (
            _("On %(first)s it is closed already: %(name)s (%(where)s). Both stand; taking one back leaves the other.")
            % words
        )
    return (
        _(
            "From %(first)s to %(last)s it is closed already: %(name)s (%(where)s). Both stand; taking one back leaves"
            " the other."
        )
        % words
    )


@require_POST
@signed_in(*queries.CLOSERS)
def take_back_closure(request: Request, closure: UUID) -> HttpResponse:
    """It is open after all."""
    row = queries.access_closure(viewer=request.user, pk=closure)
    services.take_back_closure(closure=row, by=request.user, at=request.now)
    messages.success(request, _("It is open on these days. Groups that meet then are planned again."))
    return redirect("program:days-off")


@require_POST
@signed_in(*STAFF)
def decide_leave(request: Request, leave: UUID) -> HttpResponse:
    """A lead confirms or declines a leave; whoever asked, or a lead, takes it back."""
    row = queries.access_leave(viewer=request.user, pk=leave)
    do = request.POST.get("do", "")
    try:
        if do == "take-back":
            services.take_back_leave(leave=row, by=request.user, at=request.now)
            messages.success(request, _("The leave is taken back."))
            if row.status == Leave.Status.CONFIRMED:
                messages.info(request, _("Cover that was accepted for it stands until a planner takes it back."))
        else:
            services.decide_leave(leave=row, is_confirmed=do == "confirm", by=request.user, at=request.now)
            messages.success(request, _("The leave is confirmed.") if do == "confirm" else _("The leave is declined."))
    except services.NotYours:
        messages.error(request, _("Somebody else confirms your own leave."))
    return redirect("program:days-off")
