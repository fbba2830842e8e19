"""The student's own week, and private calendar addresses."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.people.queries import own_patient
from hearth.timetable import calendar, queries, services
from hearth.timetable.pages.asked import FRESH_ADDRESS, around, monday_asked, zone_words


@require_GET
@signed_in(Role.STUDENT)
def my_week(request: Request) -> HttpResponse:
    """The student's own week, where their hours stand, and their calendar address."""
    person = own_patient(viewer=request.user)
    monday = monday_asked(request)
    places = queries.places_of(viewer=request.user, patient=person, monday=monday, at=request.now)
    closed, missed = queries.closed_on(places), queries.missed_of(person, places)
    slots = calendar.slots_of_places(places, closed=closed, missed=missed)
    context = around(monday) | {
        "slots": slots,
        "first_hour": calendar.first_hour(slots),
        "minutes": sum(place.section.minutes for place in places if place not in closed | missed),
        "today": timezone.localdate(request.now),
        "hours": queries.hours_of(person),
        "offers": queries.changes_open_to(person, at=request.now),
        "has_places": bool(places) or queries.has_places(person),
        "feed": queries.feed_of(request.user),
        "fresh": request.session.pop(FRESH_ADDRESS, ""),
        "zone": zone_words(request),
    }
    return render(request, "timetable/my_week.html", context)


@require_POST
@signed_in()
def seen(request: Request) -> HttpResponse:
    """The reader saw that their week changes: the notice goes."""
    services.see_notices(by=request.user, at=request.now)
    return redirect("web:today")


@require_POST
@signed_in()
def my_calendar(request: Request) -> HttpResponse:
    """Make a new calendar address, which is shown once, or end the one there is."""
    if request.POST.get("do") == "revoke":
        services.revoke_feed(user=request.user, at=request.now)
        messages.success(request, _("Your calendar address no longer works."))
    else:
        token = services.make_feed(user=request.user, at=request.now)
        request.session[FRESH_ADDRESS] = f"{settings.BASE_URL}{reverse('sessions:feed', args=[token])}"
    return redirect("timetable:week" if request.user.is_staff else "timetable:my-week")
