"""The video room's page, its tickets, and what those who lead do there."""

from collections.abc import Callable
from functools import partial
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
from hearth.accounts.roles import CARE, CLINICIANS, Role
from hearth.lib.devices import with_camera
from hearth.people.models import Modality
from hearth.sessions.models import QuietStep, SessionKind
from hearth.sessions.pages.refusing import counted
from hearth.sessions.pages.showing import showing_of
from hearth.sessions.queries import access_session, zone_to_name
from hearth.sessions.quiet import words_of
from hearth.sessions.rules.whereabouts import WayIn
from hearth.sessions.video import leading, pool, queries, sides, tickets
from hearth.sessions.video.queries import Guest
from hearth.sessions.video.relay import ADDRESS
from hearth.sessions.whereabouts import place_of, way_in_of

STAFF = (*sorted(CARE), Role.COORDINATOR)


@require_GET
@with_camera
@signed_in(*STAFF)
@counted
def room(request: Request, session: UUID) -> HttpResponse:
    """The room for those who lead: they come in, admit, mute, remove, share and end."""
    guest = queries.access_video(viewer=request.user, session_id=session, at=request.now)
    return _room(request, guest, back=reverse("sessions:room", args=[session]))


@require_GET
@with_camera
@signed_in(Role.STUDENT, Role.FAMILY, Role.INTERPRETER)
@counted
def mine(request: Request, session: UUID) -> HttpResponse:
    """The room for a student on the roster, its interpreter, and the family in a family session."""
    guest = queries.access_video(viewer=request.user, session_id=session, at=request.now)
    if not _is_ready(guest):
        return redirect("sessions:before", session)
    return _room(request, guest, back=reverse("sessions:mine", args=[session]) if guest.attendance else "/today/")


def _is_ready(guest: Guest) -> bool:
    """Whether a student has said that they come by video and where they are, and those who lead are licensed there."""
    row = guest.attendance
    return row is None or (row.modality == Modality.VIRTUAL and way_in_of(row, place_of(row)) == WayIn.OPEN)


def _room(request: Request, guest: Guest, *, back: str) -> HttpResponse:
    if not guest.session.has_own_room:
        return redirect(back)
    context = {
        "session": guest.session,
        "leads": guest.leads,
        "is_open": queries.is_open(guest, at=request.now),
        "is_up": pool.is_up(),
        "back": back,
        "relay": ADDRESS,
        "zone": zone_to_name(guest.session, reader=request.user),
        "may_speak": guest.attendance is not None,
    }
    # Others may not read what stands beside a talk alone: the trauma folder's door is closed to them.
    may_read_beside = request.user.has_any(CLINICIANS) if guest.leads else guest.attendance is not None
    context["asks_beside"] = guest.session.kind == SessionKind.INDIVIDUAL and may_read_beside
    context |= showing_of(request, guest)
    if guest.leads:
        context["quiet_words"] = words_of(viewer=request.user, session=guest.session, at=request.now)
        context["quiet_steps"] = QuietStep.What.choices
        context["may_pair"] = sides.may_pair(guest.session)
    return render(request, "sessions/video.html", context)


@require_POST
@signed_in()
@counted
def ticket(request: Request, session: UUID) -> HttpResponse:
    """A ticket to the room, for one use within a minute."""
    guest = queries.access_video(viewer=request.user, session_id=session, at=request.now)
    if not queries.is_open(guest, at=request.now) or not _is_ready(guest):
        return JsonResponse({"closed": _("The video room is closed now.")}, status=409)
    return JsonResponse({"ticket": tickets.make(user=request.user, session_id=session, at=request.now)})


@require_POST
@signed_in(*STAFF)
def deed(request: Request, session: UUID, deed: str) -> HttpResponse:
    """What those who lead do: let in, mute, remove, talk alone, side rooms, or end the video for everyone."""
    found = access_session(viewer=request.user, pk=session, at=request.now, to="change")
    asked: dict[str, Any] = {"session": found, "by": request.user, "at": request.now}
    if deed in OF_ONE:
        asked["person"] = _id(request, "person")
    elif deed in OF_A_SIDE:
        asked["side"] = _id(request, "side") if "side" in request.POST else None
    try:
        DEEDS[deed](**asked)
    except sides.TooFew:
        return JsonResponse(
            {"refused": _("For small rooms there are too few people, or too few of staff.")}, status=409
        )
    return HttpResponse(status=204)


OF_ONE, OF_A_SIDE = {"admit", "mute", "remove", "alone"}, {"visit", "back"}
DEEDS: dict[str, Callable[..., object]] = {
    "admit": leading.admit,
    "admit-all": partial(leading.admit, person=None),
    "mute": leading.mute,
    "remove": leading.remove,
    "alone": sides.talk_alone,
    "visit": sides.visit,
    "back": sides.bring_back,
    "pairs": sides.pair_up,
    "end": leading.end,
}


def _id(request: Request, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise BadRequest("no such id") from None
