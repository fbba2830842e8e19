"""The medical sheet of a student, their own, a drug test, and what waits for nurses and medical providers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.medical import queries, rules, services, wording
from hearth.medical.forms import (
    EndForm,
    MedicationForm,
    NaloxoneForm,
    OrderForm,
    OwnMedicationForm,
    ReconcileForm,
    ResultsForm,
    WithdrawalForm,
    WordsForm,
)
from hearth.medical.models import DrugTest
from hearth.people.queries import own_patient

STUDENTS = (Role.STUDENT,)
SHOWN = 25  # lines of each list; what is done makes room for the next


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*CARE)
def of_patient(request: Request, pk: UUID) -> HttpResponse:
    """What they take, tests, naloxone and checks. A post adds one of these; `step` says which."""
    step = request.POST.get("step", "")
    forms = _forms(request, step)
    sent = forms.get(step)
    if sent is not None and sent.is_valid():
        try:
            DEEDS[step](request, pk, sent.cleaned_data)
        except services.ListChanged:
            sent.add_error(None, _("The list has changed meanwhile. Look at it once more; your words are kept."))
        else:
            messages.success(request, _("Written down. Thank you."))
            return redirect("medical:of-patient", pk)
    sheet = queries.sheet(viewer=request.user, pk=pk, at=request.now)
    context = {"sheet": sheet, "forms": forms, "is_medical": request.user.has_any(queries.MEDICAL)} | _said(sheet)
    return render(request, "medical/of_patient.html", context, status=422 if sent is not None else 200)


def _said(sheet: queries.Sheet) -> dict[str, object]:
    return {
        "why": wording.WHY[sheet.why_reconcile] if sheet.why_reconcile else "",
        "tests": [(one, wording.STAGES[rules.Stage(one.stage)]) for one in sheet.tests],
        "checks": [
            (one, [wording.STOPPED[each] for each in one.stopped], [wording.SIGNS[each] for each in one.signs])
            for one in sheet.checks
        ],
    }


def _forms(request: Request, step: str) -> dict[str, Form]:
    def data(name: str) -> Any:
        return request.POST if step == name else None

    today = request.now.astimezone(request.user.zone).date()
    return {
        "medication": MedicationForm(data("medication"), prefix="medication"),
        "reconcile": ReconcileForm(data("reconcile"), prefix="reconcile"),
        "order": OrderForm(data("order"), prefix="order", may_observe=request.user.has_any({Role.MEDICAL})),
        "naloxone": NaloxoneForm(data("naloxone"), prefix="naloxone", today=today),
        "withdrawal": WithdrawalForm(data("withdrawal"), prefix="withdrawal"),
    }


def _deed(service: Callable[..., object]) -> Callable[[Request, UUID, dict[str, Any]], object]:
    return lambda request, pk, said: service(patient_pk=pk, by=request.user, at=request.now, **said)


def _reconcile(request: Request, pk: UUID, said: dict[str, Any]) -> object:
    shown = request.POST.get("shown", "")
    return services.reconcile(patient_pk=pk, shown=shown, by=request.user, at=request.now, **said)


DEEDS: dict[str, Callable[[Request, UUID, dict[str, Any]], object]] = {
    "medication": _deed(services.write_medication),
    "reconcile": _reconcile,
    "order": _deed(services.order_test),
    "naloxone": _deed(services.give_naloxone),
    "withdrawal": _deed(services.check_withdrawal),
}


@require_POST
@signed_in(*CARE)
def take_over(request: Request, pk: UUID, fact: UUID) -> HttpResponse:
    """Add to the list, in one tap, what a referral told."""
    services.take_over(patient_pk=pk, fact_pk=fact, by=request.user, at=request.now)
    messages.success(request, _("Taken over from the referral."))
    return redirect("medical:of-patient", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*CARE, Role.STUDENT)
def end(request: Request, pk: UUID, medication: UUID) -> HttpResponse:
    """It is no longer taken, or not so: why?"""
    is_own = own_patient_pk(request) == pk
    sheet = (
        queries.own_sheet(viewer=request.user, at=request.now)
        if is_own
        else queries.sheet(viewer=request.user, pk=pk, at=request.now)
    )
    row = next((one for one in sheet.taken if one.pk == medication), None)
    back = redirect("medical:mine") if is_own else redirect("medical:of-patient", pk)
    if row is None:
        messages.success(request, _("It is not on the list any more."))
        return back
    form = EndForm(request.POST or None)
    if form.is_valid():
        services.end_medication(patient_pk=pk, pk=medication, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Taken off the list. It stays in the record."))
        return back
    room = "web/student.html" if is_own else "web/staff.html"
    context = {"form": form, "medication": row, "is_own": is_own, "patient": sheet.patient, "room": room}
    return render(request, "medical/end.html", context, status=422 if form.is_bound else 200)


def own_patient_pk(request: Request) -> UUID | None:
    """Whose sheet is the reader's own; None for staff."""
    return own_patient(viewer=request.user).pk if request.user.has_any({Role.STUDENT}) else None


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*CARE)
def test(request: Request, pk: UUID) -> HttpResponse:
    """One drug test: what happened with it, and what may happen next. A post is the next step."""
    row = queries.access_test(viewer=request.user, pk=pk, at=request.now)
    step = request.POST.get("step", "")
    forms = _step_forms(request, row, step)
    sent = forms.get(step)
    if sent is not None and sent.is_valid():
        results = sent.results if isinstance(sent, ResultsForm) else {}
        try:
            services.go_on(
                pk=pk, step=step, results=results, words=sent.cleaned_data["words"], by=request.user, at=request.now
            )
        except services.NotNow:
            messages.error(request, _("A colleague was faster. Look at what they wrote."))
        except services.NotAgreed:
            messages.error(request, _("The student has not said yes to being watched. Without it nobody watches."))
        else:
            messages.success(request, _("Written down. Thank you."))
        return redirect("medical:test", pk)
    return render(request, "medical/test.html", _test(row) | {"forms": forms}, status=422 if sent is not None else 200)


