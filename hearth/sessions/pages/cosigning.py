"""Co-signing: the supervisor's list, one note to read, and the printed note."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, CLINICIANS, Role
from hearth.lib.pdf import pdf_response
from hearth.people.rules import SEE_EVERYONE
from hearth.sessions import services
from hearth.sessions.cosigning import queue_of, stand, standing_of
from hearth.sessions.forms import SendBackForm
from hearth.sessions.note_layout import blocks_of, head_of
from hearth.sessions.note_paper import paper_of, pdf_of
from hearth.sessions.queries import access_note
from hearth.sessions.rules.cosigning import State
from hearth.sessions.rules.notes import digest

PAGE_LENGTH = 25
READERS = (*sorted(CARE), Role.DIRECTOR)


@require_http_methods(["GET", "POST"])
@signed_in(*sorted(CLINICIANS), Role.DIRECTOR)
def waiting(request: Request) -> HttpResponse:
    """What waits for the reader's co-signature, or everyone's; ticked ones are signed together."""
    if request.method == "POST":
        _sign_ticked(request)
        return redirect("sessions:to-co-sign")
    may_see_all = request.user.has_any(SEE_EVERYONE)
    everyone = may_see_all and (request.GET.get("whose") == "all" or not request.user.has_any(CLINICIANS))
    by_name = request.GET.get("order") == "name"
    whose: dict[str, Any] = {"viewer": request.user, "at": request.now, "everyone": everyone, "by_name": by_name}
    page = Paginator(queue_of(**whose), PAGE_LENGTH).get_page(request.GET.get("page"))
    back = Paginator(queue_of(state=State.SENT_BACK, **whose), PAGE_LENGTH).get_page(request.GET.get("sent-back"))
    context = {
        "page": page,
        "rows": stand(page, viewer=request.user, at=request.now),
        "sent_back_page": back,
        "sent_back": stand(back, viewer=request.user, at=request.now),
        "everyone": everyone,
        "may_see_all": may_see_all and request.user.has_any(CLINICIANS),
        "by_name": by_name,
    }
    return render(request, "sessions/to_co_sign.html", context)


def _sign_ticked(request: Request) -> None:
    try:
        ticked = [UUID(each) for each in request.POST.getlist("note")]
    except ValueError:
        raise PermissionDenied from None
    if not ticked:
        messages.error(request, _("Nothing was ticked."))
        return
    _sign(request, ticked)


def _sign(request: Request, notes: list[UUID]) -> bool:
    try:
        made = services.co_sign(notes=notes, by=request.user, at=request.now)
    except services.NotRead:
        messages.error(request, _("Nothing was signed: read each note, and what was added to it, first."))
    except services.NotWaiting:
        messages.error(request, _("Nothing was signed: one of these no longer waits for you."))
    else:
        words = ngettext("%(n)s note co-signed.", "%(n)s notes co-signed.", len(made))
        messages.success(request, words % {"n": len(made)})
        return True
    return False


@require_http_methods(["GET", "POST"])
@signed_in(*sorted(CLINICIANS))
def read(request: Request, note: UUID) -> HttpResponse:
    """One note, whole. Reading it is what lets the supervisor sign; or it is sent back with what is missing."""
    form = SendBackForm(request.POST if "comment" in request.POST else None)
    if request.method == "POST" and not form.is_bound:
        _sign(request, [note])
        return _next(request)
    if form.is_valid():
        try:
            services.send_back(note=note, comment=form.cleaned_data["comment"], by=request.user, at=request.now)
        except services.NotWaiting:
            messages.error(request, _("This note no longer waits for you."))
        else:
            messages.success(request, _("Sent back. It returns here when something was added."))
        return _next(request)
    standing = services.mark_read(note=note, by=request.user, at=request.now)
    found = standing.note
    context = {
        "note": found,
        "body": found.body,
        "head": head_of(found.body),
        "blocks": blocks_of(found.body),
        "is_whole": digest(found.body) == found.digest,
        "standing": standing,
        "form": form,
        "left": queue_of(viewer=request.user, at=request.now).count(),
    }
    return render(request, "sessions/co_sign.html", context, status=422 if form.is_bound else 200)


def _next(request: Request) -> HttpResponse:
    """On to the note that has waited longest, or back to the list."""
    first = queue_of(viewer=request.user, at=request.now).first()
    return redirect("sessions:co-sign", first.pk) if first else redirect("sessions:to-co-sign")


@require_GET
@signed_in(*READERS)
def printed(request: Request, note: UUID) -> HttpResponse:
    """A signed note as a PDF, with its addenda and co-signatures."""
    found = access_note(viewer=request.user, pk=note, at=request.now)
    return pdf_response(pdf_of(paper_of(found, standing=standing_of(found, at=request.now))), "note.pdf")
