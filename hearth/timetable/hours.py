"""The hours in which someone could come: read from what was typed, put on the half-hour grid, measured. Pure.

What is wrong is a code beside its row; `forms` has the words. Times of day are minutes after midnight.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hearth.timetable.board import CLOSE, OPEN, SLOT, Dose, Span, clock

COULD, BEST = "could", "best"
"""How well a stretch fits. Whatever is not written down is busy."""

WORKDAYS = range(5)
SCHOOL = tuple(Span(day, 8 * 60, 15 * 60 + 30) for day in WORKDAYS)
WORK = tuple(Span(day, 9 * 60, 17 * 60) for day in WORKDAYS)
"""The usual hours of a school and of a job, to begin with: whoever has others changes them."""

SHORTEST_SESSION = 60  # minutes; a shorter stretch holds no session
MOST_DAYS = 5
_TIME = re.compile(r"^\s*([0-9]{1,2})[:.]([0-5][0-9])(?::[0-9]{2})?\s*$")


class Trouble(StrEnum):
    """Why a row of hours cannot be used."""

    NOT_A_TIME = "not_a_time"
    ONE_MISSING = "one_missing"
    ENDS_BEFORE = "ends_before"
    OVERLAPS = "overlaps"
    OUTSIDE = "outside"
    TOO_SHORT = "too_short"


class Change(StrEnum):
    """How a row was changed to fit."""

    ROUNDED = "rounded"
    CLIPPED = "clipped"


@dataclass(frozen=True, slots=True)
class Row:
    """One stretch of a day as it was typed."""

    day: int
    start: str = ""
    end: str = ""
    level: str = COULD

    @property
    def is_empty(self) -> bool:
        return not self.start.strip() and not self.end.strip()


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that was taken otherwise than typed."""

    row: Row
    span: Span
    change: Change


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rows say: `spans` are all hours, `best` the best of them, each in order and joined where they touch.

    `troubles` are by row number.
    """

    spans: tuple[Span, ...]
    best: tuple[Span, ...]
    troubles: dict[int, Trouble]
    changed: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """What these hours are short of for a week's dose. Minutes; `days` are those the dose wishes for."""

    needed: int
    held: int
    days: int
    groups: int
    groups_held: int
    group_minutes: int


def read_rows(rows: Sequence[Row]) -> Reading:
    """Spans on the grid from typed rows. Empty rows say nothing; hours off the grid are rounded inward."""
    troubles: dict[int, Trouble] = {}
    changed: list[Changed] = []
    found: list[tuple[Row, Span]] = []
    for number, row in enumerate(rows):
        if row.is_empty:
            continue
        typed = _typed(row)
        if isinstance(typed, Trouble):
            troubles[number] = typed
            continue
        if any(each.level == row.level and _overlap(typed, span) for each, span in found):
            troubles[number] = Trouble.OVERLAPS
            continue
        found.append((row, typed))
        fitted = _fitted(typed)
        if isinstance(fitted, Trouble):
            troubles[number] = fitted
        elif fitted != typed:
            clipped = typed.start < OPEN or typed.end > CLOSE
            changed.append(Changed(row, fitted, Change.CLIPPED if clipped else Change.ROUNDED))
    kept = [(row, fitted) for row, span in found if isinstance(fitted := _fitted(span), Span)]
    best = joined(span for row, span in kept if row.level == BEST)
    return Reading(joined(span for _, span in kept), best, troubles, tuple(changed))


def _overlap(one: Span, other: Span) -> bool:
    return one.day == other.day and one.start < other.end and other.start < one.end


def _typed(row: Row) -> Span | Trouble:
    if not row.start.strip() or not row.end.strip():
        return Trouble.ONE_MISSING
    start, end = minutes_of(row.start), minutes_of(row.end)
    if start is None or end is None:
        return Trouble.NOT_A_TIME
    return Span(row.day, start, end) if start < end else Trouble.ENDS_BEFORE


def _fitted(span: Span) -> Span | Trouble:
    """The part of this stretch that lies on the grid and inside the hours in which sessions are placed."""
    start, end = max(span.start, OPEN), min(span.end, CLOSE)
    if start >= end:
        return Trouble.OUTSIDE
    start, end = -(-start // SLOT) * SLOT, end // SLOT * SLOT
    return Span(span.day, start, end) if start < end else Trouble.TOO_SHORT


def minutes_of(text: str) -> int | None:
    """`17:30` as 1050; None if it is no time of day. 24:00 is one."""
    found = _TIME.match(text)
    if not found:
        return None
    minutes = int(found[1]) * 60 + int(found[2])
    return minutes if minutes <= 24 * 60 else None


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same stretches in order, those that touch or overlap made one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.day, one.start, one.end)):
        last = found[-1] if found else None
        if last and last.day == span.day and span.start <= last.end:
            found[-1] = Span(last.day, last.start, max(last.end, span.end))
        else:
            found.append(span)
    return tuple(found)


