"""My people: the support map of its student, and for the care team where it is shared."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE
from hearth.consent.queries import access_chart
from hearth.people.queries import own_patient, primary_counselor_of
from hearth.safety.services import ChangedMeanwhile
from hearth.skills import map_queries, map_services
from hearth.skills.map_forms import ChooseForm, EntryForm
from hearth.skills.own_pages import STUDENTS
from hearth.skills.support_map import MOST, picture


@require_safe
@signed_in(*STUDENTS)
def people(request: Request) -> HttpResponse:
    """The map, drawn and as a list, with who sees it."""
    patient = own_patient(viewer=request.user)
    rows = map_queries.own_rows(request.user)
    context = {
        "drawn": picture([map_queries.entry_of(row) for row in rows]),
        "is_full": len(rows) >= MOST,
        "shared": map_queries.shared_map_of(patient),
        "counselor": primary_counselor_of(patient),
    }
    return render(request, "skills/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*STUDENTS)
def put(request: Request) -> HttpResponse:
    """Put somebody on the map."""
    own_patient(viewer=request.user)
    form = EntryForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            token = form.cleaned_data["token"]
            row = map_services.put(by=request.user, at=request.now, token=token, **form.said())
        except map_services.Full:
            form.add_error(None, _("Your map is full. Take somebody off it first."))
        else:
            messages.success(request, _("%(name)s is on your map.") % {"name": row.name})
            return redirect("skills:people")
    return render(request, "skills/map_entry.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*STUDENTS)
def entry(request: Request, entry: UUID) -> HttpResponse:
    """Change what is said of somebody."""
    row = map_queries.own_row(viewer=request.user, pk=entry)
    form = EntryForm(request.POST if request.method == "POST" else None, row=row)
    if form.is_valid():
        map_services.change(pk=row.pk, by=request.user, at=request.now, **form.said())
        messages.success(request, _("Kept."))
        return redirect("skills:people")
    return render(request, "skills/map_entry.html", {"form": form, "row": row}, status=422 if form.is_bound else 200)


@require_POST
@signed_in(*STUDENTS)
def take_off(request: Request, entry: UUID) -> HttpResponse:
    """Take somebody off the map."""
    map_services.take_off(pk=entry, by=request.user, at=request.now)
    messages.success(request, _("Taken off your map."))
    return redirect("skills:people")


@require_POST
@signed_in(*STUDENTS)
def share(request: Request) -> HttpResponse:
    """Let the care team see the map, or no longer."""
    shared = request.POST.get("share") == "yes"
    map_services.share(is_shared=shared, by=request.user, at=request.now)
    messages.success(request, _("Your counselor can read it now.") if shared else _("It is yours alone again."))
    return redirect("skills:people")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*STUDENTS)
def into_safety_plan(request: Request) -> HttpResponse:
    """Choose who of the map stands in the safety plan, too."""
    own_patient(viewer=request.user)
    rows = map_queries.offered_rows(request.user)
    form = ChooseForm(request.POST if request.method == "POST" else None, rows=rows)
    if form.is_valid():
        try:
            left = map_services.into_safety_plan(
                chosen=set(form.cleaned_data["chosen"]), by=request.user, at=request.now
            )
        except ChangedMeanwhile:
            form.add_error(None, _("Somebody saved another version meanwhile. Choose once more."))
        else:
            _say(request, left)
            return redirect("safety:plan-change-mine")
    return render(
        request, "skills/people_into_plan.html", {"form": form, "rows": rows}, status=422 if form.is_bound else 200
    )


def _say(request: Request, left: list[str]) -> None:
    messages.success(request, _("They are in your safety plan. Add their numbers below."))
    if left:
        words = _("There was no room for %(names)s: the plan stays short, so that it helps fast.")
        messages.warning(request, words % {"names": ", ".join(left)})


@require_safe
@signed_in(*CARE)
def shared_map(request: Request, patient: UUID) -> HttpResponse:
    """The support map that a student shares, for those who care for them."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="support_map")
    shared = map_queries.shared_map_of(person)
    context = {"patient": person, "shared": shared, "drawn": map_queries.picture_of(shared) if shared else None}
    return render(request, "skills/shared_map.html", context)
