"""The whole week as it stands, and asking for a proposal."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.timetable import calendar, queries, services
from hearth.timetable.away import covers_said
from hearth.timetable.forms import ProposeForm
from hearth.timetable.left_out import last_week, left_out_of_week
from hearth.timetable.models import Proposal
from hearth.timetable.week_asked import FRESH_ADDRESS, around, monday_asked, programs_said
from hearth.timetable.whole_week import Part, whole_week

LEFT_OUT_SHOWN = 12
LEAST_WEEKS = 4  # to choose from, however soon everyone's stay ends

SHOWN = 8  # proposals listed


@require_GET
@signed_in(*queries.READERS)
def week(request: Request) -> HttpResponse:
    """The whole week as it stands; those who plan see who is left out and ask for a proposal."""
    return _week_page(request, _propose_form(request))


def _propose_form(request: Request) -> ProposeForm:
    monday = queries.monday_of(timezone.localdate(request.now))
    may_plan = request.user.has_any(queries.PLANNERS)
    programs = queries.programs_to_plan(viewer=request.user) if may_plan else []
    least = monday + timedelta(weeks=LEAST_WEEKS)
    last = last_week(viewer=request.user, least=least) if may_plan else least
    posted = request.POST if request.method == "POST" else None
    return ProposeForm(posted, monday=monday, last=last, programs=programs)


def _week_page(request: Request, form: ProposeForm, *, status: int = 200) -> HttpResponse:
    monday = monday_asked(request)
    chosen = Part(*(_id(request.GET.get(key, "")) for key in ("program", "staff", "room")))
    found = whole_week(viewer=request.user, monday=monday, part=chosen)
    slots = calendar.slots_of_counts(found.together, monday) or calendar.slots_of_sections(
        found.sections, monday, one_by_one=bool(chosen.staff or chosen.room)
    )
    may_plan = request.user.has_any(queries.PLANNERS)
    left_out, count = (
        left_out_of_week(viewer=request.user, week_of=form.usual_week, most=LEFT_OUT_SHOWN) if may_plan else ([], 0)
    )
    days = calendar.shown_days(monday, slots)
    context = around(monday) | {
        "slots": slots,
        "days": days,
        "rows": [] if chosen.staff or chosen.room else calendar.rows_by_start(days, slots),
        "first_hour": calendar.first_hour(slots),
        "may_write": request.user.has_any(queries.WRITERS),
        "choices": found.choices,
        "is_counted": bool(found.together),
        "chosen": chosen,
        "today": timezone.localdate(request.now),
        "may_plan": may_plan,
        "form": form,
        "left_out": left_out,
        "left_out_count": count,
        "proposals": _listed(request) if may_plan else (),
        "feed": queries.feed_of(request.user),
        "fresh": request.session.pop(FRESH_ADDRESS, ""),
    }
    return render(request, "timetable/week.html", context, status=status)


def _id(text: str) -> str:
    """What was chosen, if it can be anything's id."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _listed(request: Request) -> list[Proposal]:
    """The newest proposals; each has `for_whom`: the programs it is for, or for whom it finds cover."""
    rows = list(queries.proposals(viewer=request.user).defer("board", "solution", "deeds", "unplaced")[:SHOWN])
    programs, covers = queries.programs_to_plan(viewer=request.user), covers_said(rows)
    for row in rows:
        row.for_whom = covers.get(row.pk) or programs_said(row.programs, programs)  # type: ignore[attr-defined]
    return rows


@require_POST
@signed_in(*queries.PLANNERS)
def propose(request: Request) -> HttpResponse:
    """Ask for a proposal, or one for each part of the house; they are worked out while this page may be left."""
    form = _propose_form(request)
    if not form.is_valid():
        return _week_page(request, form, status=422)
    try:
        asked = services.propose_apart(
            week_of=form.cleaned_data["week_of"], parts=form.asked(), by=request.user, at=request.now
        )
    except services.NothingToPlace as trouble:
        form.add_error("week_of", _nothing_to_place(trouble))
        return _week_page(request, form, status=422)
    if len(asked) > 1:
        messages.success(request, _("The weeks are being worked out side by side; they are listed below."))
        return redirect("timetable:week")
    return redirect("timetable:proposal", asked[0].pk)


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
