"""Letters to oneself: written, changed until their day, and read on it. Their writer alone comes in here."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.aftercare.queries import wish_of
from hearth.letters import future
from hearth.letters.forms import FutureForm
from hearth.letters.queries import STUDENTS, today_of
from hearth.people.queries import own_patient


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*STUDENTS)
def new(request: Request) -> HttpResponse:
    """Write a letter for a later day."""
    today = today_of(request.user, at=request.now)
    form = FutureForm(request.POST if request.method == "POST" else None, today=today)
    if form.is_valid():
        future.keep(
            words=form.cleaned_data["words"],
            due_on=form.cleaned_data["due_on"],
            token=form.cleaned_data["token"] or uuid4(),
            by=request.user,
            today=today,
            at=request.now,
        )
        messages.success(request, _("Put away for you until its day."))
        return redirect("letters:mine")
    return _writing(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*STUDENTS)
def one(request: Request, letter: UUID) -> HttpResponse:
    """Before its day: change it. From its day on: read it; what was typed until then is offered as a new letter."""
    today = today_of(request.user, at=request.now)
    if request.method == "POST":
        kept = future.open_one(viewer=request.user, pk=letter, today=today)
        if kept.has_arrived:
            typed = {name: request.POST.get(name, "") for name in ("words", "due_on")}
            return _writing(request, FutureForm(today=today, initial=typed), kept, status=422)
    else:
        kept = future.read(pk=letter, by=request.user, today=today, at=request.now)
        if kept.has_arrived:
            return render(request, "letters/arrived.html", {"letter": kept})
    initial = {"words": kept.words, "due_on": kept.due_on}
    form = FutureForm(request.POST if request.method == "POST" else None, today=today, initial=initial)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("words", "due_on")}
        future.change(pk=letter, by=request.user, today=today, at=request.now, **said)
        messages.success(request, _("Put away for you until its day."))
        return redirect("letters:mine")
    return _writing(request, form, kept)


def _writing(request: Request, form: FutureForm, kept: future.Kept | None, *, status: int = 200) -> HttpResponse:
    patient = own_patient(viewer=request.user)
    mail, text = future.reach_of(patient)
    context = {"form": form, "letter": kept, "mail": mail, "text": text, "has_said": wish_of(patient) is not None}
    return render(request, "letters/write.html", context, status=422 if form.is_bound else status)


@require_POST
@signed_in(*STUDENTS)
def delete(request: Request, letter: UUID) -> HttpResponse:
    """Take it away for good, until its day."""
    try:
        future.delete(pk=letter, by=request.user, today=today_of(request.user, at=request.now), at=request.now)
    except future.DayPassed:
        messages.error(request, _("It is its day: it stays here for you."))
        return redirect("letters:to-myself", letter)
    messages.success(request, _("Deleted."))
    return redirect("letters:mine")
