"""How the programs are set up: packs, rooms, and who is on duty when."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.program import queries


@require_GET
@signed_in(*queries.READERS)
def programs(request: Request) -> HttpResponse:
    """Every program with its pack, every room, and the hours of everyone on duty."""
    duties = queries.duties(viewer=request.user, on=timezone.localdate(request.now))
    context = {
        "programs": queries.programs(viewer=request.user, language=get_language() or "en"),
        "rooms": queries.rooms(viewer=request.user),
        "duties": [(duty, [said(span) for span in duty.hours]) for duty in duties],
        "may_set": request.user.has_any(queries.SETTERS),
    }
    return render(request, "program/programs.html", context)


def said(span: dict[str, Any]) -> str:
    """A stretch of duty in words: `Mon 12:00–21:00`."""
    return f"{WEEKDAYS_ABBR[int(span['day'])]} {span['from']}–{span['to']}"
