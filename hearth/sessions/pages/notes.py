"""Notes: the group note with a line for each student, signing, what is unsigned, and signed notes with addenda."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CLINICIANS, Role
from hearth.consent.queries import access_chart
from hearth.people.rules import SEE_EVERYONE
from hearth.sessions import services
from hearth.sessions.cosigning import Standing, sent_back_to, standing_of, to_co_sign
from hearth.sessions.forms import AddendumForm, LineForm, NoteForms
from hearth.sessions.models import GroupNote, Session
from hearth.sessions.note_checks import draft_of, left_of, missing_of, named_in, remarks_on
from hearth.sessions.pages.rosters import STAFF
from hearth.sessions.queries import (
    Chair,
    access_note,
    access_session,
    chairs,
    group_note_of,
    notes_from,
    notes_of,
    unsigned_notes,
    zone_of,
)
from hearth.sessions.rules import attendance as attending
from hearth.sessions.rules.cosigning import State
from hearth.sessions.rules.notes import Draft, digest
from hearth.sessions.wording import LACKS, POINTS

PAGE_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One student in the group note's table."""

    chair: Chair
    form: LineForm | None
    lacks: list[Promise]
    named: list[str]  # other members' names in this line
    points: list[str]  # words in it that may point to another member
    alike: list[str]  # short names of those whose lines say the same
    late_by: int

    @property
    def id(self) -> str:
        return str(self.chair.attendance.pk)


@require_http_methods(["GET", "POST"])
@signed_in(*STAFF)
def group_note(request: Request, session: UUID) -> HttpResponse:
    """The note of one session. Typing saves the draft by itself; sending the form signs, or keeps what was typed."""
    found = access_session(viewer=request.user, pk=session, at=request.now)
    note = group_note_of(session=found)
    if note is not None and note.signed_at is not None:
        return _locked(found) if request.htmx else _signed(request, found, note)
    seats = chairs(session=found, at=request.now)
    is_mine = found.is_led_by(request.user)
    typed = NoteForms(draft=draft_of(note), chairs=seats, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and typed.is_valid():
        try:
            note = services.save_group_note(session=found, draft=typed.draft(), by=request.user, at=request.now)
        except services.NoteLocked:  # signed in another window a moment ago
            return _locked(found) if request.htmx else redirect("sessions:note", found.pk)
        if request.htmx:
            return render(request, "sessions/parts/note_state.html", _state(found, seats, typed, note) | {"live": True})
        if "save" in request.POST:
            messages.success(request, _("Draft saved."))
            return redirect("sessions:note", found.pk)
        if _sign(request, found):
            return redirect("sessions:note", found.pk)
    context = _state(found, seats, typed, note) | {"forms": typed, "is_mine": is_mine}
    return render(request, "sessions/note.html", context, status=422 if request.method == "POST" else 200)


def _locked(session: Session) -> HttpResponse:
    """Tell a draft that still saves itself that its note is signed by now."""
    return HttpResponse(headers={"HX-Redirect": reverse("sessions:note", args=[session.pk])})


def _sign(request: Request, session: Session) -> bool:
    try:
        made = services.sign_group_note(session=session, by=request.user, at=request.now)
    except services.NotComplete:
        messages.error(request, _("Not signed yet: something is missing. Your draft is saved."))
    except services.NamesOthers:
        messages.error(request, _("Not signed: a note names another member. Your draft is saved."))
    else:
        words = ngettext("%(n)s note signed.", "%(n)s notes signed.", len(made))
        messages.success(request, words % {"n": len(made)})
        return True
    return False


def _state(session: Session, seats: list[Chair], typed: NoteForms, note: GroupNote | None) -> dict[str, object]:
    """What the page says of the draft: what is left, whose line names whom, when it was saved."""
    draft: Draft = draft_of(note)
    left = missing_of(session, draft, seats)
    named = named_in(draft, seats)
    remarks = remarks_on(session, draft, seats)
    points = {
        pk: [POINTS[each.how] % {"words": each.words} for each in found] for pk, found in remarks.pointers.items()
    }
    rows = [
        Row(
            chair=seat,
            form=typed.lines.get(str(seat.attendance.pk)),
            lacks=[LACKS[each.what] for each in left if each.of == str(seat.attendance.pk)],
            named=named.get(str(seat.attendance.pk), []),
            points=points.get(str(seat.attendance.pk), []),
            alike=remarks.alike.get(str(seat.attendance.pk), []),
            late_by=_late_by(session, seat),
        )
        for seat in seats
    ]
    here = [seat for seat in seats if seat.is_here]
    return {
        "session": session,
        "note": note,
        "rows": rows,
        "left": len(left) + len(named),
        "shared_lacks": [LACKS[each.what] for each in left if each.of is None],
        "shared_named": named.get("", []),
        "shared_points": points.get("", []),
        "here": len(here),
        "by_video": sum(seat.is_virtual for seat in here),
    }


def _late_by(session: Session, seat: Chair) -> int:
    planned = (session.starts_at, session.ends_at)
    verdict = attending.judge(attending.stretch_of(seat.attendance.arrived_at, None), planned=planned)
    return verdict.late_by if verdict.status == attending.Status.LATE else 0


def _signed(request: Request, session: Session, note: GroupNote) -> HttpResponse:
    context = {"session": session, "note": note, "notes": notes_from(viewer=request.user, session=session)}
    return render(request, "sessions/signed.html", context)


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
        "form": form,
        "is_whole": digest(found.body) == found.digest,
        "zone": zone_of(found.session).key,
        "standing": standing_of(found, at=request.now),
    }
    template = "sessions/progress_note.html" if request.user.is_staff else "sessions/my_note.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_GET
@signed_in(*STAFF)
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """A student's signed notes, newest first."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="notes")
    context = {"patient": person, "notes": notes_of(viewer=request.user, patient=person, at=request.now)}
    return render(request, "sessions/of_patient.html", context)
