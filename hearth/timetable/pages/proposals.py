"""One proposal: its progress, the week it would bring, and deciding on it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.lib.written_dates import written
from hearth.timetable import calendar, queries, services
from hearth.timetable.board_json import parse_board, parse_solution
from hearth.timetable.facts import Refused
from hearth.timetable.models import Proposal
from hearth.timetable.week_board import names_on


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
