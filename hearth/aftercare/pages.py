"""Pages of completion and aftercare."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CLINICIANS, Role
from hearth.admission.models import Episode
from hearth.admission.queries import latest_episode_of
from hearth.aftercare import services
from hearth.aftercare.forms import PROPOSALS, REFUSALS, ContactForm, DischargeForm, TransitionForm
from hearth.aftercare.holding import current_hold
from hearth.aftercare.models import FollowUp
from hearth.aftercare.queries import (
    FOLLOWERS,
    access_discharge,
    aftercare_board,
    decisions_of,
    discharge_of,
    ending_of,
    endings_to_look_at,
    first_visits_of,
    follow_ups_of,
    has_lapsed,
    readiness,
    transition_plan_of,
    visits_to_ask_about,
    wish_of,
)
from hearth.aftercare.summary import pdf_of
from hearth.aftercare.transfer import SENDERS
from hearth.consent.queries import access_chart
from hearth.lib.pdf import pdf_response
from hearth.people.queries import own_patient
from hearth.skills.map_forms import ChooseForm
from hearth.skills.map_queries import offered_rows

FIELDS = {"criteria_missing": "despite", "no_hand_over": "how", "no_outreach": "how"}
"""Beside which field a refusal stands."""


@require_safe
@signed_in(*FOLLOWERS)
def board(request: Request) -> HttpResponse:
    """Who ends soon, whom to reach, who answered, which endings wait for a look."""
    context = {
        "board": aftercare_board(viewer=request.user, at=request.now),
        "endings": endings_to_look_at(viewer=request.user),
        "visits": visits_to_ask_about(viewer=request.user, at=request.now),
    }
    return render(request, "aftercare/board.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(*FOLLOWERS)
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """One student's completion: criteria, what comes next, the signed end, follow-ups."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="aftercare")
    episode = latest_episode_of(person)
    if episode is None:
        raise Http404
    today = timezone.localdate(request.now)
    posted = request.POST.get("form") if request.method == "POST" else ""
    stored = transition_plan_of(episode)
    transition = TransitionForm(request.POST if posted == "transition" else None, instance=stored, today=today)
    ending = DischargeForm(
        request.POST if posted == "discharge" else None,
        initial={"reason": Episode.EndReason.COMPLETED, "level_at_discharge": "1.0"},
    )
    if transition.is_bound and transition.is_valid():
        services.write_transition_plan(episode=episode, by=request.user, at=request.now, **transition.cleaned_data)
        messages.success(request, _("Kept. Your student sees it and can agree."))
        return redirect("aftercare:of-patient", person.pk)
    if ending.is_valid() and _discharge(request, episode, ending):
        return redirect("aftercare:of-patient", person.pk)
    ready = readiness(episode=episode, today=today, at=request.now, language=get_language() or "en")
    context = {
        "patient": person,
        "episode": episode,
        "ready": ready,
        "proposal": PROPOSALS[ready.proposal],
        "decisions": decisions_of(episode),
        "review": ending_of(episode),
        "hold": current_hold(episode),
        "wish": wish_of(person),
        "visits": first_visits_of(episode),
        "stored": stored,
        "transition": transition,
        "ending": ending,
        "discharge": discharge_of(episode),
        "follow_ups": follow_ups_of(person),
        "may_sign": request.user.has_any(CLINICIANS) and not person.has_died,
        "may_send": request.user.has_any(SENDERS) and not person.has_died,
        "today": today,
    }
    return render(request, "aftercare/of_patient.html", context, status=422 if posted else 200)


def _discharge(request: Request, episode: Episode, form: DischargeForm) -> bool:
    try:
        services.discharge(
            episode=episode,
            reason=form.cleaned_data["reason"],
            words=form.words(),
            despite=form.cleaned_data["despite"],
            how=form.cleaned_data["how"],
            by=request.user,
            at=request.now,
        )
    except services.NotReady as error:
        form.add_error(FIELDS.get(error.code), REFUSALS[error.code])
        return False
    messages.success(request, _("Signed. The summary is ready, and the follow-ups are planned."))
    return True


@require_safe
@signed_in()
def summary(request: Request, discharge: UUID) -> HttpResponse:
    """The discharge summary as a PDF, for the student and the care team."""
    row = access_discharge(viewer=request.user, pk=discharge, at=request.now)
    return pdf_response(pdf_of(row), "summary.pdf")


@require_http_methods(["GET", "POST"])
@signed_in(*FOLLOWERS)
def contact(request: Request, follow_up: UUID) -> HttpResponse:
    """Write down a follow-up by phone."""
    row = FollowUp.objects.select_related("patient", "response").filter(pk=follow_up).first()
    if row is None:
        raise PermissionDenied
    access_chart(viewer=request.user, pk=row.patient_id, purpose="TREAT", at=request.now, what="follow-up")
    form = ContactForm(request.POST or None)
    if form.is_valid():
        services.note_contact(follow_up=row, note=form.cleaned_data["note"], by=request.user, at=request.now)
        return redirect("aftercare:list")
    return render(
        request, "aftercare/contact.html", {"follow_up": row, "form": form}, status=422 if form.is_bound else 200
    )


@require_safe
@signed_in(Role.STUDENT, Role.ALUMNUS)
def mine(request: Request) -> HttpResponse:
    """The student's own: what is still to do, what comes next, the summary."""
    person = own_patient(viewer=request.user)
    episode = latest_episode_of(person)
    today = timezone.localdate(request.now)
    review = ending_of(episode) if episode else None
    context = {
        "episode": episode,
        "stored": transition_plan_of(episode) if episode else None,
        "ready": readiness(episode=episode, today=today, at=request.now, language=get_language() or "en")
        if episode
        else None,
        "discharge": discharge_of(episode) if episode else None,
        "review": review,
        "has_lapsed": episode is not None and has_lapsed(episode, review, at=request.now),
        "wish": wish_of(person),
        "patient": person,
    }
    return render(request, "aftercare/mine.html", context)


@require_POST
@signed_in(Role.STUDENT, Role.ALUMNUS)
def agree(request: Request) -> HttpResponse:
    """The student agrees to what comes next."""
    episode = latest_episode_of(own_patient(viewer=request.user))
    if episode is None or transition_plan_of(episode) is None:
        raise Http404
    services.agree_to_transition(episode=episode, by=request.user, at=request.now)
    messages.success(request, _("Thank you. It is yours."))
    return redirect("aftercare:mine")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.STUDENT, Role.ALUMNUS)
def name_people(request: Request) -> HttpResponse:
    """The student chooses who of their map stands under whom to call."""
    episode = latest_episode_of(own_patient(viewer=request.user))
    if episode is None or transition_plan_of(episode) is None or discharge_of(episode) is not None:
        raise Http404
    rows = offered_rows(request.user)
    form = ChooseForm(request.POST if request.method == "POST" else None, rows=rows)
    if form.is_valid():
        services.name_people(episode=episode, chosen=set(form.cleaned_data["chosen"]), by=request.user, at=request.now)
        messages.success(request, _("They stand under whom to call."))
        return redirect("aftercare:mine")
    status = 422 if form.is_bound else 200
    return render(request, "aftercare/people.html", {"form": form, "rows": rows}, status=status)
