"""A student's week in their own hand, on a phone: painted, taken from their calendar, and a change they agree to."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from playwright.sync_api import expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.people.models import CareTeamMember, Patient
from hearth.people.testing import make_patient
from hearth.sessions.services import make_sessions
from hearth.timetable import services
from hearth.timetable.models import Availability, OneOff, Seat
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program, make_section, put_on_duty
from tests.journeys.people import PHONE, Person

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
DENVER = ZoneInfo("America/Denver")
NOW = datetime(2026, 11, 24, 9, tzinfo=DENVER)
BEGAN, MONDAY = date(2026, 11, 23), date(2026, 11, 30)
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//phone//EN
BEGIN:VEVENT
UID:1
DTSTART;TZID=America/Denver:20261102T160000
DURATION:PT2H
RRULE:FREQ=WEEKLY;BYDAY=MO
SUMMARY:Night shift at the bakery
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;TZID=America/Denver:20261208T170000
DURATION:PT1H
SUMMARY:Parents' evening
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


@pytest.fixture
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def maya(stored_organisation, _clock) -> Patient:
    """Maya in Dana's group on Tuesdays; a calmer one on Thursdays has room, and is offered to her."""
    with tenancy.within(stored_organisation.pk):
        ines = make_user("Inés Alvarado", Role.COORDINATOR, organisation=stored_organisation)
        dana = make_user("Dana Kim", Role.COUNSELOR, organisation=stored_organisation)
        program = make_program()
        put_on_duty(dana, since=date(2026, 1, 1))
        people = [make_patient(chosen, "Reyes", at=NOW) for chosen in ("Maya", "Ana", "Ben", "Dee", "Eli")]
        for person in people:
            role, since = Role.COUNSELOR, BEGAN
            CareTeamMember.objects.create(patient=person, member=dana, role=role, is_primary=True, since=since)
            make_plan(make_episode(person, program, by=ines, at=NOW), by=dana, at=NOW)
            make_hours(person, by=dana, at=NOW - timedelta(days=1))
        tuesdays = make_section(program, dana, people[:3], on=BEGAN, minutes=150)
        quiet = make_section(program, dana, people[3:], on=BEGAN, weekday=3, minutes=150, name="Quiet evening")
        for section in (tuesdays, quiet):
            make_sessions(section=section, until=date(2027, 1, 1), by=dana, at=NOW)
        services.offer_change(
            patient=people[0],
            section=tuesdays,
            to_section=quiet,
            weekday=None,
            starts=None,
            from_on=MONDAY,
            until=datetime(2026, 11, 26, 18, tzinfo=DENVER),
            note="It is a calmer group.",
            by=ines,
            at=NOW,
        )
        return people[0]


def stroke(her: Person, brush: str, first: tuple[int, str], last: tuple[int, str]) -> None:
    """Pick a brush and paint from one half hour to another."""
    her.page.locator(f".brush.{brush}").click()
    corners = []
    for day, clock in (first, last):
        hour, minute = clock.split(":")
        cell = her.page.locator(f'.paint .cell[data-number="{day}"][data-at="{int(hour) * 60 + int(minute)}"]')
        corners.append(cell)
    corners[0].scroll_into_view_if_needed()
    her.page.evaluate("scrollBy({top: 120, behavior: 'instant'})")  # clear of the bars above and below
    boxes = [box for each in corners if (box := each.bounding_box())]
    her.page.mouse.move(boxes[0]["x"] + 4, boxes[0]["y"] + 4)
    her.page.mouse.down()
    her.page.mouse.move(boxes[1]["x"] + 4, boxes[1]["y"] + 4, steps=4)
    her.page.mouse.up()


def test_a_student_paints_her_week_brings_in_her_calendar_and_agrees_to_a_change(
    browser, base_url, stored_organisation, maya
):
    her = Person(browser, base_url, screen=PHONE).comes_as(maya.user)
    try:
        her.opens("/my/hours/")
        stroke(her, "best", (1, "17:30"), (3, "19:30"))
        stroke(her, "busy", (4, "16:00"), (4, "20:30"))
        expect(her.page.locator("[data-sum]")).to_have_text("Marked: 20 hours a week, 7.5 of them best.")
        her.presses("Keep these hours")
        her.sees("The hours are kept.")

        her.follows("Bring in my calendar")
        her.page.set_input_files(
            "input[type=file]", {"name": "phone.ics", "mimeType": "text/calendar", "buffer": CALENDAR.encode()}
        )
        her.presses("Show my busy times")
        her.sees("Stripes are busy in your calendar.", "Tue 8 December, 17:00–18:00")
        her.sees_nothing_of("bakery", "Parents")
        expect(her.page.locator(".cell.taken")).to_have_count(4)
        her.presses("Keep these hours")
        her.sees("You would miss:")
        her.presses("Yes, please")
        her.sees("You asked for a make-up.")

        her.opens("/today/")
        her.follows("Look at it and answer")
        her.sees("Tuesday 17:30–20:00", "Thursday 17:30–20:00", "It is a calmer group.")
        her.presses("Yes, change it")
        her.sees("Done. Your week is changed.")
        her.opens(f"/my/week/?week={MONDAY.isoformat()}")
        her.sees("Quiet evening")
    finally:
        her.goes()
    with tenancy.within(stored_organisation.pk):
        kept = Availability.objects.filter(patient=maya).latest("entered_at").hours
        assert {"day": 0, "from": "18:00", "to": "21:00"} in kept
        assert {"day": 2, "from": "17:30", "to": "20:00", "preference": "best"} in kept
        assert [each for each in kept if each["day"] == 4] == []
        assert OneOff.objects.get().wants_make_up is True
        assert [seat.section.name for seat in Seat.objects.filter(patient=maya, during__contains=MONDAY)] == [
            "Quiet evening"
        ]
