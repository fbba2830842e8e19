"""What students tell staff alone: their way to say it, and what staff of the session see and do."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.sessions import services
from hearth.sessions.models import QuietStep, QuietWord
from hearth.sessions.pages.refusing import counted
from hearth.sessions.queries import access_session, own_attendance
from hearth.sessions.quiet import words_of, words_waiting

STAFF = (*sorted(CARE), Role.COORDINATOR, Role.DIRECTOR)
Why = QuietWord.Why
SAID: dict[str, Promise] = {
    Why.WORD: _("Staff know. Somebody comes to you alone as soon as they can."),
    Why.NOT_ALONE: _("Staff know. You can keep camera and microphone off, or move to another place."),
    Why.DRIVING: _("Stop where it is safe first. The session can wait, and staff know."),
    Why.INTOXICATED: _("Good that you said it. Staff talk with you alone. Please do not drive."),
    Why.UNSAFE: _("Staff know and act on it now. If you can, call 911 or go where other people are."),
}
"""What the student reads after saying so. The silent sign is answered by nothing at all."""


@require_POST
@signed_in(Role.STUDENT)
@counted
def mine(request: Request, session: UUID) -> HttpResponse:
    """Tell staff alone. On the screen the silent sign changes nothing."""
    row, why = own_attendance(viewer=request.user, session_id=session), request.POST.get("why", "")
    if why not in Why.values:
        raise BadRequest("no such word")
    services.say_quietly(attendance=row, why=why, by=request.user, at=request.now)
    if why == Why.SIGNAL:
        return HttpResponse(status=204)
    if request.htmx:
        return render(request, "sessions/parts/quiet_said.html", {"said": SAID[why]})
    messages.success(request, str(SAID[why]))
    return redirect("sessions:mine", session)


@require_http_methods(["GET", "POST"])
@signed_in(*STAFF)
@counted
def of_session(request: Request, session: UUID) -> HttpResponse:
    """What students told staff alone in this session, until it is settled.

    A post sees to one, writes a step down or settles it.
    """
    is_deed = request.method == "POST"
    found = access_session(viewer=request.user, pk=session, at=request.now, to="change" if is_deed else "read")
    if is_deed:
        _do(request)
        if not request.htmx:
            return redirect("sessions:room", found.pk)
    context = {
        "session": found,
        "quiet_words": words_of(viewer=request.user, session=found, at=request.now),
        "quiet_steps": QuietStep.What.choices,
        "in_video": request.GET.get("in") == "video",
    }
    return render(request, "sessions/parts/quiet.html", context)


@require_GET
@signed_in(*STAFF)
def waiting(request: Request) -> HttpResponse:
    """What nobody has settled yet, for the reader's Today."""
    found = words_waiting(viewer=request.user, at=request.now)
    return render(request, "sessions/parts/quiet_waiting.html", {"quiet_waiting": found})


def _do(request: Request) -> None:
    try:
        word = UUID(request.POST.get("word", ""))
    except ValueError:
        raise BadRequest("no such word") from None
    does, step = request.POST.get("does"), request.POST.get("step")
    if step in QuietStep.What.values:
        services.take_step(word=word, what=step, by=request.user, at=request.now)
    elif does in ("see", "settle"):
        deed = services.see_to if does == "see" else services.settle_word
        deed(word=word, by=request.user, at=request.now)
    else:
        raise BadRequest("no such step")
