"""The referral portal for intake: sending links, opening what was attached, and saying what a sender may hear."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts import services as accounts
from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.inquiry import portal, portal_files, portal_status
from hearth.inquiry.portal_forms import InviteForm, SendLinkForm, ShareForm
from hearth.inquiry.portal_queries import links
from hearth.inquiry.queries import INTAKE
from hearth.inquiry.referral_store import read_label

A_PAGE = 50
INVITERS = frozenset({Role.COORDINATOR, Role.DIRECTOR})
"""Of intake, who may make an account for a referral partner (`accounts.rules.may_invite`)."""


@require_http_methods(["GET", "POST"])
@signed_in(*INTAKE)
def send_link(request: Request) -> HttpResponse:
    """Mail a link to a professional, or invite one who refers often; and see which links are out."""
    step = request.POST.get("step", "link") if request.method == "POST" else ""
    form = SendLinkForm(request.POST if step == "link" else None)
    may_invite = request.user.has_any(INVITERS)
    inviting = InviteForm(request.POST if step == "invite" else None, auto_id="invite_%s") if may_invite else None
    if form.is_valid():
        portal.send_link(email=form.cleaned_data["email"], by=request.user, at=request.now)
        messages.success(request, _("The link is on its way."))
        return redirect("inquiry:send-link")
    if inviting and inviting.is_valid() and _invited(request, inviting):
        return redirect("inquiry:send-link")
    page = Paginator(links(viewer=request.user), A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "inviting": inviting, "page": page, "now": request.now}
    return render(request, "inquiry/send_link.html", context, status=422 if step else 200)


def _invited(request: Request, form: InviteForm) -> bool:
    try:
        user = accounts.invite(roles=[Role.REFERRER], by=request.user, at=request.now, **form.cleaned_data)
    except accounts.AddressInUse:
        form.add_error("email", _("This address cannot be used. Is this person here already?"))
        return False
    messages.success(request, _("%(name)s gets an invitation by mail.") % {"name": user.name})
    return True


@require_safe
@signed_in(*sorted(INTAKE | CARE))
def attachment(request: Request, attachment: UUID) -> HttpResponse:
    """One paper as a download and nothing else: whatever its bytes hold, no browser shows, runs or keeps it."""
    row, data = portal_files.look_at(pk=attachment, viewer=request.user, at=request.now)
    response = HttpResponse(data, content_type=row.kind)
    response["Content-Disposition"] = f'attachment; filename="paper-{row.place + 1}.{row.kind.split("/")[1]}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response


@require_http_methods(["GET", "POST"])
@signed_in(*INTAKE)
def share(request: Request, referral: UUID) -> HttpResponse:
    """What the sender hears of one referral, and a consent under which they may hear more."""
    found, patient = portal_status.access_sharing(viewer=request.user, pk=referral, at=request.now)
    ways = list(portal_status.links_of(found))
    agreed = portal_status.releases(patient, at=request.now) if patient else []
    form = ShareForm(
        request.POST if request.method == "POST" else None,
        links=[(str(one.pk), one.email) for one in ways],
        releases=agreed,
    )
    if form.is_valid():
        try:
            portal_status.share_status(
                referral=found.pk,
                link=UUID(form.cleaned_data["link"]),
                release=form.cleaned_data["release"],
                standing=form.cleaned_data["standing"],
                by=request.user,
                at=request.now,
            )
        except portal_status.NotAgreed:
            form.add_error("release", _("This consent no longer holds."))
        else:
            messages.success(request, _("They can read it by their link, and it is written down as a disclosure."))
            return redirect("inquiry:share-status", found.pk)
    context = {
        "referral": found,
        "name": read_label(found).name,
        "patient": patient,
        "ways": [(one, max(one.statuses.all(), key=lambda each: each.at, default=None)) for one in ways],
        "agreed": agreed,
        "form": form,
    }
    return render(request, "inquiry/share_status.html", context, status=422 if form.is_bound else 200)
