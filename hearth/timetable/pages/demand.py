"""Hours wanted and offered: what a director plans with."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.timetable import demand_words, queries
from hearth.timetable.pictures import demand_of_week
from hearth.timetable.week_asked import around, monday_asked


@require_GET
@signed_in(*queries.PLANNERS)
def demand(request: Request) -> HttpResponse:
    """What people's plans want and the week offers, what is full next, and what would help."""
    monday = monday_asked(request)
    week = demand_of_week(viewer=request.user, week_of=monday)
    found = week.demand
    total = found.total
    context = around(monday) | {
        "people": week.people + week.waiting,
        "waiting": week.waiting,
        "wanted_by_waiting": found.waiting,
        "servable_waiting": found.servable_waiting,
        "total": total,
        "free": total.offered - total.taken,
        "share": round(100 * total.taken / total.offered) if total.offered else 0,
        "bottlenecks": demand_words.bottlenecks(found, week.names, monday),
        "servable": found.servable,
        "nearest": demand_words.nearest(found),
        "by_sort": demand_words.by_sort(found),
        "by_hour": demand_words.by_hour(found),
        "fills": demand_words.fills(found, week.names),
        "more": max(0, len(found.fills) - demand_words.MOST_LISTED),
        "left_out": week.left_out,
    }
    return render(request, "timetable/demand.html", context)
