"""Pages where intake answers first contacts."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.audit import services as audit
from hearth.inquiry import interviews, services, ways_out
from hearth.inquiry.forms import CloseForm, ContactForm, PersonForm
from hearth.inquiry.models import Inquiry, IntakeHours, Interview
from hearth.inquiry.queries import INTAKE, access_inquiry, alike_patients, inquiries, person_told, waiting_inquiries
from hearth.inquiry.rules import Known
from hearth.inquiry.selfcheck import filled, telling
from hearth.inquiry.wording import likeness
from hearth.people.queries import access_patient
from hearth.program.forms import WeekOfTextForm

A_PAGE = 50


@require_safe
@signed_in(*INTAKE)
def inquiry_list(request: Request) -> HttpResponse:
    """Who waits, since when, and by when an answer was promised."""
    closed = request.GET.get("show") == "closed"
    rows = inquiries(viewer=request.user, closed=closed)
    audit.record_read("inquiry.list_read", by=request.user, about=request.organisation, purpose="TREAT", at=request.now)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, row.is_late(request.now)) for row in page],
        "closed": closed,
        "waiting": waiting_inquiries(viewer=request.user, at=request.now),
        "now": request.now,
    }
    return render(request, "inquiry/list.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(*INTAKE)
def inquiry(request: Request, inquiry: UUID) -> HttpResponse:
    """One first contact: what was said, how to answer safely, what was tried. A post is one of its steps."""
    found = access_inquiry(viewer=request.user, pk=inquiry)
    step = request.POST.get("step") if request.method == "POST" else None
    contact = ContactForm(request.POST if step == "contact" else None)
    closing = CloseForm(request.POST if step == "close" else None)
    done = _carry_out(request, found, step, contact, closing)
    if done:
        messages.success(request, done)
        return redirect("inquiry:inquiry", found.pk)
    told = filled.stored(found.answers)
    audit.record_read("inquiry.read", by=request.user, about=found, purpose="TREAT", at=request.now)
    context = {
        "inquiry": found,
        "late": found.is_late(request.now),
        "now": request.now,
        "interview": Interview.objects.filter(inquiry=found).select_related("member").first(),
        "contacts": found.contacts.select_related("by").order_by("-at"),
        "told": telling.answers_in_words(told, language=translation.get_language() or "en") if told else [],
        "told_before": filled.no_longer_asked(found.answers),
        "way_out": found.ways_out.current().select_related("ended_by").first(),
        "contact": contact,
        "closing": closing,
    }
    return render(request, "inquiry/inquiry.html", context, status=422 if step else 200)


@require_http_methods(["GET", "POST"])
@signed_in(*INTAKE)
def intake_hours(request: Request) -> HttpResponse:
    """The reader's own hours for first conversations."""
    row = IntakeHours.objects.filter(member=request.user).first()
    form = WeekOfTextForm(request.POST or None, hours=row.hours if row else None)
    if form.is_valid():
        interviews.give_hours(hours=form.cleaned_data["hours"], by=request.user, at=request.now)
        messages.success(request, _("Kept. Visitors may take these hours from now on."))
        return redirect("inquiry:intake-hours")
    return render(request, "inquiry/intake_hours.html", {"form": form}, status=422 if form.errors else 200)


def _carry_out(
    request: Request, found: Inquiry, step: str | None, contact: ContactForm, closing: CloseForm
) -> str | None:
    """The sentence to say once the step is done; None if there was none or its form needs another look."""
    try:
        if step == "take":
            services.take_inquiry(inquiry=found, by=request.user, at=request.now)
            return _("This is yours now.")
        if step == "contact" and contact.is_valid():
            services.log_contact(inquiry=found, by=request.user, at=request.now, **contact.cleaned_data)
            return _("Written down.")
        if step == "close" and closing.is_valid():
            ways_out.close(who=found, by=request.user, at=request.now, **closing.cleaned_data)
            return _("Closed.")
        if step == "drop_interview" and interviews.drop_interview(inquiry=found, by=request.user, at=request.now):
            return _("The time is free again. Please tell them.")
    except services.NotWaiting:
        return _("A colleague has closed this one already.")
    return None


@require_http_methods(["GET", "POST"])
@signed_in(*INTAKE)
def start_admission(request: Request, inquiry: UUID) -> HttpResponse:
    """Open a chart from an inquiry; people who may be known here are shown first."""
    found = access_inquiry(viewer=request.user, pk=inquiry)
    if found.patient_id:
        return redirect("admission:way-in", found.patient_id)
    form = _person_form(request, found)
    if form.is_valid():
        same = form.same_person()
        try:
            patient = services.start_admission(
                inquiry=found,
                person=form.person(),
                patient=access_patient(viewer=request.user, pk=UUID(same)) if same else None,
                by=request.user,
                at=request.now,
            )
        except services.NotWaiting:
            messages.error(request, _("A colleague has closed this one already."))
            return redirect("inquiry:inquiry", found.pk)
        except services.HasDied:
            messages.error(
                request, _("The death of this person is recorded. If that is a mistake, take it back first.")
            )
            return redirect("inquiry:inquiry", found.pk)
        return redirect("admission:way-in", patient.pk)
    context = {"inquiry": found, "form": form}
    return render(request, "inquiry/start_admission.html", context, status=422 if form.is_bound else 200)


def _person_form(request: Request, found: Inquiry) -> PersonForm:
    today = timezone.localdate(request.now, request.organisation.zone)
    if request.method != "POST":
        return PersonForm(initial=person_told(found), today=today, known=[])
    form = PersonForm(request.POST, today=today, known=[])
    if not form.is_valid():
        return form
    data = form.cleaned_data
    names = (f"{data['chosen_name']} {data['family_name']}", f"{data['legal_given']} {data['family_name']}")
    person = Known(
        key=str(found.pk), names=names, birth_date=data["birth_date"], phones=(data["phone"],), emails=(data["email"],)
    )
    alike = alike_patients(person)
    known = [(str(patient.pk), likeness(patient.name, match.reasons)) for patient, match in alike]
    return PersonForm(request.POST, today=today, known=known) if known else form
