"""What is shown to everyone in a session: who leads shows it, everyone in it sees it, students answer a round."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.lib import live
from hearth.sessions import services
from hearth.sessions.models import Session, Shown
from hearth.sessions.queries import access_session, own_attendance
from hearth.sessions.rules.showing import HIGH, TIMERS, WIDE, drawn
from hearth.sessions.showing import lessons_to_show, seen_in
from hearth.sessions.video.queries import Guest, access_video
from hearth.sessions.wording import FEELINGS

STAFF = (*sorted(CARE), Role.COORDINATOR)


def showing_of(request: Request, guest: Guest) -> dict[str, Any]:
    """What templates of the part `shown.html` need."""
    seen = seen_in(session=guest.session, place=guest.attendance)
    own = {"lessons": lessons_to_show(session=guest.session), "timers": TIMERS} if guest.leads else {}
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
        "may_show": guest.leads,
        "may_answer": guest.attendance is not None,
        "now": request.now,
    }


@require_GET
@signed_in()
def shown(request: Request, session: UUID) -> HttpResponse:
    """What is shown now, as a part of other pages."""
    guest = access_video(viewer=request.user, session_id=session, at=request.now)
    return render(request, "sessions/parts/shown.html", showing_of(request, guest))


@require_GET
@signed_in()
def heard(request: Request, session: UUID) -> HttpResponseBase:
    """Tells an open page that what is shown has changed."""
    access_video(viewer=request.user, session_id=session, at=request.now)
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
    found = access_session(viewer=request.user, pk=session, at=request.now, to="change")
    kind, minutes = request.POST.get("kind", ""), request.POST.get("minutes", "")
    if kind in Shown.Kind.values:
        said = {"kind": kind, "lesson": request.POST.get("lesson", "")}
        number = int(minutes) if minutes.isdecimal() and len(minutes) < 4 else 0
        return _answer(
            request,
            found,
            lambda: services.show(session=found, by=request.user, at=request.now, minutes=number, **said),
        )
    return _answer(request, found, lambda: services.put_away(session=found, by=request.user, at=request.now))


@require_POST
@signed_in(Role.STUDENT)
def answer(request: Request, session: UUID) -> HttpResponse:
    """The student's own word and number."""
    row, number = own_attendance(viewer=request.user, session_id=session), request.POST.get("number", "")
    said: dict[str, Any] = {
        "word": request.POST.get("word", ""),
        "number": int(number) if number in map(str, range(11)) else -1,
    }
    said |= {"attendance": row, "by": request.user, "at": request.now}
    return _answer(request, row.session, lambda: services.answer_round(**said))


@require_POST
@signed_in(*STAFF)
def board(request: Request, session: UUID, deed: str) -> HttpResponse:
    """A stroke on the whiteboard, the newest taken back, or all of it."""
    found = access_session(viewer=request.user, pk=session, at=request.now, to="change")
    words: dict[str, Any] = {"session": found, "by": request.user, "at": request.now}
    try:
        if deed == "draw":
            points, text = drawn(json.loads(request.POST.get("points", "")), text=request.POST.get("text", ""))
            services.draw(**words, points=points, text=text)
        else:
            (services.undo_stroke if deed == "undo" else services.clear_board)(**words)
    except (ValueError, RecursionError):  # NotDrawn is one
        raise BadRequest("nothing that can be drawn") from None
    except services.NotNow as refusal:
        return HttpResponse(str(refusal), status=409, content_type="text/plain")
    return HttpResponse(status=204)


def _answer(request: Request, session: Session, deed: Callable[[], object]) -> HttpResponse:
    """Do it and show what is shown now; a refusal becomes its sentence."""
    refusal = ""
    try:
        deed()
    except services.NotNow as no:
        refusal = str(no)
    guest = access_video(viewer=request.user, session_id=session.pk, at=request.now)
    if request.htmx:
        return render(request, "sessions/parts/shown.html", {**showing_of(request, guest), "refusal": refusal})
    if refusal:
        messages.error(request, refusal)
    return redirect("sessions:wall" if guest.leads else "sessions:mine", session.pk)
