"""The dose of each week: what was prescribed, scheduled and attended, and why a week is short. Pure.

The one authority on it: screens, criteria and claims ask here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from hearth.sessions.rules.attendance import whole_minutes

KINDS = ("group", "skills", "individual", "family")
WEEK = timedelta(days=7)
FLOORS = {"adult": 540, "adolescent": 360}  # least weekly minutes of ASAM 2.1 (facts.md, Program rules)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One session of one student, as the dose sees it. `is_cancelled` is the program's own doing.

    `shortened` is by how many minutes the session itself ended before its plan; `status` is how they attended,
    and `is_kept_out` says that the house could not let them in when they came.
    What was missed may be made up: then `made_up` are the minutes attended for it in another session, which began at
    `made_up_at`; and that other session knows in `makes_up_for` when the missed one began.
    """

    kind: str
    starts_at: datetime
    ends_at: datetime
    attended: int = 0
    is_cancelled: bool = False
    status: str = ""
    is_kept_out: bool = False
    reason: str = ""
    shortened: int = 0
    made_up: int = 0
    made_up_at: datetime | None = None
    makes_up_for: datetime | None = None

    @property
    def regained(self) -> int:
        """How many of the missing minutes were made up in another session."""
        return min(self.made_up, max(0, self.minutes - self.attended)) if self.counts else 0

    @property
    def minutes(self) -> int:
        """Planned whole minutes."""
        return whole_minutes(self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC))

    @property
    def is_dose(self) -> bool:
        """Whether it is of a kind that plans prescribe."""
        return self.kind in KINDS

    @property
    def counts(self) -> bool:
        """Whether it takes place and is part of the dose."""
        return self.is_dose and not self.is_cancelled

    def is_to_come(self, at: datetime) -> bool:
        """Whether its planned end lies ahead, so that nothing of it is lost yet."""
        return self.ends_at > at


@dataclass(frozen=True, slots=True)
class Prescription:
    """What a plan asks for each week from the day `since` on: minutes by kind, and days."""

    since: date
    minutes: Mapping[str, int]
    days: int


def prescription(dose: Mapping[str, Any], *, since: date) -> Prescription:
    """A plan's dose (board.md: `{"group": {"count", "minutes"}, …, "days"}`) in minutes a week."""
    parts = {kind: dose.get(kind) or {} for kind in KINDS}
    return Prescription(
        since=since,
        minutes={kind: int(part.get("count", 0)) * int(part.get("minutes", 0)) for kind, part in parts.items()},
        days=int(dose.get("days", 0)),
    )


@dataclass(frozen=True, slots=True)
class Share:
    """Minutes of one kind, or of all kinds together."""

    prescribed: int = 0
    scheduled: int = 0
    attended: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(
            self.prescribed + other.prescribed, self.scheduled + other.scheduled, self.attended + other.attended
        )


