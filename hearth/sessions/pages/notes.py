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
from hearth.accounts.roles import CARE, CLINICIANS, Role
from hearth.consent.queries import access_chart
from hearth.people.rules import SEE_EVERYONE
from hearth.sessions import services
from hearth.sessions.cosigning import ASKED, PARTS, head_of_queue, sent_back_to, standing_of, standings
from hearth.sessions.forms import AddendumForm
from hearth.sessions.models import ContactNote
from hearth.sessions.note_checks import left_of
from hearth.sessions.note_layout import blocks_of, head_of
from hearth.sessions.pages.rosters import STAFF
from hearth.sessions.queries import access_note, notes_shown
from hearth.sessions.rules.notes import digest
from hearth.sessions.to_sign import (
    summed_up,
    unsigned_contacts,
    unsigned_of,
    unsigned_sessions,
    waiting_since,
    with_seats,
)
from hearth.sessions.wording import LACKS
from hearth.timetable.models import Kind

PAGE_LENGTH = 25
SESSIONS_SHOWN = 10  # each is looked through for what its notes still lack
NOTE_KINDS = [*Kind.choices, *ContactNote.Kind.choices]


@require_GET
@signed_in(*STAFF)
def unsigned(request: Request) -> HttpResponse:
    """Notes still to be signed, oldest first or by name, with what is missing; what was sent back; co-signatures."""
    may_see_all = request.user.has_any(SEE_EVERYONE)
    everyone = may_see_all and request.GET.get("whose", "all") == "all"
    by_name = request.GET.get("order") == "name"
    viewer, at = request.user, request.now
    found = unsigned_sessions(viewer=viewer, at=at, everyone=everyone, by_name=by_name)
    page = Paginator(found, SESSIONS_SHOWN).get_page(request.GET.get("page"))
    sessions = with_seats([pk for pk, _over in page])
    left = left_of(sessions, at=at)
    drafts = unsigned_contacts(viewer=viewer, everyone=everyone)
    contacts = Paginator(drafts, PAGE_LENGTH).get_page(request.GET.get("contacts"))
    counted = summed_up([over for _pk, over in found], drafts.values_list("happened_at", flat=True), at=at)
    co_signs = viewer.has_any(CLINICIANS | {Role.DIRECTOR})
    context = {
        "page": page,
        "rows": [(waiting_since(row, at=at), [LACKS[lack] for lack in left[row.pk]]) for row in sessions],
        "contact_page": contacts,
        "contacts": [waiting_since(row, at=at) for row in contacts],
        "counted": counted,
        "everyone": everyone,
        "may_see_all": may_see_all,
        "by_name": by_name,
        "sent_back": sent_back_to(viewer=viewer, at=at),
        "to_co_sign": head_of_queue(viewer=viewer, at=at, everyone=everyone) if co_signs else None,
    }
    return render(request, "sessions/unsigned.html", context)


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
    """A student's notes: those still to be signed, then the signed ones, newest first, of one kind or of all."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="notes")
    kind = request.GET.get("kind", "")
    kind = kind if kind in dict(NOTE_KINDS) else ""
    notes = notes_shown(viewer=request.user, patient=person, kind=kind).select_related(*ASKED)
    page = Paginator(notes.prefetch_related(*PARTS[1:]), PAGE_LENGTH).get_page(request.GET.get("page"))
    standing = standings(list(page), at=request.now)
    sessions, contacts = unsigned_of(person, at=request.now, most=PAGE_LENGTH)
    context = {
        "patient": person,
        "page": page,
        "notes": [(note, blocks_of(note.body), standing.get(note.pk)) for note in page],
        "sessions": [waiting_since(row, at=request.now) for row in sessions if kind in ("", row.kind)],
        "contacts": [waiting_since(row, at=request.now) for row in contacts if kind in ("", row.kind)],
        "kinds": NOTE_KINDS,
        "kind": kind,
        "begins_notes": request.user.has_any(CARE),
    }
    return render(request, "sessions/of_patient.html", context)
