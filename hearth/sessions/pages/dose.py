"""The dose ledger: of one student for staff, for themselves, as a file; and who in the program gets too little."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.admission.models import Episode
from hearth.admission.queries import latest_episode_of
from hearth.consent.queries import access_chart
from hearth.people.models import Patient
from hearth.people.queries import own_patient
from hearth.people.rules import PAYMENT
from hearth.sessions import make_ups, services, shortfalls
from hearth.sessions.doses import access_authorisation, authorisations_of, ledger_of, ledgers_of
from hearth.sessions.families import standings_of
from hearth.sessions.forms import AuthorisationForm, WithdrawForm
from hearth.sessions.models import Authorisation
from hearth.sessions.policies import policy_of_pack
from hearth.sessions.rules.dose import Phase
from hearth.sessions.rules.ledger import Gap, Ledger, LedgerWeek
from hearth.sessions.wording import MY_WHYS, WHYS

STAFF = (*sorted(CARE), Role.COORDINATOR, Role.DIRECTOR)
LEADERS = (Role.COORDINATOR, Role.SUPERVISOR, Role.DIRECTOR)
A_PAGE = 25
TOLD_FROM = 10  # minutes; nobody is told of the few that a call or a lost connection took
KEPT = ("prescribed", "scheduled", "attended", "authorized", "billable")
COLUMNS = (
    "week", "first_day", "last_day", *(f"{one}_minutes" for one in KEPT), *(f"{one}_days" for one in KEPT), "gaps",
    "not_billed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """One week of the picture, in minutes."""

    label: str
    prescribed: int
    planned: int
    attended: int


@dataclass(frozen=True, slots=True)
class Granted:
    """An authorisation with what is used of it, in its own unit."""

    row: Authorisation
    used: int

    @property
    def whole(self) -> int:
        return self.row.approved * 60 if self.row.unit == Authorisation.Unit.HOURS else self.row.approved


@require_http_methods(["GET", "POST"])
@signed_in(*STAFF)
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """One student's ledger; a post writes down an authorisation."""
    person, episode = _stay(request, patient)
    form = AuthorisationForm(request.POST or None, patient=person)
    if form.is_valid() and episode is not None:
        try:
            services.record_authorisation(episode=episode, by=request.user, at=request.now, **form.cleaned_data)
        except services.DatesWrong:
            form.add_error("last_on", _("The last day lies before the first."))
        else:
            messages.success(request, _("Written down."))
            return redirect("sessions:dose-of-patient", person.pk)
    context: dict[str, Any] = {
        "patient": person,
        "episode": episode,
        "form": form,
        "may_authorise": request.user.has_any(services.AUTHORISERS),
        "sees_payment": request.user.has_any(PAYMENT),
    }
    if episode is not None:
        book = ledgers_of(episodes=[episode], at=request.now)[episode.pk]
        rows = authorisations_of([episode]).get(episode.pk, [])
        context |= _told(book) | {
            "granted": [Granted(row, used) for row, used in zip(rows, book.used, strict=True)],
            "runs_out_on": book.runs_out_on,
            "make_ups": make_ups.of_patient(person),
            "family": standings_of([episode], at=request.now).get(episode.pk),
            "family_every": policy_of_pack(episode.program.pack).family_every,
        }
    return render(request, "sessions/dose_of_patient.html", context, status=422 if form.is_bound else 200)


def _stay(request: Request, patient: UUID) -> tuple[Patient, Episode | None]:
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="dose")
    return person, latest_episode_of(person)


def _told(book: Ledger) -> dict[str, object]:
    """The weeks that have begun, newest first, with the reasons in words; and the picture."""
    begun = [week for week in book.weeks if week.dose.phase is not Phase.AHEAD]
    return {
        "weeks": [
            {"week": week, "gaps": _said(week.gaps), "unbilled": _said(week.unbilled)} for week in reversed(begun)
        ],
        "to_date": book.to_date,
        "is_authorised": book.to_date.authorised is not None,
        "bars": [
            Bar(str(week.dose.number), week.dose.prescribed, week.dose.to_come, week.dose.attended) for week in begun
        ],
    }


def _said(gaps: Iterable[Gap]) -> list[tuple[Gap, object]]:
    return [(gap, WHYS[gap.why]) for gap in gaps]


@require_http_methods(["GET", "POST"])
@signed_in(*sorted(services.AUTHORISERS))
def withdraw(request: Request, authorisation: UUID) -> HttpResponse:
    """An authorisation does not hold, for a reason."""
    row = access_authorisation(viewer=request.user, pk=authorisation, at=request.now)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        services.withdraw_authorisation(authorisation=row, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Written down."))
        return redirect("sessions:dose-of-patient", row.patient_id)
    context = {"authorisation": row, "form": form}
    return render(request, "sessions/withdraw_authorisation.html", context, status=422 if form.is_bound else 200)


@require_GET
@signed_in(*STAFF)
def export(request: Request, patient: UUID) -> HttpResponse:
    """The ledger's weeks as a file for a spreadsheet. Minutes are whole."""
    _person, episode = _stay(request, patient)
    if episode is None:
        raise Http404("no stay")
    book = ledgers_of(episodes=[episode], at=request.now)[episode.pk]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="hours-of-care.csv"'
    write = csv.writer(response)
    write.writerow(COLUMNS)
    write.writerows(_row(week) for week in book.weeks)
    return response


def _row(week: LedgerWeek) -> tuple[object, ...]:
    told = week.dose
    return (
        *(told.number, told.starts_on, told.ends_on),
        *(told.prescribed, told.scheduled, told.attended, week.authorised, week.billable),
        *(told.days_prescribed, told.days_scheduled, told.days_attended, week.days_authorised, week.days_billable),
        *(_line(week.gaps), _line(week.unbilled)),
    )


def _line(gaps: Iterable[Gap]) -> str:
    """The gaps in one cell; it begins with a figure, so that no spreadsheet takes it for a formula."""
    return "; ".join(
        " ".join(filter(None, [f"{gap.minutes} min", str(gap.on or ""), str(WHYS[gap.why]), gap.words])) for gap in gaps
    )


@require_GET
@signed_in(Role.STUDENT)
def mine(request: Request) -> HttpResponse:
    """The student's own hours of care, in plain words."""
    person = own_patient(viewer=request.user)
    episode = latest_episode_of(person)
    if episode is None:
        return render(request, "sessions/my_dose.html", {"weeks": []})
    book = ledger_of(viewer=request.user, episode=episode, at=request.now)
    begun = [week for week in book.weeks if week.dose.phase is not Phase.AHEAD]
    weeks = [
        {"week": week, "gaps": [(gap, MY_WHYS[gap.why]) for gap in week.gaps if gap.minutes >= TOLD_FROM]}
        for week in reversed(begun)
    ]
    context = {"weeks": weeks, "to_date": book.to_date, "make_ups": make_ups.open_to(person, at=request.now)}
    context["family"] = standings_of([episode], at=request.now).get(episode.pk)
    return render(request, "sessions/my_dose.html", context)


@require_GET
@signed_in(*LEADERS)
def short(request: Request) -> HttpResponse:
    """Who got less than was prescribed in their last full week, and why."""
    rows = shortfalls.short_last_week(viewer=request.user)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    why = shortfalls.reasons_of(page.object_list, viewer=request.user, at=request.now)
    lines = [{"short": one, "gaps": _said(why.get(one.episode_id, ()))} for one in page.object_list]
    return render(request, "sessions/short.html", {"page": page, "lines": lines})