class Cause(StrEnum):
    """Why a week is below its dose."""

    NOT_SCHEDULED = "not_scheduled"
    CANCELLED = "cancelled"
    NOT_ATTENDED = "not_attended"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The worst cause of a gap, and its minutes."""

    cause: Cause
    minutes: int


class Phase(StrEnum):
    """Where a week lies from now."""

    PAST = "past"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class WeekDose:
    """One week of an episode: seven local days from `starts_on`, the last one `ends_on`. Minutes are whole."""

    number: int
    starts_on: date
    ends_on: date
    phase: Phase
    kinds: Mapping[str, Share]
    to_come: int  # scheduled minutes of sessions that are not over
    cancelled: int  # minutes of sessions the program cancelled
    days_prescribed: int
    days_scheduled: int
    days_attended: int
    regained: int = 0  # minutes missed here and made up in a session of another week
    for_others: int = 0  # minutes attended or to come here that make up for another week
    for_others_scheduled: int = 0  # all minutes planned for that, also those that were missed
    shortfall: Shortfall | None = None

    @property
    def prescribed(self) -> int:
        return self.total.prescribed

    @property
    def scheduled(self) -> int:
        return self.total.scheduled

    @property
    def attended(self) -> int:
        return self.total.attended

    @property
    def own(self) -> int:
        """What is scheduled for this week itself, without what makes up for another."""
        return self.scheduled - self.for_others_scheduled

    @property
    def had(self) -> int:
        """What counts for this week: sessions still to come as if they will be attended, and what was made up for it.

        What was made up counts in the week that missed it, and there alone.
        """
        return self.attended + self.to_come - self.for_others + self.regained

    @property
    def total(self) -> Share:
        """All kinds together."""
        return sum(self.kinds.values(), Share())


def weeks(
    meetings: Iterable[Meeting],
    *,
    prescriptions: Sequence[Prescription],
    starts_on: date,
    ends_on: date,
    zone: ZoneInfo,
    at: datetime,
    floor: int,
    on: date | None = None,
) -> list[WeekDose]:
    """Every week of an episode from its first day to its last, with the dose of each; with `on`, only that day's.

    A session belongs to the week of the local day it starts on in `zone`. `floor` is the level of care's least
    weekly minutes (ASAM 2.1: 540 for adults, 360 for adolescents): a week that reaches it, or its own dose, is
    not short.
    """
    by_week: dict[int, list[Meeting]] = {}
    for meeting in meetings:
        day = meeting.starts_at.astimezone(zone).date()
        if starts_on <= day <= ends_on:
            by_week.setdefault((day - starts_on).days // 7, []).append(meeting)
    today = at.astimezone(zone).date()
    numbers = range((ends_on - starts_on).days // 7 + 1)
    return [
        _week(number, by_week.get(number, []), prescriptions, starts_on + number * WEEK, zone, at, today, floor)
        for number in (numbers if on is None else numbers[_slice_of(on, starts_on)])
    ]


def _slice_of(day: date, starts_on: date) -> slice:
    """Where the week that holds `day` lies among the weeks of an episode; nowhere before its first day."""
    number = (day - starts_on).days // 7
    return slice(number, number + 1) if number >= 0 else slice(0)


def _week(
    index: int,
    meetings: Sequence[Meeting],
    prescriptions: Sequence[Prescription],
    first: date,
    zone: ZoneInfo,
    at: datetime,
    today: date,
    floor: int,
) -> WeekDose:
    last = first + WEEK - timedelta(days=1)
    asked = _in_force(prescriptions, last)
    standing = [meeting for meeting in meetings if meeting.counts]
    kinds = {
        kind: Share(
            asked.minutes.get(kind, 0),
            sum(each.minutes for each in standing if each.kind == kind),
            sum(each.attended for each in standing if each.kind == kind),
        )
        for kind in KINDS
    }
    ahead = [each for each in standing if each.is_to_come(at)]
    others = [each for each in standing if is_elsewhere(each.makes_up_for, first, zone)]
    week = WeekDose(
        number=index + 1,
        starts_on=first,
        ends_on=last,
        phase=Phase.PAST if last < today else Phase.AHEAD if first > today else Phase.NOW,
        kinds=kinds,
        to_come=sum(max(0, each.minutes - each.attended) for each in ahead),
        cancelled=sum(each.minutes for each in meetings if each.is_cancelled and each.is_dose),
        days_prescribed=asked.days,
        days_scheduled=len({each.starts_at.astimezone(zone).date() for each in standing}),
        days_attended=len({each.starts_at.astimezone(zone).date() for each in standing if each.attended}),
        regained=sum(each.regained for each in standing if is_elsewhere(each.made_up_at, first, zone)),
        for_others=sum(each.minutes if each.is_to_come(at) else each.attended for each in others),
        for_others_scheduled=sum(each.minutes for each in others),
    )
    return replace(week, shortfall=shortfall(week, floor=floor))


def is_elsewhere(instant: datetime | None, first: date, zone: ZoneInfo) -> bool:
    """Whether there is such a moment, and it lies outside the week of `first`."""
    return instant is not None and not first <= instant.astimezone(zone).date() < first + WEEK


def _in_force(prescriptions: Sequence[Prescription], day: date) -> Prescription:
    """The newest of them on `day`; before the first, the first, because nothing else was ever agreed."""
    ordered = sorted(prescriptions, key=lambda each: each.since)
    begun = [each for each in ordered if each.since <= day]
    return (begun or ordered)[-1 if begun else 0] if ordered else Prescription(day, {}, 0)


def shortfall(week: WeekDose, *, floor: int) -> Shortfall | None:
    """What keeps this week below its dose, worst cause first; None if nothing does, or nothing does yet.

    Sessions still to come count as had, so that a running week is short only by what is lost.
    """
    if week.had >= min(week.prescribed, floor):
        return None
    if week.own < week.prescribed:
        gap = week.prescribed - week.own
        return Shortfall(Cause.CANCELLED if week.cancelled >= gap else Cause.NOT_SCHEDULED, gap)
    return Shortfall(Cause.NOT_ATTENDED, week.own - week.had)
