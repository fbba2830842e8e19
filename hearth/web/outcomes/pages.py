"""Outcomes: the page, and its figures as a file for a spreadsheet."""

import csv

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.audit import services as audit
from hearth.measures.small_numbers import FEWEST
from hearth.web.leader_today import LEADERS
from hearth.web.outcomes.report import PERIODS, Report, report
from hearth.web.outcomes.shown import as_rows, group_words, lines
from hearth.web.outcomes.splits import SPLITS

MINUTES = 10  # how old what is told may be


@require_safe
@signed_in(*sorted(LEADERS))
def outcomes(request: Request) -> HttpResponse:
    """What became of those who began in a period, together and by groups."""
    found = _asked_for(request)
    audit.record_read("outcomes.opened", by=request.user, about=request.organisation, purpose="HOPERAT", at=request.now)
    shown = [
        (part, [(table, lines(table)) for table in part.tables if table.rows],
         [table.title for table in part.tables if not table.rows])
        for part in found.parts
    ]  # fmt: skip
    context = {
        "report": found,
        "back": found.periods.index(found.period),
        "split": SPLITS[found.split],
        "splits": [(key, one.title) for key, one in SPLITS.items()],
        "groups": [(group_words(group), count) for group, count in found.groups],
        "small": [group_words(group) for group in found.small],
        "parts": shown,
        "fewest": FEWEST,
    }
    return render(request, "web/outcomes.html", context)


@require_safe
@signed_in(*sorted(LEADERS))
def download(request: Request) -> HttpResponse:
    """The figures of the page, as they stand there."""
    found = _asked_for(request)
    audit.record_read(
        "outcomes.downloaded", by=request.user, about=request.organisation, purpose="HOPERAT", at=request.now
    )
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="outcomes.csv"'
    csv.writer(response).writerows(as_rows(found.parts))
    return response


def _asked_for(request: Request) -> Report:
    """The report with the period and the split that the address names; else the newest, by program.

    Figures are of the end of the last whole month: what was put right about somebody since shows within `MINUTES`.
    """
    by, back = request.GET.get("by", ""), request.GET.get("back", "")
    by, back = by if by in SPLITS else next(iter(SPLITS)), back if back in map(str, range(PERIODS)) else "0"
    house, language = request.user.organisation, get_language()
    key = f"outcomes-{house.pk}-{by}-{back}-{language}-{timezone.localdate(request.now, house.zone):%Y-%m}"
    found: Report | None = cache.get(key)
    if found is None:
        found = report(viewer=request.user, at=request.now, by=by, back=int(back))
        cache.set(key, found, 60 * MINUTES)
    return found
