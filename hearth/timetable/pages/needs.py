"""What somebody needs to take part in groups: an interpreter, captions, a room that has something."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.people.models import Patient
from hearth.people.queries import own_patient
from hearth.timetable import queries, services
from hearth.timetable.need_forms import NeedsForm
from hearth.timetable.pages.hours import address_of

PLACE = "#needs"  # where they stand on the page of hours


@require_POST
@signed_in(Role.STUDENT)
def mine(request: Request) -> HttpResponse:
    """The student says what they need."""
    return _say(request, own_patient(viewer=request.user), is_own=True)


@require_POST
@signed_in(*queries.WRITERS)
def of_student(request: Request, patient: UUID) -> HttpResponse:
    """Staff write it down for a student."""
    person = queries.access_hours(viewer=request.user, patient=patient, at=request.now)
    return _say(request, person, is_own=False)


def _say(request: Request, person: Patient, *, is_own: bool) -> HttpResponse:
    form = NeedsForm(request.POST)
    if form.is_valid():
        services.say_needs(patient=person, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("It is kept. Your next week is planned with it.") if is_own else _("It is kept."))
    else:
        messages.error(request, _("That could not be kept. Please choose from the list."))
    return redirect(address_of(person, is_own=is_own) + PLACE)
