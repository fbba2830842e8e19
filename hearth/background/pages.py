"""About you: the student's side of the assessment, one section a screen, each kept as it is sent."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.background import services
from hearth.background.forms import SectionForm
from hearth.background.paper import paper_of, pdf_of
from hearth.background.queries import Part, Picture, last_signature, picture_of, version_of, words_for
from hearth.background.questionnaire import Words, questions
from hearth.background.rules import applicable, next_section
from hearth.lib.pdf import pdf_response
from hearth.people.models import Patient
from hearth.people.queries import own_patient, primary_counselor_of

OWNERS = (Role.STUDENT, Role.ALUMNUS)


@require_safe
@signed_in(*OWNERS)
def mine(request: Request) -> HttpResponse:
    """All sections, with how far they are; where it goes on; who will read it."""
    patient = own_patient(viewer=request.user)
    picture, signed = picture_of(patient, staff=False), last_signature(patient)
    following = next_section(questions(), picture.looked_at(own=True))
    context = {
        "patient": patient,
        "picture": picture,
        "is_asked": _is_asked(picture, signed is not None),
        "signed": signed,
        "counselor": primary_counselor_of(patient),
        "next": following,
        "done": len(picture.looked_at(own=True)),
        "of": len(picture.parts),
        "parts": [(part, _titles(patient).sections[part.section.id]) for part in picture.parts],
    }
    return render(request, "background/mine.html", context)


def _is_asked(picture: Picture, is_signed: bool) -> bool:
    """Whether there is something to answer: a version is open, or none was ever made."""
    return not picture.patient.has_died and (picture.background is not None or not is_signed)


def _titles(patient: Patient) -> Words:
    return words_for(patient, get_language() or "en")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*OWNERS)
def section(request: Request, section: str) -> HttpResponse:
    """One section. Sending it keeps it and goes on; it can be skipped, and left for another day."""
    patient = own_patient(viewer=request.user)
    picture = picture_of(patient, staff=False)
    part = picture.part(section)
    if part is None or not _is_asked(picture, last_signature(patient) is not None):
        raise Http404
    form = _form(request, part, picture)
    skip = "skip" in request.POST
    if form.is_bound and (skip or form.is_valid()):
        given = {} if skip else form.given()
        saved = services.save_section(
            patient_pk=patient.pk, section=section, given=given, by=request.user, at=request.now, skip=skip
        )
        return _go_on(request, patient, section, saved)
    titles = _titles(patient)
    number = [one.id for one in questions().sections].index(section) + 1
    context = {
        "part": part,
        "titles": titles.sections[section],
        "form": form,
        "number": number,
        "of": len(picture.parts),
        "counselor": primary_counselor_of(patient),
        "has_more": "more" in request.GET,
    }
    return render(request, "background/section.html", context, status=422 if form.is_bound else 200)


def _form(request: Request, part: Part, picture: Picture) -> SectionForm:
    """The section's questions that are asked after what was answered so far."""
    asked = applicable(part.section, picture.own_values, who="student")
    standings = [one for one in part.standings if one.item in asked]
    return SectionForm(
        request.POST if request.method == "POST" else None,
        standings=standings,
        words=_titles(picture.patient),
        own=True,
    )


def _go_on(request: Request, patient: Patient, section: str, saved: services.Saved) -> HttpResponse:
    if saved.in_danger:
        return redirect("background:help")
    if "stop" in request.POST:
        return redirect("web:today")
    if saved.more:
        return redirect(f"{request.path}?more")
    ids = [one.id for one in questions().sections]
    later = ids[ids.index(section) + 1 :]
    looked_at = picture_of(patient, staff=False).looked_at(own=True)
    following = next((one for one in [*later, *ids] if one not in looked_at), None)
    return redirect("background:section", following) if following else redirect("background:mine")


@require_safe
@signed_in(*OWNERS)
def help_at_once(request: Request) -> HttpResponse:
    """Shown at once after an answer that tells of danger."""
    return render(
        request, "background/help.html", {"counselor": primary_counselor_of(own_patient(viewer=request.user))}
    )


@require_POST
@signed_in(*OWNERS)
def finish(request: Request) -> HttpResponse:
    """That is all for now, however much was answered."""
    patient = own_patient(viewer=request.user)
    try:
        services.finish(patient_pk=patient.pk, by=request.user, at=request.now)
    except services.NotAsked as error:
        raise Http404 from error
    return redirect("background:mine")


@require_safe
@signed_in(*OWNERS)
def paper(request: Request) -> HttpResponse:
    """The newest signed version as a PDF, for the student it is about."""
    patient = own_patient(viewer=request.user)
    signed = last_signature(patient)
    found = version_of(patient, signed.background.version) if signed else None
    if signed is None or found is None:
        raise PermissionDenied
    return pdf_response(pdf_of(paper_of(found, signed.body)), "about-me.pdf")
