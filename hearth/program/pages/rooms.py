"""Rooms with their seats and equipment, and the ways between sites."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.program import queries, services
from hearth.program.forms import RoomForm, TravelForm
from hearth.program.models import Equipment

A_PAGE, WAYS_SHOWN = 25, 12


@require_http_methods(["GET", "POST"])
@signed_in(*queries.READERS)
def rooms(request: Request) -> HttpResponse:
    """Every room. A post adds one, or says how far two sites are apart."""
    posted = request.POST.get("form") if request.method == "POST" else ""
    room = RoomForm(request.POST if posted == "room" else None, prefix="room")
    travel = TravelForm(request.POST if posted == "travel" else None, prefix="way")
    if room.is_valid():
        services.keep_room(by=request.user, at=request.now, **room.cleaned_data)
        messages.success(request, _("The room is kept."))
        return redirect("program:rooms")
    if travel.is_valid():
        services.say_travel(by=request.user, at=request.now, **travel.cleaned_data)
        messages.success(request, _("The way is kept."))
        return redirect("program:rooms")
    words = dict(Equipment.choices)
    page = Paginator(queries.rooms(viewer=request.user), A_PAGE).get_page(request.GET.get("page"))
    ways = queries.ways(viewer=request.user)
    context = {
        "page": page,
        "rooms": [(one, [words[each] for each in one.equipment]) for one in page],
        "ways": ways[:WAYS_SHOWN],
        "more_ways": max(0, len(ways) - WAYS_SHOWN),
        "may_set": request.user.has_any(queries.SETTERS),
        "room_form": room,
        "travel_form": travel,
    }
    return render(request, "program/rooms.html", context, status=422 if posted else 200)


@require_http_methods(["GET", "POST"])
@signed_in(*queries.SETTERS)
def room(request: Request, room: UUID) -> HttpResponse:
    """Change one room."""
    row = queries.access_room(viewer=request.user, pk=room)
    form = RoomForm(request.POST or None, room=row)
    if form.is_valid():
        services.keep_room(room=row, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("The room is kept."))
        return redirect("program:rooms")
    return render(request, "program/room.html", {"room": row, "form": form}, status=422 if form.is_bound else 200)
