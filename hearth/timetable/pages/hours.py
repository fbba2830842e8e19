"""The hours in which a student could come: painted or typed by themself, or written down by staff."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.people.models import Patient, Population
from hearth.people.queries import own_patient
from hearth.timetable import hours, queries, services
from hearth.timetable.board import Dose, Span
from hearth.timetable.busy import Busy
from hearth.timetable.forms import CopyForm, HoursForm, OneOffForm
from hearth.timetable.models import SuggestedHours
from hearth.timetable.need_forms import NeedsForm
from hearth.timetable.needs import accommodation_of
from hearth.timetable.week_asked import zone_words

USUAL = {"school": hours.SCHOOL, "work": hours.WORK}
"""Busy hours that one button takes out of the week."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Hours that are on the page, but not kept yet."""

    week: tuple[Span, ...]
    best: tuple[Span, ...]
    family: tuple[Span, ...]
    note: str
    busy: Busy | None = None
    suggestion: SuggestedHours | None = None


@require_http_methods(["GET", "POST"])
@signed_in(Role.STUDENT)
def mine(request: Request) -> HttpResponse:
    """The student says when they could come: painted, or typed."""
    return _page(request, own_patient(viewer=request.user), is_own=True)


@require_http_methods(["GET", "POST"])
@signed_in(*queries.WRITERS)
def of_student(request: Request, patient: UUID) -> HttpResponse:
    """Staff write down a student's hours for them."""
    person = queries.access_hours(viewer=request.user, patient=patient, at=request.now)
    return _page(request, person, is_own=False)


def _page(request: Request, person: Patient, *, is_own: bool) -> HttpResponse:
    if request.method != "POST":
        return show(request, person, is_own=is_own)
    dose = queries.dose_of(person, on=timezone.localdate(request.now))
    form = HoursForm(request.POST, with_family=asks_family(person, dose))
    if request.POST.get("do"):
        filled = _filled(form, request.POST)
        return show(request, person, is_own=is_own, form=None if filled else form, filled=filled)
    if not form.is_valid():
        return show(request, person, is_own=is_own, form=form)
    services.give_hours(
        patient=person,
        spans=form.spans(),
        best=form.best(),
        family=form.family_spans(),
        note=form.cleaned_data["note"],
        dates=[dates for dates, is_chosen in form.dates() if is_chosen],
        suggestion=_suggestion_in(request, person),
        by=request.user,
        at=request.now,
    )
    for sentence in form.changes():
        messages.info(request, sentence)
    messages.success(request, _("The hours are kept."))
    return redirect(address_of(person, is_own=is_own))


def _suggestion_in(request: Request, person: Patient) -> SuggestedHours | None:
    """The guardian's suggestion that these hours were made from, if it still waits."""
    found = queries.suggestion_for(person)
    return found if found and str(found.pk) == request.POST.get("suggestion") else None


@require_http_methods(["GET", "POST"])
@signed_in(Role.STUDENT)
def suggested(request: Request) -> HttpResponse:
    """Look at what a guardian suggests, painted on the week; keep it with changes, or let it go."""
    return _suggested(request, own_patient(viewer=request.user), is_own=True)


@require_http_methods(["GET", "POST"])
@signed_in(*queries.WRITERS)
def suggested_for(request: Request, patient: UUID) -> HttpResponse:
    """Staff look at it for a student."""
    person = queries.access_hours(viewer=request.user, patient=patient, at=request.now)
    return _suggested(request, person, is_own=False)


def _suggested(request: Request, person: Patient, *, is_own: bool) -> HttpResponse:
    found = queries.suggestion_for(person)
    if found is None:
        return redirect(address_of(person, is_own=is_own))
    if request.method == "POST":
        services.decide_suggestion(suggestion=found, is_taken=False, by=request.user, at=request.now)
        messages.success(request, _("The hours stay as they were."))
        return redirect(address_of(person, is_own=is_own))
    row = queries.hours_of(person)
    filled = Filled(
        week=hours.from_json(found.hours),
        best=hours.best_from_json(found.hours),
        family=hours.from_json(row.family_hours) if row else (),
        note=row.note if row else "",
        suggestion=found,
    )
    return show(request, person, is_own=is_own, filled=filled)


def asks_family(person: Patient, dose: Dose | None) -> bool:
    """Whether the family's hours are asked for too."""
    return person.population == Population.ADOLESCENT or bool(dose and dose.family.count)


def address_of(person: Patient, *, is_own: bool) -> str:
    return reverse("timetable:my-hours") if is_own else reverse("timetable:hours", args=[person.pk])


def _filled(form: HoursForm, data: QueryDict) -> Filled | None:
    """What a button makes of the rows on the page; None if they need another look first."""
    copying = CopyForm(data)
    parts = [form.week, form.family] if form.family else [form.week]
    if any(part.reading.troubles for part in parts):
        return None
    week, best = form.spans(), form.best()
    if data["do"] in USUAL:
        busy = USUAL[data["do"]]
        week, best = hours.without(hours.begun(week), busy), hours.without(best, busy)
    elif copying.is_valid():
        day, to = copying.cleaned_data["day"], copying.days()
        week, best = hours.copied(week, day=day, to=to), hours.copied(best, day=day, to=to)
    return Filled(week, best, form.family_spans(), data.get("note", ""), form.busy())


def show(
    request: Request,
    person: Patient,
    *,
    is_own: bool,
    form: HoursForm | None = None,
    filled: Filled | None = None,
    dates: OneOffForm | None = None,
) -> HttpResponse:
    """The page with the hours as kept, as filled in but not kept, or as typed with what is wrong (`form`)."""
    row, dose = queries.hours_of(person), queries.dose_of(person, on=timezone.localdate(request.now))
    kept = Filled(
        week=hours.from_json(row.hours) if row else (),
        best=hours.best_from_json(row.hours) if row else (),
        family=hours.from_json(row.family_hours) if row else (),
        note=row.note if row else "",
    )
    shown = filled or kept
    today = timezone.localdate(request.now, person.organisation.zone)
    context = {
        "form": form
        or HoursForm(
            stored=shown.week,
            best=shown.best,
            stored_family=shown.family,
            initial={"note": shown.note},
            with_family=asks_family(person, dose),
            busy=shown.busy,
        ),
        "more_dates": shown.busy.more if shown.busy else 0,
        "suggestion": shown.suggestion,
        "waiting": None if shown.suggestion else queries.suggestion_for(person),
        "copying": CopyForm(),
        "is_filled": filled is not None,
        **_addresses(person, is_own=is_own),
        "dates_form": dates or OneOffForm(today=today),
        "needs_form": NeedsForm(known=accommodation_of(person)),
        "missed": queries.missed_by(person, since=today),
        "patient": person,
        "may_plan": request.user.has_any(queries.PLANNERS),
        "row": row,
        "dose": dose,
        "lack": hours.lack(kept.week, dose) if row and dose else None,
        "zone": zone_words(request),
    }
    template = "timetable/my_hours.html" if is_own else "timetable/hours.html"
    wrong = form is not None or (dates is not None and dates.is_bound)
    return render(request, template, context, status=422 if wrong else 200)


def _addresses(person: Patient, *, is_own: bool) -> dict[str, str]:
    """Where the page's forms go: one's own, or those of the student's chart."""
    names = {"suggested_address": "hours-suggested", "dates_address": "dates", "needs_address": "needs"}
    return {"address": address_of(person, is_own=is_own)} | {
        key: reverse(f"timetable:my-{name}") if is_own else reverse(f"timetable:{name}", args=[person.pk])
        for key, name in names.items()
    }
