"""The safety plan: on the student's phone, and on the clinician's screen where both make it together."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.lib.pdf import pdf_response
from hearth.people.models import Patient
from hearth.people.queries import own_patient, primary_counselor_of
from hearth.safety import services
from hearth.safety.plan_forms import CopyForm, PlanForm
from hearth.safety.plan_paper import paper_of, pdf_of
from hearth.safety.plan_queries import access_plans, newest_plan, plan_reviews, releases_of, versions_of
from hearth.safety.plan_rules import Sections, changed_sections, empty_sections
from hearth.safety.plan_words import TITLES, shown
from hearth.safety.queries import SEE_CONCERNS

OWNERS = (Role.STUDENT, Role.ALUMNUS)
CHANGED_MEANWHILE = _lazy(
    "Somebody saved another version meanwhile. Nothing is lost: theirs stands below, yours in the fields. Take over"
    " what you want, then keep it."
)


@require_safe
@signed_in(*OWNERS)
def mine(request: Request) -> HttpResponse:
    """The student's own plan. With `kept` the smaller page that their phone keeps for when there is no connection."""
    patient = own_patient(viewer=request.user)
    context = _known(patient, request) | {"is_kept": "kept" in request.GET}
    return render(request, "safety/plan_mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*SEE_CONCERNS)
def of_patient(request: Request, pk: UUID) -> HttpResponse:
    """One student's plan for staff, with its versions, who said yes to it, and whether it waits for a look.

    A post writes down that somebody whom the student named in a consent is given a copy.
    """
    patient = access_plans(viewer=request.user, pk=pk, at=request.now)
    releases = releases_of(patient, at=request.now)
    known = _known(patient, request)
    plan = known["plan"]
    copy = CopyForm(request.POST or None, releases=releases, version=plan.version if plan else None)
    if copy.is_valid() and _give_copy(request, patient, copy):
        return redirect("safety:plan-of", pk)
    context = known | {
        "releases": releases,
        "copy": copy,
        "review": plan_reviews([pk])[pk],
        "may_change": request.user.has_any(CARE),
        "may_confirm": request.user.has_any(services.ASSESSORS),
    }
    return render(request, "safety/plan_of.html", context, status=422 if copy.is_bound else 200)


def _give_copy(request: Request, patient: Patient, form: CopyForm) -> bool:
    """Whether there is nothing to put right in the form."""
    release, recipient = form.chosen()
    said: dict[str, Any] = {"version": form.cleaned_data["version"], "release_pk": release, "recipient": recipient}
    try:
        services.give_copy(patient_pk=patient.pk, by=request.user, at=request.now, **said)
    except services.NotAgreed:
        form.add_error(
            "recipient",
            _("Not everyone who must has signed the same, in the same words: a guardian for instance. Give nothing."),
        )
        return False
    except services.ChangedMeanwhile:
        messages.warning(request, _("There is a newer version. Read it first."))
    else:
        messages.success(request, _("Written down. Give them the sheet of paper now."))
    return True


def _known(patient: Patient, request: Request) -> dict[str, Any]:
    versions = list(versions_of(patient))
    newest = versions[0] if versions else None
    plan = next((each for each in versions if str(each.version) == request.GET.get("version")), newest)
    looks = sorted(plan.looks.all(), key=lambda look: look.at) if plan else []
    return {
        "patient": patient,
        "plan": plan,
        "is_newest": plan == newest,
        "parts": shown(plan.sections) if plan else [],
        "missing": [TITLES[each] for each in empty_sections(plan.sections)] if plan else [],
        "versions": versions,
        "own_look": next((look for look in looks if look.as_student), None),
        "clinician_look": next((look for look in reversed(looks) if not look.as_student), None),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*OWNERS)
def change_mine(request: Request) -> HttpResponse:
    """The student writes their plan, or changes it."""
    patient = own_patient(viewer=request.user)
    return _change(request, patient, {"room": "web/student.html", "counselor": primary_counselor_of(patient)})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*CARE)
