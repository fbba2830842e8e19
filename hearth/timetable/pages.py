"""The week: the student's own on the phone, the whole program's for staff, and proposals."""

from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hearth.accounts.doors import public, signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import Role
from hearth.lib.written_dates import written
from hearth.people.models import Patient, Population
from hearth.people.queries import own_patient
from hearth.timetable import calendar, hours, queries, services
from hearth.timetable import feed as ical
from hearth.timetable.board_json import parse_board, parse_solution
from hearth.timetable.facts import Refused
from hearth.timetable.forms import HoursForm, ProposeForm
from hearth.timetable.models import Proposal
from hearth.timetable.week_board import board_of_week, names_on

FRESH_ADDRESS = "calendar_address"
"""Where a new calendar address waits in the session until it has been shown, once."""


def _monday(request: Request) -> date:
    """The Monday asked for by `?week=`, or this week's; what cannot be read counts as not asked."""
    today = timezone.localdate(request.now)
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        asked = today
    return queries.monday_of(asked if abs((asked - today).days) < 366 else today)


def _around(monday: date) -> dict[str, object]:
    week = timedelta(weeks=1)
    days = calendar.days_of(monday)
    return {"monday": monday, "days": days, "last_day": days[-1], "before": monday - week, "after": monday + week}


@require_GET
@signed_in(Role.STUDENT)
def my_week(request: Request) -> HttpResponse:
    """The student's own week, where their hours stand, and their calendar address."""
    person = own_patient(viewer=request.user)
    monday = _monday(request)
    places = queries.places_of(viewer=request.user, patient=person, monday=monday, at=request.now)
    slots = calendar.slots_of_places(places)
    context = _around(monday) | {
        "slots": slots,
        "first_hour": calendar.first_hour(slots),
        "minutes": sum(place.section.minutes for place in places),
        "today": timezone.localdate(request.now),
        "hours": queries.hours_of(person),
        "has_places": bool(places) or queries.has_places(person),
        "feed": queries.feed_of(request.user),
        "fresh": request.session.pop(FRESH_ADDRESS, ""),
        "zone": _zone_words(request),
    }
    return render(request, "timetable/my_week.html", context)


def _zone_words(request: Request) -> str:
    """The organisation's zone, named only if the reader lives in another."""
    zone = request.user.organisation.time_zone
    return zone.split("/")[-1].replace("_", " ") if str(request.user.zone) != zone else ""


@require_http_methods(["GET", "POST"])
@signed_in(Role.STUDENT)
def my_hours(request: Request) -> HttpResponse:
    """The student says when they could come: painted, or typed."""
    return _hours_page(request, own_patient(viewer=request.user), reverse("timetable:my-hours"), is_own=True)


@require_http_methods(["GET", "POST"])
@signed_in(*queries.WRITERS)
def hours_of_student(request: Request, patient: UUID) -> HttpResponse:
    """Staff write down a student's hours for them."""
    person = queries.access_hours(viewer=request.user, patient=patient, at=request.now)
    return _hours_page(request, person, reverse("timetable:hours", args=[person.pk]), is_own=False)


def _hours_page(request: Request, person: Patient, address: str, *, is_own: bool) -> HttpResponse:
    row, dose = queries.hours_of(person), queries.dose_of(person)
    with_family = person.population == Population.ADOLESCENT or bool(dose and dose.family.count)
    form = HoursForm(
        request.POST if request.method == "POST" else None,
        stored=hours.from_json(row.hours) if row else (),
        stored_family=hours.from_json(row.family_hours) if row else (),
        initial={"note": row.note if row else ""},
        with_family=with_family,
    )
    if form.is_valid():
        services.give_hours(
            patient=person,
            spans=form.spans(),
            family=form.family_spans(),
            note=form.cleaned_data["note"],
            by=request.user,
            at=request.now,
        )
        for sentence in form.changes():
            messages.info(request, sentence)
        messages.success(request, _("The hours are kept."))
        return redirect(address)
    context = {
        "form": form,
        "patient": person,
        "row": row,
        "dose": dose,
        "lack": hours.lack(hours.from_json(row.hours), dose) if row and dose else None,
        "zone": _zone_words(request),
    }
    template = "timetable/my_hours.html" if is_own else "timetable/hours.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_POST
