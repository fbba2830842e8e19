"""Peer mentors: what each side sees and signs, and for supervisors who is one and to whom they are introduced."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.circle import mentoring, queries, services
from hearth.circle.mentor_forms import IntroduceForm, MentorForm, SupervisorForm
from hearth.circle.models import Circle
from hearth.circle.pages.challenges import uuid_in
from hearth.circle.pages.student import STUDENTS


@require_safe
@signed_in(*STUDENTS)
def mine(request: Request) -> HttpResponse:
    """A mentor that is suggested to the reader or that they know, and whom they are a mentor to."""
    found = mentoring.mentoring_for(viewer=request.user, at=request.now)
    return render(request, "circle/mentoring.html", {"found": found})


@require_POST
@signed_in(*STUDENTS)
def stop(request: Request) -> HttpResponse:
    """Be no mentor, or no mentor any more."""
    services.stop_mentoring(by=request.user, at=request.now)
    messages.success(request, _("It has ended. Nobody asks you why."))
    return redirect("circle:mentoring")


@require_POST
@signed_in(*STUDENTS)
def leave(request: Request, introduction: UUID) -> HttpResponse:
    """End an introduction, or say no to one."""
    services.leave_introduction(introduction=introduction, by=request.user, at=request.now)
    messages.success(request, _("It has ended. Nobody asks you why."))
    return redirect("circle:mentoring")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(queries.HOSTS))
def of_circle(request: Request, circle: UUID) -> HttpResponse:
    """The mentors of a circle of alumni. A post names one, ends one (`end`) or names who
    supervises one (`hand_over`).
    """
    found = mentoring.access_mentors(viewer=request.user, pk=circle)
    here, leads = redirect("circle:mentors", found.pk), request.user.has_any(services.LEADERS)
    if "end" in request.POST:
        services.end_mentor(circle=found, mentor=uuid_in(request.POST["end"]), by=request.user, at=request.now)
        messages.success(request, _("They are no mentor any more. Whoever was introduced to them is told."))
        return here
    staff = list(mentoring.supervising())
    if "hand_over" in request.POST:
        _hand_over(request, found, SupervisorForm(request.POST, staff=staff))
        return here
    form = MentorForm(
        request.POST if request.method == "POST" else None,
        people=mentoring.possible_mentors(found, at=request.now) if leads else (),
        staff=staff,
        today=timezone.localdate(request.now, found.organisation.zone),
    )
    if form.is_valid() and _named(request, found, form):
        return here
    rows = mentoring.mentors_of(viewer=request.user, circle=found, at=request.now)
    context = {"circle": found, "rows": rows, "leads": leads, "form": form, "staff": staff}
    return render(request, "circle/mentors.html", context, status=422 if form.is_bound else 200)


def _named(request: Request, circle: Circle, form: MentorForm) -> bool:
    try:
        services.name_mentor(circle=circle, **form.cleaned_data, by=request.user, at=request.now)
    except services.KeptApart:
        form.add_error("supervisor", _("The two are kept apart. Choose somebody else."))
        return False
    messages.success(request, _("Named. They read it on their Today and say yes or no."))
    return True


def _hand_over(request: Request, circle: Circle, form: SupervisorForm) -> None:
    if not form.is_valid():
        messages.error(request, _("Choose who supervises them from now on. Nothing was changed."))
        return
    mentor, supervisor = form.cleaned_data["hand_over"], form.cleaned_data["supervisor"]
    try:
        services.hand_to_supervisor(
            circle=circle, mentor=mentor, supervisor=supervisor, by=request.user, at=request.now
        )
    except services.KeptApart:
        messages.error(request, _("They are kept apart from one of them. Choose somebody else: nothing was changed."))
    else:
        messages.success(request, _("They supervise it from now on."))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(services.LEADERS))
def introduce(request: Request, circle: UUID, mentor: UUID) -> HttpResponse:
    """Suggest a mentor to a student."""
    found = mentoring.access_mentors(viewer=request.user, pk=circle)
    row = mentoring.access_mentor(viewer=request.user, circle=found, pk=mentor, at=request.now)
    students = list(mentoring.possible_students(row, at=request.now))
    queries.note_people_read(students, viewer=request.user, at=request.now)
    form = IntroduceForm(request.POST if request.method == "POST" else None, people=students)
    if form.is_valid():
        services.introduce(circle=found, mentor=row.pk, **form.cleaned_data, by=request.user, at=request.now)
        messages.success(request, _("Suggested. The mentor learns of it once the student has signed."))
        return redirect("circle:mentors", found.pk)
    context = {"circle": found, "mentor": row, "form": form, "has_students": bool(students)}
    return render(request, "circle/introduce.html", context, status=422 if form.is_bound else 200)
