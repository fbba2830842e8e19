"""The bookings of an interpreter, and their calendar address."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.sessions.interpreted import interpreted_hours
from hearth.timetable import queries as timetable
from hearth.timetable.week_asked import FRESH_ADDRESS


@require_GET
@signed_in(Role.INTERPRETER)
def my_bookings(request: Request) -> HttpResponse:
    """When and where the reader interprets in the weeks to come."""
    context = {
        "hours": interpreted_hours(viewer=request.user, at=request.now),
        "feed": timetable.feed_of(request.user),
        "fresh": request.session.pop(FRESH_ADDRESS, ""),
    }
    return render(request, "sessions/my_bookings.html", context)
