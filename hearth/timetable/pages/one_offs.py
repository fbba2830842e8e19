"""Dates on which a student cannot come, beside their usual week."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.people.models import Patient
from hearth.people.queries import own_patient
from hearth.timetable import queries, services
from hearth.timetable.forms import OneOffForm
from hearth.timetable.pages.hours import address_of, show

PLACE = "#dates"  # where these dates stand on the page of hours


@require_POST
@signed_in(Role.STUDENT)
def mine(request: Request) -> HttpResponse:
    """The student says on which dates they cannot come."""
    return _add(request, own_patient(viewer=request.user), is_own=True)


@require_POST
@signed_in(*queries.WRITERS)
def of_student(request: Request, patient: UUID) -> HttpResponse:
    """Staff write such dates down for a student."""
    person = queries.access_hours(viewer=request.user, patient=patient, at=request.now)
    return _add(request, person, is_own=False)


def _add(request: Request, person: Patient, *, is_own: bool) -> HttpResponse:
    form = OneOffForm(request.POST, today=timezone.localdate(request.now, person.organisation.zone))
    if not form.is_valid():
        return show(request, person, is_own=is_own, dates=form)
    services.say_cannot_come(patient=person, dates=[form.dates()], by=request.user, at=request.now)
    messages.success(request, _("The date is kept. Your group leader sees it.") if is_own else _("The date is kept."))
    return redirect(address_of(person, is_own=is_own) + PLACE)


@require_POST
@signed_in(Role.STUDENT, *queries.WRITERS)
def change(request: Request, one_off: UUID) -> HttpResponse:
    """Take such a date back, or answer whether a make-up is wanted for what is missed then."""
    row = queries.access_one_off(viewer=request.user, pk=one_off, at=request.now)
    is_own = row.patient.user_id == request.user.pk
    wish = {"make-up": True, "no-make-up": False}.get(request.POST.get("do", ""))
    if wish is None:
        services.take_back_one_off(one_off=row, by=request.user, at=request.now)
        messages.success(request, _("The date is taken back."))
    else:
        services.answer_make_up(one_off=row, wants=wish, by=request.user, at=request.now)
        messages.success(request, _("Your team sees your answer.") if is_own else _("The answer is kept."))
    return redirect(address_of(row.patient, is_own=is_own) + PLACE)
