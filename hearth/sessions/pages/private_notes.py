"""Private notes: the author's own of one student, and the documented way to those of somebody who left."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CLINICIANS
from hearth.consent.queries import access_chart
from hearth.sessions import services
from hearth.sessions.private_forms import PrivateNoteForm, ReleaseForm
from hearth.sessions.private_notes import (
    AUTHORISERS,
    own_note,
    own_notes,
    people_who_left,
    possible_readers,
    released_notes,
    releases_for,
    releases_of,
)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in(*sorted(CLINICIANS))
def mine(request: Request, patient: UUID) -> HttpResponse:
    """What the reader wrote privately of this student, and room for more. Nobody else comes here."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now)
    form = PrivateNoteForm(request.POST or None)
    if form.is_valid():
        services.keep_private_note(patient=person.pk, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, _("Kept. Only you can read it."))
        return redirect("sessions:private-notes", person.pk)
    context = {
        "patient": person,
        "form": form,
        "notes": own_notes(viewer=request.user, patient=person, at=request.now),
        "releases": releases_for(viewer=request.user, patient=person, at=request.now),
    }
    return render(request, "sessions/private_notes.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in(*sorted(CLINICIANS))
def change(request: Request, note: UUID) -> HttpResponse:
    """Change one of the reader's own."""
    person, opened = own_note(viewer=request.user, pk=note, at=request.now)
    form = PrivateNoteForm(request.POST or None, initial={"kind": opened.kind, "text": opened.text})
    if form.is_valid():
        services.keep_private_note(
            patient=person.pk, note=opened.id, by=request.user, at=request.now, **form.cleaned_data
        )
        messages.success(request, _("Kept. Only you can read it."))
        return redirect("sessions:private-notes", person.pk)
    context = {"patient": person, "form": form, "note": opened}
    return render(request, "sessions/private_note.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in(*sorted(AUTHORISERS))
def release(request: Request, patient: UUID) -> HttpResponse:
    """Name somebody to read what a colleague who left may have written privately of this student."""
    person = access_chart(viewer=request.user, pk=patient, purpose="HOPERAT", at=request.now)
    left, readers = people_who_left(viewer=request.user), possible_readers(viewer=request.user)
    form = ReleaseForm(request.POST or None, left=left, readers=readers)
    if form.is_valid():
        services.release_private_notes(patient=person, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(
            request, _("Written down. The person you named may read for seven days, if there is anything.")
        )
        return redirect("sessions:release-private-notes", person.pk)
    context = {"patient": person, "form": form, "releases": releases_of(viewer=request.user, patient=person)}
    return render(request, "sessions/release_private_notes.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_GET
@signed_in(*sorted(CLINICIANS))
def released(request: Request, pk: UUID) -> HttpResponse:
    """What somebody who left wrote, for the one who was named to read it."""
    found, notes = released_notes(viewer=request.user, pk=pk, at=request.now)
    return render(request, "sessions/released_private_notes.html", {"release": found, "notes": notes})
