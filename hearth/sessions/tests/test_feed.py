"""The private calendar: real sessions as a calendar program reads them, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hearth.program.models import Closure
from hearth.sessions import services
from hearth.sessions.feed import Appointment, Titles, calendar
from hearth.sessions.models import Session
from hearth.sessions.testing import make_episode, make_room, make_section, make_session
from hearth.timetable import services as timetable
from hearth.timetable.one_offs import Dates

DENVER = ZoneInfo("America/Denver")
NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
TITLES = Titles("My week", "Appointment", "Appointment (called off)")
TUESDAY = date(2026, 10, 27)


@pytest.fixture(autouse=True)
def _at_that_time(time_machine):
    """The clock of every request stands at `NOW`, a Tuesday before the clocks change on 1 November."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def group(maya, dana):
    """Maya's group on Tuesdays with Dana, in the Lounge, with its sessions."""
    make_episode(maya, by=dana, starts_on=date(2026, 10, 19))
    section = make_section(dana, maya, since=date(2026, 10, 19), room=make_room(), name="Trauma group")
    services.make_sessions(section=section, until=date(2026, 12, 1), by=dana, at=NOW)
    return section


@pytest.fixture
def read(client):
    """`read(user)` is what a calendar program finds at this person's address, in order."""
    tokens: dict[object, str] = {}

    def events(user):
        token = tokens.setdefault(user.pk, "") or timetable.make_feed(user=user, at=NOW)
        tokens[user.pk] = token
        return understood(client.get(reverse("sessions:feed", args=[token])).content)

    return events


def understood(content: bytes):
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(content)).between(date(2026, 9, 1), date(2027, 6, 1))
    return sorted(found, key=lambda event: event.start)


def days(events) -> list[str]:
    return [event.start.astimezone(DENVER).strftime("%d %H:%M") for event in events]


def test_a_group_at_half_past_five_stays_there_when_the_clocks_change(group, maya, read):
    events = read(maya.user)

    assert days(events) == ["20 17:30", "27 17:30", "03 17:30", "10 17:30", "17 17:30", "24 17:30"]
    assert [event.start.astimezone(UTC).hour for event in events] == [23, 23, 0, 0, 0, 0]
    assert {event.end - event.start for event in events} == {timedelta(hours=3)}


def test_a_student_reads_times_and_nothing_else(group, maya, client):
    token = timetable.make_feed(user=maya.user, at=NOW)

    answer = client.get(reverse("sessions:feed", args=[token]))

    assert answer["Content-Type"].startswith("text/calendar")
    text = answer.content.decode()
    assert {str(event["SUMMARY"]) for event in understood(answer.content)} == {"Appointment"}
    for word in ("Trauma", "Dana", "Maya", "Lounge", "Adult", "Hearthside"):
        assert word not in text
    (zone,) = icalendar.Calendar.from_ical(answer.content).walk("VTIMEZONE")
    assert zone["TZID"] == "America/Denver"
    assert zone.walk("DAYLIGHT")
    assert zone.walk("STANDARD")


def test_one_session_that_is_called_off_says_so_and_its_hour_is_free(group, maya, dana, read):
    before = read(maya.user)[1]
    session = Session.objects.get(pk=str(before["UID"]).removesuffix("@hearth"))

    services.cancel(session=session, reason="snow", by=dana, at=NOW)

    after = read(maya.user)[1]
    assert after["UID"] == before["UID"]
    assert (str(after["STATUS"]), str(after["TRANSP"])) == ("CANCELLED", "TRANSPARENT")
    assert str(after["SUMMARY"]) == "Appointment (called off)"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["LAST-MODIFIED"].dt == NOW
    assert "snow" not in str(after.to_ical())
    assert {str(event["STATUS"]) for event in read(maya.user)[2:]} == {"CONFIRMED"}


def test_a_session_held_at_another_time_is_there_once_under_the_same_name(group, maya, read):
    uid = str(read(maya.user)[1]["UID"])
    moved = datetime(2026, 10, 28, 16, tzinfo=DENVER)
    Session.objects.filter(pk=uid.removesuffix("@hearth")).update(
        starts_at=moved, ends_at=moved + timedelta(hours=3), revision=1, changed_at=NOW
    )

    (event,) = [each for each in read(maya.user) if str(each["UID"]) == uid]

    assert days([event]) == ["28 16:00"]
    assert event["SEQUENCE"] == 1


def test_closed_days_and_what_a_student_said_they_cannot_come_to_are_left_out(group, maya, dana, ines, read):
    Closure.objects.create(
        name="Thanksgiving week",
        first_on=date(2026, 11, 23),
        last_on=date(2026, 11, 27),
        entered_by=ines,
        entered_at=NOW,
    )
    timetable.say_cannot_come(patient=maya, dates=[Dates(TUESDAY, TUESDAY, 600, 1060)], by=maya.user, at=NOW)

    assert days(read(maya.user)) == ["20 17:30", "03 17:30", "10 17:30", "17 17:30"]
    assert days(read(dana)) == ["20 17:30", "27 17:30", "03 17:30", "10 17:30", "17 17:30"]


def test_the_closure_of_another_site_changes_nothing(group, maya, ines, read):
    elsewhere = make_room("Annex").site
    other = type(elsewhere).objects.create(name="Boulder", state="CO")
    Closure.objects.create(site=other, name="Pipes", first_on=TUESDAY, last_on=TUESDAY, entered_by=ines, entered_at=NOW)

    assert "27 17:30" in days(read(maya.user))


def test_a_counselor_reads_what_they_lead(group, maya, dana, theo, read):
    make_session(theo, maya, starts_at=datetime(2026, 10, 29, 9, tzinfo=DENVER))

    assert "29 09:00" in days(read(maya.user))
    assert "29 09:00" not in days(read(dana))
    assert days(read(theo)) == ["29 09:00"]


def test_an_address_that_was_revoked_renewed_or_never_made_is_not_found(client, maya, now):
    old = timetable.make_feed(user=maya.user, at=now)
    new = timetable.make_feed(user=maya.user, at=now)

    def status(token: str) -> int:
        return int(client.get(reverse("sessions:feed", args=[token])).status_code)

    assert (status(old), status(new), status("guess")) == (404, 200, 404)
    timetable.revoke_feed(user=maya.user, at=now)
    assert status(new) == 404


def test_it_asks_the_same_number_of_questions_however_long_it_is(group, maya, dana, client, count_queries):
    address = reverse("sessions:feed", args=[timetable.make_feed(user=maya.user, at=NOW)])
    few = count_queries(client, address)
    for number in range(5):
        make_session(dana, maya, starts_at=datetime(2026, 11, 2 + number, 9, tzinfo=DENVER))

    assert count_queries(client, address) == few


zones = st.sampled_from(["America/Denver", "America/Phoenix", "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata"])
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.lists(st.tuples(instants, st.integers(15, 300), zones), max_size=5))
def test_every_appointment_is_read_back_at_its_instant_in_every_zone(found):
    made = [
        Appointment(
            uuid4(), at.replace(microsecond=0), at.replace(microsecond=0) + timedelta(minutes=minutes), ZoneInfo(zone)
        )
        for at, minutes, zone in found
    ]

    back: Any = icalendar.Calendar.from_ical(calendar(made, titles=TITLES, at=NOW)).walk("VEVENT")

    assert {
        (str(each["UID"]), each["DTSTART"].dt.astimezone(UTC), each["DTEND"].dt.astimezone(UTC)) for each in back
    } == {(f"{each.uid}@hearth", each.starts_at, each.ends_at) for each in made}
