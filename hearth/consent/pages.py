"""Consents on the phone and for staff, and opening a chart in an emergency."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.browsers import told_by
from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.consent import drawing, queries, rules, seals, services, shelf, signed_paper, wordings
from hearth.consent.asked import chosen_program
from hearth.consent.forms import EmergencyForm, EmergencySearchForm, RevokeForm, SignForm, TermsForm
from hearth.consent.models import ConsentKind
from hearth.consent.packet import answers_of, packet_of
from hearth.consent.signing import Terms, text_for
from hearth.people.models import Patient


@require_safe
@signed_in(*queries.SIGNERS)
def mine(request: Request) -> HttpResponse:
    """What is to be read and signed, and what was."""
    people = queries.people_to_sign_for(viewer=request.user, at=request.now)
    shelves = [shelf.shelf_of(patient, signer=request.user, at=request.now) for patient in people]
    return render(request, "consent/mine.html", {"shelves": shelves})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*queries.SIGNERS)
def sign(request: Request, pk: UUID, kind: str) -> HttpResponse:
    """Read one text and sign it. A release first asks whom it is for."""
    if kind not in wordings.kinds():
        raise Http404
    patient = queries.access_signing(viewer=request.user, pk=pk, at=request.now)
    today = request.now.astimezone(request.user.zone).date()
    wording = wordings.wording(kind, get_language() or "en")
    usual = {"information": wording.information, "purpose": wording.purpose}
    data = request.POST or None
    terms_form = TermsForm(data, today=today, is_fixed=wording.fixed, initial=usual) if wording.asks else None
    if terms_form is not None and not terms_form.is_valid():
        known = {"patient": patient, "wording": wording, "form": terms_form, "is_release": kind == ConsentKind.RELEASE}
        return render(request, "consent/terms.html", known)
    terms = terms_form.terms() if terms_form is not None else None
    signing = request.method == "POST" and request.POST.get("step") == "sign"
    form = SignForm(request.POST if signing else None)
    if form.is_valid() and _signed(request, form, patient, kind, terms):
        messages.success(request, _("Signed. You can read it here whenever you like."))
        return redirect("consent:papers" if wording.signed_as != kind and not wording.fixed else "consent:mine")
    return _reading(request, patient, kind, form, terms)


def _signed(request: Request, form: SignForm, patient: Patient, kind: str, terms: Terms | None) -> bool:
    try:
        services.sign(
            patient_pk=patient.pk,
            kind=kind,
            language=request.POST.get("language", "en"),
            shown=request.POST.get("shown", ""),
            terms=terms,
            device=told_by(request.headers.get("User-Agent", "")),
            by=request.user,
            at=request.now,
            **form.signature(),
        )
    except services.TextChanged:
        form.add_error(None, _("This text was changed while you read. Please read it once more; your name is kept."))
        return False
    return True


def _reading(request: Request, patient: Patient, kind: str, form: SignForm, terms: Terms | None) -> HttpResponse:
    is_patient = patient.user_id == request.user.pk
    signer = "" if is_patient else request.user.name
    wording, text, terms = text_for(patient, kind, get_language() or "en", terms=terms, signer=signer)
    known = {
        "patient": patient,
        "is_patient": is_patient,
        "wording": wording,
        "html": wordings.as_html(text),
        "shown": wordings.mark(text),
        "form": form,
        "terms": terms if wording.asks else None,
        "lines": "\n".join(terms.recipients),
    }
    return render(request, "consent/sign.html", known)


@require_safe
@signed_in()
def signed(request: Request, pk: UUID) -> HttpResponse:
    """One signed text as it was read, with who signed it, how and when."""
    consent = queries.access_consent(viewer=request.user, pk=pk, at=request.now)
    known = {
        "consent": consent,
        "html": wordings.as_html(consent.text),
        "path": drawing.path(consent.drawing) if consent.drawing else "",
        "digest": seals.digest_of(consent),
        "is_altered": seals.is_altered(consent),
        "room": "web/staff.html" if request.user.is_staff else "web/student.html",
        "is_own": request.user.pk in {consent.signer_id, consent.patient.user_id},
        "form": RevokeForm(),
    }
    return render(request, "consent/signed.html", known)


@require_safe
@signed_in()
def copy(request: Request, pk: UUID) -> HttpResponse:
    """The same as a PDF to keep, in the language in which it was signed."""
    consent = services.take_copy(pk=pk, by=request.user, at=request.now)
    response = HttpResponse(signed_paper.pdf_of(signed_paper.paper_of(consent)), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="signed.pdf"'
    return response


@require_POST
@signed_in()
def revoke(request: Request, pk: UUID) -> HttpResponse:
    """Take a consent back."""
    try:
        services.revoke(pk=pk, by=request.user, at=request.now, reason=request.POST.get("reason", ""))
    except services.ReasonMissing:
        messages.error(request, _("Write down how they told you. Nothing was changed."))
    else:
        messages.success(request, _("Taken back. Nothing is shared under it from now on."))
    return redirect("consent:signed", pk)


@require_safe
@signed_in(*CARE, Role.COORDINATOR, Role.DIRECTOR, Role.PRIVACY)
def of_patient(request: Request, pk: UUID) -> HttpResponse:
    """What a student has signed and what is missing, for staff."""
    patient = queries.access_chart(viewer=request.user, pk=pk, purpose="TREAT", at=request.now, what="consents")
    known = {
        "patient": patient,
        "shelf": shelf.shelf_of(patient, signer=None, at=request.now),
        "packet": packet_of(patient, at=request.now),
        "answers": answers_of(patient),
        "chosen": chosen_program(patient),
    }
    return render(request, "consent/of_patient.html", known)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*queries.BREAK_GLASS)
def find_in_emergency(request: Request) -> HttpResponse:
    """Find somebody you do not care for, by exact family name and birth date. Posted, so that no address names them."""
    form = EmergencySearchForm(request.POST or None)
    found = None
    if form.is_valid():
        found = queries.find_in_emergency(viewer=request.user, at=request.now, **form.cleaned_data)
    known = {"form": form, "found": found}
    return render(request, "consent/find_in_emergency.html", known, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*queries.BREAK_GLASS)
def emergency(request: Request, pk: UUID) -> HttpResponse:
    """Open a chart in an emergency: a reason, sixty minutes, and the privacy officer told at once."""
    now = queries.emergency_access_now(viewer=request.user, patient_id=pk, at=request.now)
    form = EmergencyForm(request.POST or None)
    try:
        patient = queries.access_in_emergency(viewer=request.user, pk=pk)
        if now is None and form.is_valid():
            services.break_glass(patient_pk=pk, reason=form.cleaned_data["reason"], by=request.user, at=request.now)
            return redirect("consent:emergency", pk)
    except queries.AlreadyOpen:
        messages.info(request, _("This chart is open to you already."))
        return redirect("consent:of-patient", pk)
    known = {"patient": patient, "access": now, "form": form, "minutes": rules.EMERGENCY_MINUTES}
    return render(request, "consent/emergency.html", known)
