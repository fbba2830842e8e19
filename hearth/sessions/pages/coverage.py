"""Who pays: of everyone, of one student for those who see to payment, and in plain words for the student."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.admission import coverage as paying
from hearth.admission.coverage_forms import BenefitForm, CoverageForm
from hearth.admission.coverage_models import Benefit, Coverage
from hearth.admission.queries import latest_episode_of
from hearth.audit import services as audit
from hearth.people.models import Patient
from hearth.people.queries import own_patient
from hearth.people.rules import PAYMENT
from hearth.sessions.doses import authorisations_of
from hearth.sessions.forms import WithdrawForm
from hearth.sessions.models import Authorisation

A_PAGE = 50
SHOWN = 4  # signs of a member ID that its owner is shown: enough to know the card again


@dataclass(frozen=True, slots=True)
class Line:
    """One coverage with its number and what payers approved under it."""

    row: Coverage
    member_id: str
    granted: list[Authorisation]
    has_ended: bool

    @property
    def said(self) -> Benefit | None:
        """The newest word of the payer."""
        return next(iter(self.row.benefits.all()), None)

    @property
    def last_signs(self) -> str:
        return self.member_id[-SHOWN:] if len(self.member_id) > SHOWN else ""


@require_safe
@signed_in(*sorted(PAYMENT))
def everyone(request: Request) -> HttpResponse:
    """Who pays for whom, those nobody pays for first."""
    today = request.now.astimezone(request.user.zone).date()
    rows = paying.who_pays(viewer=request.user, on=today)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    shown = [one.pk for one in page.object_list]
    audit.record_reads("coverage.read", by=request.user, patient_ids=shown, purpose="HPAYMT", at=request.now)
    return render(request, "sessions/coverage.html", {"page": page})


@require_safe
@signed_in(*sorted(PAYMENT))
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """One student's coverage, with what payers said and approved."""
    person = paying.access_coverages(viewer=request.user, patient_pk=patient, at=request.now)
    lines, loose = _lines(person, today=request.now.astimezone(request.user.zone).date())
    sees_chart = request.user.has_role(Role.COORDINATOR, Role.DIRECTOR)
    known = {"patient": person, "lines": lines, "loose": loose, "sees_chart": sees_chart}
    return render(request, "sessions/coverage_of_patient.html", known)


def _lines(person: Patient, *, today: date) -> tuple[list[Line], list[Authorisation]]:
    """Every coverage, and what was approved under none of them."""
    episode = latest_episode_of(person)
    granted = authorisations_of([episode]).get(episode.pk, []) if episode else []
    rows = paying.coverages_of(person)
    lines = [
        Line(
            row=row,
            member_id=paying.member_id_of(row),
            granted=[one for one in granted if one.coverage == row],
            has_ended=row.ends_on is not None and row.ends_on < today,
        )
        for row in rows
    ]
    return lines, [one for one in granted if one.coverage not in rows]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(PAYMENT))
def new(request: Request, patient: UUID) -> HttpResponse:
    """Write down who pays."""
    person = paying.access_coverages(viewer=request.user, patient_pk=patient, at=request.now)
    form = CoverageForm(request.POST or None, initial={"kind": "insurance", "rank": "primary"})
    return _written(request, person, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(PAYMENT))
def change(request: Request, coverage: UUID) -> HttpResponse:
    """Put right what is known of one coverage, or say when it ended."""
    row = _row(request, coverage)
    form = CoverageForm(request.POST or None, initial=CoverageForm.initial_of(row))
    return _written(request, row.patient, form, row)


def _written(request: Request, person: Patient, form: CoverageForm, row: Coverage | None) -> HttpResponse:
    if form.is_valid():
        told = dict(form.cleaned_data)
        member_id = told.pop("member_id")
        try:
            paying.keep_coverage(
                patient=person, told=told, member_id=member_id, row=row, by=request.user, at=request.now
            )
        except paying.OrderTaken:
            form.add_error(
                "rank", _("Another coverage pays in this order in these days. Say when that one ends first.")
            )
        else:
            messages.success(request, _("Written down."))
            return redirect("sessions:coverage-of-patient", person.pk)
    return _form(request, person, form, title=_("Who pays"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(PAYMENT))
def said(request: Request, coverage: UUID) -> HttpResponse:
    """Write down what the payer said."""
    row = _row(request, coverage)
    form = BenefitForm(request.POST or None, today=request.now.astimezone(request.user.zone).date())
    if form.is_valid():
        paying.record_benefit(row=row, told=form.cleaned_data, by=request.user, at=request.now)
        messages.success(request, _("Written down."))
        return redirect("sessions:coverage-of-patient", row.patient_id)
    return _form(request, row.patient, form, title=_("What the payer said"), row=row)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(PAYMENT))
def withdraw(request: Request, coverage: UUID) -> HttpResponse:
    """A coverage was written down wrongly."""
    row = _row(request, coverage)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        paying.withdraw_coverage(row=row, reason=form.cleaned_data["reason"], by=request.user, at=request.now)
        messages.success(request, _("Written down."))
        return redirect("sessions:coverage-of-patient", row.patient_id)
    return _form(request, row.patient, form, title=_("This coverage does not hold"), row=row)


def _row(request: Request, pk: UUID) -> Coverage:
    return paying.access_coverage(viewer=request.user, pk=pk, at=request.now)


def _form(request: Request, person: Patient, form: forms.Form, **known: Any) -> HttpResponse:
    known |= {"patient": person, "form": form}
    return render(request, "sessions/coverage_form.html", known, status=422 if form.is_bound else 200)


@require_safe
@signed_in(Role.STUDENT)
def mine(request: Request) -> HttpResponse:
    """Who pays for the student's own care, in plain words."""
    patient = own_patient(viewer=request.user)
    lines, _loose = _lines(patient, today=request.now.astimezone(request.user.zone).date())
    shown = [line for line in lines if line.row.rank != Coverage.Rank.OTHER and not line.has_ended]
    return render(request, "sessions/my_coverage.html", {"patient": patient, "lines": shown})
