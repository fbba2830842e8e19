"""Incidents: the list, reporting one, one report with its review and what must be told, and the house's deadlines."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.queries import staff_of
from hearth.accounts.requests import Request
from hearth.accounts.roles import STAFF
from hearth.consent.queries import access_chart
from hearth.people.models import Patient
from hearth.people.rules import FAREWELL
from hearth.safety import incident_queries as queries
from hearth.safety import services
from hearth.safety.incident_forms import (
    CloseForm,
    DutyForm,
    HarmForm,
    ReopenForm,
    ReportForm,
    ReviewerForm,
    RuleForm,
    StudentsForm,
    ToldForm,
    WordsForm,
)
from hearth.safety.incident_models import Incident, IncidentDuty
from hearth.safety.incident_rules import book
from hearth.safety.incident_words import TELLINGS, within

PER_PAGE = 25


@require_safe
@signed_in(*sorted(STAFF))
def incidents(request: Request) -> HttpResponse:
    """What must still be told, soonest first, and the reports the reader may read, newest first."""
    page = Paginator(queries.incidents_seen_by(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": queries.lines_of(list(page), viewer=request.user, at=request.now),
        "duties": queries.duties_to_tell(viewer=request.user, at=request.now),
        "reads_all": request.user.has_any(queries.READERS),
        "sees_deaths": request.user.has_any(FAREWELL),
    }
    return render(request, "safety/incidents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(STAFF))
def report(request: Request) -> HttpResponse:
    """Report an incident or a near miss."""
    return _report(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(STAFF))
def report_about(request: Request, pk: UUID) -> HttpResponse:
    """The same from a student's chart: they were in it."""
    patient = access_chart(viewer=request.user, pk=pk, purpose="HOPERAT", at=request.now, what="incident")
    return _report(request, patient)