def _step_forms(request: Request, row: DrugTest, step: str) -> dict[str, Form]:
    """A form for every step that may follow and that is for the reader to take."""
    found: dict[str, Form] = {}
    for each in rules.Step:
        if each not in rules.NEXT[rules.Stage(row.stage)] or not request.user.has_any(services.ROLES[each]):
            continue
        data = request.POST if step == each else None
        if each in (rules.Step.RESULTED, rules.Step.CONFIRMED):
            found[each] = ResultsForm(data, prefix=each, panel=row.panel)
        else:
            found[each] = WordsForm(data, prefix=each, is_needed=each != rules.Step.COLLECTED)
    return found


def _test(row: DrugTest) -> dict[str, object]:
    def read(results: dict[str, str]) -> list[tuple[object, object, bool]]:
        odd = rules.unexpected(results, row.expected)
        return [
            (wording.SUBSTANCES[one], wording.RESULTS[rules.Result(results[one])], one in odd)
            for one in row.panel
            if one in results
        ]

    return {
        "test": row,
        "patient": row.patient,
        "stage": wording.STAGES[rules.Stage(row.stage)],
        "panel": [(wording.SUBSTANCES[one], one in row.expected) for one in row.panel],
        "steps": [(one, wording.STEPS[rules.Step(one.step)], read(one.results)) for one in queries.steps_of_test(row)],
    }


@require_safe
@signed_in(*queries.MEDICAL)
def work(request: Request) -> HttpResponse:
    """What waits: tests, lists to compare, naloxone to give."""
    work = queries.medical_work(viewer=request.user, at=request.now)
    found = work.first(SHOWN)
    queries.named(found, viewer=request.user, at=request.now)
    context = {
        "more": work.count - found.count,
        "tests": [(one, wording.STAGES[rules.Stage(one.stage)]) for one in found.tests],
        "to_compare": [(patient, wording.WHY[why]) for patient, why in found.to_compare],
        "without_naloxone": found.without_naloxone,
    }
    return render(request, "medical/work.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*STUDENTS)
def mine(request: Request) -> HttpResponse:
    """The student's own: what they take, tests with their reason, naloxone. A post adds a medication."""
    form = OwnMedicationForm(request.POST or None)
    sheet = queries.own_sheet(viewer=request.user, at=request.now)
    if form.is_valid():
        services.write_medication(
            patient_pk=sheet.patient.pk, source="student", by=request.user, at=request.now, **form.cleaned_data
        )
        messages.success(request, _("On your list. Your care team sees it."))
        return redirect("medical:mine")
    context = {"sheet": sheet, "form": form} | _said(sheet)
    return render(request, "medical/mine.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in(*STUDENTS)
def agree(request: Request, pk: UUID) -> HttpResponse:
    """The student's yes to being watched, for this one test."""
    services.agree_to_be_observed(pk=pk, by=request.user, at=request.now)
    messages.success(request, _("Written down. You can still say no when the time comes."))
    return redirect("medical:mine")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*STUDENTS)
def withdrawal(request: Request) -> HttpResponse:
    """Feeling sick after stopping or using less: tell us, and see at once where help is."""
    patient = own_patient(viewer=request.user)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    severity = None
    if form.is_valid():
        row = services.check_withdrawal(patient_pk=patient.pk, by=request.user, at=request.now, **form.cleaned_data)
        severity = row.severity or "none"
    return render(request, "medical/withdrawal.html", {"form": form, "severity": severity})
