"""What would be: one thing changed, worked out like a proposal, and held side by side. Nothing here is accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.timetable import queries, services
from hearth.timetable.board import MalformedBoard, Solution
from hearth.timetable.board_json import parse_solution
from hearth.timetable.compared import Chosen, FigureRow, figure_rows, people_rows
from hearth.timetable.difference import difference
from hearth.timetable.models import Proposal
from hearth.timetable.pages.proposals import progress
from hearth.timetable.pictures import Means, means_of_week
from hearth.timetable.week_asked import around, monday_asked
from hearth.timetable.what_if import Nothing, parse
from hearth.timetable.what_if_forms import KINDS, WhatIfForm
from hearth.timetable.what_if_words import change_said

MOST_COMPARED = 6


@dataclass(frozen=True, slots=True)
class Column:
    """One what-if beside the others: what would be changed, and whose week would be another."""

    proposal: Proposal
    title: str
    is_plain: bool
    changing: Sequence[str]
    progress: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of the week as it stands and of each what-if, which may not be there yet."""

    label: str
    stands: str
    cells: Sequence[FigureRow | None]


@require_http_methods(["GET", "POST"])
@signed_in(*queries.PLANNERS)
def what_if(request: Request) -> HttpResponse:
    """Ask what would be, and see what was asked of this week side by side."""
    monday = monday_asked(request)
    means = means_of_week(viewer=request.user, week_of=monday)
    forms = _forms(request, means)
    asked = next((form for form in forms if form.is_bound), None)
    if asked is not None and asked.is_valid():
        try:
            services.ask_what_if(week_of=monday, change=asked.change(), by=request.user, at=request.now)
        except MalformedBoard:
            asked.add_error(None, _("Whoever or whatever this is about is not there any more. Look again."))
        except services.NothingToPlace:
            asked.add_error(None, _("Nobody can be placed that week yet: hours, plans or staff hours are missing."))
        else:
            return redirect(f"{reverse('timetable:what-if')}?week={monday.isoformat()}")
    columns = _columns(request, monday)
    context = around(monday) | {
        "forms": forms,
        "opened": asked.prefix if asked is not None else request.GET.get("kind", ""),
        "columns": columns,
        "rows": _rows(means, columns),
        "is_solving": any(one.progress for one in columns),
    }
    return render(request, "timetable/what_if.html", context, status=422 if asked is not None else 200)


def _forms(request: Request, means: Means) -> list[WhatIfForm]:
    """One for each kind; what was posted, or what the address suggests, is filled in."""
    found = []
    for kind in KINDS:
        data = request.POST if request.method == "POST" and request.POST.get("asked") == kind else None
        wish: dict[str, object] = {name: request.GET[name] for name in WISHES if name in request.GET}
        if "topics" in request.GET:
            wish["topics"] = request.GET.getlist("topics")
        found.append(WhatIfForm(kind, means, data, wish=wish))
    return found


WISHES = ("day", "start", "end", "population", "language")
"""What another page may suggest in the address."""


def _columns(request: Request, monday: date) -> list[Column]:
    """The newest what-ifs of this week, the one with nothing changed first."""
    rows = list(queries.what_ifs(viewer=request.user, week_of=monday))[-MOST_COMPARED:]
    names = queries.names_in_changes(rows)
    people = queries.names_of_patients({who for row in rows for who in _on(row)}) if rows else {}
    found = [_column(request, row, names, people) for row in rows]
    return sorted(found, key=lambda one: not one.is_plain)


def _on(row: Proposal) -> list[str]:
    return [one["id"] for one in row.board["patients"]]


def _column(request: Request, row: Proposal, names: Mapping[str, str], people: Mapping[str, str]) -> Column:
    change = parse(row.change or {})
    changing: list[str] = []
    if row.solution:
        stands = parse_solution(row.board["current"]) if row.board.get("current") else Solution()
        found = difference(stands, parse_solution(row.solution))
        sites = {room["id"]: room.get("site", "") for room in row.board["rooms"]}
        changing = [one.name for one in people_rows(found, people, Chosen(), sites)]
    return Column(
        proposal=row,
        title=change_said(change, names),
        is_plain=isinstance(change, Nothing),
        changing=changing,
        progress=progress(request, row) if row.status == Proposal.Status.SOLVING else None,
    )


def _rows(means: Means, columns: Sequence[Column]) -> list[Row]:
    """The figures side by side; each what-if is held against the week worked out with nothing changed."""
    today = means.figures
    plain = next((one.proposal.figures for one in columns if one.is_plain and one.proposal.figures), today)
    cells = [
        figure_rows(plain, one.proposal.figures, len(_on(one.proposal))) if one.proposal.figures else None
        for one in columns
    ]
    return [
        Row(row.label, row.after, [found[number] if found else None for found in cells])
        for number, row in enumerate(figure_rows(today, today, means.people))
    ]
