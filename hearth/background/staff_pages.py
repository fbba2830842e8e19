"""The assessment for staff: read, completed with the student, signed, added to, printed, and told in FHIR."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CLINICIANS
from hearth.background import fhir, questionnaire, services
from hearth.background.forms import AddForm, SectionForm, SignForm
from hearth.background.models import Background
from hearth.background.paper import body_of, paper_of, pdf_of
from hearth.background.queries import (
    READERS,
    WRITERS,
    Picture,
    Standing,
    access_background,
    answers_now,
    picture_of,
    value_of,
    version_of,
    versions_of,
    words_for,
)
from hearth.background.questionnaire import Words, questions
from hearth.background.rules import applicable
from hearth.lib.pdf import pdf_response
from hearth.people.models import Patient
from hearth.safety.services import licence_on


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*READERS)
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """What stands, or a version as it was signed. A post begins one, keeps or signs the summary, or adds to it."""
    person = access_background(viewer=request.user, pk=patient, at=request.now)
    picture = picture_of(person, staff=True)
    versions = list(versions_of(person))
    chosen = next((one for one in versions if str(one.version) == request.GET.get("version")), None)
    shown = chosen or next(iter(versions), None)
    is_clinician = request.user.has_any(CLINICIANS) and not person.has_died
    signing, adding = _forms(request, picture)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    if step and _carry_out(request, person, shown, step, signing, adding):
        return redirect("background:of-patient", person.pk)
    body = _body(picture, shown)
    context = {
        "patient": person,
        "picture": picture,
        "versions": versions,
        "shown": shown,
        "paper": paper_of(shown, body) if shown else None,
        "parts": _parts(picture, shown),
        "signing": signing,
        "adding": adding,
        "is_open": picture.background is not None,
        "may_write": request.user.has_any(WRITERS) and not person.has_died,
        "may_sign": is_clinician,
        "licence": licence_on(request.user, timezone.localdate(request.now)) if is_clinician else "",
    }
    return render(request, "background/of_patient.html", context, status=422 if step else 200)


def _forms(request: Request, picture: Picture) -> tuple[SignForm, AddForm]:
    step = request.POST.get("step") if request.method == "POST" else ""
    background = picture.background
    seen = sum(len(one.answers) for part in picture.parts for one in part.standings)
    initial = {"summary": background.summary if background else "", "seen": seen}
    signing = SignForm(request.POST if step in ("keep", "sign") else None, initial=initial)
    return signing, AddForm(request.POST if step == "add" else None)


def _carry_out(
    request: Request, person: Patient, shown: Background | None, step: str, signing: SignForm, adding: AddForm
) -> bool:
    """Whether the step is done; else its form says why not."""
    who: dict[str, Any] = {"by": request.user, "at": request.now}
    if step == "begin":
        services.begin(patient_pk=person.pk, **who)
        messages.success(request, _("A version is open. Your student is asked on their Today, and you can go on here."))
        return True
    if step == "add" and shown and adding.is_valid():
        services.add(background=shown, text=adding.cleaned_data["text"], **who)
        messages.success(request, _("Added. What was signed stays as it is."))
        return True
    if step in ("keep", "sign") and signing.is_valid():
        return _keep_or_sign(request, person, step, signing)
    return False


def _keep_or_sign(request: Request, person: Patient, step: str, form: SignForm) -> bool:
    who: dict[str, Any] = {"patient_pk": person.pk, "by": request.user, "at": request.now}
    summary, seen = form.cleaned_data["summary"], form.cleaned_data["seen"]
    try:
        if step == "keep":
            services.keep_summary(summary=summary, **who)
            messages.success(request, _("Kept as a draft."))
        else:
            services.sign(summary=summary, seen=seen, language=get_language() or "en", **who)
            messages.success(request, _("Signed. It stands in the chart."))
    except services.SummaryMissing:
        form.add_error("summary", _("Write what it adds up to before you sign."))
        return False
    except services.ChangedMeanwhile:
        form.add_error(None, _("Something was answered while you wrote. It stands below now: read it, then sign."))
        posted = request.POST.copy()
        posted["seen"] = str(answers_now(person))
        form.data = posted
        return False
    except services.AlreadySigned:
        messages.warning(request, _("A colleague has signed it already. You can add to it."))
    return True


def _body(picture: Picture, shown: Background | None) -> dict[str, Any]:
    """What a version says: as it was signed, or as it stands."""
    if shown is not None and not shown.is_open:
        return dict(shown.signature.body)
    return body_of(picture, language=get_language() or "en")


def _parts(picture: Picture, shown: Background | None) -> list[Any]:
    """Every section with its title, for what is open or not begun."""
    if shown is not None and not shown.is_open:
        return []
    words, values = words_for(picture.patient, get_language() or "en"), picture.values
    found = []
    for part in picture.parts:
        asked = applicable(part.section, values, who="staff")
        rows = [
            (words.items[one.item.id].text, words.said(one.item, one.value), one)
            for one in part.standings
            if one.item in asked and (one.value or one.answers)
        ]
        left = sum(not one.value for one in part.standings if one.item in asked)
        is_part2 = any(one.item.part2 for _text, _said, one in rows)
        found.append((part, words.sections[part.section.id].staff, rows, left, is_part2))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*WRITERS)
def section(request: Request, patient: UUID, section: str) -> HttpResponse:
    """One section with the student's answers in it, completed and put right with them."""
    person = access_background(viewer=request.user, pk=patient, at=request.now, to="change")
    picture = picture_of(person, staff=True)
    part = picture.part(section)
    if part is None:
        raise Http404
    words = words_for(person, get_language() or "en")
    asked = applicable(part.section, picture.values, who="staff")
    form = SectionForm(
        request.POST if request.method == "POST" else None,
        standings=[one for one in part.standings if one.item in asked],
        words=words,
        own=False,
    )
    if form.is_valid() and (saved := _save(request, person, section, form)):
        return _following(request, person, section, saved)
    ids = [one.id for one in questions().sections]
    context = {
        "patient": person,
        "part": part,
        "title": words.sections[section].staff,
        "form": form,
        "seen": part.seen,
        "number": ids.index(section) + 1,
        "of": len(ids),
        "history": _history(part.standings, words),
    }
    return render(request, "background/complete.html", context, status=422 if form.is_bound else 200)


