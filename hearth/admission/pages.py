"""Pages of admission: who is on the way in, and each person's next step."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.queries import holders_of
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.admission import services
from hearth.admission.forms import AdmitForm, DecisionForm, FindingsForm, ProgramForm
from hearth.admission.queries import (
    ADMITTERS,
    Step,
    latest_episode_of,
    people_on_the_way_in,
    programs_with_free_places,
    score_of,
    step_of,
)
from hearth.admission.rules import Dimension, Level
from hearth.admission.score_models import LevelScore
from hearth.admission.score_rules import differences, instrument_at
from hearth.admission.wording import LEVELS, difference, rated, refusal
from hearth.background.queries import lines_by_dimension, state_of, waiting_to_be_signed
from hearth.consent.asked import chosen_program
from hearth.consent.models import ConsentKind
from hearth.consent.packet import packet_of
from hearth.consent.queries import access_chart
from hearth.inquiry.queries import INTAKE
from hearth.inquiry.referral_queries import told_first
from hearth.people.models import Patient


@require_safe
@signed_in(*ADMITTERS)
def on_the_way_in(request: Request) -> HttpResponse:
    """Everyone who is not in a program yet, with what comes next for each."""
    steps = people_on_the_way_in(viewer=request.user, at=request.now)
    to_sign = waiting_to_be_signed(step.patient.pk for step in steps)
    return render(request, "admission/on_the_way_in.html", {"steps": steps, "to_sign": to_sign})


@require_http_methods(["GET", "POST"])
@signed_in(*ADMITTERS)
def way_in(request: Request, patient: UUID) -> HttpResponse:
    """One person's way in: findings, decision, consents, first day. A post is the decision, program or admission."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="admission")
    step = step_of(person, at=request.now)
    posted = request.POST.get("step") if request.method == "POST" else None
    decision = DecisionForm(
        request.POST if posted == "sign" else None,
        initial={"level": step.assessment.recommended_level if step.assessment else ""},
    )
    chosen = chosen_program(person)
    programs: dict[str, Any] = {
        "programs": programs_with_free_places(population=person.population),
        "chosen": (chosen.program, chosen.track) if chosen else ("", ""),
    }
    admission = _admit_form(request, programs, bound=posted == "admit")
    program = ProgramForm(
        request.POST if posted == "program" else None,
        auto_id="program_%s",  # the form of the admission names its own choice
        **programs,
    )
    if posted == "sign" and step.assessment and decision.is_valid() and _sign(request, step, decision):
        return redirect("admission:way-in", person.pk)
    if posted == "admit" and admission.is_valid() and _admit(request, person, admission):
        return redirect("admission:way-in", person.pk)
    if posted == "program" and program.is_valid() and _choose(request, person, program):
        return redirect("admission:way-in", person.pk)
    context = {
        "patient": person,
        "step": step,
        "program": program,
        "chosen": chosen,
        "episode": latest_episode_of(person),
        "level": LEVELS.get(step.assessment.decided_level, "") if step.assessment else "",  # type: ignore[call-overload]
        "suggested": LEVELS.get(step.assessment.recommended_level, "") if step.assessment else "",  # type: ignore[call-overload]
        "rated": rated(services.findings_of(step.assessment), step.assessment.edition) if step.assessment else [],
        "differences": _differences(step),
        "missing": [ConsentKind(kind).label for kind in step.missing],
        "packet": packet_of(person, at=request.now),
        "decision": decision,
        "admission": admission,
        "may_sign": request.user.has_role(Role.COUNSELOR, Role.SUPERVISOR, Role.MEDICAL) and not person.has_died,
        "takes_in": request.user.has_any(INTAKE),
        "background": state_of(person),
        "told_first": told_first(person),
    }
    return render(request, "admission/way_in.html", context, status=422 if posted else 200)


def _differences(step: Step) -> list[str]:
    """Where the score asks for another level than the suggestion, in words."""
    score = score_of(step.assessment) if step.assessment else None
    if not score or not step.assessment or not step.assessment.recommended_level:
        return []
    return [difference(one) for one in differences(score.numbers, Level(step.assessment.recommended_level))]


def _admit_form(request: Request, programs: dict[str, Any], *, bound: bool) -> AdmitForm:
    return AdmitForm(
        request.POST if bound else None,
        **programs,
        counselors=list(holders_of(Role.COUNSELOR)),
        today=timezone.localdate(request.now, request.organisation.zone),
    )


def _choose(request: Request, person: Patient, form: ProgramForm) -> bool:
    data = form.cleaned_data
    try:
        services.choose_program(
            patient=person, program=data["program"], track=data["track"], by=request.user, at=request.now
        )
    except services.NotAdmissible as error:
        form.add_error("choice", refusal(error.reasons[0]))
        return False
    messages.success(request, _("Written down. They are now asked for the papers of this program."))
    return True


def _sign(request: Request, step: Step, form: DecisionForm) -> bool:
    assert step.assessment is not None
    try:
        services.sign_decision(
            assessment=step.assessment,
            level=form.cleaned_data["level"],
            rationale=form.cleaned_data["rationale"],
            by=request.user,
            at=request.now,
        )
    except services.NotAdmissible as error:
        form.add_error("rationale", refusal(error.reasons[0]))
        return False
    messages.success(request, _("Signed. The decision is in the chart."))
    return True


def _admit(request: Request, person: Patient, form: AdmitForm) -> bool:
    data = form.cleaned_data
    try:
        services.admit(
            patient=person,
            program=data["program"],
            track=data["track"],
            starts_on=data["starts_on"],
            weeks=data["weeks"],
            counselor=data["counselor"],
            by=request.user,
            at=request.now,
        )
    except services.NotAdmissible as error:
        for reason in error.reasons:
            form.add_error(None, refusal(reason))
        return False
    messages.success(request, _("%(name)s is admitted.") % {"name": person.chosen_name})
    return True


@require_http_methods(["GET", "POST"])
@signed_in(*ADMITTERS)
def findings(request: Request, patient: UUID) -> HttpResponse:
    """Rate the six dimensions; the software then shows what they add up to."""
    person = access_chart(
        viewer=request.user, pk=patient, purpose="TREAT", at=request.now, to="change", what="findings"
    )
    stored = person.assessments.select_related("score").order_by("-recorded_at").first()
    form = FindingsForm(request.POST or None, initial=FindingsForm.initial_of(stored) if stored else None)
    if form.is_valid():
        services.record_findings(
            patient=person,
            findings=form.findings(),
            edition=form.cleaned_data["edition"],
            score=form.score(),
            by=request.user,
            at=request.now,
        )
        return redirect("admission:way-in", person.pk)
    lines = lines_by_dimension(person, language=get_language() or "en")
    rows = [(*pair, lines.get(dimension, [])) for dimension, pair in zip(Dimension, form.pairs(), strict=True)]
    age = person.age(on=timezone.localdate(request.now, request.organisation.zone))
    instrument = LevelScore.Instruments(instrument_at(age)).label
    context = {"patient": person, "form": form, "rows": rows, "instrument": instrument}
    return render(request, "admission/findings.html", context, status=422 if form.is_bound else 200)
