"""Other times for what was missed: the student's question, and the same for staff who talk with them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.consent.queries import access_charts
from hearth.sessions import make_ups, services
from hearth.sessions.families import families_due
from hearth.sessions.forms import CannotForm
from hearth.sessions.models import MakeUp

STAFF = (*sorted(CARE), Role.COORDINATOR, Role.DIRECTOR)


@require_http_methods(["GET", "POST"])
@signed_in(Role.STUDENT)
def mine(request: Request, pk: UUID) -> HttpResponse:
    """The times a student is offered for what they missed; they take one, or say that they cannot."""
    row = make_ups.access_make_up(viewer=request.user, pk=pk, at=request.now)
    form = CannotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _answer(request, row, form):
            return redirect("sessions:my-week")
        return redirect("sessions:my-make-up", row.pk)
    return render(request, "sessions/my_make_up.html", _context(request, row))


@require_http_methods(["GET", "POST"])
@signed_in(*STAFF)
def one(request: Request, pk: UUID) -> HttpResponse:
    """The same for staff: what was offered, and the answer of a student they talked with."""
    row = make_ups.access_make_up(viewer=request.user, pk=pk, at=request.now)
    form = CannotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _answer(request, row, form)
        return redirect("sessions:make-up", row.pk)
    return render(request, "sessions/make_up.html", _context(request, row))


@require_GET
@signed_in(*STAFF)
def lately(request: Request) -> HttpResponse:
    """What was missed lately, and whether another time is set; and whose family has not come as the program asks."""
    viewer, at, asked = request.user, request.now, request.GET
    rows = make_ups.lately(viewer=viewer, at=at, page=asked.get("page", ""))
    families = families_due(viewer=viewer, at=at, page=asked.get("families", ""))
    pks = {row.patient_id for row in rows} | {one.episode.patient_id for one in families}
    access_charts(viewer=viewer, pks=pks, purpose="TREAT", at=at, what="make_ups")  # one page is read once
    return render(request, "sessions/make_ups.html", {"rows": rows, "families": families})


def _context(request: Request, row: MakeUp) -> dict[str, object]:
    is_open = row.status == MakeUp.Status.OPEN and row.until is not None and row.until > request.now
    return {
        "row": row,
        "is_open": is_open,
        "times": make_ups.shown(row, at=request.now) if is_open else [],
        "form": CannotForm(),
    }


def _answer(request: Request, row: MakeUp, form: CannotForm) -> bool:
    """Do what was pressed; whether something is decided by it."""
    by, at, is_own = request.user, request.now, row.patient.user_id == request.user.pk
    try:
        if choice := request.POST.get("choice"):
            services.accept_make_up(make_up=row, choice=choice, by=by, at=at)
            messages.success(request, _("Done. It is in your week.") if is_own else _("Done. It is in their week."))
        elif request.POST.get("do") == "look-again" and not is_own:
            services.look_again(make_up=row, by=by, at=at)
            messages.success(request, _("Looked for once more."))
        else:
            services.decline_make_up(make_up=row, reason=form.cleaned_data["reason"], by=by, at=at)
            messages.success(request, _("Thank you for telling us.") if is_own else _("Written down."))
    except services.NoLongerFits:
        return _look_again(request, row)
    except services.MakeUpClosed:
        return _closed(request)
    return True


def _look_again(request: Request, row: MakeUp) -> bool:
    """After a time that is gone: there may be others, or nothing may be missed any more."""
    try:
        services.look_again(make_up=row, by=request.user, at=request.now)
    except services.MakeUpClosed:
        return _closed(request)
    messages.error(request, _("This time is gone. Here is what there is now."))
    return False


def _closed(request: Request) -> bool:
    messages.error(request, _("This question is closed."))
    return False
