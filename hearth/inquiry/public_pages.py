"""The two public first steps: talk to us, and the self-check. Neither asks for an account."""

import json

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import public
from hearth.accounts.requests import Request
from hearth.inquiry import fit, fit_words, services
from hearth.inquiry.forms import CheckForm, TalkForm
from hearth.inquiry.models import Inquiry
from hearth.inquiry.promise import promised_by


@require_http_methods(["GET", "POST"])
@public
def talk(request: Request) -> HttpResponse:
    """Ask for an answer. A post from the self-check only brings its answers along; nothing is stored by it."""
    brought = request.POST.get("from_check", "")
    form = TalkForm(request.POST if request.method == "POST" and not brought else None, initial=_brought(brought))
    if form.is_valid():
        try:
            services.receive_inquiry(asked=form.asked(), address=request.META.get("REMOTE_ADDR", ""), at=request.now)
            return redirect("inquiry:thanks")
        except services.TooMany:
            form.add_error(None, _too_many(request.organisation.phone))
    context = {"form": form, "promise": _promise(request), "with_answers": bool(form["answers"].value())}
    return render(request, "inquiry/talk.html", context, status=422 if form.errors else 200)


def _brought(answers: str) -> dict[str, str]:
    given = fit.read(answers)
    if given == fit.Answers():
        return {}
    return {"answers": json.dumps(fit.as_values(given)), "asked_for": given.who or Inquiry.AskedFor.ME}


def _too_many(phone: str) -> str:
    if phone:
        return _("Many messages came from this connection in the last hour. Please call us instead: %(phone)s.") % {
            "phone": phone
        }
    return _("Many messages came from this connection in the last hour. Please send it again in an hour.")


def _promise(request: Request) -> object:
    return promised_by(request.now, hours=request.organisation.answer_hours, zone=request.organisation.zone)


@require_safe
@public
def thanks(request: Request) -> HttpResponse:
    """What happens now, said after sending."""
    return render(request, "inquiry/thanks.html", {"promise": _promise(request)})


@require_http_methods(["GET", "POST"])
@public
def self_check(request: Request) -> HttpResponse:
    """A few questions, and an honest suggestion. Nothing is stored; the answers live in the page alone."""
    if request.method == "POST" and request.POST.get("change"):
        given = fit.as_values(fit.read(request.POST["change"]))
        return render(request, "inquiry/check.html", {"form": CheckForm(initial=given)})
    form = CheckForm(request.POST if request.method == "POST" else None)
    # Danger is answered even where other questions are not.
    if form.is_valid() or (form.is_bound and form.cleaned_data.get("danger") == "now"):
        return _result(request, form.answers())
    return render(request, "inquiry/check.html", {"form": form}, status=422 if form.is_bound else 200)


def _result(request: Request, answers: fit.Answers) -> HttpResponse:
    result = fit.judge(answers, served=frozenset({request.organisation.state}))
    context = {
        "result": result,
        "title": fit_words.TITLES[result.suggestion],
        "lead": fit_words.LEADS[result.suggestion],
        "reasons": [fit_words.REASONS[code] for code in result.reasons],
        "next_steps": [fit_words.NEXT_STEPS[code] for code in result.next_steps],
        "given": fit_words.told(answers),
        "answers": json.dumps(fit.as_values(answers)),
        "promise": _promise(request),
    }
    return render(request, "inquiry/check_result.html", context)
