"""Read out by staff: the questions word for word, the answers the student's own, what comes of them seen together."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE
from hearth.consent.queries import access_chart
from hearth.measures import guardians, queries, questionnaires
from hearth.measures import instrument as instruments
from hearth.measures.concerns import raised_by
from hearth.measures.fhir_response import questionnaire_response
from hearth.measures.models import GuardianResponse, How, Response
from hearth.people.models import Patient
from hearth.safety.queries import concerns_of


@require_http_methods(["GET", "POST"])
@signed_in(*CARE)
def read(request: Request, patient: UUID, instrument: str) -> HttpResponse:
    """One questionnaire, read to its student in their language."""
    person = access_chart(
        viewer=request.user, pk=patient, purpose="TREAT", at=request.now, to="change", what="measures"
    )
    language = next(iter(person.languages), "")
    found, form = questionnaires.form_of(request, instrument, language=language, read_out=True)
    if form.is_valid():
        response = questionnaires.store(request, person, found, form, how=How.INTERVIEW)
        return redirect("measures:read-result", person.pk, response.pk)
    context = questionnaires.questions_of(found, form) | {"patient": person, "kept": f"read-{found.id}-{person.pk}"}
    return render(request, "measures/read.html", context, status=422 if form.is_bound else 200)


@require_safe
@signed_in(*CARE)
def result(request: Request, patient: UUID, response: UUID) -> HttpResponse:
    """What the student would see had they answered alone, and what it asks of who read to them."""
    person, found = _given(request, patient, response)
    raised = raised_by(found, concerns_of(person))
    context = questionnaires.said_of(person, found) | {"patient": person, "raised": raised}
    return render(request, "measures/read_result.html", context)


@require_safe
@signed_in(*questionnaires.READERS)
def as_fhir(request: Request, patient: UUID, response: UUID) -> HttpResponse:
    """One filled-in questionnaire as a FHIR QuestionnaireResponse."""
    person, found = _given(request, patient, response)
    by_staff = found.how in (How.INTERVIEW, How.PAPER)
    return _as_fhir(
        person, found, declined=found.declined, author=f"Practitioner/{found.answered_by_id}" if by_staff else ""
    )


@require_safe
@signed_in(*questionnaires.READERS)
def view_as_fhir(request: Request, patient: UUID, response: UUID) -> HttpResponse:
    """How a guardian saw it as a FHIR QuestionnaireResponse about the student, with the guardian as its source."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="measures")
    found = guardians.response_about(person, response)
    guardian = f"RelatedPerson/{found.answered_by_id}"
    return _as_fhir(person, found, source=guardian, author=guardian)


def _as_fhir(person: Patient, found: Response | GuardianResponse, **more: Any) -> HttpResponse:
    resource = questionnaire_response(
        instruments.get(found.instrument),
        pk=found.pk,
        version=found.version,
        language=found.language,
        answers=found.answers,
        total=found.total,
        patient_id=person.pk,
        authored=found.answered_at,
        **more,
    )
    answer = JsonResponse(resource, content_type="application/fhir+json")
    answer["Content-Disposition"] = 'attachment; filename="questionnaire-response.json"'
    return answer


def _given(request: Request, patient: UUID, response: UUID) -> tuple[Patient, Response]:
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="measures")
    found = queries.own_response(person, response)
    if found is None:
        raise PermissionDenied
    return person, found
