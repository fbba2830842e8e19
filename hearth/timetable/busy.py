"""When somebody is busy, read from their own calendar (RFC 5545). Times alone leave this file, never a title. Pure.

Whatever comes from outside may be built to do harm: `importing` runs this in a process of its own, with little time
and memory. Run as a program it reads a calendar from its input and writes what `as_json` makes of it.
"""

import json
import resource
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component

from hearth.timetable.board import CLOSE, OPEN, Span
from hearth.timetable.hours import joined
from hearth.timetable.one_offs import LONGEST, Dates, from_text

WEEKS = 8
OFTEN = 3
"""In so many of the eight weeks the same hour is a habit; what is rarer is a date by itself."""

MOST_EVENTS = 5_000
MOST_DATES = 40
MEMORY = 1024 * 1024 * 1024  # bytes for the whole program
RULES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
YEARLY = "YEARLY"
BUSY_WORDS = {"BUSY", "OOF"}
FREE_WORDS = {"FREE", "WORKINGELSEWHERE"}


class NotACalendar(ValueError):
    """This cannot be read as a calendar, or holds more than a person's."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Busy hours of most weeks, and single dates outside them. `more` dates were left out: too many to look at."""

    weekly: tuple[Span, ...]
    dates: tuple[Dates, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of one day that is taken; minutes after midnight."""

    day: date
    start: int
    end: int


def read_busy(content: bytes, *, zone: ZoneInfo, home: ZoneInfo, today: date) -> Busy:
    """What the calendar takes from the eight weeks after `today`, on the clock of `zone`. Raises NotACalendar.

    Times without a zone are those of `home`, where the student lives. Cancelled and free events take nothing. A single
    all-day event takes its days; one that returns does so only where the calendar says busy, and not once a year:
    calendars are full of bins and birthdays.
    """
    calendar = _parsed(content)
    stretches: list[Stretch] = []
    days: set[Dates] = set()
    for event in _events_between(calendar, today, today + timedelta(weeks=WEEKS)):
        starts, ends = event.start, event.end
        if not isinstance(starts, datetime) or not isinstance(ends, datetime):
            if isinstance(ends, datetime):
                continue
            if event.get("X-HEARTH-RETURNS") is None:
                days |= _whole_days(starts, ends, today)
            elif event.get("X-HEARTH-RETURNS") != YEARLY and _says_busy(event):
                stretches += _day_by_day(starts, ends)
            continue
        stretches += _by_day(_on_clock(starts, home, zone), _on_clock(ends, home, zone))
    within = [each for each in stretches if today <= each.day < today + timedelta(weeks=WEEKS)]
    weekly = _weekly(within)
    found = sorted(days | _single(within, weekly))
    return Busy(weekly, tuple(found[:MOST_DATES]), max(0, len(found) - MOST_DATES))


def _parsed(content: bytes) -> Calendar:
    try:
        found = Calendar.from_ical(content)
    except Exception as trouble:  # whatever a broken file makes the parser say
        raise NotACalendar from trouble
    if not isinstance(found, Calendar):
        raise NotACalendar
    events = [each for each in found.subcomponents if each.name == "VEVENT"]
    if len(events) > MOST_EVENTS:
        raise NotACalendar
    kept = [each for each in events if _takes_time(each)]
    zones = [each for each in found.subcomponents if each.name == "VTIMEZONE"]
    found.subcomponents = [*zones, *kept]
    return found


def _takes_time(event: Component) -> bool:
    """Whether the event can make somebody busy, and returns in a way that people use.

    What is cancelled or free stays in as long as it changes one time of a series: it takes that time back.
    """
    if event.get("RECURRENCE-ID") is None and _is_free(event):
        return False
    rules = event.get("RRULE", [])
    rules = rules if isinstance(rules, list) else [rules]
    for rule in rules:
        if set(rule.get("FREQ", [])) - RULES or {"BYSECOND", "BYMINUTE", "BYHOUR"} & set(rule):
            return False
    if rules or event.get("RDATE") is not None:
        often = {word for rule in rules for word in rule.get("FREQ", [])} or {""}
        event.add("X-HEARTH-RETURNS", YEARLY if often == {YEARLY} else "yes")
    return event.get("DTSTART") is not None


def _is_free(event: Component) -> bool:
    words = {name: str(event.get(name, "")).upper() for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")}
    return (
        words["STATUS"] == "CANCELLED"
        or words["TRANSP"] == "TRANSPARENT"
        or words["X-MICROSOFT-CDO-BUSYSTATUS"] in FREE_WORDS
    )


def _says_busy(event: Component) -> bool:
    """Whether the calendar says so itself, rather than leaving it open."""
    shown = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    return shown in BUSY_WORDS or str(event.get("TRANSP", "")).upper() == "OPAQUE"


def _events_between(calendar: Calendar, first: date, last: date) -> Iterator[Any]:
    try:
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(first, last)
        yield from (event for event in found if not _is_free(event))
    except NotACalendar:
        raise
    except Exception as trouble:  # a rule or a date that cannot be
        raise NotACalendar from trouble


def _on_clock(moment: datetime, home: ZoneInfo, zone: ZoneInfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=home)).astimezone(zone)


def _whole_days(starts: date, ends: date, today: date) -> set[Dates]:
    """A single all-day event; its end is the first day after it."""
    last = max(starts, ends - timedelta(days=1))
    first = max(starts, today)
    last = min(last, first + timedelta(days=LONGEST - 1))
    return {Dates(first, last)} if first <= last else set()


def _day_by_day(starts: date, ends: date) -> Iterator[Stretch]:
    """The whole days of an all-day event that returns; its end is the first day after it."""
    for number in range(min(max(1, (ends - starts).days), LONGEST)):
        yield Stretch(starts + timedelta(days=number), OPEN, CLOSE)


def _by_day(starts: datetime, ends: datetime) -> Iterator[Stretch]:
    """The stretch on the wall clock, day by day, inside the hours in which sessions are placed."""
    day = starts.date()
    while day <= ends.date() and (day - starts.date()).days < LONGEST:
        start = _minutes(starts.time()) if day == starts.date() else 0
        end = _minutes(ends.time(), up=True) if day == ends.date() else 24 * 60
        start, end = max(start, OPEN), min(end, CLOSE)
        if start < end:
            yield Stretch(day, start, end)
        day += timedelta(days=1)


def _minutes(moment: time, *, up: bool = False) -> int:
    """Minutes after midnight; a begun minute counts as whole where something ends."""
    return moment.hour * 60 + moment.minute + (1 if up and (moment.second or moment.microsecond) else 0)


def _weekly(stretches: Iterable[Stretch]) -> tuple[Span, ...]:
    """The hours that are taken on the same weekday in three weeks or more."""
    weeks: dict[Span, set[date]] = defaultdict(set)
    for each in stretches:
        weeks[Span(each.day.weekday(), each.start, each.end)].add(each.day)
    return joined(span for span, days in weeks.items() if len(days) >= OFTEN)


def _single(stretches: Iterable[Stretch], weekly: tuple[Span, ...]) -> set[Dates]:
    """What is taken outside the weekly hours."""

    def is_usual(one: Stretch) -> bool:
        return any(s.day == one.day.weekday() and s.start <= one.start and one.end <= s.end for s in weekly)

    return {
        Dates(one.day, one.day)
        if (one.start, one.end) == (OPEN, CLOSE)
        else Dates(one.day, one.day, one.start, one.end)
        for one in stretches
        if not is_usual(one)
    }


def as_json(busy: Busy) -> dict[str, Any]:
    """The same for another process."""
    weekly = [[span.day, span.start, span.end] for span in busy.weekly]
    return {"weekly": weekly, "dates": [each.as_text() for each in busy.dates], "more": busy.more}


def from_json(found: dict[str, Any]) -> Busy:
    """What `as_json` wrote."""
    return Busy(tuple(Span(*each) for each in found["weekly"]), tuple(map(from_text, found["dates"])), found["more"])


def main() -> int:
    """`busy.py ZONE HOME TODAY` reads a calendar from its input; exit status 2 if it is none."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    zone, home, today = sys.argv[1:4]
    try:
        busy = read_busy(
            sys.stdin.buffer.read(), zone=ZoneInfo(zone), home=ZoneInfo(home), today=date.fromisoformat(today)
        )
    except NotACalendar:
        return 2
    sys.stdout.write(json.dumps(as_json(busy)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
