"""The skills tools on a phone, and what of them staff see."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.consent.queries import access_chart
from hearth.lib.pdf import pdf_response
from hearth.people.models import Patient
from hearth.people.queries import own_patient, primary_counselor_of
from hearth.program.handout import handout_pdf
from hearth.program.pack import Lesson
from hearth.skills import coping_queries, map_queries, own_queries, queries, services, sheet_queries
from hearth.skills.forms import AssignForm, PracticeForm
from hearth.skills.lesson_text import questions, sections
from hearth.skills.models import Practice, Tool
from hearth.skills.own_pages import STUDENTS
from hearth.skills.sheet_kinds import in_words, kinds, kinds_for
from hearth.skills.thought_pages import Thought

READERS = CARE | {Role.COORDINATOR, Role.DIRECTOR}
NEWEST = 50
LATEST = 3  # of what helped, on the first page


@dataclass(frozen=True, slots=True)
class Practised:
    """A practice with the title of its lesson."""

    practice: Practice
    title: str


@require_safe
@signed_in(*STUDENTS)
def home(request: Request) -> HttpResponse:
    """Everything a student can practise: for a hard moment, what was handed to them, then the tools and the lessons."""
    patient = own_patient(viewer=request.user)
    practised = queries.practices_of(patient)
    due = queries.due_lessons(patient, timezone.localdate(request.now))
    context = {
        "due": due,
        "at_hand": queries.lessons_at_hand(patient, due),
        "records": queries.thought_records_of(patient)[: queries.AT_HAND],
        "begun": sheet_queries.sheets_at_hand(request.user),
        "shelves": queries.shelves_of(patient, _language()),
        "practised": set(practised.values_list("lesson", flat=True)),
        "thoughts": queries.thought_records_of(patient).count(),
        "tools": Tool.values,
        "is_kept": "kept" in request.GET,  # the smaller page that a phone keeps for when there is no connection
        "plan": coping_queries.own_plan(request.user),
        "helped": own_queries.helped_of(request.user)[:LATEST],
    }
    return render(request, "skills/home.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def lesson(request: Request, lesson: str) -> HttpResponse:
    """One lesson: read or listen, try it, practise, think back. A post writes down a practice."""
    patient = own_patient(viewer=request.user)
    found = _lesson(patient, lesson)
    form = PracticeForm(request.POST if request.method == "POST" else None)
    is_kept = "kept" in request.GET  # what a phone keeps for when there is no connection: the lesson, nobody's practice
    if form.is_valid():
        services.practise(patient=patient, lesson_id=found.id, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Practised. Well done: this is how it grows."))
        return redirect("skills:lesson", found.id)
    context = {
        "lesson": found,
        "sections": sections(found.body),
        "gentle": queries.is_gentle(patient, found),
        "grounding": queries.grounding_for(patient, found),
        "form": form,
        "is_kept": is_kept,
        "questions": questions(found),
        "sheets": [(kind.id, in_words(kind.title, _language())) for kind in kinds_for(found.id)],
        "practices": () if is_kept else queries.practices_of(patient).filter(lesson=found.id)[:NEWEST],
        "counselor": None if is_kept else primary_counselor_of(patient),
    }
    return render(request, "skills/lesson.html", context, status=422 if form.is_bound else 200)


@require_safe
@signed_in(*STUDENTS)
def lesson_on_paper(request: Request, lesson: str) -> HttpResponse:
    """The same lesson as a PDF, with room to write."""
    return pdf_response(handout_pdf(_lesson(own_patient(viewer=request.user), lesson)), "lesson.pdf")


@require_http_methods(["GET", "POST"])
@signed_in(*READERS)
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """What a student was handed, practised and shares. A post hands out a lesson."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="skills")
    titles = {one.id: one.title for shelf in queries.shelves_of(person, _language()) for one in shelf.lessons}
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        lessons=list(titles.items()),
        today=timezone.localdate(request.now),
    )
    if form.is_valid():
        services.assign_lesson(patient=person, by=request.user, at=request.now, **form.cleaned_data)
        return redirect("skills:of-patient", person.pk)
    shared_sheets = [
        (row, in_words(kinds()[row.kind].title, _language()))
        for row in (sheet_queries.shared_sheets_of(person)[:NEWEST] if request.user.has_any(CARE) else ())
    ]
    context = {
        "patient": person,
        "form": form,
        "shared_plan": coping_queries.shared_plan_of(person) if request.user.has_any(CARE) else None,
        "shared_map": map_queries.shared_map_of(person) if request.user.has_any(CARE) else None,
        "shared_sheets": shared_sheets,
        "may_assign": request.user.has_any(CARE) and titles,
        "assignments": [(row, titles.get(row.lesson, row.lesson)) for row in queries.assignments_of(person)[:NEWEST]],
        "practices": [
            Practised(row, titles.get(row.lesson, row.lesson)) for row in queries.practices_of(person)[:NEWEST]
        ],
        "thoughts": [
            Thought(row, queries.feelings_of(row)) for row in queries.shared_thought_records_of(person)[:NEWEST]
        ],
    }
    return render(request, "skills/of_patient.html", context, status=422 if form.is_bound else 200)


def _lesson(patient: Patient, lesson_id: str) -> Lesson:
    found = queries.lesson_for(patient, lesson_id, _language())
    if found is None:
        raise Http404("this program has no such lesson")
    return found


def _language() -> str:
    return get_language() or "en"
