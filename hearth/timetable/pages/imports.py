"""A student's own calendar, read for busy times alone."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.people.models import Patient
from hearth.people.queries import own_patient
from hearth.timetable import hours, queries
from hearth.timetable.busy import Busy, NotACalendar
from hearth.timetable.forms import CalendarForm
from hearth.timetable.importing import busy_from
from hearth.timetable.pages.hours import Filled, show


@require_http_methods(["GET", "POST"])
@signed_in(Role.STUDENT)
def calendar(request: Request) -> HttpResponse:
    """Bring in a calendar file: what it takes is painted out of the week, for the student to look at and keep."""
    person = own_patient(viewer=request.user)
    posted = request.method == "POST"
    form = CalendarForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        busy = _read(request, person, form)
        if busy is not None:
            return show(request, person, is_own=True, filled=_without(person, busy))
    return render(request, "timetable/my_calendar_file.html", {"form": form}, status=422 if form.is_bound else 200)


def _read(request: Request, person: Patient, form: CalendarForm) -> Busy | None:
    """What the calendar takes; None, with a sentence on the form, where it cannot be read."""
    zone = person.organisation.zone
    today = timezone.localdate(request.now, zone)
    try:
        return busy_from(form.cleaned_data["content"], zone=zone, home=request.user.zone, today=today)
    except NotACalendar:
        form.add_error(None, _("We cannot read this as one person's calendar. Is it the .ics file that your app made?"))
        return None


def _without(person: Patient, busy: Busy) -> Filled:
    row = queries.hours_of(person)
    return Filled(
        week=hours.without(hours.begun(hours.from_json(row.hours) if row else ()), busy.weekly),
        best=hours.without(hours.best_from_json(row.hours) if row else (), busy.weekly),
        family=hours.from_json(row.family_hours) if row else (),
        note=row.note if row else "",
        busy=busy,
    )
