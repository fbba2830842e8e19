"""What is shown to everyone in a session: who leads shows it, everyone in it sees it, students answer a round."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.lib import live
from hearth.sessions import services
from hearth.sessions.models import Shown
from hearth.sessions.pages.refusing import counted
from hearth.sessions.queries import access_session, own_attendance
from hearth.sessions.rules.showing import HIGH, MOST_POINTS, TIMERS, WIDE, drawn
from hearth.sessions.showing import Seen, is_inside, lessons_to_show, seen_in
from hearth.sessions.video.queries import Guest, access_video
from hearth.sessions.wording import FEELINGS

STAFF = (*sorted(CARE), Role.COORDINATOR)


def showing_of(request: Request, guest: Guest) -> dict[str, Any]:
    """What templates of the part `shown.html` need. A part leaves out the tools, which a page keeps as they are."""
    inside = is_inside(viewer=request.user, guest=guest)
    seen = seen_in(session=guest.session, place=guest.attendance, at=request.now) if inside else Seen(None)
    has_tools = guest.leads and not request.htmx
    own = {"lessons": lessons_to_show(session=guest.session), "timers": TIMERS} if has_tools else {}
    words = [(FEELINGS[word], count) for word, count in seen.picture.words] if seen.picture else []
    return {
        **own,
        "session": guest.session,
        "seen": seen,
        "words": words,
        "feelings": FEELINGS.items(),
        "ten": range(11),
        "wide": WIDE,
        "high": HIGH,
        "most_points": MOST_POINTS,
        "is_inside": inside,
        "may_show": guest.leads,
        "has_tools": has_tools,
        "may_answer": guest.attendance is not None,
        "now": request.now,
    }


@require_GET
@signed_in()
@counted
def shown(request: Request, session: UUID) -> HttpResponse:
    """What is shown now, as a part of other pages."""
    context = showing_of(request, access_video(viewer=request.user, session_id=session, at=request.now))
    if not context["is_inside"]:
        raise PermissionDenied
    return render(request, "sessions/parts/shown.html", context)


@require_GET
@signed_in()
def heard(request: Request, session: UUID) -> HttpResponseBase:
    """Tells an open page that what is shown has changed."""
    guest = access_video(viewer=request.user, session_id=session, at=request.now)
    if not is_inside(viewer=request.user, guest=guest):
        raise PermissionDenied
    return live.stream(request, services.shown_channel(session))


@require_GET
@signed_in(*STAFF)
def wall(request: Request, session: UUID) -> HttpResponse:
    """The same for the wall of a room on site: nothing of anyone stands on it."""
    guest = access_video(viewer=request.user, session_id=session, at=request.now)
    return render(request, "sessions/wall.html", showing_of(request, guest))


@require_POST
@signed_in(*STAFF)
def show(request: Request, session: UUID) -> HttpResponse:
    """Show something to everyone, or put it away."""
    kind, minutes = request.POST.get("kind", ""), request.POST.get("minutes", "")
    words: dict[str, Any] = {"session_id": session, "by": request.user, "at": request.now}
    refusal = ""
    try:
        if kind in Shown.Kind.values:
            words["minutes"] = int(minutes) if minutes.isdecimal() and len(minutes) < 4 else 0
            found = services.show(**words, kind=kind, lesson=request.POST.get("lesson", "")).session
        else:
            found = services.put_away(**words)
    except services.NotNow as no:
        refusal = str(no)
        found = access_session(viewer=request.user, pk=session, at=request.now, to="change")
    return _answered(request, Guest(found, None, leads=True), refusal)


@require_POST
@signed_in(Role.STUDENT)
@counted
def answer(request: Request, session: UUID) -> HttpResponse:
    """The student's own word and number."""
    row, number = own_attendance(viewer=request.user, session_id=session), request.POST.get("number", "")
    said: dict[str, Any] = {
        "word": request.POST.get("word", ""),
        "number": int(number) if number in map(str, range(11)) else -1,
    }
    refusal = ""
    try:
        services.answer_round(attendance=row, by=request.user, at=request.now, **said)
    except services.NotNow as no:
        refusal = str(no)
    return _answered(request, Guest(row.session, row, leads=False), refusal)


@require_POST
@signed_in(*STAFF)
def board(request: Request, session: UUID, deed: str) -> HttpResponse:
    """A stroke on the whiteboard, the newest taken back, or all of it."""
    words: dict[str, Any] = {"session_id": session, "by": request.user, "at": request.now}
    try:
        if deed == "draw":
            points, text = drawn(json.loads(request.POST.get("points", "")), text=request.POST.get("text", ""))
            services.draw(**words, points=points, text=text)
        else:
            (services.undo_stroke if deed == "undo" else services.clear_board)(**words)
    except (ValueError, RecursionError):  # NotDrawn is one
        access_session(viewer=request.user, pk=session, at=request.now, to="change")  # strangers hear 403, as always
        raise BadRequest("nothing that can be drawn") from None
    except services.NotNow as refusal:
        return HttpResponse(str(refusal), status=409, content_type="text/plain")
    return HttpResponse(status=204)


def _answered(request: Request, guest: Guest, refusal: str) -> HttpResponse:
    """What is shown now, after a deed; with the sentence of a refusal."""
    if request.htmx:
        return render(request, "sessions/parts/shown.html", {**showing_of(request, guest), "refusal": refusal})
    if refusal:
        messages.error(request, refusal)
    return redirect("sessions:wall" if guest.leads else "sessions:mine", guest.session.pk)
