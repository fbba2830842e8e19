"""A student's whole week: sessions, school, work, family and own hours, and the small things they planned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations

from hearth.accounts.models import User
from hearth.people.models import Patient
from hearth.sessions.own_week import own_week
from hearth.skills import own_queries, week_queries
from hearth.skills.models import Activity, WeekHours
from hearth.timetable import hours, queries
from hearth.timetable.board import Span, clock
from hearth.timetable.calendar import Slot, days_of
from hearth.timetable.models import OneOff

TONES: dict[str, str] = {"school": "plain", "work": "plain", "family": "ember", "own": "pine"}


@dataclass(frozen=True, slots=True)
class Clash:
    """Two things at the same time."""

    day: date
    one: Slot
    other: Slot


@dataclass(frozen=True, slots=True)
class Fits:
    """The hours of one day in which the student, or their family, said they could come."""

    day: date
    spans: tuple[Span, ...]

    @property
    def words(self) -> str:
        """`16:00–21:00, 8:00–9:30`."""
        return ", ".join(f"{clock(span.start)}–{clock(span.end)}" for span in self.spans)


@dataclass(frozen=True, slots=True)
class WholeWeek:
    """Everything on the page. `slots` are in order of time; `planned` are small things of these days."""

    slots: list[Slot]
    clashes: list[Clash]
    planned: list[Activity]
    away: list[OneOff]
    fits: list[Fits]
    family: list[Fits]
    has_own: bool


def whole_week(*, viewer: User, patient: Patient, monday: date, at: datetime) -> WholeWeek:
    """The viewer's own week of `monday`. A fixed number of queries."""
    days = days_of(monday)
    sessions = own_week(viewer=viewer, patient=patient, monday=monday, at=at).slots
    own = week_queries.hours_of(viewer)
    given = queries.hours_of(patient)
    slots = [*sessions, *slots_of(own, days)]
    return WholeWeek(
        slots=sorted(slots, key=lambda slot: (slot.day, slot.starts, slot.title)),
        clashes=clashes(slots),
        planned=[row for row in own_queries.activities_of(viewer) if monday <= row.on <= days[-1]],
        away=[row for row in queries.one_offs_of(patient, since=monday) if row.first_on <= days[-1]],
        fits=_fits(hours.from_json(given.hours), days) if given else [],
        family=_fits(hours.from_json(given.family_hours), days) if given else [],
        has_own=bool(own),
    )


def slots_of(rows: Iterable[WeekHours], days: Sequence[date]) -> list[Slot]:
    """Hours that come again every week, on these seven days."""
    return [
        Slot(
            day=days[number],
            starts=row.starts,
            ends=row.ends,
            title=row.title,
            note=str(row.get_kind_display()) if row.what else "",
            tone=TONES[row.kind],
        )
        for row in rows
        for number in row.days
    ]


def clashes(slots: Iterable[Slot]) -> list[Clash]:
    """What falls on the same time, the earliest first; what is called off falls on none."""
    stand = sorted((slot for slot in slots if not slot.state), key=lambda slot: (slot.day, slot.starts, slot.title))
    return [
        Clash(one.day, one, other)
        for one, other in combinations(stand, 2)
        if one.day == other.day and one.starts < other.ends and other.starts < one.ends
    ]


def _fits(spans: Iterable[Span], days: Sequence[date]) -> list[Fits]:
    spans = tuple(spans)
    found = [Fits(day, tuple(span for span in spans if span.day == number)) for number, day in enumerate(days)]
    return [each for each in found if each.spans]
