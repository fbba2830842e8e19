"""Letters for staff: what waits, signing or saying why not, handing over, and the name on letters."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.letters import queries, services
from hearth.letters.forms import DeclineForm, HandOverForm, LetterheadForm, ReaderForm
from hearth.letters.models import Letter
from hearth.letters.paper import as_pdf
from hearth.letters.rules import State
from hearth.letters.wording import signature_of

SIGNERS = sorted(queries.SIGNERS)
CHANGED_SINCE_ASKED = _lazy("The record of these days has changed since. Bring the letter up to date first.")
CHANGED_SINCE_SIGNED = _lazy("What the letter says has changed since it was signed. Take it back and say why.")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*SIGNERS)
def letter(request: Request, letter: UUID) -> HttpResponse:
    """One asked letter: sign it, put the reader's name right, say why not (any more), or hand it over."""
    found = queries.access_letter(viewer=request.user, pk=letter, at=request.now)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    releases = queries.releases_for(found, at=request.now) if found.to_reader else []
    reader = ReaderForm(request.POST if step == "reader" else None, letter=found)
    decline = DeclineForm(request.POST if step in ("decline", "withdraw") else None)
    hand_over = HandOverForm(request.POST if step == "hand-over" else None, releases=releases)
    if step and _done(request, found, step, reader=reader, decline=decline, hand_over=hand_over):
        return redirect("letters:letter", found.pk)
    number, state = queries.licence_of(request.user, on=queries.today_of(request.user, at=request.now))
    is_open = found.state in (State.ASKED, State.UNSEEN) and not found.patient.has_died
    goes_on = is_open or (found.state is State.SIGNED and found.to_reader)
    context = {
        "letter": found,
        "is_open": is_open,
        "is_true": not goes_on or services.as_it_is_now(found) == found.body,
        "has_paper": found.state in services.PAPER,
        "signature": signature_of(request.user.name, number, state),
        "no_sender": not found.body["sender"]["name"],
        "may_name": request.user.has_any(queries.LEADERS),
        "releases": releases,
        "may_be_sent": services.may_send_for(found.patient, by=found.asked_by, at=request.now),
        "reader": reader,
        "decline": decline,
        "hand_over": hand_over,
    }
    return render(request, "letters/letter.html", context, status=422 if step else 200)


def _done(
    request: Request, found: Letter, step: str, *, reader: ReaderForm, decline: DeclineForm, hand_over: HandOverForm
) -> bool:
    """Whether the step was taken; what stood in the way is told."""
    who: dict[str, Any] = {"pk": found.pk, "by": request.user, "at": request.now}
    try:
        if step == "sign":
            services.sign(**who)
            messages.success(request, _("Signed. It is on their own page now."))
        elif step == "reader" and reader.is_valid():
            services.put_right(**who, reader=reader.cleaned_data["reader"])
            messages.success(request, _("Put right. The new words wait for their yes."))
        elif step == "decline" and decline.is_valid():
            services.decline(**who, why=decline.cleaned_data["why"])
            messages.success(request, _("Answered. They read it on their own page."))
        elif step == "withdraw" and decline.is_valid():
            services.withdraw(**who, why=decline.cleaned_data["why"])
            messages.success(request, _("Taken back. They read why on their own page."))
        elif step == "hand-over" and hand_over.is_valid():
            services.hand_over(**who, release=hand_over.cleaned_data["release"])
            messages.success(request, _("Written down as handed over, and as a disclosure."))
        else:
            return False
    except services.TextChanged:
        messages.error(request, CHANGED_SINCE_SIGNED if step == "hand-over" else CHANGED_SINCE_ASKED)
    except services.NoDays:
        messages.error(request, _("By today's record they were not here on any of these days. Say why not."))
    except services.NotAgreed:
        messages.error(request, _("No release holds any more that names this reader. Nothing may be given."))
    except services.NotNow:
        messages.error(request, _("That is not possible any more: see where the letter stands now."))
    return True


@require_safe
@signed_in(*SIGNERS)
def paper(request: Request, letter: UUID) -> HttpResponse:
    """The signed letter as a PDF; opening it is written down."""
    found = queries.access_letter(viewer=request.user, pk=letter, at=request.now)
    if found.state not in services.PAPER:
        raise PermissionDenied
    return as_pdf(found)


@require_safe
@signed_in(*SIGNERS)
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """The letters of one student."""
    found, letters = queries.letters_on_chart(viewer=request.user, patient=patient, at=request.now)
    return render(request, "letters/of_patient.html", {"patient": found, "letters": letters})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(queries.LEADERS))
def letterhead(request: Request) -> HttpResponse:
    """Under which name the house signs letters."""
    sender = queries.sender_of(request.user.organisation)
    initial = {"name": sender.name, "address": sender.address, "phone": sender.phone}
    form = LetterheadForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        services.keep_letterhead(by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Kept. Letters asked for from now on are signed under this name."))
        return redirect("letters:letterhead")
    return render(request, "letters/letterhead.html", {"form": form}, status=422 if form.is_bound else 200)
