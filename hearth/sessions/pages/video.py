"""The video room's page, its tickets, and what those who lead do there."""

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.lib.devices import with_camera
from hearth.people.models import Modality
from hearth.sessions.models import QuietStep
from hearth.sessions.queries import access_session
from hearth.sessions.quiet import words_of
from hearth.sessions.rules.whereabouts import WayIn
from hearth.sessions.video import leading, pool, queries, tickets
from hearth.sessions.video.queries import Guest
from hearth.sessions.video.relay import ADDRESS
from hearth.sessions.whereabouts import place_of, way_in_of

STAFF = (*sorted(CARE), Role.COORDINATOR)


@require_GET
@with_camera
@signed_in(*STAFF)
def room(request: Request, session: UUID) -> HttpResponse:
    """The room for those who lead: they come in, admit, mute, remove, share and end."""
    guest = queries.access_video(viewer=request.user, session_id=session, at=request.now)
    return _room(request, guest, back=reverse("sessions:room", args=[session]))


@require_GET
@with_camera
@signed_in(Role.STUDENT, Role.FAMILY)
def mine(request: Request, session: UUID) -> HttpResponse:
    """The room for a student on the roster, and for their family in a family session."""
    guest = queries.access_video(viewer=request.user, session_id=session, at=request.now)
    if not _is_ready(guest):
        return redirect("sessions:before", session)
    return _room(request, guest, back=reverse("sessions:mine", args=[session]) if guest.attendance else "/today/")


def _is_ready(guest: Guest) -> bool:
    """Whether a student who takes part by video has said where they are, and those who lead are licensed there."""
    row = guest.attendance
    return row is None or row.modality != Modality.VIRTUAL or way_in_of(row, place_of(row)) == WayIn.OPEN


def _room(request: Request, guest: Guest, *, back: str) -> HttpResponse:
    if not queries.has_room(guest.session):
        return redirect(back)
    context = {
        "session": guest.session,
        "leads": guest.leads,
        "is_open": queries.is_open(guest, at=request.now),
        "is_up": pool.is_up(),
        "back": back,
        "relay": ADDRESS,
        "may_speak": guest.attendance is not None,
    }
    if guest.leads:
        context["quiet_words"] = words_of(viewer=request.user, session=guest.session, at=request.now)
        context["quiet_steps"] = QuietStep.What.choices
    return render(request, "sessions/video.html", context)


@require_POST
@signed_in()
def ticket(request: Request, session: UUID) -> HttpResponse:
    """A ticket to the room, for one use within a minute."""
    guest = queries.access_video(viewer=request.user, session_id=session, at=request.now)
    if not queries.is_open(guest, at=request.now) or not _is_ready(guest):
        return JsonResponse({"closed": _("The video room is closed now.")}, status=409)
    return JsonResponse({"ticket": tickets.make(user=request.user, session_id=session, at=request.now)})


@require_POST
@signed_in(*STAFF)
def deed(request: Request, session: UUID, deed: str) -> HttpResponse:
    """Admit one or all, mute, remove, or end the video for everyone."""
    found = access_session(viewer=request.user, pk=session, at=request.now, to="change")
    words: dict[str, Any] = {"session": found, "by": request.user, "at": request.now}
    if deed == "end":
        leading.end(**words)
    elif deed == "admit-all":
        leading.admit(**words, person=None)
    else:
        DEEDS[deed](**words, person=_person(request))
    return HttpResponse(status=204)


DEEDS = {"admit": leading.admit, "mute": leading.mute, "remove": leading.remove}


def _person(request: Request) -> UUID:
    try:
        return UUID(request.POST.get("person", ""))
    except ValueError:
        raise BadRequest("no such person") from None
