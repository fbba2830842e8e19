"""What a letter says of somebody's days, where it stands, and how a letter to oneself is announced. Plain data."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Stretch:
    """One session somebody was in, at the house's own time. `minutes` are those they were there."""

    starts: datetime
    ends: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which somebody was here, from when to when, and for how many minutes in all."""

    on: date
    starts: datetime
    ends: datetime
    minutes: int


def days_of(stretches: Iterable[Stretch]) -> tuple[Day, ...]:
    """Each day once, the earliest first. What lies between two sessions of a day is not counted as time here."""
    found: dict[date, Day] = {}
    for one in stretches:
        on = one.starts.date()
        known = found.get(on, Day(on, one.starts, one.ends, 0))
        found[on] = Day(on, min(known.starts, one.starts), max(known.ends, one.ends), known.minutes + one.minutes)
    return tuple(found[on] for on in sorted(found))


class State(StrEnum):
    """Where an asked letter stands."""

    UNSEEN = "unseen"  # the student has not said yes to these words
    ASKED = "asked"
    SIGNED = "signed"
    HANDED_OVER = "handed_over"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


def state_of(*, agreed: bool, signed: bool, handed_over: bool, declined: bool, taken_back: bool) -> State:
    """The last thing that happened to it."""
    if taken_back:
        return State.TAKEN_BACK
    if declined:
        return State.DECLINED
    if signed:
        return State.HANDED_OVER if handed_over else State.SIGNED
    return State.ASKED if agreed else State.UNSEEN


def may_take_back(state: State, *, to_reader: bool) -> bool:
    """Whether its student can still stop it: until it is in somebody's hands, their own or the reader's."""
    return state in (State.UNSEEN, State.ASKED) or (state is State.SIGNED and to_reader)


def plain_number(number: str) -> str:
    """The last digits of a licence number alone: `LAC.0012345` or `12345-LAC` would tell what the care is for."""
    return next(reversed(re.findall(r"\d+", number)), "")


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody said of being written to (`mail`, `text`: what they named as safe), and what we know beside it."""

    has_said: bool
    mail: str
    text: str
    is_in_care: bool
    account_mail: str


def where_to(reach: Reach) -> tuple[str, str]:
    """The mail address and the phone at which the day of a letter may be announced; both empty: nothing is sent.

    Their own word counts. Who said nothing is written to where their account is, while they are in care here, and
    never afterwards: nobody knows who reads that address by then.
    """
    if reach.has_said:
        return reach.mail, reach.text
    return (reach.account_mail if reach.is_in_care else "", "")


LONGEST_YEARS = 5


def last_day(today: date) -> date:
    """The last day for which a letter to oneself can be put away."""
    year = today.year + LONGEST_YEARS
    return today.replace(year=year) if (today.month, today.day) != (2, 29) else date(year, 2, 28)