def begun(spans: Iterable[Span]) -> tuple[Span, ...]:
    """These hours, to take busy ones out of; where none are marked yet, all of Monday to Friday."""
    return tuple(spans) or tuple(Span(day, OPEN, CLOSE) for day in WORKDAYS)


def copied(spans: Iterable[Span], *, day: int, to: Iterable[int]) -> tuple[Span, ...]:
    """The same hours, with those of `day` on the days `to` as well, in place of what was there."""
    spans, over = tuple(spans), set(to) - {day}
    kept = [span for span in spans if span.day not in over]
    return joined([*kept, *(Span(other, span.start, span.end) for other in over for span in spans if span.day == day)])


def without(spans: Iterable[Span], busy: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of these stretches outside the busy ones, on the grid: a half hour touched by them is gone."""
    taken = joined(busy)
    found = []
    for span in joined(spans):
        start = span.start
        for one in taken:
            if one.day == span.day and start < one.end and one.start < span.end:
                found.append(Span(span.day, start, one.start // SLOT * SLOT))
                start = -(-one.end // SLOT) * SLOT
        found.append(Span(span.day, start, span.end))
    return tuple(span for span in found if span.start < span.end)


def levelled(spans: Iterable[Span], best: Iterable[Span]) -> list[tuple[Span, str]]:
    """The same hours in order of time, apart where one level ends and the other begins."""
    best = joined(best)
    found = [(span, COULD) for span in without(spans, best)] + [(span, BEST) for span in best]
    return sorted(found, key=lambda one: (one[0].day, one[0].start))


def as_json(spans: Iterable[Span], best: Iterable[Span] = ()) -> list[dict[str, int | str]]:
    """The form in which hours are stored; the best of them say so."""
    found: list[dict[str, int | str]] = []
    for span, level in levelled(spans, best):
        found.append({"day": span.day, "from": clock(span.start), "to": clock(span.end)})
        if level == BEST:
            found[-1]["preference"] = BEST
    return found


def from_json(stored: Iterable[dict[str, int | str]]) -> tuple[Span, ...]:
    """Stored hours as spans on the grid, the best among the others; what lies outside the grid is left out."""
    rows = [Row(int(each["day"]), str(each["from"]), str(each["to"])) for each in stored]
    fitted = [_fitted(typed) for row in rows if isinstance(typed := _typed(row), Span)]
    return joined(span for span in fitted if isinstance(span, Span))


def best_from_json(stored: Iterable[dict[str, int | str]]) -> tuple[Span, ...]:
    """Those of the stored hours that suit best."""
    return from_json(each for each in stored if each.get("preference") == BEST)


def rows_of(spans: Iterable[Span], best: Iterable[Span] = ()) -> list[Row]:
    """Spans as they would be typed."""
    return [Row(span.day, clock(span.start), clock(span.end), level) for span, level in levelled(spans, best)]


def minutes_in(spans: Iterable[Span]) -> int:
    """All minutes of these stretches."""
    return sum(span.end - span.start for span in spans)


def lack(spans: Iterable[Span], dose: Dose) -> Lack | None:
    """What these hours lack for this dose; None if they could hold it.

    A day counts with its stretches of an hour or more, and the best days first, as many as the dose wishes for.
    """
    by_day: dict[int, int] = defaultdict(int)
    groups_on: dict[int, int] = defaultdict(int)
    for span in joined(spans):
        length = span.end - span.start
        if length >= SHORTEST_SESSION:
            by_day[span.day] += length
        if dose.group.minutes:
            groups_on[span.day] += length // dose.group.minutes
    days = min(dose.days or MOST_DAYS, MOST_DAYS)
    held = sum(sorted(by_day.values(), reverse=True)[:days])
    groups_held = sum(min(count, dose.per_day) for count in groups_on.values())
    needed = dose.minutes()
    if held >= needed and groups_held >= dose.group.count:
        return None
    return Lack(needed, held, days, dose.group.count, groups_held, dose.group.minutes)
