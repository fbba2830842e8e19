"""The group note: said once, a line for each student, written by those who lead, signed once for all."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.lib import live
from hearth.sessions import services
from hearth.sessions.chairs import Chair, chairs
from hearth.sessions.families import guests_of
from hearth.sessions.models import GroupNote, Session
from hearth.sessions.note_checks import draft_of, gaps_of, missing_of, named_in, remarks_on
from hearth.sessions.note_forms import LineForm, NoteForms
from hearth.sessions.note_versions import TwoTexts, in_words_of, two_texts_of, versions_of
from hearth.sessions.pages.rosters import STAFF
from hearth.sessions.queries import access_session, group_note_of, notes_from
from hearth.sessions.shared_words import proposed_for_all
from hearth.sessions.wording import GAPS, LACKS, POINTS


@dataclass(frozen=True, slots=True)
class Row:
    """One student in the group note's table."""

    chair: Chair
    form: LineForm | None  # only for those who were here
    lacks: list[Promise]
    named: list[str]  # other members' names in this line
    points: list[str]  # words in it that may point to another member
    alike: list[str]  # short names of those whose lines say the same
    gaps: list[Promise]  # what the chart lacks and the note says so
    two: list[TwoTexts]

    @property
    def id(self) -> str:
        return self.chair.id


@require_http_methods(["GET", "POST"])
@signed_in(*STAFF)
def group_note(request: Request, session: UUID) -> HttpResponse:
    """The note of one session. Typing saves the draft by itself; sending the form signs, or keeps what was typed."""
    found = access_session(viewer=request.user, pk=session, at=request.now)
    note = group_note_of(session=found)
    if note is not None and note.signed_at is not None:
        return _locked(found) if request.htmx else _signed(request, found, note)
    seats = chairs(session=found, at=request.now)
    facts: dict[str, Any] = {"session": found, "chairs": seats, "offered": proposed_for_all(found, seats)}
    forms = NoteForms(draft=draft_of(note), **facts)
    if request.method == "POST":
        sent = NoteForms(draft=draft_of(note), data=request.POST, **facts)
        if not sent.is_valid():
            return _whole(request, found, seats, note, sent)
        try:
            note = _keep(request, found, sent)
            if "save" in request.POST or "choose" in request.POST or (not request.htmx and _sign(request, found)):
                return redirect("sessions:note", found.pk)
        except services.NoteLocked:  # signed in another window a moment ago
            return _locked(found) if request.htmx else redirect("sessions:note", found.pk)
        forms = NoteForms(draft=draft_of(note), **facts)
        if request.htmx:
            return _part(request, found, seats, note, forms)
    return _whole(request, found, seats, note, forms)


@require_GET
@signed_in(*STAFF)
def state(request: Request, session: UUID) -> HttpResponse:
    """What the draft says now, for a page that has it open while another writes."""
    found = access_session(viewer=request.user, pk=session, at=request.now)
    note = group_note_of(session=found)
    if note is not None and note.signed_at is not None:
        return _locked(found)
    seats = chairs(session=found, at=request.now)
    offered = proposed_for_all(found, seats)
    return _part(
        request, found, seats, note, NoteForms(session=found, draft=draft_of(note), chairs=seats, offered=offered)
    )


@require_GET
@signed_in(*STAFF)
def told(request: Request, session: UUID) -> HttpResponseBase:
    """Tells an open page that the draft has changed."""
    found = access_session(viewer=request.user, pk=session, at=request.now)
    return live.stream(request, f"note:{found.pk}")


@require_GET
@signed_in(*STAFF)
def versions(request: Request, session: UUID) -> HttpResponse:
    """Every saved version of the draft, newest first: who wrote what, and when."""
    found = access_session(viewer=request.user, pk=session, at=request.now)
    rows = versions_of(session=found)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    names = {str(row.pk): row.patient.short_name for row in found.roster.select_related("patient")}
    context = {"session": found, "page": page, "versions": [in_words_of(each, names) for each in page]}
    return render(request, "sessions/versions.html", context)


def _keep(request: Request, session: Session, sent: NoteForms) -> GroupNote:
    base, bases = sent.bases()
    by, at = request.user, request.now
    note = services.save_group_note(session=session, draft=sent.draft(), base=base, bases=bases, by=by, at=at)
    if "choose" not in request.POST:
        if "save" in request.POST:
            messages.success(request, _("Draft saved."))
        return note
    field, _colon, choice = request.POST["choose"].partition(":")
    try:
        return services.choose_text(session=session, field=field, choice=choice, by=by, at=at)
    except LookupError as error:
        raise Http404("nothing is to be chosen there") from error


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


def _whole(
    request: Request, session: Session, seats: list[Chair], note: GroupNote | None, forms: NoteForms
) -> HttpResponse:
    guests = guests_of(session)
    context = _state(session, seats, note, forms) | {
        "forms": forms,
        "is_mine": session.is_led_by(request.user),
        "guests": guests,
        "family_came": [guest.tie.person.name for guest in guests if guest.came],
    }
    return render(request, "sessions/note.html", context, status=422 if request.method == "POST" else 200)


def _part(
    request: Request, session: Session, seats: list[Chair], note: GroupNote | None, forms: NoteForms
) -> HttpResponse:
    context = _state(session, seats, note, forms) | {"live": True}
    return render(request, "sessions/parts/note_state.html", context)


def _state(session: Session, seats: list[Chair], note: GroupNote | None, forms: NoteForms) -> dict[str, Any]:
    """What the page says of the draft: what is left, whose line names whom, when it was saved and by whom."""
    draft = draft_of(note)
    beside = note.beside if note else {}
    left = missing_of(session, draft, seats, beside=beside)
    named = named_in(draft, seats)
    remarks = remarks_on(session, draft, seats)
    points = {
        pk: [POINTS[each.how] % {"words": each.words} for each in found] for pk, found in remarks.pointers.items()
    }
    two = two_texts_of(note) if note else {}
    rows = [
        Row(
            chair=seat,
            form=forms.lines.get(seat.id),
            lacks=[LACKS[each.what] for each in left if each.of == seat.id],
            named=named.get(seat.id, []),
            points=points.get(seat.id, []),
            alike=remarks.alike.get(seat.id, []),
            gaps=[GAPS[each] for each in gaps_of(seat)],
            two=two.get(seat.id, []),
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
        "shared_two": two.get("", []),
        "here": len(here),
        "by_video": sum(seat.is_virtual for seat in here),
        "version": note.version if note else 0,
        "values": json.dumps(forms.values()),
        "beside": json.dumps(sorted(beside)),
    }


def _signed(request: Request, session: Session, note: GroupNote) -> HttpResponse:
    context = {"session": session, "note": note, "notes": notes_from(viewer=request.user, session=session)}
    return render(request, "sessions/signed.html", context)