def _save(request: Request, person: Patient, section: str, form: SectionForm) -> services.Saved | None:
    """What came of it; None where somebody answered meanwhile, which then stands on the screen."""
    seen = request.POST.get("seen", "")
    try:
        saved = services.save_section(
            patient_pk=person.pk,
            section=section,
            given=form.given(),
            seen=int(seen) if seen.isdecimal() else 0,
            by=request.user,
            at=request.now,
        )
    except services.ChangedMeanwhile:
        form.add_error(
            None, _("Somebody answered here while you wrote. It stands beside now: read it, then keep yours.")
        )
        return None
    if saved.in_danger:
        messages.warning(request, _("A concern is raised. Stay with them, and take it now."))
    return saved


def _following(request: Request, person: Patient, section: str, saved: services.Saved) -> HttpResponse:
    if saved.more:
        return redirect(request.path)
    ids = [one.id for one in questions().sections]
    later = ids[ids.index(section) + 1 :]
    if "next" in request.POST and later:
        return redirect("background:complete", person.pk, later[0])
    return redirect("background:of-patient", person.pk)


def _history(standings: Sequence[Standing], words: Words) -> list[Any]:
    """Who said what when, oldest first, of the questions that were answered more than once."""
    return [
        (
            words.items[one.item.id].text,
            [(answer, words.said(one.item, value_of(answer))) for answer in reversed(one.answers)],
        )
        for one in standings
        if len(one.answers) > 1
    ]


def _version(request: Request, patient: UUID, number: int) -> tuple[Background, dict[str, Any]]:
    person = access_background(viewer=request.user, pk=patient, at=request.now)
    found = version_of(person, number)
    if found is None:
        raise Http404
    return found, _body(picture_of(person, staff=True), found)


@require_safe
@signed_in(*READERS)
def paper(request: Request, patient: UUID, number: int) -> HttpResponse:
    """A version as a PDF: as it was signed, or marked as a draft."""
    found, body = _version(request, patient, number)
    return pdf_response(pdf_of(paper_of(found, body)), "assessment.pdf")


@require_safe
@signed_in(*READERS)
def as_fhir(request: Request, patient: UUID, number: int) -> HttpResponse:
    """A version as a FHIR QuestionnaireResponse."""
    found, body = _version(request, patient, number)
    signed = None if found.is_open else found.signature
    resource = fhir.response(
        questions(),
        body,
        pk=found.pk,
        patient_id=found.patient_id,
        author_id=signed.by_id if signed else None,
        authored=signed.at if signed else request.now,
        is_signed=signed is not None,
    )
    return _fhir(resource, "questionnaire-response.json")


@require_safe
@signed_in(*READERS)
def as_questionnaire(request: Request, language: str) -> HttpResponse:
    """The questions as a FHIR Questionnaire. They are nobody's record."""
    if language not in questionnaire.LANGUAGES:
        raise Http404
    words = questionnaire.words(language)
    title = _("Biopsychosocial assessment")
    return _fhir(fhir.questionnaire(questions(), words, title=title, dated=questionnaire.dated()), "questionnaire.json")


def _fhir(resource: dict[str, Any], name: str) -> HttpResponse:
    answer = JsonResponse(resource, content_type="application/fhir+json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
