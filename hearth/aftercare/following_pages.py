"""Pages of the time afterwards: whether and how to be asked, the way back, the first appointment elsewhere."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hearth.accounts.doors import public, signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.admission.queries import active_episode_of, latest_episode_of
from hearth.aftercare import services, way_back
from hearth.aftercare.forms import FirstVisitForm, WishForm
from hearth.aftercare.models import FollowUp, FollowUpWish
from hearth.aftercare.queries import (
    FOLLOWERS,
    first_visits_of,
    follow_up_of_token,
    is_over,
    transition_plan_of,
    wish_of,
)
from hearth.consent.queries import access_chart
from hearth.inquiry.services import HasDied
from hearth.measures import instrument as instruments
from hearth.measures.forms import AnswersForm
from hearth.people.queries import own_patient

ANSWERED = "follow_up_answered"  # in the browser's session: the follow-up that was answered in this browser


@require_http_methods(["GET", "POST"])
@public
def answer(request: Request, token: str) -> HttpResponse:
    """The follow-up's own page, opened by its link: four short questions, no sign-in, no name on the page."""
    row = _row_of(token)
    if row is None or is_over(row, at=request.now):
        return render(request, "aftercare/link_over.html", status=410 if row else 404)
    if row.answered_at is not None:
        # whoever opens a link that was forwarded learns nothing of what was answered
        mine = request.session.get(ANSWERED) == str(row.pk)
        context = {
            "token": token,
            "is_mine": mine,
            "asks_call": mine and _asks_call(row),
            "wishes": way_back.Wish.choices,
        }
        return render(request, "aftercare/answered.html", context)
    language = get_language() or "en"
    instrument = instruments.get(services.FOLLOW_UP)
    form = AnswersForm(request.POST or None, instrument=instrument, questionnaire=instrument.form(language))
    if form.is_valid():
        try:
            services.answer_follow_up(
                follow_up=row,
                answers=form.answers(),
                language=language,
                token=form.cleaned_data["token"],
                at=request.now,
            )
        except services.AlreadyAnswered:  # on another device, meanwhile
            return redirect("aftercare:answer", token)
        request.session[ANSWERED] = str(row.pk)
        return redirect("aftercare:answer", token)
    return render(request, "aftercare/answer.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@public
def back_by_link(request: Request, token: str) -> HttpResponse:
    """The second tap: whoever just answered asks to come back, for a few sessions or for a call."""
    row = _row_of(token)
    if row is None or is_over(row, at=request.now) or request.session.get(ANSWERED) != str(row.pk):
        return render(request, "aftercare/link_over.html", status=410 if row else 404)
    asked = _ask_back(request, row, by_link=True)
    return render(request, "aftercare/asked_back.html", {"asked": asked})


def _row_of(token: str) -> FollowUp | None:
    row = follow_up_of_token(token)
    return None if row is None or row.patient.user is None or row.patient.has_died else row


def _asks_call(row: FollowUp) -> bool:
    return bool(row.response and row.response.alerts)


def _ask_back(request: Request, row: Any, *, by_link: bool) -> bool:
    wish = request.POST.get("wish", "")
    if wish not in way_back.Wish.values:
        raise Http404
    by = None if by_link else request.user
    try:
        way_back.ask_back(patient=row.patient if by_link else row, wish=wish, by=by, at=request.now)
    except (way_back.NoAddress, HasDied):
        return False
    return True


@require_http_methods(["GET", "POST"])
@signed_in(Role.STUDENT, Role.ALUMNUS)
def back(request: Request) -> HttpResponse:
    """Whoever was here before: what would help now? A tap, and somebody calls."""
    person = own_patient(viewer=request.user)
    if latest_episode_of(person) is None or active_episode_of(person):
        raise Http404
    if request.method == "POST":
        asked = _ask_back(request, person, by_link=False)
        return render(request, "aftercare/asked_back.html", {"asked": asked})
    return render(request, "aftercare/back.html", {"wishes": way_back.Wish.choices})


@require_http_methods(["GET", "POST"])
@signed_in(Role.STUDENT, Role.ALUMNUS)
def my_wish(request: Request) -> HttpResponse:
    """The student says whether and how they may be asked afterwards."""
    person = own_patient(viewer=request.user)
    form = _wish_form(request, wish_of(person), mail=person.email or (request.user.email or ""), phone=person.phone)
    if form.is_valid():
        services.say_follow_up_wish(patient=person, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Thank you. It is kept, and you may change it at any time."))
        return redirect("aftercare:mine")
    return render(request, "aftercare/my_wish.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in(*FOLLOWERS)
def wish(request: Request, patient: UUID) -> HttpResponse:
    """Staff write down what somebody said about being asked afterwards."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="follow-up")
    form = _wish_form(request, wish_of(person), mail=person.email, phone=person.phone)
    if form.is_valid():
        services.say_follow_up_wish(patient=person, by=request.user, at=request.now, **form.cleaned_data)
        return redirect("aftercare:of-patient", person.pk)
    context = {"patient": person, "form": form}
    return render(request, "aftercare/wish.html", context, status=422 if form.is_bound else 200)


def _wish_form(request: Request, stored: FollowUpWish | None, *, mail: str, phone: str) -> WishForm:
    usual = {"way": "text" if phone else "mail", "address": phone or mail}
    said = {"wants": "yes" if stored.wants else "no", "way": stored.way, "address": stored.address} if stored else usual
    return WishForm(request.POST or None, initial=said)


@require_http_methods(["GET", "POST"])
@signed_in(*FOLLOWERS)
def first_visit(request: Request, patient: UUID) -> HttpResponse:
    """Whether the first appointment with the next provider took place."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="aftercare")
    episode = latest_episode_of(person)
    transition = transition_plan_of(episode) if episode else None
    if episode is None or transition is None:
        raise PermissionDenied
    form = FirstVisitForm(request.POST or None)
    if form.is_valid():
        services.note_first_visit(episode=episode, by=request.user, at=request.now, **form.cleaned_data)
        return redirect("aftercare:of-patient", person.pk)
    context = {"patient": person, "transition": transition, "visits": first_visits_of(episode), "form": form}
    return render(request, "aftercare/first_visit.html", context, status=422 if form.is_bound else 200)
