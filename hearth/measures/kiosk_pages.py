"""Answering on a tablet of the house: staff hand it over and are signed out; it shows one question at a time."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from hearth.accounts import handed_over as device
from hearth.accounts.doors import handed_over, signed_in
from hearth.accounts.requests import Request
from hearth.measures import kiosk as tablets
from hearth.measures import wording
from hearth.measures.forms import OneAnswerForm
from hearth.measures.kiosk_rules import LIVES, QUIET, STRAGGLES
from hearth.measures.models import Kiosk
from hearth.measures.queries import due_measures


@require_http_methods(["GET", "POST"])
@signed_in(*tablets.HANDERS)
def hand_over(request: Request, patient: UUID) -> HttpResponse:
    """What handing the tablet over does, and the button that does it."""
    if request.method == "POST":
        try:
            row = tablets.hand_over(patient=patient, by=request.user, at=request.now)
        except tablets.NothingDue:
            return redirect("measures:hand-over", patient)
        seconds = (LIVES + STRAGGLES).seconds  # the tablet itself is over with the first tap after LIVES
        return device.hand_over(request, what=row.pk, page=reverse("measures:kiosk"), seconds=seconds)
    person = tablets.may_hand_over(patient=patient, by=request.user, at=request.now)
    due = due_measures(person, timezone.localdate(request.now))
    return render(request, "measures/hand_over.html", {"patient": person, "due": due, "minutes": LIVES.seconds // 60})


@require_http_methods(["GET", "POST"])
@handed_over
def kiosk(request: Request, what: UUID) -> HttpResponse:
    """The one page of a tablet: a greeting, a question, sending, thanks. Its address never changes."""
    row = tablets.held(what)
    if row is None:
        return device.take_back(request)
    with translation.override(row.language):
        wrong = _do(request, row) if request.method == "POST" else None
        if request.POST.get("do") == "stop" or tablets.is_over(row, at=request.now):
            tablets.end(row, at=request.now)
            return device.take_back(request)
        tablets.touch(row, at=request.now)
        if request.POST.get("do") == "still":
            return HttpResponse(status=204)
        if request.method == "POST" and wrong is None:
            return redirect("measures:kiosk")
        return _show(request, row, wrong)


def _do(request: Request, row: Kiosk) -> OneAnswerForm | None:
    """Do what was tapped; returns the form where the answer is missing. An answer is kept even when time is over."""
    wanted, now = request.POST.get("do", ""), tablets.asking(row, at=request.now)
    if wanted == "begin":
        tablets.begin(row, language=request.POST.get("language", ""))
    elif wanted == "back":
        tablets.go_back(row, at=request.now)
    elif wanted == "send":
        tablets.send(row, at=request.now)
    elif wanted in ("follow_up", "not_now"):
        tablets.take_offer(row, wanted=wanted == "follow_up", at=request.now)
    elif wanted in ("answer", "decline") and now and now.now and _is_of(request, now):
        form = OneAnswerForm(request.POST, instrument=now.instrument, questionnaire=now.form, link_id=now.now)
        if wanted == "answer" and not form.is_valid():
            return form
        value = form.cleaned_data["answer"] if wanted == "answer" else None
        tablets.answer(row, link_id=now.now, value=value, at=request.now)
    return None


def _is_of(request: Request, now: tablets.Asking) -> bool:
    """Whether this was tapped under the question that is asked now, and not on an older screen, or twice."""
    return (request.POST.get("instrument"), request.POST.get("question")) == (now.instrument.id, now.now)


def _show(request: Request, row: Kiosk, wrong: OneAnswerForm | None) -> HttpResponse:
    now = tablets.asking(row, at=request.now)
    just_rang = tablets.just_rang(row, now) if now and now.now else row.rang
    context: dict[str, object] = {"tablet": row, "now": now, "quiet": QUIET.seconds, "just_rang": just_rang}
    if now:
        context |= {"title": wording.title_of(now.instrument.id, now.instrument.name), "total": len(now.form.questions)}
    if now and now.now:
        given = now.given.get(now.now) if row.looks_at else None
        context["form"] = wrong or OneAnswerForm(
            instrument=now.instrument, questionnaire=now.form, link_id=now.now, given=given
        )
    return render(request, "measures/kiosk.html", context, status=422 if wrong else 200)
