"""Notes: what is unsigned, and signed notes with addenda."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CLINICIANS, Role
from hearth.consent.queries import access_chart
from hearth.people.rules import SEE_EVERYONE
from hearth.sessions import services
from hearth.sessions.contacts import contacts_to_sign
from hearth.sessions.cosigning import Standing, sent_back_to, standing_of, to_co_sign
from hearth.sessions.forms import AddendumForm
from hearth.sessions.note_checks import left_of
from hearth.sessions.note_layout import blocks_of, head_of
from hearth.sessions.pages.rosters import STAFF
from hearth.sessions.queries import access_note, notes_of, unsigned_notes
from hearth.sessions.rules.cosigning import State
from hearth.sessions.rules.notes import digest
from hearth.sessions.wording import LACKS

PAGE_LENGTH = 50


@require_GET
@signed_in(*STAFF)
def unsigned(request: Request) -> HttpResponse:
    """Notes still to be signed, oldest first or by name, with what is missing; what was sent back; co-signatures."""
    may_see_all = request.user.has_any(SEE_EVERYONE)
    everyone = may_see_all and request.GET.get("whose", "all") == "all"
    by_name = request.GET.get("order") == "name"
    found = unsigned_notes(viewer=request.user, at=request.now, everyone=everyone)
    if by_name:
        found.sort(key=lambda row: (row.session.name, row.session.starts_at))
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    left = left_of([row.session for row in page], at=request.now)
    context = {
        "page": page,
        "rows": [(row, [LACKS[lack] for lack in left[row.session.pk]]) for row in page],
        "overdue": sum(row.state == "overdue" for row in found),
        "due": sum(row.state == "due" for row in found),
        "everyone": everyone,
        "may_see_all": may_see_all,
        "by_name": by_name,
        "sent_back": sent_back_to(viewer=request.user, at=request.now),
        "to_co_sign": _waiting(request, everyone=everyone),
        "contacts": contacts_to_sign(viewer=request.user, at=request.now, everyone=everyone),
    }
    return render(request, "sessions/unsigned.html", context)


def _waiting(request: Request, *, everyone: bool) -> list[Standing]:
    """What waits for the reader's co-signature, or everyone's for those who lead."""
    if not request.user.has_any(CLINICIANS | {Role.DIRECTOR}):
        return []
    rows = to_co_sign(viewer=request.user, at=request.now, everyone=everyone)
    return [row for row in rows if row.state is State.WAITING]


@require_http_methods(["GET", "POST"])
@signed_in(*STAFF, Role.STUDENT)
def progress_note(request: Request, note: UUID) -> HttpResponse:
    """One signed note, with what was added to it. Its own student may read it too."""
    found = access_note(viewer=request.user, pk=note, at=request.now)
    form = AddendumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_addendum(note=found, text=form.cleaned_data["text"], by=request.user, at=request.now)
        except services.NamesOthers as refusal:
            names = ", ".join(refusal.found[""])
            form.add_error("text", _("This names another member of the group: %(names)s.") % {"names": names})
        else:
            messages.success(request, _("Added to the note."))
            return redirect("sessions:progress-note", found.pk)
    context = {
        "note": found,
        "body": found.body,
        "head": head_of(found.body),
        "blocks": blocks_of(found.body),
        "form": form,
        "is_whole": digest(found.body) == found.digest,
        "standing": standing_of(found, at=request.now),
    }
    template = "sessions/progress_note.html" if request.user.is_staff else "sessions/my_note.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_GET
@signed_in(*STAFF)
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """A student's signed notes, newest first."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="notes")
    notes = notes_of(viewer=request.user, patient=person, at=request.now)
    context = {"patient": person, "notes": [(note, blocks_of(note.body)) for note in notes]}
    return render(request, "sessions/of_patient.html", context)
