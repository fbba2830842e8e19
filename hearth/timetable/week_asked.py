"""What every page of a week asks and shows: its Monday, the weeks around it, and the zone."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone

from hearth.accounts.requests import Request
from hearth.program.models import Program
from hearth.timetable import calendar, queries

FRESH_ADDRESS = "calendar_address"
"""Where a new calendar address waits in the session until it has been shown, once."""


def monday_asked(request: Request) -> date:
    """The Monday asked for by `?week=`, or this week's; what cannot be read counts as not asked."""
    today = timezone.localdate(request.now)
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        asked = today
    return queries.monday_of(asked if abs((asked - today).days) < 366 else today)


def around(monday: date) -> dict[str, object]:
    week = timedelta(weeks=1)
    days = calendar.days_of(monday)
    return {"monday": monday, "days": days, "last_day": days[-1], "before": monday - week, "after": monday + week}


def zone_words(request: Request) -> str:
    """The organisation's zone, named only if the reader lives in another."""
    zone = request.user.organisation.time_zone
    return zone.split("/")[-1].replace("_", " ") if str(request.user.zone) != zone else ""


def programs_said(ids: Iterable[str], programs: Iterable[Program]) -> str:
    """The names of the programs a proposal is for; empty where it is for everyone."""
    wanted = set(ids)
    return ", ".join(one.name for one in programs if str(one.pk) in wanted)
