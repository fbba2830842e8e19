"""How often one student is asked what: seen by their care team, changed by clinicians, with a reason."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, CLINICIANS
from hearth.consent.queries import access_chart
from hearth.measures import rhythms, wording
from hearth.measures.instrument import UnknownInstrument
from hearth.measures.rhythm_forms import AddRhythmForm, ReasonForm, RhythmForm
from hearth.people.models import Patient


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*CARE)
def rhythm(request: Request, patient: UUID) -> HttpResponse:
    """What this student is asked by rule, how much that is in a week, and why it was changed. A post adds something."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="measures")
    found = rhythms.rhythm_of(person)
    form = AddRhythmForm(request.POST or None, instruments=found.could_be_added)
    if form.is_valid() and _done(request, form, lambda: _add(request, person, form)):
        return redirect("measures:rhythm", patient)
    context = {
        "patient": person,
        "found": found,
        "lines": [(one, _said(one)) for one in found.lines],
        "form": form,
        "may_change": request.user.has_any(CLINICIANS),
    }
    return render(request, "measures/rhythm.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*CLINICIANS)
def change(request: Request, patient: UUID, instrument: str) -> HttpResponse:
    """Ask one questionnaire more or less often, pause it, or go on with it."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="measures")
    line = next((one for one in rhythms.rhythm_of(person).lines if one.rule.instrument == instrument), None)
    if line is None:
        raise Http404
    do = request.POST.get("do", "")
    often = RhythmForm(request.POST if do == "change" else None, rule=line.rule, prefix="often")
    pause = ReasonForm(request.POST if do in ("pause", "resume") else None, prefix="pause")
    known: dict[str, Any] = {"patient_pk": patient, "instrument_id": instrument, "by": request.user, "at": request.now}
    if often.is_valid() and _done(request, often, lambda: rhythms.change(**known, **often.cleaned_data)):
        return redirect("measures:rhythm", patient)
    known_too = known | {"is_paused": do == "pause"}  # what was meant: a second tap changes nothing
    if pause.is_valid() and _done(request, pause, lambda: rhythms.pause(**known_too, **pause.cleaned_data)):
        return redirect("measures:rhythm", patient)
    context = {"patient": person, "line": line, "said": _said(line), "often": often, "pause": pause}
    return render(request, "measures/rhythm_of.html", context, status=422 if request.method == "POST" else 200)


def _add(request: Request, person: Patient, form: AddRhythmForm) -> object:
    said = form.cleaned_data | {"instrument_id": form.cleaned_data["instrument"]}
    del said["instrument"]
    return rhythms.add(patient_pk=person.pk, by=request.user, at=request.now, **said)


def _done(request: Request, form: forms.Form, deed: Callable[[], object]) -> bool:
    """Whether it was done; otherwise a sentence stands in the form."""
    try:
        deed()
    except rhythms.TooMuch as error:
        form.add_error(
            None,
            _(
                "That would be about %(minutes)s minutes of questions a week; they were promised at most %(most)s."
                " Ask it less often, or pause something else first."
            )
            % {"minutes": round(error.minutes), "most": error.most},
        )
    except rhythms.NoStay:
        form.add_error(None, _("No stay is running: nothing is asked by rule."))
    except rhythms.SameRhythm:
        form.add_error(None, _("It is asked like that already."))
    except (rhythms.AskedAlready, UnknownInstrument):
        form.add_error(None, _("Somebody changed this meanwhile. Please look again."))
    else:
        messages.success(request, _("Kept. It holds from now on."))
        return True
    return False


def _said(line: rhythms.Line) -> str:
    return wording.rhythm(line.rule.every_days, before_individual=line.rule.before_individual)
