"""When somebody of the house answers: at work or on call, where nobody does, and who reads next. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hearth.lib.working_hours import Week, between

AHEAD = timedelta(days=14)
"""How far the rota is looked through for hours in which nobody answers, and how long back a turn is put right."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one moment until another, the last one outside."""

    since: datetime
    until: datetime


class Answers(StrEnum):
    """Who answers at a moment."""

    AT_WORK = "at_work"
    ON_CALL = "on_call"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Reading:
    """When a person reads what a student writes now.

    `until` ends the work or the turns on call that go on now. Where nobody answers it is None, and `on_call_at` says
    when somebody is on call or at work again. `at_work_at` is when the team is at work next. Each is None where the
    next two weeks know no such time.
    """

    answers: Answers
    until: datetime | None
    on_call_at: datetime | None
    at_work_at: datetime | None


def at_work(week: Week, since: datetime, until: datetime, *, zone: ZoneInfo, closed: Collection[date]) -> list[Span]:
    """The working hours that touch these days, but not on a day on which the house or the site is closed."""
    return [Span(*stretch) for stretch in between(week, since, until, zone=zone, closed=closed)]


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time in spans that neither touch nor overlap, in order."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.since <= found[-1].until:
            found[-1] = Span(found[-1].since, max(found[-1].until, span.until))
        else:
            found.append(span)
    return found


def gaps(covered: Iterable[Span], *, since: datetime, until: datetime) -> list[Span]:
    """The time between `since` and `until` in which nobody answers, in order."""
    found, free_from = [], since
    for span in joined(covered):
        if span.until <= since or span.since >= until:
            continue
        if span.since > free_from:
            found.append(Span(free_from, span.since))
        free_from = max(free_from, span.until)
    if free_from < until:
        found.append(Span(free_from, until))
    return found


def reading(*, work: Iterable[Span], turns: Iterable[Span], at: datetime) -> Reading:
    """Who answers at `at`, until when, and when the team is at work next."""
    hours, on_call = joined(work), joined(turns)
    next_hours = min((span.since for span in hours if span.since > at), default=None)
    if (now := _holding(hours, at)) is not None:
        return Reading(Answers.AT_WORK, now.until, None, next_hours)
    if (now := _holding(on_call, at)) is not None:
        return Reading(Answers.ON_CALL, now.until, None, next_hours)
    anyone = min((span.since for span in (*hours, *on_call) if span.since > at), default=None)
    return Reading(Answers.NOBODY, None, anyone, next_hours)


def _holding(spans: Iterable[Span], at: datetime) -> Span | None:
    return next((span for span in spans if span.since <= at < span.until), None)
