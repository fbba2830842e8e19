"""Handouts: given by who leads, seen by those who are there."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.lib import live
from hearth.lib.pdf import pdf_response
from hearth.people.queries import own_patient
from hearth.program.handout import handout_pdf
from hearth.sessions import services
from hearth.sessions.agendas import lessons_of, pack_of_most
from hearth.sessions.handouts import own_handouts, sheets_of
from hearth.sessions.queries import HERE, access_session

STAFF = (*sorted(CARE), Role.COORDINATOR, Role.DIRECTOR)


@require_http_methods(["GET", "POST"])
@signed_in(*STAFF)
def of_session(request: Request, session: UUID) -> HttpResponse:
    """The lessons that can be handed out, and who opened those that were. A post hands one out."""
    is_given = request.method == "POST"
    found = access_session(viewer=request.user, pk=session, at=request.now, to="change" if is_given else "read")
    if is_given:
        try:
            services.hand_out(session=found, lesson=request.POST.get("lesson", ""), by=request.user, at=request.now)
        except services.NotNow as refusal:
            messages.error(request, str(refusal))
    if not request.htmx:
        return redirect("sessions:room", found.pk)
    places = list(found.roster.values_list("patient", "status"))
    context = {
        "session": found,
        "sheets": sheets_of(session=found, patient_ids=[pk for pk, _status in places]),
        "here": sum(status in HERE for _pk, status in places),
    }
    return render(request, "sessions/parts/handouts.html", context)


@require_GET
@signed_in(*STAFF)
def on_paper(request: Request, session: UUID, lesson: str) -> HttpResponse:
    """One lesson of the session's curriculum as a PDF, to be printed for those in the room."""
    found = access_session(viewer=request.user, pk=session, at=request.now)
    described = pack_of_most(found.roster.values_list("patient", flat=True))
    sheet = next((one for one in lessons_of(described) if one.id == lesson), None) if described else None
    if sheet is None:
        raise Http404("this program has no such lesson")
    return pdf_response(handout_pdf(sheet), "handout.pdf")


@require_GET
@signed_in(Role.STUDENT)
def mine(request: Request) -> HttpResponse:
    """What was handed out to the reader of late; with htmx the list alone, so that it appears by itself."""
    found = own_handouts(patient=own_patient(viewer=request.user), at=request.now)
    template = "sessions/parts/my_handouts_list.html" if request.htmx else "sessions/my_handouts.html"
    return render(request, template, {"handouts": found})


@require_GET
@signed_in(Role.STUDENT)
def heard(request: Request) -> HttpResponseBase:
    """Tells an open page of the reader that something was handed out."""
    return live.stream(request, services.channel_of(own_patient(viewer=request.user).pk))


@require_GET
@signed_in(Role.STUDENT)
def look(request: Request, pk: UUID) -> HttpResponse:
    """Open a handout; that it was opened is shown to who leads."""
    return redirect("skills:lesson", services.open_handout(pk=pk, by=request.user, at=request.now).lesson)
