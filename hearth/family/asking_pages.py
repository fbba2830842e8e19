"""Questions to the team: asked by family on the phone, answered by staff."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.family import asking
from hearth.family.forms import AnswerForm, AskForm


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.FAMILY)
def questions(request: Request) -> HttpResponse:
    """Ask the team, and read what was answered."""
    ties = asking.ties_of(request.user, at=request.now)
    form = AskForm(request.POST if request.method == "POST" else None, ties=ties)
    if form.is_valid():
        data = form.cleaned_data
        asking.ask(tie=UUID(data["tie"]), text=data["text"], token=data["token"], by=request.user, at=request.now)
        messages.success(request, _("Sent. Somebody of the team reads it on the next working day."))
        return redirect("family:questions")
    asked = asking.asked_by(request.user, at=request.now)
    context = {"form": form if ties else None, "asked": asked, "worried": bool(asked and asked[0].question.severity)}
    return render(request, "family/questions.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*sorted(CARE))
def question(request: Request, question: UUID) -> HttpResponse:
    """One question, what may be said to its asker, and the answer."""
    found = asking.access_question(viewer=request.user, pk=question, at=request.now)
    offered = "" if found.sheet.may_confirm else asking.words_that_confirm_nothing(found.sheet.tie.person)
    initial = {"confirming": found.sheet.may_confirm, "words": offered}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _answered(request, question, form):
        messages.success(request, _("Answered. They read it with your name."))
        return redirect("web:today")
    if form.is_bound:  # the next try is judged by what the page says now
        form.data = request.POST.dict() | {"confirming": "on" if found.sheet.may_confirm else ""}
    return render(request, "family/question.html", {"found": found, "form": form}, status=422 if form.is_bound else 200)


def _answered(request: Request, question: UUID, form: AnswerForm) -> bool:
    """Whether it was answered; what stood in the way is told beside the form."""
    try:
        asking.answer(question=question, by=request.user, at=request.now, **form.cleaned_data)
    except asking.Answered:
        form.add_error(None, _("A colleague has answered meanwhile."))
    except asking.MayHaveChanged:
        form.add_error(None, _("What may be said has changed while you wrote. Your words are kept: read them again."))
    except asking.MayNotConfirm:
        form.add_error("words", _("These words name the student. To this person nothing may be confirmed."))
    else:
        return True
    return False
