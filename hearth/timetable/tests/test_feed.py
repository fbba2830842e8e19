from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from django.urls import reverse

from hearth.timetable import services
from hearth.timetable.feed import Recurring, calendar
from hearth.timetable.testing import make_episode, make_section

DENVER = ZoneInfo("America/Denver")
NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)


def tuesdays(**changes) -> Recurring:
    facts: dict[str, Any] = {
        "uid": uuid4(),
        "weekday": 1,
        "starts": time(17, 30),
        "minutes": 180,
        "time_zone": "America/Denver",
        "first": date(2026, 10, 21),
        "until": date(2026, 12, 1),
    }
    return Recurring(**facts | changes)


def read(content: bytes, first: date = date(2026, 10, 1), last: date = date(2027, 6, 1)):
    events = recurring_ical_events.of(icalendar.Calendar.from_ical(content)).between(first, last)
    return sorted(events, key=lambda event: event.start)


def made(*events: Recurring) -> bytes:
    return calendar(events, title="Appointment", name="My week", at=NOW)


def test_a_group_at_half_past_five_stays_there_when_the_clocks_change():
    events = read(made(tuesdays()))

    assert [event.start.astimezone(DENVER).strftime("%d %H:%M") for event in events] == [
        "27 17:30", "03 17:30", "10 17:30", "17 17:30", "24 17:30",
    ]  # fmt: skip
    hours_utc = [event.start.astimezone(UTC).hour for event in events]
    assert hours_utc == [23, 0, 0, 0, 0]  # summer time ends in Denver on 1 November 2026
    assert {event.end - event.start for event in events} == {timedelta(hours=3)}


def test_the_zone_is_described_inside_so_that_every_client_knows_it():
    read_back = icalendar.Calendar.from_ical(made(tuesdays()))

    (zone,) = read_back.walk("VTIMEZONE")
    assert zone["TZID"] == "America/Denver"
    assert zone.walk("DAYLIGHT")
    assert zone.walk("STANDARD")


def test_an_event_that_ends_before_it_begins_is_left_out():
    assert read(made(tuesdays(first=date(2026, 10, 21), until=date(2026, 10, 27)))) == []


def test_a_place_without_an_end_goes_on():
    assert len(read(made(tuesdays(until=None)), last=date(2027, 10, 1))) > 45


def test_a_students_address_shows_times_and_nothing_else(client, evening, dana, ines, maya, now):
    make_episode(maya, evening, by=ines, at=now)
    make_section(evening, dana, [maya], on=date(2026, 11, 23), name="Trauma group with Dana")
    token = services.make_feed(user=maya.user, at=now)

    answer = client.get(reverse("timetable:feed", args=[token]))

    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert {str(event["SUMMARY"]) for event in read(answer.content)} == {"Appointment"}
    for word in ("Trauma", "Dana", "Maya", "Adult evening", "mental", "Hearthside"):
        assert word not in text
    episode = maya.episodes.get()
    assert max(event.start.date() for event in read(answer.content)) < episode.planned_end_on


def test_a_counselors_address_shows_what_they_lead(client, evening, dana, theo, ines, maya, now):
    make_section(evening, dana, [maya], on=date(2026, 11, 23))
    make_section(evening, theo, [maya], on=date(2026, 11, 23), weekday=2)
    token = services.make_feed(user=dana, at=now)

    events = read(client.get(reverse("timetable:feed", args=[token])).content, last=date(2026, 12, 6))

    assert [event.start.strftime("%a %H:%M") for event in events] == ["Tue 17:30", "Tue 17:30"]


def test_an_address_that_was_revoked_or_never_made_is_not_found(client, maya, now):
    token = services.make_feed(user=maya.user, at=now)
    services.revoke_feed(user=maya.user, at=now)

    assert client.get(reverse("timetable:feed", args=[token])).status_code == 404
    assert client.get(reverse("timetable:feed", args=["guess"])).status_code == 404


def test_a_new_address_ends_the_one_before(client, maya, now):
    old = services.make_feed(user=maya.user, at=now)
    new = services.make_feed(user=maya.user, at=now)

    assert client.get(reverse("timetable:feed", args=[old])).status_code == 404
    assert client.get(reverse("timetable:feed", args=[new])).status_code == 200
