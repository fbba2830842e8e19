"""The questionnaires: what ships, what covers which need, whose words wait for a permission, and FHIR for others."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.measures import coverage, fhir, services, wording
from hearth.measures import instrument as instruments
from hearth.measures import words as wordings
from hearth.measures.instrument import Instrument
from hearth.measures.models import Words
from hearth.measures.words_forms import WithdrawForm, WordsForm

READERS = CARE | {Role.COORDINATOR, Role.DIRECTOR, Role.ADMINISTRATOR}


@require_safe
@signed_in(*READERS)
def catalogue(request: Request) -> HttpResponse:
    """Which instrument covers what, and every one with its licence and source."""
    known = wordings.with_words(instruments.ids())
    context = {
        "needs": coverage.rows(known),
        "instruments": [(one, wording.LICENCES[one.licence.status]) for one in known.values()],
    }
    return render(request, "measures/catalogue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*READERS)
def instrument(request: Request, instrument: str) -> HttpResponse:
    """One instrument: how it is scored, whose it is, and, where a permission is needed, its words and their history."""
    found = _known(instrument)
    may_enter = found.asks_permission and request.user.has_any({Role.ADMINISTRATOR})
    form = WordsForm(request.POST or None, instrument=found) if may_enter else None
    if form and form.is_valid():
        services.attest_words(
            instrument_id=found.id,
            form=form.words(),
            permission=form.cleaned_data["permission"],
            by=request.user,
            at=request.now,
        )
        messages.success(request, _("These words are shown from now on."))
        return redirect("measures:instrument", found.id)
    context = {
        "instrument": found,
        "licence": wording.LICENCES[found.licence.status],
        "bands": [wording.band_words(band.name) for band in found.bands],
        "history": wordings.history(found.id) if found.asks_permission else (),
        "form": form,
        "withdraw": WithdrawForm() if may_enter else None,
    }
    return render(request, "measures/instrument.html", context, status=422 if form and form.is_bound else 200)


@require_POST
@signed_in(Role.ADMINISTRATOR)
def withdraw(request: Request, words: UUID) -> HttpResponse:
    """Stop showing these words."""
    row = get_object_or_404(Words, pk=words)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        services.withdraw_words(words=row, reason=form.cleaned_data["reason"], by=request.user, at=request.now)
        messages.success(request, _("These words are no longer shown."))
    else:
        messages.error(request, _("Say in a few words why."))
    return redirect("measures:instrument", row.instrument)


@require_safe
@signed_in(*READERS)
def questionnaire(request: Request, instrument: str, language: str) -> HttpResponse:
    """The questions as a FHIR R4 Questionnaire, for other systems."""
    found = _known(instrument)
    if language not in found.forms:
        raise Http404
    resource = fhir.questionnaire(found, found.form(language))
    return JsonResponse(resource, content_type="application/fhir+json", json_dumps_params={"ensure_ascii": False})


def _known(instrument_id: str) -> Instrument:
    try:
        return wordings.get(instrument_id)
    except instruments.UnknownInstrument as error:
        raise Http404(str(error)) from error