def change_of(request: Request, pk: UUID) -> HttpResponse:
    """Staff and student write it together, on the staff's screen."""
    return _change(request, access_plans(viewer=request.user, pk=pk, at=request.now), {"room": "web/staff.html"})


def _change(request: Request, patient: Patient, context: dict[str, Any]) -> HttpResponse:
    newest = newest_plan(patient)
    sections, based_on = (newest.sections, newest.version) if newest else (Sections(), 0)
    form = PlanForm(request.POST or None, sections=sections, based_on=based_on)
    if form.is_valid():
        wanted, said = form.sections(), {"based_on": form.cleaned_data["based_on"], "by": request.user}
        try:
            services.save_plan(patient_pk=patient.pk, sections=wanted, at=request.now, **said)
        except services.EmptyPlan:
            form.add_error(None, _("Write something in at least one of the seven parts."))
        except services.ChangedMeanwhile as other:
            posted = _based_on(request.POST, other.newest.version)  # saved again, it goes on top of theirs
            form = PlanForm(posted, sections=sections, based_on=based_on)
            form.add_error(None, CHANGED_MEANWHILE)
            differ = changed_sections(other.newest.sections, wanted)
            theirs = [each for each in shown(other.newest.sections) if each.section in differ]
            context |= {"theirs": other.newest, "differ": theirs}
        else:
            messages.success(request, _("Kept as a new version. Earlier ones can still be read."))
            return _back(request, patient)
    context |= {"patient": patient, "form": form}
    if request.user.is_staff:  # a student's own device keeps the plan sealed alone; a draft would outlive signing out
        context["draft"] = f"safety-plan-{patient.pk}-{form['based_on'].value()}"
    return render(request, "safety/plan_change.html", context, status=422 if form.is_bound else 200)


def _based_on(posted: QueryDict, version: int) -> QueryDict:
    found = posted.copy()
    found["based_on"] = str(version)
    return found


@require_POST
@signed_in(*OWNERS)
def confirm_mine(request: Request) -> HttpResponse:
    """The student says yes to the version they see."""
    return _confirm(request, own_patient(viewer=request.user))


@require_POST
@signed_in(*services.ASSESSORS)
def confirm_of(request: Request, pk: UUID) -> HttpResponse:
    """A clinician looked through the version they see, together with the student."""
    return _confirm(request, access_plans(viewer=request.user, pk=pk, at=request.now))


def _confirm(request: Request, patient: Patient) -> HttpResponse:
    version = request.POST.get("version", "")
    if not version.isdecimal():
        raise PermissionDenied
    try:
        services.confirm_plan(patient_pk=patient.pk, version=int(version), by=request.user, at=request.now)
    except services.ChangedMeanwhile:
        messages.warning(request, _("There is a newer version. Read it first."))
    else:
        messages.success(request, _("Written down. Thank you."))
    return _back(request, patient)


def _back(request: Request, patient: Patient) -> HttpResponse:
    own = patient.user_id == request.user.pk
    return redirect("safety:plan-mine") if own else redirect("safety:plan-of", patient.pk)


@require_safe
@signed_in(*OWNERS)
def paper_mine(request: Request) -> HttpResponse:
    """The student's plan on one sheet, to be printed or kept."""
    return _paper(own_patient(viewer=request.user))


@require_safe
@signed_in(*SEE_CONCERNS)
def paper_of_patient(request: Request, pk: UUID) -> HttpResponse:
    """The same for staff, who give it to the student."""
    return _paper(access_plans(viewer=request.user, pk=pk, at=request.now))


def _paper(patient: Patient) -> HttpResponse:
    plan = newest_plan(patient)
    if plan is None:
        raise PermissionDenied
    return pdf_response(pdf_of(paper_of(plan)), "plan.pdf")
