"""Pages on which it is decided how a stay goes on, and whether the program may end it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CLINICIANS, Role
from hearth.admission.models import Episode
from hearth.admission.queries import active_episode_of, latest_episode_of
from hearth.aftercare import deciding, holding
from hearth.aftercare import ending as endings
from hearth.aftercare.ending_rules import Ground
from hearth.aftercare.forms import (
    GROUNDS,
    AppealForm,
    EndingForm,
    ExtendForm,
    FewerDaysForm,
    HoldForm,
    LookForm,
    ReturnForm,
)
from hearth.aftercare.models import EndingReview
from hearth.aftercare.queries import FOLLOWERS, ending_of, has_lapsed, is_uninvolved, readiness
from hearth.aftercare.way_back import NoAddress
from hearth.consent.queries import access_chart
from hearth.people.queries import own_patient
from hearth.plan.forms import REASONS
from hearth.plan.services import UnusablePlan
from hearth.safety.danger import severity_in


@require_http_methods(["GET", "POST"])
@signed_in(*CLINICIANS)
def go_on(request: Request, patient: UUID) -> HttpResponse:
    """A later end, or fewer days a week."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="aftercare")
    episode = active_episode_of(person)
    if episode is None:
        raise Http404
    today = timezone.localdate(request.now)
    ready = readiness(episode=episode, today=today, at=request.now, language=get_language() or "en")
    posted = request.POST.get("form") if request.method == "POST" else ""
    longer = ExtendForm(request.POST if posted == "longer" else None)
    fewer = FewerDaysForm(request.POST if posted == "fewer" else None, days=ready.fewer_days, today=today)
    if (longer.is_valid() and _decide(request, episode, deciding.extend, longer)) or (
        fewer.is_valid() and _decide(request, episode, deciding.fewer_days, fewer)
    ):
        return redirect("aftercare:of-patient", person.pk)
    context = {"patient": person, "episode": episode, "ready": ready, "longer": longer, "fewer": fewer}
    return render(request, "aftercare/go_on.html", context, status=422 if posted else 200)


def _decide(request: Request, episode: Episode, deed: Any, form: ExtendForm | FewerDaysForm) -> bool:
    try:
        deed(episode=episode, by=request.user, at=request.now, **form.cleaned_data)
    except UnusablePlan as error:
        for reason in error.reasons:
            form.add_error(None, REASONS[reason])
        return False
    messages.success(request, _("Decided and signed. Your student reads it in their plan and can agree."))
    return True


@require_http_methods(["GET", "POST"])
@signed_in(*FOLLOWERS)
def ending(request: Request, patient: UUID) -> HttpResponse:
    """An ending by the program: asked for, looked at by somebody uninvolved, an appeal answered."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="aftercare")
    episode = latest_episode_of(person)
    if episode is None:
        raise Http404
    found = ending_of(episode)
    form = _form_for(request, episode, found)
    if form is not None and form.is_valid() and _written(request, episode, found, form):
        return redirect("aftercare:ending", person.pk)
    context = {
        "patient": person,
        "episode": episode,
        "review": found,
        "grounds": [GROUNDS[Ground(one)] for one in found.grounds] if found else [],
        "form": form,
        "has_lapsed": has_lapsed(episode, found, at=request.now),
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "aftercare/ending.html", context, status=status)


def _form_for(request: Request, episode: Episode, found: EndingReview | None) -> EndingForm | LookForm | None:
    """What this reader may do now, if anything."""
    data = request.POST if request.method == "POST" else None
    if found is None or found.agrees is False or found.upheld or has_lapsed(episode, found, at=request.now):
        may_ask = request.user.has_any(CLINICIANS) and episode.is_active and not episode.patient.has_died
        return EndingForm(data) if may_ask else None
    waits_for_answer = found.appealed_at is not None and found.answered_at is None
    waits_for_review = found.reviewed_at is None and episode.is_active
    if (waits_for_review or waits_for_answer) and is_uninvolved(request.user, found):
        return LookForm(data, of_appeal=waits_for_answer, has_ended=not episode.is_active)
    return None


def _written(request: Request, episode: Episode, found: EndingReview | None, form: EndingForm | LookForm) -> bool:
    who: dict[str, Any] = {"by": request.user, "at": request.now}
    try:
        if isinstance(form, EndingForm):
            endings.ask_to_end(episode=episode, **form.cleaned_data, **who)
        elif found and found.reviewed_at is None:
            endings.review_ending(review=found, agrees=form.yes(), words=form.cleaned_data["words"], **who)
        elif found:
            endings.answer_appeal(review=found, upheld=form.yes(), words=form.cleaned_data["words"], **who)
    except endings.NeverAlone:
        form.add_error("grounds", _("Symptoms, a return to use or money owed alone end nobody's care."))
        return False
    except endings.NotNow:
        form.add_error(None, _("Somebody was quicker. Look at it as it stands now."))
        return False
    except NoAddress:
        form.add_error(
            None, _("The stay has ended, and we know no phone or e-mail of theirs. Write one into the chart.")
        )
        return False
    return True


@require_http_methods(["GET", "POST"])
@signed_in(Role.STUDENT, Role.ALUMNUS)
def appeal(request: Request) -> HttpResponse:
    """The student reads why the program would end their stay, and says what should be seen otherwise."""
    episode = latest_episode_of(own_patient(viewer=request.user))
    found = ending_of(episode) if episode else None
    if episode is None or found is None or not found.agrees:
        raise Http404
    form = AppealForm(request.POST or None)
    if form.is_valid():
        try:
            endings.appeal(episode=episode, words=form.cleaned_data["words"], by=request.user, at=request.now)
        except endings.NotNow:
            return redirect("aftercare:appeal")
        messages.success(request, _("We have it. Somebody who was not part of this answers you."))
        return redirect("aftercare:appeal")
    grounds = [GROUNDS[Ground(one)] for one in found.grounds]
    context = {
        "review": found,
        "episode": episode,
        "grounds": grounds,
        "form": form,
        "has_lapsed": has_lapsed(episode, found, at=request.now),
        "shows_danger": severity_in(found.appeal),
    }
    return render(request, "aftercare/appeal.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in(*holding.HOLDERS)
def hold(request: Request, patient: UUID) -> HttpResponse:
    """Put a stay on hold, or write down how they come back."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="aftercare")
    episode = active_episode_of(person)
    if episode is None:
        raise Http404
    standing = holding.current_hold(episode)
    data = request.POST if request.method == "POST" else None
    form = ReturnForm(data) if standing else HoldForm(data, today=timezone.localdate(request.now))
    if form.is_valid():
        who: dict[str, Any] = {"by": request.user, "at": request.now, **form.cleaned_data}
        try:
            if standing:
                holding.come_back(hold=standing, **who)
            else:
                holding.put_on_hold(episode=episode, **who)
        except holding.NotNow:
            return redirect("aftercare:hold", person.pk)
        return redirect("aftercare:of-patient", person.pk)
    may_write = standing is None or request.user.has_any(holding.ASSESSORS)
    context = {"patient": person, "episode": episode, "hold": standing, "form": form if may_write else None}
    return render(request, "aftercare/hold.html", context, status=422 if form.is_bound else 200)
