"""A person's standing week as iCalendar (RFC 5545). Titles are neutral: no diagnosis, program or other person. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

EVERY = timedelta(hours=4)  # how often calendars are asked to look again


@dataclass(frozen=True, slots=True)
class Recurring:
    """Something every week at the same wall-clock time, from the day `first` on; never on `until` or after."""

    uid: UUID
    weekday: int
    starts: time
    minutes: int
    time_zone: str
    first: date
    until: date | None


def calendar(events: Iterable[Recurring], *, title: str, name: str, at: datetime) -> bytes:
    """The calendar called `name` with every event titled `title`. Time zones are described inside it."""
    made = Calendar()
    made.add("prodid", "-//Hearth//Calendar//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", EVERY, parameters={"value": "DURATION"})
    made.add("x-published-ttl", "PT4H")
    for one in events:
        event = _event(one, title=title, at=at)
        if event is not None:
            made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _event(one: Recurring, *, title: str, at: datetime) -> Event | None:
    """The weekly event; None if it never takes place."""
    zone = ZoneInfo(one.time_zone)
    day = one.first + timedelta(days=(one.weekday - one.first.weekday()) % 7)
    if one.until is not None and day >= one.until:
        return None
    starts = datetime.combine(day, one.starts, zone)
    event = Event()
    event.add("uid", f"{one.uid}@hearth")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("summary", title)
    event.add("dtstart", starts)
    event.add("duration", timedelta(minutes=one.minutes))
    event.add("rrule", {"freq": "weekly"} | _until(one, zone))
    event.add("transp", "OPAQUE")
    event.add("class", "PRIVATE")
    return event


def _until(one: Recurring, zone: ZoneInfo) -> dict[str, datetime]:
    """The last instant, in UTC as RFC 5545 asks where the start has a zone."""
    if one.until is None:
        return {}
    last = datetime.combine(one.until, time.min, zone) - timedelta(seconds=1)
    return {"until": last.astimezone(UTC)}
