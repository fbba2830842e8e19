"""A person's appointments as iCalendar (RFC 5545). Titles are neutral: no diagnosis, program or other person. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

EVERY = timedelta(hours=4)  # how often calendars are asked to look again


@dataclass(frozen=True, slots=True)
class Appointment:
    """One real session. `revision` counts its changes, so that calendars take the newest."""

    uid: UUID
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    is_called_off: bool = False
    revision: int = 0
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Titles:
    """What everything is called, in the reader's language."""

    calendar: str
    appointment: str
    called_off: str


def calendar(appointments: Iterable[Appointment], *, titles: Titles, at: datetime) -> bytes:
    """The calendar with every appointment as an event of its own, its time zones described inside it.

    Each is an event by itself, not a rule with exceptions: what was called off, moved or left out is then right in
    every calendar program, also where its reading of exceptions is poor.
    """
    made = Calendar()
    made.add("prodid", "-//Hearth//Calendar//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", titles.calendar)
    made.add("refresh-interval", EVERY, parameters={"value": "DURATION"})
    made.add("x-published-ttl", "PT4H")
    for one in appointments:
        made.add_component(_event(one, titles=titles, at=at))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _event(one: Appointment, *, titles: Titles, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{one.uid}@hearth")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", one.starts_at.astimezone(one.zone))
    event.add("dtend", one.ends_at.astimezone(one.zone))
    event.add("sequence", one.revision)
    if one.changed_at is not None:
        event.add("last-modified", one.changed_at.astimezone(UTC))
    # Some programs show what is cancelled as if it stood: the title says it too, and the time is free.
    event.add("summary", titles.called_off if one.is_called_off else titles.appointment)
    event.add("status", "CANCELLED" if one.is_called_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if one.is_called_off else "OPAQUE")
    event.add("class", "PRIVATE")
    return event
