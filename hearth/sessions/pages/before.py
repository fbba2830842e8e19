"""Before taking part by video: privacy, where one is, and for staff whom to call there."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.lib.devices import with_camera
from hearth.sessions import services
from hearth.sessions.forms import PlaceForm
from hearth.sessions.pages.refusing import counted
from hearth.sessions.pages.rosters import STAFF
from hearth.sessions.queries import access_session, own_attendance
from hearth.sessions.rules.whereabouts import WayIn
from hearth.sessions.video.relay import ADDRESS
from hearth.sessions.whereabouts import may_come_by_video, own_addresses, place_of, way_in_of, where_they_are


@require_http_methods(["GET", "POST"])
@with_camera
@signed_in(Role.STUDENT)
@counted
def before(request: Request, session: UUID) -> HttpResponse:
    """Get ready: a private place, camera and sound, and where you are now."""
    row = own_attendance(viewer=request.user, session_id=session)
    if not may_come_by_video(row) or row.session.cancelled_at:
        return redirect("sessions:mine", session)
    place, addresses = place_of(row), own_addresses(row)
    form = PlaceForm(request.POST or None, addresses=addresses)
    way = way_in_of(row, place)
    if form.is_valid():
        try:
            way = services.confirm_place(attendance=row, address=form.address(), by=request.user, at=request.now)
        except services.NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("sessions:mine" if way == WayIn.OPEN else "sessions:before", session)
    context = {"row": row, "session": row.session, "form": form, "place": place, "way": way, "relay": ADDRESS}
    context["state_name"] = place and dict(PlaceForm.base_fields["state"].choices).get(place.state)  # type: ignore[attr-defined]
    return render(request, "sessions/before.html", context, status=422 if form.is_bound else 200)


@require_GET
@signed_in(*STAFF)
@counted
def places(request: Request, session: UUID) -> HttpResponse:
    """Where everyone who takes part by video is, and whom to call there. Opening it is written down for each."""
    found = access_session(viewer=request.user, pk=session, at=request.now)
    people = where_they_are(viewer=request.user, session=found, at=request.now)
    return render(request, "sessions/places.html", {"session": found, "people": people})
