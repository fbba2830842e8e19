"""The plan for hard days and its cards, for their student, and for the care team where it is shared."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE
from hearth.consent.queries import access_chart
from hearth.people.queries import own_patient, primary_counselor_of
from hearth.skills import coping_queries, coping_services, queries
from hearth.skills.cards import LONGEST_SOURCE
from hearth.skills.coping_forms import CardForm, PlanForm
from hearth.skills.own_pages import STUDENTS


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def hard_days(request: Request) -> HttpResponse:
    """The plan and the cards, to read, print and keep on the phone. A post writes a card."""
    patient = own_patient(viewer=request.user)
    form = CardForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        coping_services.write_card(by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Kept, for you alone."))
        return redirect("skills:hard-days")
    is_kept = "kept" in request.GET  # what a phone keeps for when there is no connection: to read alone
    context = {
        "days": coping_queries.hard_days(viewer=request.user, patient=patient, language=get_language() or "en"),
        "form": form,
        "is_kept": is_kept,
        "counselor": None if is_kept else primary_counselor_of(patient),
    }
    return render(request, "skills/hard_days.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def plan(request: Request) -> HttpResponse:
    """Write the plan. Where it was changed on another device in between, both are shown."""
    patient = own_patient(viewer=request.user)
    found = coping_queries.own_plan(request.user)
    form = PlanForm(request.POST if request.method == "POST" else None, plan=found)
    other = None
    if form.is_valid():
        words = {name: form.cleaned_data[name] for name in coping_services.PARTS}
        try:
            coping_services.keep_plan(
                words=words,
                people=form.people(),
                version=form.cleaned_data["version"],
                by=request.user,
                at=request.now,
            )
        except coping_services.Stale:
            other = found
            form = PlanForm({**request.POST.dict(), "version": found.version if found else 0}, plan=found)
            form.add_error(None, _("You changed your plan somewhere else in between. Both are here."))
        else:
            messages.success(request, _("Kept."))
            return redirect("skills:hard-days")
    context = {"form": form, "other": other, "shared": coping_queries.shared_plan_of(patient)}
    return render(request, "skills/plan.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in(*STUDENTS)
def share_plan(request: Request) -> HttpResponse:
    """Let the care team read the plan and the cards in own words, or no longer."""
    shared = request.POST.get("share") == "yes"
    coping_services.share_plan(is_shared=shared, by=request.user, at=request.now)
    messages.success(request, _("Your counselor can read it now.") if shared else _("It is yours alone again."))
    return redirect("skills:hard-days")


@require_POST
@signed_in(*STUDENTS)
def keep_card(request: Request) -> HttpResponse:
    """Keep a lesson as a card, put a card away, or bring it back."""
    source, is_away = request.POST.get("source", ""), request.POST.get("away") == "yes"
    kind, _colon, which = source.partition(":")
    is_lesson = kind == "lesson" and queries.lesson_for(own_patient(viewer=request.user), which, "en") is not None
    if len(source) > LONGEST_SOURCE or not (is_lesson or kind in ("tool", "thought", "urge", "activity")):
        raise Http404("there is no such card")
    coping_services.keep_source(source=source, is_away=is_away, by=request.user, at=request.now)
    messages.success(request, _("Put away. You can bring it back.") if is_away else _("It is among your cards."))
    return redirect("skills:hard-days")


@require_POST
@signed_in(*STUDENTS)
def delete_card(request: Request, card: UUID) -> HttpResponse:
    """Take a card in own words away for good."""
    coping_services.delete_card(pk=card, by=request.user, at=request.now)
    messages.success(request, _("The card is gone."))
    return redirect("skills:hard-days")


@require_safe
@signed_in(*CARE)
def shared_plan(request: Request, patient: UUID) -> HttpResponse:
    """What a student shares of their plan for hard days, for those who care for them."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="coping_plan")
    shared = coping_queries.shared_plan_of(person)
    return render(request, "skills/shared_plan.html", {"patient": person, "shared": shared})
