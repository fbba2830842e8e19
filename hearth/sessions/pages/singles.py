"""Single sessions: what, who and where; then a time at which all of them are free."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.program.models import Room
from hearth.program.queries import interpreters_on
from hearth.sessions import services, singles
from hearth.sessions.curriculum import subjects_of
from hearth.sessions.models import Session
from hearth.sessions.queries import access_session
from hearth.sessions.single_forms import SingleForm, TimeForm

Refusals = (services.CannotHold, services.NotNow)


@require_http_methods(["GET", "POST"])
@signed_in(*sorted(singles.MAKERS))
def new(request: Request) -> HttpResponse:
    """A single session is made: look for times first, then make it at one of them."""
    asked = request.GET.getlist("student")
    initial = {"leader": str(request.user.pk), "students": asked, "week": _today(request)}
    return _page(request, None, initial)


@require_http_methods(["GET", "POST"])
@signed_in(*sorted(singles.MAKERS))
def change(request: Request, session: UUID) -> HttpResponse:
    """A single session is moved, or other people come or lead."""
    found = access_session(viewer=request.user, pk=session, at=request.now, to="change")
    if found.section_id is not None or found.cancelled_at is not None or found.starts_at <= request.now:
        messages.error(request, _("Only a single session that has not begun can be changed here."))
        return redirect("sessions:room", found.pk)
    now = singles.as_it_is(found)
    initial = {
        "kind": now.kind,
        "name": now.name,
        "topic": now.topic,
        "students": [str(one.pk) for one in now.students],
        "leader": str(now.leader.pk),
        "second": str(now.second.pk) if now.second else "",
        "modality": now.modality,
        "room": str(now.room.pk) if now.room else "",
        "interpreter": str(now.interpreter.pk) if now.interpreter else "",
        "minutes": now.minutes,
        "week": now.starts_at.astimezone(request.user.organisation.zone).date(),
    }
    return _page(request, found, initial)


def _page(request: Request, session: Session | None, initial: dict[str, Any]) -> HttpResponse:
    form = _form(request, session, initial)
    time_form, refusal = None, ""
    if form.is_bound and form.is_valid():
        zone, days = request.user.organisation.zone, form.days()
        draft = form.single(session.starts_at if session else request.now)
        if session is None:
            times = singles.when_free(draft, days=days, zone=zone, at=request.now)
        else:
            times = singles.when_free_again(session, draft, days=days, zone=zone, at=request.now)
        is_chosen = request.POST.get("do") == "make"
        stands = {"time": f"{session.starts_at.timestamp():.0f}"} if session else {}
        time_form = TimeForm(request.POST if is_chosen else None, times=times, zone=zone, initial=stands)
        if is_chosen and time_form.is_valid():
            made, refusal = _make(request, session, form, time_form.starts_at())
            if made is not None:
                return redirect("sessions:room", made.pk)
    subjects = subjects_of(session) if session else []
    context = {"form": form, "time_form": time_form, "refusal": refusal, "session": session, "subjects": subjects}
    is_refused = form.is_bound and (not form.is_valid() or refusal or (time_form and time_form.errors))
    return render(request, "sessions/single.html", context, status=422 if is_refused else 200)


def _form(request: Request, session: Session | None, initial: dict[str, Any]) -> SingleForm:
    people = singles.who_could_come(viewer=request.user)
    if session is not None:
        known = {one.pk for one in people}
        people += [one for one in singles.students_of(session) if one.pk not in known]
    return SingleForm(
        request.POST or None,
        people=people,
        staff=singles.who_could_lead(viewer=request.user),
        rooms=list(Room.objects.select_related("site").order_by("site__name", "name")),
        interpreters=interpreters_on(_today(request)),
        today=_today(request),
        initial=initial,
    )


def _make(
    request: Request, session: Session | None, form: SingleForm, starts_at: datetime
) -> tuple[Session | None, str]:
    """The session as it stands now, or why it cannot be so."""
    single, by, at = form.single(starts_at), request.user, request.now
    try:
        if session is None:
            made = services.make_single(single=single, by=by, at=at)
        else:
            made = services.change_single(session=session, single=single, by=by, at=at)
    except Refusals as refusal:
        return None, str(refusal)
    messages.success(request, _("Done. Everybody it concerns is told."))
    return made, ""


def _today(request: Request) -> date:
    return timezone.localdate(request.now, request.user.organisation.zone)
