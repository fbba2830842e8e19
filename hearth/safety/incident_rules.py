"""What an incident is called, what must be told because of it, and until when. Pure; the rules themselves are data."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FILE = Path(__file__).with_name("incidents.toml")
SOON = timedelta(hours=24)
ONE_DAY = timedelta(days=1)
LAST_MINUTE = time(23, 59)
SATURDAY = 5


class Unit(StrEnum):
    """What a deadline is counted in."""

    HOURS = "hours"
    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    DAYS_AFTER_YEAR = "days_after_year"


class Standing(StrEnum):
    """Where something that must be told stands."""

    OVERDUE = "overdue"
    SOON = "soon"
    OPEN = "open"
    TOLD = "told"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of incident. `concern` is the severity of the concern that a report of it raises; empty raises none."""

    id: str
    concern: str
    closed_to_involved: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """What a rule wants told. Empty `kinds`, `harms`, `states` and `involves` hold for any."""

    id: str
    kinds: frozenset[str]
    harms: frozenset[str]
    states: frozenset[str]
    involves: str
    within: int
    unit: Unit
    effective: date | None
    source: str
    is_checked: bool


@dataclass(frozen=True, slots=True)
class Event:
    """What decides which rules an incident comes under."""

    kind: str
    harm: str
    state: str
    is_near_miss: bool
    involves_staff: bool
    on: date


@dataclass(frozen=True, slots=True)
class Book:
    """The file, read."""

    version: str
    kinds: dict[str, Kind]
    duties: tuple[Duty, ...]


@cache
def book() -> Book:
    """The rules as they are written in the file."""
    return read(tomllib.loads(FILE.read_text(encoding="utf-8")))


def read(found: dict[str, Any]) -> Book:
    kinds = [Kind(one["id"], one.get("concern", ""), one.get("closed_to_involved", False)) for one in found["kind"]]
    return Book(found["version"], {one.id: one for one in kinds}, tuple(_duty(one) for one in found["duty"]))


def _duty(one: dict[str, Any]) -> Duty:
    return Duty(
        id=one["id"],
        kinds=frozenset() if one["kinds"] == "any" else frozenset(one["kinds"]),
        harms=frozenset(one.get("harms", ())),
        states=frozenset(one.get("states", ())),
        involves=one.get("involves", ""),
        within=one["within"],
        unit=Unit(one["unit"]),
        effective=one.get("effective"),
        source=one["source"],
        is_checked=one["status"] == "seen",
    )


def duties_of(event: Event, duties: tuple[Duty, ...]) -> list[Duty]:
    """Those of `duties` that `event` comes under, in the order of the file. A near miss comes under none."""
    if event.is_near_miss:
        return []
    return [one for one in duties if _holds(one, event)]


def _holds(duty: Duty, event: Event) -> bool:
    return (
        (not duty.kinds or event.kind in duty.kinds)
        and (not duty.harms or event.harm in duty.harms)
        and (not duty.states or event.state in duty.states)
        and (duty.involves != "staff" or event.involves_staff)
        and (duty.effective is None or duty.effective <= event.on)
    )


def deadline(within: int, unit: Unit, *, learned_at: datetime, zone: ZoneInfo) -> datetime:
    """The last moment for telling, counted from when the house learned of it.

    0 stands for at once. Days end with the day in `zone`, where it happened. Business days leave out Saturdays and
    Sundays alone: a holiday in between would only give more time.
    """
    if within == 0:
        return learned_at
    if unit == Unit.HOURS:
        return learned_at.astimezone(UTC) + timedelta(hours=within)
    day = learned_at.astimezone(zone).date()
    if unit == Unit.DAYS_AFTER_YEAR:
        day = date(day.year, 12, 31)
    if unit == Unit.BUSINESS_DAYS:
        for _number in range(within):
            day = _next_business_day(day)
    else:
        day += timedelta(days=within)
    return datetime.combine(day, LAST_MINUTE, zone)


def _next_business_day(day: date) -> date:
    day += ONE_DAY
    while day.weekday() >= SATURDAY:
        day += ONE_DAY
    return day


def standing(settled: str, due_at: datetime, *, at: datetime) -> Standing:
    """Where it stands at `at`; `settled` says how it was dealt with, and is empty while it was not."""
    if settled:
        return Standing(settled)
    if due_at <= at:
        return Standing.OVERDUE
    return Standing.SOON if due_at - at <= SOON else Standing.OPEN


def may_review(*, has_role: bool, is_involved: bool) -> bool:
    """Whether somebody may answer for looking into an incident: never one they were in themselves."""
    return has_role and not is_involved
