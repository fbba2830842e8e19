"""The student's own week, where their hours stand, and their calendar address."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.people.queries import own_patient
from hearth.sessions import make_ups
from hearth.sessions.own_week import own_week
from hearth.timetable import calendar
from hearth.timetable import queries as timetable
from hearth.timetable.week_asked import FRESH_ADDRESS, around, monday_asked, zone_words


@require_GET
@signed_in(Role.STUDENT)
def my_week(request: Request) -> HttpResponse:
    """The week asked for, as it really is."""
    person = own_patient(viewer=request.user)
    monday = monday_asked(request)
    week = own_week(viewer=request.user, patient=person, monday=monday, at=request.now)
    context = around(monday) | {
        "slots": week.slots,
        "first_hour": calendar.first_hour(week.slots),
        "minutes": week.minutes,
        "today": timezone.localdate(request.now),
        "hours": timetable.hours_of(person),
        "offers": timetable.changes_open_to(person, at=request.now),
        "make_ups": make_ups.open_to(person, at=request.now),
        "has_places": bool(week.slots) or timetable.has_places(person),
        "feed": timetable.feed_of(request.user),
        "fresh": request.session.pop(FRESH_ADDRESS, ""),
        "zone": zone_words(request),
    }
    return render(request, "sessions/my_week.html", context)
