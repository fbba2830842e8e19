"""Reads of the rota: hours in which nobody answers, turns that are over, and when a person reads next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied

from hearth.accounts.models import Organisation, Site, User
from hearth.program.models import Closure
from hearth.program.queries import closed_days, closures_within, teams, working_week
from hearth.safety.models import OnCall
from hearth.safety.on_call_rules import AHEAD, Reading, Span, at_work, gaps, reading
from hearth.safety.queries import PLAN_ON_CALL, SEE_CONCERNS


@dataclass(frozen=True, slots=True)
class Gap:
    """Hours to come in which nobody is at work or on call, and the holidays in them."""

    since: datetime
    until: datetime
    holidays: tuple[str, ...]


def holidays_ahead(*, viewer: User, at: datetime) -> list[Closure]:
    """Days of the next two weeks on which the whole house or a site is closed. One query. Raises PermissionDenied."""
    if not viewer.has_any(SEE_CONCERNS):
        raise PermissionDenied
    today = at.astimezone(viewer.organisation.zone).date()
    return list(closures_within(today, today + AHEAD))


def gaps_ahead(*, viewer: User, at: datetime) -> list[Gap]:
    """Hours of the next two weeks in which nobody answers, for those who plan the rota. Four queries, or none.

    Somebody answers while any team of the house is at work, or somebody is on call.
    """
    if not viewer.has_any(PLAN_ON_CALL):
        return []
    house = viewer.organisation
    closures = _closures(house, at)
    covered = [*_anyone_at_work(viewer, closures, at), *_turns(at)]
    return [_gap(one, closures, house) for one in gaps(covered, since=at, until=at + AHEAD)]


def turns_over(*, viewer: User, at: datetime) -> list[OnCall]:
    """Turns on call that ended in the last two weeks, the latest first. One query. Raises PermissionDenied."""
    if not viewer.has_any(SEE_CONCERNS):
        raise PermissionDenied
    rows = OnCall.objects.filter(ends_at__lte=at, ends_at__gt=at - AHEAD).select_related("person", "taken_by")
    return list(rows.order_by("-ends_at", "pk"))


def next_reading(*, house: Organisation, program_pk: UUID | None, site: Site | None, at: datetime) -> Reading:
    """When a person reads what a student of this program, who comes to `site`, writes at `at`. Three queries.

    The hours are those of the program, on the clock of the site; without them those of `house`.
    """
    zone = site.zone if site else house.zone
    closed = closed_days(_closures(house, at), site_id=site.pk if site else None)
    work = at_work(working_week(program_pk), at, at + AHEAD, zone=zone, closed=closed)
    return reading(work=work, turns=_turns(at), at=at)


def _closures(house: Organisation, at: datetime) -> list[Closure]:
    """A day more on either side: on the clock of a site it may be another day."""
    today = at.astimezone(house.zone).date()
    return list(closures_within(today - timedelta(days=1), today + AHEAD + timedelta(days=1)))


def _anyone_at_work(viewer: User, closures: list[Closure], at: datetime) -> list[Span]:
    """Every team's hours; the house's where it says them itself, or where no program is."""
    of_house, *of_programs = teams(viewer=viewer)
    found: list[Span] = []
    for team in [*([of_house] if of_house.own or not of_programs else []), *of_programs]:
        site = team.program.site if team.program else None
        closed = closed_days(closures, site_id=site.pk if site else None)
        found += at_work(team.week, at, at + AHEAD, zone=site.zone if site else viewer.organisation.zone, closed=closed)
    return found


def _turns(at: datetime) -> list[Span]:
    rows = OnCall.objects.filter(ends_at__gt=at, starts_at__lt=at + AHEAD)
    return [Span(since, until) for since, until in rows.values_list("starts_at", "ends_at")]


def _gap(gap: Span, closures: list[Closure], house: Organisation) -> Gap:
    last_moment = gap.until - timedelta(microseconds=1)
    first, last = (moment.astimezone(house.zone).date() for moment in (gap.since, last_moment))
    return Gap(
        gap.since, gap.until, tuple(one.name for one in closures if one.first_on <= last and one.last_on >= first)
    )