def _report(request: Request, about: Patient | None) -> HttpResponse:
    form = ReportForm(
        request.POST or None,
        viewer=request.user,
        staff=staff_of(viewer=request.user).filter(is_active=True),
        sites=queries.places_to_report(viewer=request.user),
        now=request.now,
    )
    if form.is_valid():
        said = form.said
        if about:
            said["students"] = list(dict.fromkeys([about.pk, *said["students"]]))
        row = services.report_incident(by=request.user, at=request.now, **said)
        messages.success(request, _("Reported. Thank you for writing it down."))
        return redirect("safety:incident", row.pk)
    context = {"form": form, "patient": about}
    return render(request, "safety/report_incident.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(STAFF))
def incident(request: Request, pk: UUID) -> HttpResponse:
    """One report: what happened, what must be told until when, and how it was looked into. A post does one of these."""
    row = queries.access_incident(viewer=request.user, pk=pk, at=request.now)
    step = request.POST.get("step", "")
    if step in DEEDS and step != "add" and not request.user.has_any(queries.READERS):
        raise PermissionDenied
    duties = queries.duties_of_incident(row, at=request.now)
    forms = _forms(request, row, step, [line.duty for line in duties if not line.duty.settled])
    sent = forms.get(step)
    if sent is not None and sent.is_valid():
        refused = _do(request, row, step, sent.cleaned_data)
        if not refused:
            messages.success(request, _("Written down. Thank you."))
            return redirect("safety:incident", pk)
        sent.add_error(None, refused)
        row.refresh_from_db()  # as somebody else left it; the read is written down already
        duties = queries.duties_of_incident(row, at=request.now)
    return render(
        request,
        "safety/incident.html",
        _known(request, row, duties) | {"forms": forms, "sent": step if sent is not None else ""},
        status=422 if sent is not None else 200,
    )


def _do(request: Request, row: Incident, step: str, said: dict[str, Any]) -> str:
    """Do what was sent; what keeps it from being done, in a sentence for whoever typed it."""
    try:
        DEEDS[step](request, row, said)
    except services.Involved:
        return _("You were in this incident: somebody else decides what becomes of it.")
    except (services.AlreadyClosed, services.AlreadySettled, services.NotClosed):
        return _("A colleague was faster. Look at what they wrote; what you typed still stands here.")
    except PermissionDenied:
        return _("This is somebody else's to do now. What you typed still stands here.")
    return ""


def _forms(request: Request, row: Incident, step: str, open_duties: list[IncidentDuty]) -> dict[str, Form]:
    def data(name: str) -> Any:
        return request.POST if step == name else None

    people = staff_of(viewer=request.user).filter(is_active=True)
    reviewers = queries.reviewers_of(row, viewer=request.user)
    return {
        "name": ReviewerForm(data("name"), people=reviewers),
        "add": WordsForm(data("add")),
        "close": CloseForm(data("close")),
        "reopen": ReopenForm(data("reopen")),
        "told": ToldForm(data("told"), duties=open_duties, people=people, viewer=request.user, now=request.now),
        "duty": DutyForm(data("duty")),
        "harm": HarmForm(data("harm"), incident=row, now=request.now),
        "student": StudentsForm(data("student"), viewer=request.user),
        "no_student": Form(data("no_student")),
    }


def _told(request: Request, row: Incident, said: dict[str, Any]) -> None:
    common = {"incident": row, "duty_pk": UUID(said["duty"]), "words": said["words"], "by": request.user}
    if said["outcome"] == "told":
        services.record_told(told_by=said["told_by"], told_at=said["told_at"], at=request.now, **common)
    else:
        services.record_not_due(at=request.now, **common)


def _students(request: Request, row: Incident, said: dict[str, Any]) -> None:
    services.add_students(incident=row, students=said["students"], by=request.user, at=request.now)


def _deed(service: Callable[..., object]) -> Callable[[Request, Incident, dict[str, Any]], object]:
    return lambda request, row, said: service(incident=row, by=request.user, at=request.now, **said)


DEEDS: dict[str, Callable[[Request, Incident, dict[str, Any]], object]] = {
    "name": _deed(services.name_reviewer),
    "add": _deed(services.add_words),
    "close": _deed(services.close_review),
    "reopen": _deed(services.reopen_review),
    "duty": _deed(services.add_duty),
    "harm": _deed(services.change_harm),
    "told": _told,
    "student": _students,
    "no_student": _deed(services.say_no_student),
}


def _known(request: Request, row: Incident, duties: list[queries.DutyLine]) -> dict[str, object]:
    reads_all = request.user.has_any(queries.READERS)
    return {
        "incident": row,
        "people": queries.people_in(row, viewer=request.user, at=request.now),
        "steps": queries.steps_of_incident(row),
        "duties": duties,
        "has_open_duties": any(not line.duty.settled for line in duties),
        "reads_all": reads_all,
        "is_reviewer": row.reviewer_id == request.user.pk,
        "lacks_student": reads_all and queries.lacks_student(row),
        "may_review": reads_all and queries.may_review_it(request.user, row),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(queries.READERS))
def rules(request: Request) -> HttpResponse:
    """What must be told: what the rules of the file say, and the house's own deadlines. A post adds one of these."""
    form = RuleForm(request.POST or None, initial={"effective_on": timezone.localdate(request.now)})
    if form.is_valid():
        services.keep_reporting_rule(by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Written down. It holds for what is reported from now on."))
        return redirect("safety:reporting-rules")
    context = {
        "own": queries.reporting_rules(viewer=request.user),
        "ours": [(one, TELLINGS[one.id], within(one.within, one.unit)) for one in book().duties],
        "form": form,
    }
    return render(request, "safety/reporting_rules.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in(*sorted(queries.READERS))
def end_rule(request: Request, pk: UUID) -> HttpResponse:
    """Ask for it no longer."""
    services.end_reporting_rule(pk=pk, by=request.user, at=request.now)
    messages.success(request, _("Taken off. What incidents were asked for stays."))
    return redirect("safety:reporting-rules")
