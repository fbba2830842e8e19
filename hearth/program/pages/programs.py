"""How the programs are set up: their packs, and who is on duty when."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.program import queries, services
from hearth.program.models import Program

A_PAGE_OF_CARDS, A_PAGE_OF_LINES = 6, 25


@require_GET
@signed_in(*queries.READERS)
def programs(request: Request) -> HttpResponse:
    """Every program with its pack."""
    page = Paginator(queries.programs(viewer=request.user), A_PAGE_OF_CARDS).get_page(request.GET.get("page"))
    language = get_language() or "en"
    context = {
        "page": page,
        "programs": [queries.described(one, language) for one in page],
        "may_set": request.user.has_any(queries.SETTERS),
    }
    return render(request, "program/programs.html", context)


@require_POST
@signed_in(*queries.SETTERS)
def block_grant(request: Request, program: UUID) -> HttpResponse:
    """Say whether this program takes the federal block grant for substance use."""
    found = get_object_or_404(Program, pk=program)
    has_it = request.POST.get("has_it") == "yes"
    services.say_block_grant(program=found, has_it=has_it, by=request.user, at=request.now)
    return redirect("program:list")


@require_GET
@signed_in(*queries.READERS)
def on_duty(request: Request) -> HttpResponse:
    """The hours of everyone on duty today."""
    duties = queries.duties(viewer=request.user, on=timezone.localdate(request.now))
    page = Paginator(duties, A_PAGE_OF_LINES).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "duties": [(duty, [said(span) for span in duty.hours]) for duty in page],
        "may_set": request.user.has_any(queries.SETTERS),
    }
    return render(request, "program/on_duty.html", context)


def said(span: dict[str, Any]) -> str:
    """A stretch of duty in words: `Mon 12:00–21:00`."""
    return f"{WEEKDAYS_ABBR[int(span['day'])]} {span['from']}–{span['to']}"
