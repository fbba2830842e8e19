"""Reads of the rota: hours in which nobody answers, turns that are over, and when a person reads next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied

from hearth.accounts.models import Organisation, User
from hearth.program.models import Closure
from hearth.program.queries import closures_within
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
    """Days of the next two weeks on which the whole house is closed. One query. Raises PermissionDenied."""
    if not viewer.has_any(SEE_CONCERNS):
        raise PermissionDenied
    return _closures(viewer.organisation, at)


def gaps_ahead(*, viewer: User, at: datetime) -> list[Gap]:
    """Hours of the next two weeks in which nobody answers, for those who plan the rota. Two queries, or none."""
    if not viewer.has_any(PLAN_ON_CALL):
        return []
    house = viewer.organisation
    closures = _closures(house, at)
    covered = [*_work(house, closures, at), *_turns(at)]
    return [_gap(one, closures, house) for one in gaps(covered, since=at, until=at + AHEAD)]


def turns_over(*, viewer: User, at: datetime) -> list[OnCall]:
    """Turns on call that ended in the last two weeks, the latest first. One query. Raises PermissionDenied."""
    if not viewer.has_any(SEE_CONCERNS):
        raise PermissionDenied
    rows = OnCall.objects.filter(ends_at__lte=at, ends_at__gt=at - AHEAD).select_related("person", "taken_by")
    return list(rows.order_by("-ends_at", "pk"))


def next_reading(*, house: Organisation, at: datetime) -> Reading:
    """When a person of `house` reads what a student writes at `at`. Two queries."""
    return reading(work=_work(house, _closures(house, at), at), turns=_turns(at), at=at)


def _closures(house: Organisation, at: datetime) -> list[Closure]:
    today = at.astimezone(house.zone).date()
    return [one for one in closures_within(today, today + AHEAD) if one.site_id is None]


def _work(house: Organisation, closures: list[Closure], at: datetime) -> list[Span]:
    return at_work(at, at + AHEAD, zone=house.zone, closed={day for one in closures for day in _days(one)})


def _days(closure: Closure) -> list[date]:
    return [closure.first_on + timedelta(days=ahead) for ahead in range((closure.last_on - closure.first_on).days + 1)]


def _turns(at: datetime) -> list[Span]:
    rows = OnCall.objects.filter(ends_at__gt=at, starts_at__lt=at + AHEAD)
    return [Span(since, until) for since, until in rows.values_list("starts_at", "ends_at")]


def _gap(gap: Span, closures: list[Closure], house: Organisation) -> Gap:
    last_moment = gap.until - timedelta(microseconds=1)
    first, last = (moment.astimezone(house.zone).date() for moment in (gap.since, last_moment))
    return Gap(
        gap.since, gap.until, tuple(one.name for one in closures if one.first_on <= last and one.last_on >= first)
    )
