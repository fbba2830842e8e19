"""The public first steps: talk to us, choose a time, and the self-check. None asks for an account."""

import json
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import public
from hearth.accounts.requests import Request
from hearth.inquiry import interviews, queries, services
from hearth.inquiry.forms import CheckForm, TalkForm, TimeForm
from hearth.inquiry.models import Inquiry
from hearth.inquiry.selfcheck import filled, telling
from hearth.inquiry.selfcheck.filled import Filled
from hearth.inquiry.selfcheck.rules import AUDIENCES
from hearth.lib.written_dates import written

SENT = "inquiry_sent"  # in the browser's session: the inquiry for which a time may still be taken
MOST_TIMES = 12


@require_http_methods(["GET", "POST"])
@public
def talk(request: Request) -> HttpResponse:
    """Ask for an answer. A post from the self-check only brings its answers along; nothing is stored by it."""
    brought = request.POST.get("from_check", "")
    form = TalkForm(request.POST if request.method == "POST" and not brought else None, initial=_brought(brought))
    if form.is_valid():
        try:
            sent = services.receive_inquiry(
                asked=form.asked(), address=request.META.get("REMOTE_ADDR", ""), at=request.now
            )
            if sent.phone:  # a conversation is a call
                request.session[SENT] = str(sent.pk)
            return redirect("inquiry:thanks")
        except services.TooMany:
            form.add_error(None, too_many(request.organisation.phone))
    context = {"form": form, "promise": _promise(request), "with_answers": bool(form["answers"].value())}
    return render(request, "inquiry/talk.html", context, status=422 if form.errors else 200)


def _brought(answers: str) -> dict[str, str]:
    """What a self-check brings along, so that nothing is asked twice."""
    given = filled.read(answers)
    if given is None:
        return {}
    asked_for = Inquiry.AskedFor.OTHER if given.audience == "other" else Inquiry.AskedFor.ME
    parts = [part for part in given.all("times") if part in Inquiry.Best.values]
    best = parts[0] if len(parts) == 1 else Inquiry.Best.ANY
    return {"answers": json.dumps(given.as_json()), "asked_for": asked_for, "best_time": best}


def too_many(phone: str) -> str:
    if phone:
        return _("Many messages came from this connection in the last hour. Please call us instead: %(phone)s.") % {
            "phone": phone
        }
    return _("Many messages came from this connection in the last hour. Please send it again in an hour.")


def _promise(request: Request) -> object:
    return queries.promise(house=request.organisation, at=request.now)


@require_safe
@public
def thanks(request: Request) -> HttpResponse:
    """What happens now, said after sending."""
    return render(request, "inquiry/thanks.html", {"promise": _promise(request), "may_choose": SENT in request.session})


@require_http_methods(["GET", "POST"])
@public
def choose_time(request: Request) -> HttpResponse:
    """Take a time for the first conversation: whoever has just written to us, from the same browser, once."""
    if SENT not in request.session:
        return redirect("inquiry:talk")
    zone = request.organisation.zone
    moments = list(interviews.free_times(at=request.now))[:MOST_TIMES]
    times = [(one.isoformat(), written(one.astimezone(zone), "l j F, H:i")) for one in moments]
    form = TimeForm(request.POST or None, times=times)
    if form.is_valid():
        try:
            booked = interviews.book_interview(
                inquiry_pk=UUID(request.session[SENT]),
                starts_at=datetime.fromisoformat(form.cleaned_data["starts"]),
                at=request.now,
            )
        except interviews.SlotTaken:
            form.add_error("starts", form.fields["starts"].error_messages["invalid_choice"])
        except services.NotWaiting:
            del request.session[SENT]
            messages.info(request, _("Your message was dealt with in the meantime. Please write to us again to talk."))
            return redirect("inquiry:talk")
        else:
            del request.session[SENT]
            context = {"starts": booked.starts_at.astimezone(zone), "interview": booked}
            return render(request, "inquiry/time_booked.html", context)
    context = {"form": form, "times": times, "promise": _promise(request)}
    return render(request, "inquiry/choose_time.html", context, status=422 if form.errors else 200)


@gzip_page  # a GET is the same for everyone, so that nothing can be guessed from how small it gets
@require_http_methods(["GET", "POST"])
@public
def self_check(request: Request) -> HttpResponse:
    """A few questions, and an honest suggestion. Nothing is stored.

    With JavaScript this page asks and judges by itself and sends nothing. Without it, the same questions are a plain
    form: its answers come here, are judged, and go back into the page that is sent in return.
    """
    language = translation.get_language() or "en"
    audience = request.POST.get("audience", "")
    carried = filled.read(request.POST.get("change", ""))
    if carried:
        form = CheckForm(initial=carried.as_json()["answers"], audience=carried.audience, language=language)
        return _questions(request, form)
    if audience not in AUDIENCES:
        served = frozenset({request.organisation.state})
        talk_form = TalkForm(auto_id="talk_%s")
        context = {"data": telling.as_data(served=served, language=language), "talk": talk_form}
        return render(request, "inquiry/check.html", context | {"promise": _promise(request)})
    if not request.POST.get("judge"):
        return _questions(request, CheckForm(audience=audience, language=language))
    return _result(request, CheckForm(request.POST, audience=audience, language=language).filled(), language)


def _questions(request: Request, form: CheckForm) -> HttpResponse:
    return render(request, "inquiry/check_form.html", {"form": form, "audience": form.audience, "parts": form.parts()})


def _result(request: Request, answers: Filled, language: str) -> HttpResponse:
    carried = json.dumps(answers.as_json())
    context = {
        "told": telling.result(answers, served=frozenset({request.organisation.state}), language=language),
        "given": telling.answers_in_words(answers, language=language),
        "answers": carried,
        "talk": TalkForm(initial=_brought(carried), auto_id="talk_%s"),
        "promise": _promise(request),
    }
    return render(request, "inquiry/check_result.html", context)
