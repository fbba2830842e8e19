"""Staff and their licences; helping people sign in."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hearth.accounts import queries as account_queries
from hearth.accounts import services as accounts
from hearth.accounts.doors import signed_in
from hearth.accounts.forms import StaffRolesForm
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, STAFF, Role
from hearth.audit import services as audit
from hearth.people import forms, services
from hearth.people.queries import (
    access_patient,
    licence_of,
    patients_open_to,
    relationships_of,
    staff_with_licences,
    supervisions_of,
)
from hearth.people.safe_contact import Said, change_safe_contact

HELPERS = (Role.COORDINATOR, *sorted(CARE))
PAGE_LENGTH = 25


@require_GET
@signed_in(*sorted(STAFF))
def staff(request: Request) -> HttpResponse:
    """Everyone employed here, with roles and licences; those who lead may open and invite."""
    today = request.now.astimezone(request.user.zone).date()
    page = Paginator(staff_with_licences(viewer=request.user), PAGE_LENGTH).get_page(request.GET.get("page"))
    leads = request.user.has_role(Role.ADMINISTRATOR, Role.DIRECTOR)
    return render(request, "people/staff.html", {"page": page, "leads": leads, "today": today})


@require_http_methods(["GET", "POST"])
@signed_in(Role.ADMINISTRATOR, Role.DIRECTOR)
def staff_member(request: Request, pk: UUID) -> HttpResponse:
    """One staff member: roles and title, licences, closing the account."""
    member = account_queries.access_staff_member(viewer=request.user, pk=pk)
    first = {"roles": member.roles, "title": member.title}
    form = StaffRolesForm(request.POST or None, changer=request.user, initial=first)
    if form.is_valid():
        accounts.change_roles(user=member, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("people:staff-member", pk)
    licences = member.licences.order_by("-during")
    today = request.now.astimezone(request.user.zone).date()
    known = {
        "member": member,
        "form": form,
        "licences": licences,
        "supervisions": supervisions_of(member),
        "today": today,
    }
    return render(request, "people/staff_member.html", known)


@require_POST
@signed_in(Role.ADMINISTRATOR, Role.DIRECTOR)
def account(request: Request, pk: UUID) -> HttpResponse:
    """Close or reopen an account, send the invitation again, or let the second step be set up anew."""
    member = account_queries.access_staff_member(viewer=request.user, pk=pk)
    deed = request.POST.get("deed")
    if deed == "invite":
        accounts.send_invitation(user=member, by=request.user, at=request.now)
        messages.success(request, _("The invitation is on its way."))
    elif deed == "second-factor":
        accounts.clear_second_factor(user=member, by=request.user, at=request.now)
        messages.success(request, _("A new second step is set up at the next sign-in."))
    elif deed in {"close", "reopen"}:
        accounts.set_active(user=member, active=deed == "reopen", by=request.user, at=request.now)
        messages.success(request, _("The account is open again.") if deed == "reopen" else _("The account is closed."))
    return redirect("people:staff-member", pk)


@require_http_methods(["GET", "POST"])
@signed_in(Role.ADMINISTRATOR, Role.DIRECTOR)
def add_licence(request: Request, pk: UUID) -> HttpResponse:
    """Write down a licence."""
    member = account_queries.access_staff_member(viewer=request.user, pk=pk)
    form = forms.LicenceForm(request.POST or None)
    if form.is_valid():
        try:
            with transaction.atomic():
                services.add_licence(holder=member, by=request.user, at=request.now, **form.cleaned_data)
        except IntegrityError:
            form.add_error("number", _("This number is written down already for these days."))
        else:
            messages.success(request, _("The licence is kept."))
            return redirect("people:staff-member", pk)
    return render(request, "people/licence.html", {"member": member, "form": form})


@require_http_methods(["GET", "POST"])
@signed_in(Role.ADMINISTRATOR, Role.DIRECTOR)
def end_licence(request: Request, pk: UUID, licence: UUID) -> HttpResponse:
    """Say on which day a licence ends."""
    found = licence_of(viewer=request.user, holder=pk, pk=licence)
    form = forms.EndLicenceForm(request.POST or None, today=request.now.astimezone(request.user.zone).date())
    if form.is_valid():
        services.end_licence(licence=found, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Kept. No sessions that need it are planned after that day."))
        return redirect("people:staff-member", pk)
    return render(request, "people/licence.html", {"member": found.holder, "form": form, "licence": found})


@require_GET
@signed_in(*HELPERS)
def sign_in_help(request: Request) -> HttpResponse:
    """Whom one can help to sign in, found by name."""
    words = request.GET.get("words", "").strip()[:80]
    found = patients_open_to(viewer=request.user, named=words).select_related("user")
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    return render(request, "people/sign_in_help.html", {"page": page, "words": words})


@require_http_methods(["GET", "POST"])
@signed_in(*sorted({*HELPERS, Role.SUPERVISOR, Role.DIRECTOR}))
def safe_contact(request: Request, pk: UUID) -> HttpResponse:
    """How this person is reached safely; a post changes it."""
    patient = access_patient(viewer=request.user, pk=pk, to="change")
    row = getattr(patient, "safe_contact", None)
    first = {"message_ok": row.message_ok, "name_us_ok": row.name_us_ok, "words": row.words} if row else {}
    form = forms.SafeContactForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        change_safe_contact(patient=patient, said=Said(**form.cleaned_data), by=request.user, at=request.now)
        messages.success(request, _("Kept. Everyone who calls them sees it beside the number."))
        return redirect("web:chart", patient.pk)
    audit.record_read("people.safe_contact_read", by=request.user, about=patient, purpose="TREAT", at=request.now)
    context = {"patient": patient, "row": row, "form": form}
    return render(request, "people/safe_contact.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in(*HELPERS)
def sign_in_of(request: Request, pk: UUID) -> HttpResponse:
    """How one person signs in: invite by e-mail, or print a code; and who of their family does."""
    patient = access_patient(viewer=request.user, pk=pk, to="change")
    known = patient.user
    first = {"email": (known and known.email) or patient.email, "phone": (known and known.phone) or patient.phone}
    safe = getattr(patient, "safe_contact", None)
    if not known and safe and not (safe.message_ok and safe.name_us_ok):
        first = {}  # the invitation names us: whoever sends it decides where to
    form = forms.AddressesForm(request.POST or None, initial=first)
    if form.is_valid():
        try:
            services.invite_patient(patient=patient, by=request.user, at=request.now, **form.cleaned_data)
        except accounts.AddressInUse:
            form.add_error(None, _("This e-mail or phone cannot be used. Ask for another, or print a code."))
        else:
            messages.success(request, _("Kept. With an e-mail, an invitation is on its way."))
            return redirect("people:sign-in-of", pk)
    family = relationships_of(patient)
    return render(request, "people/sign_in_of.html", {"patient": patient, "form": form, "family": family})


@require_POST
@signed_in(*HELPERS)
def printed_code(request: Request, pk: UUID) -> HttpResponse:
    """The card with a code: shown once, to be printed and handed over."""
    patient = access_patient(viewer=request.user, pk=pk, to="change")
    code = services.print_code(patient=patient, by=request.user, at=request.now)
    response = render(request, "people/printed_code.html", {"patient": patient, "code": code})
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@signed_in(Role.COORDINATOR, Role.COUNSELOR)
def invite_family(request: Request, pk: UUID) -> HttpResponse:
    """Invite someone close to a student, as the student wishes."""
    patient = access_patient(viewer=request.user, pk=pk, to="change")
    form = forms.FamilyForm(request.POST or None)
    if form.is_valid():
        chosen = {name: value for name, value in form.cleaned_data.items() if name != "agreed"}
        try:
            services.invite_family(patient=patient, by=request.user, at=request.now, **chosen)
        except accounts.AddressInUse:
            form.add_error("email", _("This e-mail cannot be used. Ask for another."))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("people:sign-in-of", pk)
    return render(request, "people/invite_family.html", {"patient": patient, "form": form})
