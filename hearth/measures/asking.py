"""When a measure is asked, and how much of it in one week. Pure: values in, a verdict with reasons out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol

from hearth.program.pack import DueRule

BEFORE = timedelta(days=2)  # product default: so long before a talk alone its questions are asked
WEEK = timedelta(days=7)

Why = Literal["admission", "repeat", "individual", "completion", "after"]


@dataclass(frozen=True, slots=True)
class Due:
    """A measure that is to be answered: since when, and why."""

    instrument: str
    on: date
    why: Why


def due(
    rule: DueRule,
    *,
    started_on: date,
    last_on: date | None,
    today: date,
    completed_on: date | None = None,
    individual_on: date | None = None,
) -> Due | None:
    """What this rule asks for today; None if nothing is due.

    `last_on` is the day of the latest full answer, `individual_on` that of the next talk alone. What became due
    while an earlier one was still open is asked once, not twice. After completion only the completion answer and
    the follow-ups are asked.
    """
    occasions = _occasions(rule, started_on, last_on, completed_on)
    if rule.before_individual and completed_on is None and individual_on is not None and today <= individual_on:
        occasions.append(Due(rule.instrument, individual_on - BEFORE, "individual"))
    reached = [one for one in occasions if one.on <= today]
    open_ones = sorted((one for one in reached if last_on is None or one.on > last_on), key=lambda one: one.on)
    if not open_ones:
        return None
    return open_ones[-1] if completed_on is not None else open_ones[0]


def _occasions(rule: DueRule, started_on: date, last_on: date | None, completed_on: date | None) -> list[Due]:
    """Every day on which this rule asks, in order; repeats count from the latest answer."""
    occasions: list[Due] = []
    if completed_on is None:
        if rule.at_admission:
            occasions.append(Due(rule.instrument, started_on, "admission"))
        if rule.every_days:
            since = max(last_on, started_on) if last_on else started_on
            occasions.append(Due(rule.instrument, since + timedelta(days=rule.every_days), "repeat"))
        return occasions
    if rule.at_completion:
        occasions.append(Due(rule.instrument, completed_on, "completion"))
    for days in rule.days_after:
        occasions.append(Due(rule.instrument, completed_on + timedelta(days=days), "after"))
    return occasions


def minutes_a_week(rhythms: Iterable[tuple[int, int]]) -> float:
    """How many minutes a week these take on average: for each its minutes, and the days from one time to the next."""
    return sum(minutes * WEEK.days / days for minutes, days in rhythms)


class Asked(Protocol):
    """A measure that could be asked: since when it is due, and how long it takes."""

    @property
    def on(self) -> date: ...
    @property
    def minutes(self) -> int: ...


def within[A: Asked](
    asked: Iterable[A], *, minutes_a_week: int, answered: Sequence[tuple[date, int]], today: date
) -> list[A]:
    """Those of `asked` that fit in the seven days that end today, the longest due first; the others wait their turn.

    `answered` holds the day and the minutes of what was answered. What does not fit steps back for what does, and
    moves up as the days pass: so nothing is dropped, and nobody is asked for more than they were promised.
    """
    left = minutes_a_week - sum(minutes for day, minutes in answered if today - WEEK < day <= today)
    chosen: list[A] = []
    for one in sorted(asked, key=lambda each: each.on):
        if one.minutes <= left:
            chosen.append(one)
            left -= one.minutes
    return chosen
