"""The student's own week and hours, staff writing hours down, and private calendar addresses."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hearth.accounts.doors import public, signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.people.models import Patient, Population
from hearth.people.queries import own_patient
from hearth.timetable import calendar, hours, queries, services
from hearth.timetable import feed as ical
from hearth.timetable.forms import HoursForm
from hearth.timetable.pages.asked import FRESH_ADDRESS, around, monday_asked, zone_words


@require_GET
@signed_in(Role.STUDENT)
def my_week(request: Request) -> HttpResponse:
    """The student's own week, where their hours stand, and their calendar address."""
    person = own_patient(viewer=request.user)
    monday = monday_asked(request)
    places = queries.places_of(viewer=request.user, patient=person, monday=monday, at=request.now)
    slots = calendar.slots_of_places(places)
    context = around(monday) | {
        "slots": slots,
        "first_hour": calendar.first_hour(slots),
        "minutes": sum(place.section.minutes for place in places),
        "today": timezone.localdate(request.now),
        "hours": queries.hours_of(person),
        "has_places": bool(places) or queries.has_places(person),
        "feed": queries.feed_of(request.user),
        "fresh": request.session.pop(FRESH_ADDRESS, ""),
        "zone": zone_words(request),
    }
    return render(request, "timetable/my_week.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(Role.STUDENT)
def my_hours(request: Request) -> HttpResponse:
    """The student says when they could come: painted, or typed."""
    return _hours_page(request, own_patient(viewer=request.user), reverse("timetable:my-hours"), is_own=True)


@require_http_methods(["GET", "POST"])
@signed_in(*queries.WRITERS)
def hours_of_student(request: Request, patient: UUID) -> HttpResponse:
    """Staff write down a student's hours for them."""
    person = queries.access_hours(viewer=request.user, patient=patient, at=request.now)
    return _hours_page(request, person, reverse("timetable:hours", args=[person.pk]), is_own=False)


def _hours_page(request: Request, person: Patient, address: str, *, is_own: bool) -> HttpResponse:
    row, dose = queries.hours_of(person), queries.dose_of(person)
    with_family = person.population == Population.ADOLESCENT or bool(dose and dose.family.count)
    form = HoursForm(
        request.POST if request.method == "POST" else None,
        stored=hours.from_json(row.hours) if row else (),
        stored_family=hours.from_json(row.family_hours) if row else (),
        initial={"note": row.note if row else ""},
        with_family=with_family,
    )
    if form.is_valid():
        services.give_hours(
            patient=person,
            spans=form.spans(),
            family=form.family_spans(),
            note=form.cleaned_data["note"],
            by=request.user,
            at=request.now,
        )
        for sentence in form.changes():
            messages.info(request, sentence)
        messages.success(request, _("The hours are kept."))
        return redirect(address)
    context = {
        "form": form,
        "patient": person,
        "row": row,
        "dose": dose,
        "lack": hours.lack(hours.from_json(row.hours), dose) if row and dose else None,
        "zone": zone_words(request),
    }
    template = "timetable/my_hours.html" if is_own else "timetable/hours.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


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
        request.session[FRESH_ADDRESS] = f"{settings.BASE_URL}{reverse('timetable:feed', args=[token])}"
    return redirect("timetable:week" if request.user.is_staff else "timetable:my-week")


@require_GET
@public
def feed(request: Request, token: str) -> HttpResponse:
    """Somebody's standing week as iCalendar. Whoever has the address may read it; it says no more than when."""
    user = queries.user_of_feed(token)
    if user is None:
        raise Http404
    events = queries.standing_week(user=user, on=timezone.localdate(request.now, user.organisation.zone))
    content = ical.calendar(events, title=_("Appointment"), name=_("My week"), at=request.now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = 'inline; filename="week.ics"'
    return response
