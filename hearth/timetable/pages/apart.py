"""Keeping people apart: who with whom, and for supervisors why."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.consent.queries import access_chart
from hearth.program.queries import people_on_duty
from hearth.timetable import needs, services
from hearth.timetable.need_forms import ApartForm
from hearth.timetable.queries import PLANNERS


@require_GET
@signed_in(*PLANNERS)
def pairs(request: Request) -> HttpResponse:
    """Who is kept apart; a supervisor reads why, and looks for the student to keep apart from somebody."""
    words = request.GET.get("q", "").strip()
    keeps = request.user.has_any(needs.KEEPERS)
    context = {
        "pairs": needs.pairs_apart(viewer=request.user, at=request.now),
        "keeps": keeps,
        "words": words,
        "found": needs.people_named(viewer=request.user, words=words) if keeps and words else [],
    }
    return render(request, "timetable/apart.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(*needs.KEEPERS)
def of_student(request: Request, patient: UUID) -> HttpResponse:
    """Keep one student apart from somebody, who is looked for by name."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="timetable")
    words = request.GET.get("q", "").strip()
    others = [one for one in needs.people_named(viewer=request.user, words=words) if one.pk != person.pk]
    staff = people_on_duty(timezone.localdate(request.now))
    form = ApartForm(request.POST or None, others=others, staff=staff)
    if form.is_valid():
        try:
            services.keep_apart(patient=person, by=request.user, at=request.now, **form.cleaned_data)
        except services.SaidAlready:
            form.add_error(None, _("These two are kept apart already."))
        else:
            messages.success(request, _("They are kept apart in every week worked out from now on."))
            return redirect("timetable:apart")
    context = {"patient": person, "form": form, "words": words}
    return render(request, "timetable/apart_of_student.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in(*needs.KEEPERS)
def end(request: Request, pair: UUID) -> HttpResponse:
    """These two may meet again."""
    row = needs.access_pair(viewer=request.user, pk=pair)
    services.end_keeping_apart(pair=row, by=request.user, at=request.now)
    messages.success(request, _("They may meet again. Weeks are worked out without it from now on."))
    return redirect("timetable:apart")
