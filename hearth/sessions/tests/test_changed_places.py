"""Sessions follow a place that a student agreed to change."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hearth.accounts.roles import Role
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.sessions.models import Attendance
from hearth.sessions.services import make_sessions
from hearth.timetable import services as timetable
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program, make_section, put_on_duty

DENVER = ZoneInfo("America/Denver")
BEGAN, MONDAY = date(2026, 11, 23), date(2026, 11, 30)


def test_rosters_and_hours_follow_a_place_the_student_agreed_to_change(maya, dana, theo, ines, now):
    program = make_program()
    put_on_duty(dana, since=date(2026, 1, 1), number="LPC.1")
    put_on_duty(theo, since=date(2026, 1, 1), number="LPC.2")
    people = [maya, *(make_patient(chosen, "Lane", at=now) for chosen in ("Ana", "Ben", "Dee", "Eli"))]
    for person in people:
        if person != maya:
            since, role = now.date(), Role.COUNSELOR
            CareTeamMember.objects.create(patient=person, member=dana, role=role, is_primary=True, since=since)
        make_plan(make_episode(person, program, by=ines, at=now), by=dana, at=now)
        make_hours(person, by=dana, at=now)
    tuesdays = make_section(program, dana, people[:3], on=BEGAN, minutes=150)
    thursdays = make_section(program, theo, people[3:], on=BEGAN, weekday=3, minutes=150, name="Quiet evening")
    for section in (tuesdays, thursdays):
        make_sessions(section=section, until=MONDAY + timedelta(weeks=2), by=dana, at=now)
    offer = timetable.offer_change(
        patient=maya,
        section=tuesdays,
        to_section=thursdays,
        weekday=None,
        starts=None,
        from_on=MONDAY,
        until=datetime(2026, 11, 27, 18, tzinfo=DENVER),
        note="",
        by=ines,
        at=now,
    )

    timetable.accept_change(offer=offer, by=maya.user, at=now)

    coming = Attendance.objects.filter(patient=maya, session__starts_at__gt=now).select_related("session")
    found = sorted((row.session.starts_at.astimezone(DENVER).date(), row.session.name) for row in coming)
    assert found[:3] == [
        (date(2026, 11, 24), "Evening group"),
        (date(2026, 12, 3), "Quiet evening"),
        (date(2026, 12, 10), "Quiet evening"),
    ]