@signed_in()
def my_calendar(request: Request) -> HttpResponse:
    """Make a new calendar address, which is shown once, or end the one there is."""
    if request.POST.get("do") == "revoke":
        services.revoke_feed(user=request.user, at=request.now)
        messages.success(request, _("Your calendar address no longer works."))
    else:
        token = services.make_feed(user=request.user, at=request.now)
        request.session[FRESH_ADDRESS] = f"{settings.BASE_URL}{reverse('timetable:feed', args=[token])}"
    return redirect("timetable:week" if request.user.is_staff else "timetable:my-week")


@require_GET
@public
def feed(request: Request, token: str) -> HttpResponse:
    """Somebody's standing week as iCalendar. Whoever has the address may read it; it says no more than when."""
    user = queries.user_of_feed(token)
    if user is None:
        raise Http404
    events = queries.standing_week(user=user, on=timezone.localdate(request.now, user.organisation.zone))
    content = ical.calendar(events, title=_("Appointment"), name=_("My week"), at=request.now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = 'inline; filename="week.ics"'
    return response


@require_GET
@signed_in(*queries.READERS)
def week(request: Request) -> HttpResponse:
    """The whole week as it stands; those who plan see who is left out and ask for a proposal."""
    return _week_page(request, ProposeForm(monday=queries.monday_of(timezone.localdate(request.now))))


def _week_page(request: Request, form: ProposeForm, *, status: int = 200) -> HttpResponse:
    monday = _monday(request)
    sections = queries.sections_of_week(viewer=request.user, monday=monday)
    chosen = calendar.Filter(*(request.GET.get(key, "") for key in ("program", "staff", "room")))
    shown = [section for section in sections if chosen.shows(section)]
    slots = calendar.slots_of_sections(shown, monday, one_by_one=bool(chosen.staff or chosen.room))
    may_plan = request.user.has_any(queries.PLANNERS)
    context = _around(monday) | {
        "slots": slots,
        "days": calendar.shown_days(monday, slots),
        "first_hour": calendar.first_hour(slots),
        "may_write": request.user.has_any(queries.WRITERS),
        "sections": sections,
        "choices": calendar.choices_of(sections),
        "chosen": chosen,
        "today": timezone.localdate(request.now),
        "may_plan": may_plan,
        "form": form,
        "left_out": board_of_week(viewer=request.user, week_of=form.usual_week).left_out if may_plan else (),
        "proposals": queries.proposals(viewer=request.user)[:5] if may_plan else (),
        "feed": queries.feed_of(request.user),
        "fresh": request.session.pop(FRESH_ADDRESS, ""),
    }
    return render(request, "timetable/week.html", context, status=status)


@require_POST
@signed_in(*queries.PLANNERS)
def propose(request: Request) -> HttpResponse:
    """Ask for a proposal; it is worked out while this page may be left."""
    form = ProposeForm(request.POST, monday=queries.monday_of(timezone.localdate(request.now)))
    if not form.is_valid():
        return _week_page(request, form, status=422)
    try:
        proposal = services.propose(week_of=form.cleaned_data["week_of"], by=request.user, at=request.now)
    except services.NothingToPlace as trouble:
        form.add_error("week_of", _nothing_to_place(trouble))
        return _week_page(request, form, status=422)
    return redirect("timetable:proposal", proposal.pk)


def _nothing_to_place(trouble: services.NothingToPlace) -> str:
    if trouble.no_staff:
        return _("Nobody is on duty that week. Write down staff hours first.")
    if not trouble.left_out:
        return _("Nobody is in a program that week.")
    return ngettext(
        "%(n)s person is in a program that week but lacks hours or a plan; the list below says which.",
        "%(n)s people are in a program that week but lack hours or a plan; the list below says which.",
        len(trouble.left_out),
    ) % {"n": len(trouble.left_out)}


@require_GET
@signed_in(*queries.PLANNERS)
def proposal(request: Request, proposal: UUID) -> HttpResponse:
    """One proposal: its progress while it is worked out, then the week, what has no place, and why."""
    row = queries.access_proposal(viewer=request.user, pk=proposal)
    if request.htmx and row.status != Proposal.Status.SOLVING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return _proposal_page(request, row)


def _proposal_page(request: Request, row: Proposal, *, problems: list[str] | None = None) -> HttpResponse:
    context: dict[str, object] = {"proposal": row, "problems": problems or []}
    if row.status == Proposal.Status.SOLVING:
        context |= _progress(request, row)
        template = "timetable/parts/progress.html" if request.htmx else "timetable/proposal.html"
        return render(request, template, context)
    if row.solution:
        board, solution = parse_board(row.board), parse_solution(row.solution)
        names = names_on(board)
        slots = calendar.slots_of_solution(board, solution, row.week_of, names)
        context |= {
            "slots": slots,
            "days": calendar.shown_days(row.week_of, slots),
            "first_hour": calendar.first_hour(slots),
            "may_write": request.user.has_any(queries.WRITERS),
            "moves": calendar.moves(board, solution, names),
            "why": calendar.why(board, solution, row.figures),
            "unplaced": queries.named_unplaced(row, names),
            "share": f"{row.figures['coverage'] * 100:.1f}",
            "most": _most_possible(row.figures),
        }
    return render(request, "timetable/proposal.html", context, status=409 if problems else 200)


def _progress(request: Request, row: Proposal) -> dict[str, object]:
    seconds = float(row.progress.get("of", services.SECONDS))
    began = row.progress.get("seconds")
    waited = (request.now - row.asked_at).total_seconds()
    dose = int(row.progress.get("dose", 0))
    return {
        "seconds": round(min(waited, seconds)) if began is not None else 0,
        "of": round(seconds),
        "waiting": began is None,
        "dose": dose,
        "placed": dose - int(row.progress["unmet"]) if "unmet" in row.progress else 0,
        "count": row.progress.get("count", 0),
    }


def _most_possible(figures: dict[str, float]) -> str:
    """The share of the dose that could still be placed at most, if the solver has proved a bound."""
    if not figures.get("unmet_bound") or not figures["dose_minutes"]:
        return ""
    return f"{(figures['unmet_minutes'] - figures['unmet_bound']) / figures['dose_minutes'] * 100:.1f}"


@require_POST
@signed_in(*queries.PLANNERS)
def accept(request: Request, proposal: UUID) -> HttpResponse:
    """From its Monday on, the week is as proposed."""
    row = queries.access_proposal(viewer=request.user, pk=proposal)
    try:
        services.accept_proposal(proposal=row, by=request.user, at=request.now)
    except services.NoLongerHolds as trouble:
        return _proposal_page(request, row, problems=trouble.sentences)
    except Refused as trouble:
        return _proposal_page(request, row, problems=[str(trouble)])
    except services.LaterWeekStands as trouble:
        words = {"day": written(trouble.week_of, "j F")}
        return _proposal_page(request, row, problems=[_("The week of %(day)s was accepted already.") % words])
    except services.NotReady:
        return _proposal_page(request, row, problems=[_("This proposal was decided on before.")])
    messages.success(request, _("The week is accepted. Everyone's sessions follow it."))
    return redirect(f"{reverse('timetable:week')}?week={row.week_of.isoformat()}")


@require_POST
@signed_in(*queries.PLANNERS)
def drop(request: Request, proposal: UUID) -> HttpResponse:
    """Let go of a proposal, or stop working it out."""
    row = queries.access_proposal(viewer=request.user, pk=proposal)
    try:
        services.drop_proposal(proposal=row, by=request.user, at=request.now)
    except services.NotReady:
        raise PermissionDenied from None
    messages.success(request, _("The proposal is let go. The week stays as it is."))
    return redirect("timetable:week")
