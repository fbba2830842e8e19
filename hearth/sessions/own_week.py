"""A student's own week as it really is: the sessions that are made, and the pattern where none are made yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hearth.accounts.models import User
from hearth.people.models import Patient
from hearth.sessions.models import Attendance
from hearth.sessions.queries import zone_of
from hearth.sessions.said import falls_into
from hearth.timetable import queries as timetable
from hearth.timetable.calendar import TONES, Slot, cannot_come, slots_of_places, where
from hearth.timetable.models import OneOff

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """The boxes of the week in order of time, and the minutes of what takes place with the student there."""

    slots: list[Slot]
    minutes: int


def own_week(*, viewer: User, patient: Patient, monday: date, at: datetime) -> OwnWeek:
    """The student's week of `monday`. A fixed number of queries, through the timetable's door.

    Where a section's session is made, that says when, where and with whom it is, or that it is called off. A place
    whose session is not made stands as the pattern has it, called off on closed days.
    """
    home = viewer.organisation.zone
    places = timetable.places_of(viewer=viewer, patient=patient, monday=monday, at=at)
    rows = _rows(patient, monday, home)
    made = {row.session.section_id for row in rows}
    planned = [place for place in places if place.section.pk not in made]
    closed, missed = timetable.closed_on(planned), timetable.missed_of(patient, planned)
    said = timetable.one_offs_of(patient, since=monday) if rows else []
    real = [_slot(row, said, home) for row in rows]
    slots = [*real, *slots_of_places(planned, closed=closed, missed=missed)]
    minutes = sum(place.section.minutes for place in planned if place not in closed | missed)
    for row, slot in zip(rows, real, strict=True):
        if not slot.state and slot.note != cannot_come():
            minutes += row.session.minutes
    return OwnWeek(sorted(slots, key=lambda slot: (slot.day, slot.starts, slot.title)), minutes)


def _rows(patient: Patient, monday: date, home: ZoneInfo) -> list[Attendance]:
    """The student's places in sessions of these seven days, each by its own clock; also in what was called off."""
    start = datetime.combine(monday, time(), tzinfo=home)
    rows = Attendance.objects.filter(
        patient=patient, session__starts_at__gte=start - DAY, session__starts_at__lt=start + 8 * DAY
    ).select_related("session__facilitator", "session__room__site", "session__section")
    last = monday + 6 * DAY
    return [row for row in rows if monday <= _local(row, row.session.starts_at, home).date() <= last]


def _slot(row: Attendance, said: Sequence[OneOff], home: ZoneInfo) -> Slot:
    held = row.session
    starts = _local(row, held.starts_at, home)
    is_missed = any(falls_into(held, each, home) for each in said)
    return Slot(
        day=starts.date(),
        starts=starts.time(),
        ends=_local(row, held.ends_at, home).time(),
        title=held.name,
        note=cannot_come() if is_missed else where(held, row.modality),
        tone=TONES.get(held.kind, "dusk"),
        state="off" if held.cancelled_at else "",
    )


def _local(row: Attendance, instant: datetime, home: ZoneInfo) -> datetime:
    return instant.astimezone(zone_of(row.session, home=home))
