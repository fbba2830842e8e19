"""Thought records for their student, with and without a connection."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.people.models import Patient
from hearth.people.queries import own_patient, primary_counselor_of
from hearth.skills import queries, rules, thought_services
from hearth.skills.forms import ThoughtRecordForm
from hearth.skills.models import ThoughtRecord
from hearth.skills.own_pages import STUDENTS
from hearth.skills.sheet_kinds import Part, Said

NEWEST = 50


@dataclass(frozen=True, slots=True)
class Thought:
    """A thought record with its feelings as values."""

    record: ThoughtRecord
    feelings: tuple[rules.Feeling, ...]
    is_twice: bool = False


@require_safe
@signed_in(*STUDENTS)
def thoughts(request: Request) -> HttpResponse:
    """All thought records of a student and what they have in common."""
    patient = own_patient(viewer=request.user)
    rows = list(queries.thought_records_of(patient))
    twice = {pk for row in rows if row.beside_id for pk in (row.pk, row.beside_id)}
    found = [Thought(row, queries.feelings_of(row), row.pk in twice) for row in rows]
    context = {
        "thoughts": found[:NEWEST],
        "at_hand": [one.record for one in found[: queries.AT_HAND]],
        "pattern": rules.pattern(one.feelings for one in found),
        "is_kept": "kept" in request.GET,
    }
    return render(request, "skills/thoughts.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def new_thought(request: Request) -> HttpResponse:
    """A new thought record."""
    return _write(request, own_patient(viewer=request.user), None)


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def thought(request: Request, record: UUID) -> HttpResponse:
    """One thought record of the student's own, to read and change."""
    found = queries.own_thought_record(viewer=request.user, pk=record)
    return _write(request, own_patient(viewer=request.user), found)


@require_POST
@signed_in(*STUDENTS)
def share_thought(request: Request, record: UUID) -> HttpResponse:
    """Let the care team read this record, or no longer."""
    found = queries.own_thought_record(viewer=request.user, pk=record)
    shared = request.POST.get("share") == "yes"
    thought_services.share(record=found, is_shared=shared, by=request.user, at=request.now)
    messages.success(request, _("Your counselor can read it now.") if shared else _("It is yours alone again."))
    return redirect("skills:thoughts")


@require_POST
@signed_in(*STUDENTS)
def keep_both_thoughts(request: Request, record: UUID) -> HttpResponse:
    """What was written on two devices is two records from now on."""
    found = queries.own_thought_record(viewer=request.user, pk=record)
    thought_services.keep_both(record=found, by=request.user, at=request.now)
    return redirect("skills:thoughts")


@require_POST
@signed_in(*STUDENTS)
def delete_thought(request: Request, record: UUID) -> HttpResponse:
    """Take a record away for good."""
    found = queries.own_thought_record(viewer=request.user, pk=record)
    thought_services.delete(record=found, by=request.user, at=request.now)
    messages.success(request, _("The record is gone."))
    return redirect("skills:thoughts")


def _write(request: Request, patient: Patient, record: ThoughtRecord | None) -> HttpResponse:
    form = ThoughtRecordForm(request.POST if request.method == "POST" else None, record=record)
    other: list[Part] = []
    if form.is_valid():
        try:
            _keep(request, patient, record, form)
        except thought_services.Stale as stale:
            record = stale.row
            other = told(record)
            form = ThoughtRecordForm({**request.POST.dict(), "version": record.version, "over": ""}, record=record)
            form.add_error(None, _("You changed this record somewhere else in between. Both are here."))
        else:
            messages.success(request, _("Kept."))
            return redirect("skills:thoughts")
    is_kept = "kept" in request.GET  # what a phone keeps to go on with when there is no connection
    context = {
        "form": form,
        "record": record,
        "other": other,
        "beside": [(row, told(row)) for row in queries.records_beside(record)] if record and not is_kept else [],
        "draft": f"thought-{record.pk}-{record.version}" if record else "thought-new",
        "is_kept": is_kept,
        "counselor": None if is_kept else primary_counselor_of(patient),
    }
    return render(request, "skills/thought.html", context, status=422 if form.is_bound else 200)


def _keep(request: Request, patient: Patient, record: ThoughtRecord | None, form: ThoughtRecordForm) -> None:
    said, by, at = form.said(), request.user, request.now
    if record is None:
        thought_services.keep(
            patient=patient, token=form.cleaned_data["token"], over=form.cleaned_data["over"], by=by, at=at, **said
        )
    else:
        version = form.cleaned_data["version"] or 0
        thought_services.change(record=record, version=version, over=form.cleaned_data["over"], by=by, at=at, **said)


def told(record: ThoughtRecord) -> list[Part]:
    """What a record says, under the words of its form."""
    fields = [field for field in ThoughtRecordForm(record=record).visible_fields() if field.name != "is_shared"]
    return [Part("", tuple(Said(str(one.label), str(one.value())) for one in fields if one.value() not in (None, "")))]
