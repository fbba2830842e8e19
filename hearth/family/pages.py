"""The sharing sheet: for the student, for their people, and on the chart."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.family import queries, services

STUDENTS = (Role.STUDENT, Role.ALUMNUS)
CHOICES = {"nothing": (False, False), "schedule": (True, False), "progress": (True, True)}
"""What a student's button may say, as (schedule, progress)."""


@require_safe
@signed_in(*STUDENTS)
def my_people(request: Request) -> HttpResponse:
    """Each person of the student's, what they see at this moment and why, and how to stop it."""
    return render(request, "family/my_people.html", {"sheets": queries.own_sheets(viewer=request.user, at=request.now)})


@require_POST
@signed_in(*STUDENTS)
def choose(request: Request, tie: UUID) -> HttpResponse:
    """Say what one person may see. Anything that is not understood shows nothing."""
    schedule, progress = CHOICES.get(request.POST.get("share", ""), CHOICES["nothing"])
    services.choose(tie=tie, schedule=schedule, progress=progress, by=request.user, at=request.now)
    messages.success(
        request, _("Done. It holds from this moment.") if schedule else _("Stopped. They see nothing now.")
    )
    return redirect("family:my-people")


@require_safe
@signed_in(Role.FAMILY)
def what_i_see(request: Request) -> HttpResponse:
    """What somebody of the family sees, why, and what stays private."""
    sheets = queries.sheets_of_viewer(viewer=request.user, at=request.now)
    return render(request, "family/what_i_see.html", {"sheets": sheets})


@require_safe
@signed_in(*sorted(queries.STAFF_READERS))
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """Who sees what of one student, for staff."""
    found, sheets = queries.sheets_on_chart(viewer=request.user, patient=patient, at=request.now)
    keeps = request.user.has_any(queries.KEEPERS)
    return render(request, "family/of_patient.html", {"patient": found, "sheets": sheets, "keeps": keeps})


@require_POST
@signed_in(*sorted(queries.KEEPERS))
def end_guardianship(request: Request, patient: UUID, tie: UUID) -> HttpResponse:
    """Somebody is the guardian of a student no more."""
    services.end_guardianship(patient=patient, tie=tie, by=request.user, at=request.now)
    messages.success(request, _("Done. It holds from this moment."))
    return redirect("family:of-patient", patient)
