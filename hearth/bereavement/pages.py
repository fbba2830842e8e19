"""The quiet pages: recording a death, what is to be done after it, taking a mistake back."""

from collections.abc import Callable
from uuid import UUID

from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.queries import staff_of
from hearth.accounts.requests import Request
from hearth.accounts.roles import STAFF, Role
from hearth.admission.queries import latest_episode_of
from hearth.bereavement import services
from hearth.bereavement.forms import DeathForm, DoneForm, HandOverForm, NameForm, SpokenForm, TakeBackForm
from hearth.bereavement.models import Task
from hearth.bereavement.queries import (
    READERS,
    access_task,
    deaths_of,
    deaths_seen_by,
    read_of,
    relatives_for,
    standing_death_of,
    tasks_of,
)
from hearth.bereavement.wording import GUIDE
from hearth.consent.queries import access_chart
from hearth.people.models import Patient
from hearth.people.queries import patients_open_to, primary_counselor_of
from hearth.people.rules import FAREWELL
from hearth.safety.queries import concerns_of

PER_PAGE = 25
RECORDERS = (Role.SUPERVISOR, Role.DIRECTOR)
DEEDS: dict[str, Callable[..., Task]] = {
    "done": services.do_task,
    "spoken": services.say_spoken_with,
    "hand-over": services.hand_over_task,
}
"""What each form of a task does."""


@require_safe
@signed_in(*RECORDERS)
def deaths(request: Request) -> HttpResponse:
    """Whose death was recorded, when and by whom, and what is still to be done."""
    page = Paginator(deaths_seen_by(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = read_of(page, viewer=request.user, at=request.now)
    return render(request, "bereavement/deaths.html", {"page": page, "deaths": rows})


@require_safe
@signed_in(*READERS)
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """What is to be done after a student's death, and what was recorded."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="bereavement")
    death = standing_death_of(person)
    records = list(deaths_of(person))
    if not records:
        raise Http404
    context = {
        "patient": person,
        "death": death,
        "records": records,
        "tasks": tasks_of(death) if death else (),
        "sees_to_it": request.user.has_any(FAREWELL),
        "today": timezone.localdate(request.now),
    }
    return render(request, "bereavement/of_patient.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(*RECORDERS)
def record(request: Request, patient: UUID) -> HttpResponse:
    """First what is known; then a second look at whose record this is; then it is done."""
    person = _to_farewell(request, patient)
    if person.has_died:
        return redirect("bereavement:of-patient", person.pk)
    today = timezone.localdate(request.now)
    form = DeathForm(request.POST or None, today=today, patient=person)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "bereavement/record.html", {"patient": person, "form": form}, status=status)
    is_looked_at = "family_name" in request.POST
    name = NameForm(request.POST if is_looked_at else None, patient=person)
    if name.is_valid():
        services.record_death(patient=person, by=request.user, at=request.now, **form.cleaned_data)
        return redirect("bereavement:of-patient", person.pk)
    context = {
        "patient": person,
        "form": form,
        "name": name,
        "episode": latest_episode_of(person),
        "counselor": primary_counselor_of(person),
        "age": person.age(on=today),
        "open_concerns": sum(one.resolved_at is None for one in concerns_of(person)),
    }
    return render(request, "bereavement/look_again.html", context, status=422 if is_looked_at else 200)


@require_http_methods(["GET", "POST"])
@signed_in(*RECORDERS)
def take_back(request: Request, patient: UUID) -> HttpResponse:
    """It was a mistake: with a reason."""
    person = _to_farewell(request, patient)
    death = standing_death_of(person)
    if death is None:
        return redirect("web:chart", person.pk)
    form = TakeBackForm(request.POST or None)
    if form.is_valid():
        services.take_back(death=death, why=form.cleaned_data["why"], by=request.user, at=request.now)
        return redirect("bereavement:of-patient", person.pk)
    status = 422 if form.is_bound else 200
    return render(request, "bereavement/take_back.html", {"patient": person, "form": form}, status=status)


def _to_farewell(request: Request, patient: UUID) -> Patient:
    return access_chart(
        viewer=request.user, pk=patient, purpose="TREAT", at=request.now, to="farewell", what="bereavement"
    )


@require_http_methods(["GET", "POST"])
@signed_in(*sorted(STAFF))
def task(request: Request, task: UUID) -> HttpResponse:
    """One thing to do, with what helps to do it well; done, or handed over."""
    row = access_task(viewer=request.user, pk=task, at=request.now)
    posted = request.POST.get("form") if request.method == "POST" else ""
    staff = staff_of(viewer=request.user).filter(is_active=True)
    relatives = relatives_for(row)
    forms: dict[str, Form] = {
        "done": DoneForm(request.POST if posted == "done" else None, relatives=relatives),
        "spoken": SpokenForm(
            request.POST if posted == "spoken" else None,
            relatives=relatives,
            initial={"spoken_with": row.spoken_with},
        ),
        "hand-over": HandOverForm(
            request.POST if posted == "hand-over" else None,
            staff=staff,
            initial={"owner": row.owner_id, "due_on": row.due_on},
        ),
    }
    try:
        if posted in forms and forms[posted].is_valid():
            row = DEEDS[posted](task=row, by=request.user, at=request.now, **forms[posted].cleaned_data)
            keeps = request.user.has_any(FAREWELL) or row.owner_id == request.user.pk
            return redirect("bereavement:task", row.pk) if keeps else redirect("web:today")
    except services.WasAMistake:  # the page says so
        return redirect("bereavement:task", row.pk)
    context = {
        "task": row,
        "patient": row.death.patient,
        "guide": GUIDE[row.kind],
        "done": forms["done"],
        "spoken": forms["spoken"] if relatives else None,
        "other": forms["hand-over"],
        "opens_chart": patients_open_to(viewer=request.user).filter(pk=row.death.patient_id).exists(),
    }
    return render(request, "bereavement/task.html", context, status=422 if posted else 200)
