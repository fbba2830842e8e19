"""The plan for what is in the way: of one student, on one page."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.models import User
from hearth.accounts.requests import Request
from hearth.admission import barriers
from hearth.admission.barrier_models import Barrier
from hearth.consent.queries import access_chart
from hearth.people.models import Patient


class BarrierForm(forms.Form):
    """One thing in the way."""

    kind = forms.ChoiceField(label=gettext_lazy("What would help?"), choices=Barrier.Kind.choices)
    words = forms.CharField(label=gettext_lazy("What is to be done?"), max_length=300)
    owner = forms.ModelChoiceField(label=gettext_lazy("Who sees to it?"), queryset=User.objects.none())
    due_on = forms.DateField(label=gettext_lazy("Until when?"))

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = barriers.possible_owners(patient)


class ChangeForm(BarrierForm):
    """The same, with what became of it."""

    became = forms.CharField(
        label=gettext_lazy("What became of it?"),
        help_text=gettext_lazy("Once you write this, it is done."),
        required=False,
        max_length=300,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(barriers.READERS))
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """Everything in the way of one student's coming; a post writes down one more."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="barriers")
    form = BarrierForm(request.POST or None, patient=person, initial={"owner": request.user.pk})
    if form.is_valid():
        barriers.note_barrier(patient=person, told=form.cleaned_data, by=request.user, at=request.now)
        messages.success(request, _("Written down."))
        return redirect("admission:barriers", person.pk)
    known = {
        "patient": person,
        "rows": list(barriers.barriers_of(person)),
        "form": form,
        "today": request.now.astimezone(request.user.zone).date(),
        "may_write": request.user.has_any(barriers.HELPERS) and not person.has_died,
    }
    return render(request, "admission/barriers.html", known, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(barriers.HELPERS))
def change(request: Request, barrier: UUID) -> HttpResponse:
    """Hand it over, move its day, or say what became of it."""
    row = barriers.access_barrier(viewer=request.user, pk=barrier, at=request.now)
    held = {"kind": row.kind, "words": row.words, "owner": row.owner_id, "due_on": row.due_on, "became": row.became}
    form = ChangeForm(request.POST or None, patient=row.patient, initial=held)
    if form.is_valid():
        told = dict(form.cleaned_data)
        barriers.change_barrier(row=row, became=told.pop("became"), told=told, by=request.user, at=request.now)
        messages.success(request, _("Written down."))
        return redirect("admission:barriers", row.patient_id)
    known = {"patient": row.patient, "form": form}
    return render(request, "admission/barrier.html", known, status=422 if form.is_bound else 200)
