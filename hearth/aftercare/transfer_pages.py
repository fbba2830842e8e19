"""What goes ahead to the next provider: its student says what may, their team puts it together and sends it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.admission.queries import latest_episode_of
from hearth.aftercare import services, transfer
from hearth.aftercare.queries import transition_plan_of
from hearth.aftercare.transfer_consent import begun, grant_for, part_names, same_terms, terms_of
from hearth.aftercare.transfer_fhir import sections_of
from hearth.aftercare.transfer_forms import PartsForm
from hearth.aftercare.transfer_rules import Part
from hearth.consent.queries import SIGNERS, access_chart, access_signing
from hearth.fhir.check import Faulty
from hearth.lib.pdf import pdf_response
from hearth.people.queries import own_patient

REFUSED = {
    transfer.NotAgreed: gettext_lazy("No agreement in force lets this go to them. Nothing left the house."),
    transfer.NotPlanned: gettext_lazy("Write down first who comes next."),
    Faulty: gettext_lazy(
        "The file would not be read elsewhere, so it was not given out. Use the PDF, and tell who runs Hearth."
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(transfer.SENDERS))
def packet(request: Request, patient: UUID) -> HttpResponse:
    """What may go to whom and why; the packets put together so far, each as a PDF or a FHIR document."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="aftercare")
    episode = latest_episode_of(person)
    if episode is None:
        raise Http404
    if request.method == "POST":
        try:
            transfer.put_together(episode=episode, by=request.user, at=request.now)
            messages.success(request, _("Put together. Read it, then take it in the form they can read."))
        except (transfer.NotAgreed, transfer.NotPlanned) as error:
            messages.error(request, str(REFUSED[type(error)]))
        return redirect("aftercare:packet", person.pk)
    plan = transition_plan_of(episode)
    grant = grant_for(plan, at=request.now) if plan else None
    packets = list(transfer.packets_of(episode))
    newest = packets[0] if packets else None
    context = {
        "patient": person,
        "plan": plan,
        "grant": grant,
        "parts": [(name, grant is not None and part in grant.parts) for part, name in part_names().items()],
        "newest": newest,
        "sections": sections_of(newest.pk, newest.body) if newest else [],
        "may_leave": newest is not None and transfer.may_leave(newest, grant),
        "sent": list(transfer.given_of(episode)),
    }
    return render(request, "aftercare/packet.html", context)


@require_POST
@signed_in(*sorted(transfer.SENDERS))
def take(request: Request, patient: UUID, packet: UUID, form: str) -> HttpResponse:
    """One packet as a file, written down as given to whom it names."""
    if form not in transfer.Form:
        raise Http404
    kind = transfer.Form(form)
    try:
        file = transfer.take(pk=packet, form=kind, by=request.user, at=request.now)
    except (transfer.NotAgreed, transfer.NotPlanned, Faulty) as error:
        messages.error(request, str(REFUSED[type(error)]))
        return redirect("aftercare:packet", patient)
    if kind == transfer.Form.PDF:
        return pdf_response(file, "packet.pdf")
    response = HttpResponse(file, content_type="application/fhir+json")
    response["Content-Disposition"] = 'attachment; filename="packet.json"'
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*SIGNERS)
def ahead(request: Request, patient: UUID) -> HttpResponse:
    """Say which parts may go ahead, then read and sign it; a guardian who must sign, too, finds the same words."""
    person = access_signing(viewer=request.user, pk=patient, at=request.now)
    episode = latest_episode_of(person)
    plan = transition_plan_of(episode) if episode else None
    if plan is None:
        raise Http404
    is_own = person.user_id == request.user.pk
    signed = begun(plan, at=request.now)
    mine = next((row for row in signed if row.signer_id == request.user.pk), None)
    theirs = next((row for row in signed if row.signer_is_patient), None)
    grant = grant_for(plan, at=request.now)
    sent = request.POST if request.method == "POST" else None
    form = PartsForm(sent, parts=grant.parts if grant else frozenset(Part)) if is_own else None
    terms = same_terms(theirs) if theirs and not is_own and mine is None else None
    if form is not None and form.is_valid():
        terms = terms_of(plan, form.chosen(), today=request.now.astimezone(request.user.zone).date())
    context = {
        "patient": person,
        "plan": plan,
        "grant": grant,
        "granted": [name for part, name in part_names().items() if grant and part in grant.parts],
        "waits": bool(mine) and grant is None,
        "is_own": is_own,
        "form": form,
        "terms": terms,
    }
    return render(request, "aftercare/ahead.html", context, status=422 if form and form.errors else 200)


@require_POST
@signed_in(Role.STUDENT, Role.ALUMNUS)
def hold_back(request: Request) -> HttpResponse:
    """The student says that nothing goes ahead, or that it may again."""
    person = own_patient(viewer=request.user)
    episode = latest_episode_of(person)
    if episode is None or transition_plan_of(episode) is None:
        raise Http404
    is_held = request.POST.get("ahead") != "yes"
    services.hold_back(episode=episode, is_held=is_held, by=request.user, at=request.now)
    messages.success(request, _("Nothing goes ahead, from this moment.") if is_held else _("Done. See what may go."))
    return redirect("aftercare:ahead", person.pk)
