"""The packet on a phone: one paper after the other, with a place to stop anywhere."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.browsers import told_by
from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.consent import packet, services, wordings
from hearth.consent.forms import SignForm
from hearth.consent.packet import Line, Packet
from hearth.consent.packet_forms import FORMS, DeclineForm
from hearth.consent.queries import SIGNERS, people_to_sign_for
from hearth.consent.signing import text_for


@require_safe
@signed_in(*SIGNERS)
def mine(request: Request) -> HttpResponse:
    """How far they are, and the next paper, for themselves and for each child they sign for."""
    people = people_to_sign_for(viewer=request.user, at=request.now)
    found = packet.packets_of([one.pk for one in people], at=request.now)
    packets = [found[one.pk].of(by_patient=one.user_id == request.user.pk) for one in people]
    return render(request, "consent/packet.html", {"packets": packets})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*SIGNERS)
def paper(request: Request, pk: UUID, paper: str) -> HttpResponse:
    """One paper: read and signed, filled in, left for later, or declined. Each is kept at once, by itself."""
    own = packet.own_packet(viewer=request.user, pk=pk, at=request.now)
    try:
        line = own.line(paper)
    except packet.UnknownPaper as error:
        raise Http404(str(error)) from error
    did = request.POST.get("do", "")
    if did in ("later", "no"):
        return _answered(request, own, line, is_no=did == "no")
    if did == "keep" and _asks(line):
        return redirect("consent:sign", pk, paper)  # first it asks whom it is for
    form = _form(own, line, request.POST if did == "keep" else None)
    if form.is_valid() and _kept(request, own, line, form):
        return _onward(request, own, line)
    return _shown(request, own, line, form)


def _asks(line: Line) -> bool:
    """Whether its text first asks who may know what."""
    return line.paper.form == "consent" and wordings.wording(line.paper.id, "en").asks


def _form(own: Packet, line: Line, data: object) -> forms.Form:
    kind = FORMS.get(line.paper.id)
    if kind is None:
        return SignForm(data)
    return kind(data, initial={name: getattr(own.patient, name) for name in kind.base_fields})  # type: ignore[arg-type]


def _answered(request: Request, own: Packet, line: Line, *, is_no: bool) -> HttpResponse:
    packet.answer(
        pk=own.patient.pk, paper=line.paper.id, is_no=is_no, words=request.POST.get("words", "")[:300],
        by=request.user, at=request.now,
    )  # fmt: skip
    if is_no:
        messages.info(request, _("Written down: you said no. You can change your mind at any time."))
    return _onward(request, own, line)


def _kept(request: Request, own: Packet, line: Line, form: forms.Form) -> bool:
    if not isinstance(form, SignForm):
        packet.keep_details(
            pk=own.patient.pk, paper=line.paper.id, values=form.cleaned_data, by=request.user, at=request.now
        )
        return True
    try:
        services.sign(
            patient_pk=own.patient.pk,
            kind=line.paper.id,
            language=request.POST.get("language", "en"),
            shown=request.POST.get("shown", ""),
            device=told_by(request.headers.get("User-Agent", "")),
            by=request.user,
            at=request.now,
            **form.signature(),
        )
    except services.TextChanged:
        form.add_error(None, _("This text was changed while you read. Please read it once more; your name is kept."))
        return False
    return True


def _onward(request: Request, own: Packet, line: Line) -> HttpResponse:
    """The next open paper, or the list where none is left."""
    left = packet.own_packet(viewer=request.user, pk=own.patient.pk, at=request.now).after(line.paper.id)
    return redirect("consent:paper", own.patient.pk, left.paper.id) if left else redirect("consent:papers")


def _shown(request: Request, own: Packet, line: Line, form: forms.Form) -> HttpResponse:
    is_patient = own.patient.user_id == request.user.pk
    known = {
        "packet": own,
        "line": line,
        "form": form,
        "decline": DeclineForm(),
        "is_patient": is_patient,
        "number": own.lines.index(line) + 1,
        "asks": _asks(line),
    }
    if line.paper.id not in FORMS and not _asks(line):
        signer = "" if is_patient else request.user.name
        wording, text, _terms = text_for(own.patient, line.paper.id, get_language() or "en", signer=signer)
        known |= {"wording": wording, "html": wordings.as_html(text), "shown": wordings.mark(text)}
    return render(request, "consent/paper.html", known, status=422 if form.is_bound else 200)
