"""Finding cover for days on which staff are away, with one press."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.program.queries import access_leave
from hearth.timetable import queries, services
from hearth.timetable.pages.board import week_in


@require_POST
@signed_in(*queries.PLANNERS)
def of_leave(request: Request, leave: UUID) -> HttpResponse:
    """Cover for every week of one leave; each is a proposal."""
    row = access_leave(viewer=request.user, pk=leave)
    try:
        asked = services.find_cover_of_leave(leave=row, by=request.user, at=request.now)
    except services.NothingToCover:
        messages.info(request, _("%(name)s leads nothing on these days that still needs cover.") % {"name": row.member})
        return redirect("program:days-off")
    if len(asked) > 1:
        messages.success(request, _("Cover is being worked out week by week; the proposals are listed below."))
        return redirect("timetable:week")
    return redirect("timetable:proposal", asked[0].pk)


@require_POST
@signed_in(*queries.PLANNERS)
def of_week(request: Request, monday: str) -> HttpResponse:
    """Cover for everyone who is away in one week."""
    try:
        asked = services.find_cover(week_of=week_in(request, monday), by=request.user, at=request.now)
    except services.NothingToCover:
        messages.info(request, _("Nothing in this week needs cover any more."))
        return redirect("timetable:board", monday)
    return redirect("timetable:proposal", asked.pk)
