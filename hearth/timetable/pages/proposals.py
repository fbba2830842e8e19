"""One proposal: its progress while it is worked out, then what it would change, for whom, and why."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.timetable import calendar, compared, queries, services
from hearth.timetable.away import covers_said, is_still_due
from hearth.timetable.board_json import parse_solution
from hearth.timetable.compared import Chosen
from hearth.timetable.cover import from_json, without_hit
from hearth.timetable.difference import difference, part
from hearth.timetable.figures import figures
from hearth.timetable.models import Proposal
from hearth.timetable.week_asked import programs_said
from hearth.timetable.week_board import beside
from hearth.timetable.what_if import parse
from hearth.timetable.what_if_words import change_said

MOST_SHOWN = 50
"""People whose change is listed at once; the rest are found by name."""


@require_GET
@signed_in(*queries.PLANNERS)
def proposal(request: Request, proposal: UUID) -> HttpResponse:
    """One proposal: its progress while it is worked out, then the week, what has no place, and why."""
    row = queries.access_proposal(viewer=request.user, pk=proposal)
    if request.htmx and row.status != Proposal.Status.SOLVING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return proposal_page(request, row)


def proposal_page(
    request: Request, row: Proposal, *, problems: Sequence[str] = (), chosen: Chosen | None = None
) -> HttpResponse:
    """The page of this proposal; with `problems` what kept it from being accepted, and what was ticked."""
    context: dict[str, object] = {
        "proposal": row,
        "problems": problems,
        "programs": programs_said(row.programs, queries.programs_to_plan(viewer=request.user)),
        "cover": covers_said([row]).get(row.pk, ""),
        "no_longer_away": _is_open(request, row) and not is_still_due(row),
        "what_if": change_said(parse(row.change), queries.names_in_changes([row])) if row.change else "",
    }
    if row.status == Proposal.Status.SOLVING:
        context |= progress(request, row)
        template = "timetable/parts/progress.html" if request.htmx else "timetable/proposal.html"
        return render(request, template, context)
    if row.solution:
        context |= _compared(request, row, chosen or Chosen())
    return render(request, "timetable/proposal.html", context, status=409 if problems else 200)


def _compared(request: Request, row: Proposal, chosen: Chosen) -> dict[str, object]:
    """Everything the page shows of a proposal that is worked out."""
    against = beside(viewer=request.user, proposal=row, at=request.now)
    solution, names = parse_solution(row.solution), against.names
    before = against.stands
    if row.cover:
        solution = part(against.stands, solution, people=row.cover["people"])
        before = without_hit(against.stands, from_json(row.cover))
    found = difference(against.stands, solution)
    only_new, asked = request.GET.get("show") == "changes", request.GET.get("who", "").strip()[:80]
    slots = calendar.slots_of_solution(
        against.stands, solution, row.week_of, names, capacity=against.board.capacity, only_new=only_new
    )
    sites = {room.id: room.site for room in against.board.rooms}
    people = compared.people_rows(found, names, chosen, sites)
    wanted = [one for one in people if asked.casefold() in one.name.casefold()]
    today = figures(against.board, before)
    days = calendar.shown_days(row.week_of, slots)
    return {
        "days": days,
        "rows": calendar.rows_by_start(days, slots),
        "only_new": only_new,
        "who": asked,
        "may_write": request.user.has_any(queries.WRITERS),
        "may_decide": row.status == Proposal.Status.READY and not row.is_what_if,
        "may_take_back": _may_take_back(request, row),
        "changing": len(people),
        "people": wanted[:MOST_SHOWN],
        "more": max(0, len(wanted) - MOST_SHOWN),
        "only_rooms": compared.only_rooms(found, names, sites),
        "sections": compared.section_rows(found, names, chosen),
        "figures": compared.figure_rows(today, row.figures, len(against.board.patients)),
        "why": compared.why(against.board, solution, found, row.figures),
        "unplaced": queries.named_unplaced(row, names),
        "share": f"{row.figures['coverage'] * 100:.1f}",
        "most": _most_possible(row.figures),
        "parts": queries.accepted_parts(row),
        "passing": sorted(names[who] for who in row.deeds.get("passing", ()) if who in names),
        "usual_again": row.week_of + timedelta(weeks=1),
        "is_unusual": against.is_unusual,
    }


def _is_open(request: Request, row: Proposal) -> bool:
    return row.status == Proposal.Status.READY or _may_take_back(request, row)


def _may_take_back(request: Request, row: Proposal) -> bool:
    stands = row.status == Proposal.Status.ACCEPTED and bool(row.deeds)
    return stands and not services.has_begun(row, at=timezone.localtime(request.now, request.user.organisation.zone))


def progress(request: Request, row: Proposal) -> dict[str, object]:
    """Where the solver stands: seconds, the best week so far, and what is proved possible at most."""
    seconds = float(row.progress.get("of", services.SECONDS))
    began = row.progress.get("seconds")
    waited = (request.now - row.asked_at).total_seconds()
    dose = int(row.progress.get("dose", 0))
    unmet, bound = row.progress.get("unmet"), int(row.progress.get("bound", 0))
    return {
        "seconds": round(min(max(waited, float(began)), seconds)) if began is not None else 0,
        "of": round(seconds),
        "waiting": began is None,
        "dose": dose,
        "placed": dose - int(unmet) if unmet is not None else 0,
        "so_far": f"{(dose - int(unmet)) / dose * 100:.1f}" if unmet is not None and dose else "",
        "bound": f"{(dose - bound) / dose * 100:.1f}" if bound and dose else "",
        "count": row.progress.get("count", 0),
    }


def _most_possible(figures: dict[str, float]) -> str:
    """The share of the dose that could still be placed at most, if the solver has proved a bound."""
    if not figures.get("unmet_bound") or not figures["dose_minutes"]:
        return ""
    return f"{(figures['unmet_minutes'] - figures['unmet_bound']) / figures['dose_minutes'] * 100:.1f}"
