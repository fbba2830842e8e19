"""Notes of contacts outside sessions: begun from the chart, written by their author, signed like any note."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE
from hearth.consent.models import Consent
from hearth.sessions import services
from hearth.sessions.contact_forms import ContactForm, SetAsideForm
from hearth.sessions.contact_words import NAMES, SPOKEN, in_words, lacks_in_words
from hearth.sessions.contacts import access_contact, spoken_with, versions_of_contact
from hearth.sessions.models import ContactNote
from hearth.sessions.rules.contacts import Kind, lacking


@require_POST
@signed_in(*sorted(CARE))
def begin(request: Request, patient: UUID) -> HttpResponse:
    """Begin a note of this kind of contact."""
    try:
        kind = Kind(request.POST.get("kind", ""))
    except ValueError:
        raise PermissionDenied from None
    note = services.begin_contact(patient=patient, kind=kind, by=request.user, at=request.now)
    return redirect("sessions:contact-note", note.pk)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in(*sorted(CARE))
def contact_note(request: Request, pk: UUID) -> HttpResponse:
    """Its author writes. Typing saves the draft by itself; sending the form signs, or keeps what was typed."""
    note = access_contact(viewer=request.user, pk=pk, at=request.now)
    if not note.is_open:
        return _over(request, note)
    form = ContactForm(request.POST or None, kind=Kind(note.kind), initial=note.said)
    base = request.POST.get("base", "")
    if not form.is_valid():
        return _refused(request, note, form) if request.htmx else _whole(request, note, form)
    try:
        note = services.save_contact(
            note=pk,
            said=form.said,
            by=request.user,
            at=request.now,
            base=int(base) if base.isdecimal() else None,
        )
        if request.htmx:
            return _part(request, note, form)
        if "save" in request.POST:
            messages.success(request, _("Draft saved."))
            return redirect("sessions:contact-note", pk)
        made = services.sign_contact(note=pk, by=request.user, at=request.now)
    except services.NoteLocked:  # signed in another window a moment ago
        return _over(request, note)
    except services.ContactNotComplete:
        messages.error(request, _("Not signed yet: something is missing. Your draft is saved."))
        return _whole(request, note, ContactForm(kind=Kind(note.kind), initial=note.said), status=422)
    messages.success(request, _("Signed and locked."))
    return redirect("sessions:progress-note", made.pk)


@require_http_methods(["GET", "POST"])
@signed_in(*sorted(CARE))
def set_aside(request: Request, pk: UUID) -> HttpResponse:
    """End a draft that was begun by mistake."""
    note = access_contact(viewer=request.user, pk=pk, at=request.now)
    form = SetAsideForm(request.POST or None)
    if form.is_valid():
        try:
            services.set_contact_aside(note=pk, why=form.cleaned_data["why"], by=request.user, at=request.now)
        except services.NoteLocked:
            return _over(request, note)
        messages.success(request, _("Set aside."))
        return redirect("sessions:notes-of-patient", note.patient_id)
    context = {"note": note, "form": form}
    return render(request, "sessions/set_contact_aside.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_GET
@signed_in(*sorted(CARE))
def versions(request: Request, pk: UUID) -> HttpResponse:
    """What each saving of the draft changed, newest first."""
    note = access_contact(viewer=request.user, pk=pk, at=request.now)
    rows = [
        (row, [(NAMES[name], in_words(name, old), in_words(name, new)) for name, (old, new) in row.changes.items()])
        for row in versions_of_contact(note)[:100]
    ]
    return render(request, "sessions/contact_versions.html", {"note": note, "rows": rows})


def _over(request: Request, note: ContactNote) -> HttpResponse:
    """Signed or set aside: there is nothing to write any more."""
    made = note.progress_notes.first()
    where = reverse("sessions:progress-note", args=[made.pk]) if made else _list_of(note)
    return HttpResponse(headers={"HX-Redirect": where}) if request.htmx else redirect(where)


def _list_of(note: ContactNote) -> str:
    return reverse("sessions:notes-of-patient", args=[note.patient_id])


def _whole(request: Request, note: ContactNote, form: ContactForm, *, status: int = 200) -> HttpResponse:
    context = _state(request, note) | {"form": form}
    if form.errors:  # what is typed still goes on from what it was begun from
        context["base"] = request.POST.get("base", "")
    return render(request, "sessions/contact.html", context, status=422 if form.errors else status)


def _part(request: Request, note: ContactNote, form: ContactForm) -> HttpResponse:
    """What a page that saves itself shows; where another window wrote, too, it is loaded anew."""
    response = render(request, "sessions/parts/contact_state.html", _state(request, note))
    if any(note.said.get(name, "") != value.strip() for name, value in form.said.items()):
        response["HX-Refresh"] = "true"
    return response


def _refused(request: Request, note: ContactNote, form: ContactForm) -> HttpResponse:
    """Tell a page that saves itself what it cannot save; answered as done, because htmx shows nothing else."""
    refused = [(form[name].label, each) for name, errors in form.errors.items() for each in errors]
    context = _state(request, note) | {"base": request.POST.get("base", ""), "refused": refused}
    return render(request, "sessions/parts/contact_state.html", context)


def _state(request: Request, note: ContactNote) -> dict[str, object]:
    spoken = spoken_with(note)
    consent = Consent.objects.filter(pk=spoken.consent).first() if spoken and spoken.consent else None
    left = lacking(Kind(note.kind), note.said, is_past=note.happened_at <= request.now, may_tell=consent is not None)
    return {
        "note": note,
        "base": note.version,
        "lacks": lacks_in_words(left),
        "spoken": SPOKEN[spoken.why] if spoken else "",
        "consent": consent,
    }
