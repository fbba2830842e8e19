"""Pages of the referral inbox: sending files in, reading one, taking it over or declining it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.inquiry.bundle import LARGEST_BYTES
from hearth.inquiry.models import Referral
from hearth.inquiry.portal_files import attached_to
from hearth.inquiry.portal_status import links_of
from hearth.inquiry.portal_wording import said_in_form
from hearth.inquiry.queries import INTAKE
from hearth.inquiry.referral_forms import DeclineForm, TakeOverForm, UploadForm
from hearth.inquiry.referral_queries import Likeness, access_referral, likenesses, referrals, unsealed
from hearth.inquiry.referral_services import AlreadyDecided, Received, accept, decline, receive, take_referral
from hearth.inquiry.referral_store import read_packet
from hearth.inquiry.risks import disclosed
from hearth.inquiry.services import HasDied
from hearth.inquiry.wording import in_words, likeness, reasons
from hearth.people.queries import access_patient

A_PAGE = 50


@require_safe
@signed_in(*INTAKE)
def inbox(request: Request) -> HttpResponse:
    """Referrals that wait for a decision, by promise; or those that were decided on."""
    asked = request.GET.get("show", "")
    status = asked if asked in Referral.Status.values else Referral.Status.INBOX
    page = Paginator(referrals(viewer=request.user, status=status), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": unsealed(list(page), viewer=request.user, at=request.now),
        "status": status,
        "statuses": Referral.Status.choices,
        "now": request.now,
    }
    return render(request, "inquiry/referrals.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(*INTAKE)
def send_in(request: Request) -> HttpResponse:
    """Upload files; what became of each is said at once, and a broken one leaves nothing."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    received = [_receive(request, file) for file in form.cleaned_data["bundles"]] if form.is_valid() else []
    told = [(one, [in_words(said) for said in one.problems]) for one in received]
    context = {"form": UploadForm() if received else form, "received": told}
    return render(request, "inquiry/send_in.html", context, status=422 if form.errors else 200)


def _receive(request: Request, file: "UploadedFile[bytes]") -> Received:
    data = file.read(LARGEST_BYTES + 1)  # one more tells that it is too large
    return receive(data=data, file_name=file.name or "", by=request.user, source="upload", at=request.now)


@require_http_methods(["GET", "POST"])
@signed_in(*INTAKE)
def referral(request: Request, referral: UUID) -> HttpResponse:
    """One referral: what was sent, who it may be, and the decision. A post takes, accepts or declines it."""
    found = access_referral(viewer=request.user, pk=referral, at=request.now)
    packet = read_packet(found)
    alike = likenesses(packet.person.known_as(str(found.pk)))
    step = request.POST.get("step") if request.method == "POST" else None
    take_over = TakeOverForm(
        request.POST if step == "accept" else None,
        packet=packet,
        today=timezone.localdate(request.now, request.organisation.zone),
        known=[(str(one.patient.pk), likeness(one.name, one.match.reasons)) for one in alike if one.patient],
    )
    declining = DeclineForm(request.POST if step == "decline" else None)
    try:
        if step == "take":
            take_referral(referral=found, by=request.user, at=request.now)
            messages.success(request, _("This is yours now."))
            return redirect("inquiry:referral", found.pk)
        if step == "accept" and take_over.is_valid():
            return _accept(request, found, take_over)
        if step == "decline" and declining.is_valid():
            decline(referral=found, reason=declining.cleaned_data["reason"], by=request.user, at=request.now)
            messages.success(request, _("Declined. Nothing was written to any chart."))
            return redirect("inquiry:referrals")
    except AlreadyDecided:
        messages.warning(request, _("A colleague has decided on this one already."))
        return redirect("inquiry:referral", found.pk)
    except HasDied:
        messages.error(request, _("The death of this person is recorded. If that is a mistake, take it back first."))
        return redirect("inquiry:referral", found.pk)
    context = {
        "referral": found,
        "late": found.is_late(request.now),
        "now": request.now,
        "packet": packet,
        "problems": [in_words(said) for said in packet.problems],
        "said": said_in_form(packet.form),
        "papers": attached_to(found),
        "by_link": links_of(found),
        "age": packet.person.age_on(request.now.date()),
        "alike": _told(alike),
        "risks": disclosed(packet.measures, on=request.now.date()),
        "take_over": take_over,
        "declining": declining,
    }
    return render(request, "inquiry/referral.html", context, status=422 if step else 200)


def _told(alike: list[Likeness]) -> list[dict[str, Any]]:
    return [{"one": one, "why": reasons(one.match.reasons)} for one in alike]


def _accept(request: Request, found: Referral, form: TakeOverForm) -> HttpResponse:
    same = form.same_person()
    patient = accept(
        referral=found,
        person=form.person(),
        conditions=form.cleaned_data["conditions"],
        patient=access_patient(viewer=request.user, pk=UUID(same)) if same else None,
        by=request.user,
        at=request.now,
    )
    messages.success(request, _("%(name)s is on the way in.") % {"name": patient.chosen_name})
    return redirect("admission:way-in", patient.pk)
