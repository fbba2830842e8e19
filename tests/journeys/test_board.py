"""A planner's morning at the board: a session is picked up by keyboard, judged, dropped, published and taken back.

A second planner looks on, and a student hears of it.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, expect

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.people.models import CareTeamMember, Modality
from hearth.people.testing import make_patient
from hearth.program import pack
from hearth.timetable import services
from hearth.timetable.models import Kind, Proposal, Section
from hearth.timetable.queries import monday_of
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program, make_section, put_on_duty
from tests.journeys.people import PHONE, Person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def scene(stored_organisation):
    """Dana's group of two on Tuesdays, her talk with Maya on Mondays, and two who plan."""
    now = timezone.now()
    monday = monday_of(now.astimezone(stored_organisation.zone).date())
    with tenancy.within(stored_organisation.pk):
        ines = make_user("Inés Alvarado", Role.COORDINATOR, organisation=stored_organisation)
        walt = make_user("Walt Jensen", Role.DIRECTOR, organisation=stored_organisation)
        dana = make_user("Dana Kim", Role.COUNSELOR, organisation=stored_organisation, title="LPC")
        program = make_program()
        theo = make_user("Theo Brandt", Role.COUNSELOR, organisation=stored_organisation, title="LCSW")
        put_on_duty(dana, since=monday - timedelta(weeks=9))
        put_on_duty(theo, since=monday - timedelta(weeks=9), number="LCSW.2")
        people = []
        for chosen, family in (("Maya", "Reyes"), ("Ana", "Ortiz")):
            person = make_patient(chosen, family, at=now)
            CareTeamMember.objects.create(
                patient=person, member=dana, role=Role.COUNSELOR, is_primary=True, since=monday
            )
            make_plan(make_episode(person, program, by=ines, at=now), by=dana, at=now)
            make_hours(person, by=dana, at=now)
            people.append(person)
        length = pack.get(program.pack).dose.groups.minutes
        make_section(program, dana, people, on=monday, minutes=length)
        make_section(
            program, dana, people[:1], on=monday, weekday=0, starts=time(16, 0), minutes=60, kind=Kind.INDIVIDUAL,
            topic="", name="One-to-one", modality=Modality.VIRTUAL,
        )  # fmt: skip
    return ines, walt, people[0].user, stored_organisation


def test_a_planner_moves_a_group_by_keyboard_and_publishes_it(browser: Browser, base_url: str, scene):
    ines, walt, maya, organisation = scene
    planner = Person(browser, base_url).comes_as(ines)
    planner.opens("/timetable/board/")
    second = Person(browser, base_url).comes_as(walt)
    second.opens("/timetable/board/")
    keys, verdict = planner.page.keyboard, planner.page.locator("#verdict")

    keys.press("j")
    keys.press("j")
    expect(planner.page.locator("[data-pick]:focus")).to_contain_text("Mental health")
    keys.press("Enter")
    expect(verdict).to_contain_text("free")
    for _day in range(9):  # as far as it goes: nobody works at the end of the week
        keys.press("ArrowRight")
    for _half_hour in range(8):
        keys.press("ArrowUp")
    expect(verdict).to_contain_text("Not free then: Ana Ortiz, Maya Reyes")
    keys.press("Enter")  # what is not free is not dropped
    expect(planner.page.locator(".carrying")).to_be_visible()
    planner.looks()
    keys.press("Escape")
    expect(verdict).to_contain_text("Put back")

    keys.press("Enter")
    expect(verdict).to_contain_text("free")
    keys.press("ArrowRight")
    expect(verdict).to_contain_text("Wed")
    keys.press("s")  # a second leader
    expect(verdict).to_contain_text("Dana Kim + Theo Brandt")
    keys.press("v")  # in person, for which they need a room that is free
    expect(verdict).to_contain_text("Oak room")
    keys.press("v")
    expect(verdict).to_contain_text("by video")
    keys.press("s")  # and none again
    expect(verdict).not_to_contain_text("Theo Brandt")
    expect(verdict).to_contain_text("free")
    keys.press("Enter")
    planner.sees("→ Wed 17:30, Dana Kim", "Publish to 2 students")
    expect(planner.page.locator("[data-pick]:focus")).to_contain_text("Mental health")
    planner.looks()
    second.sees("→ Wed 17:30, Dana Kim")  # live, without doing anything

    planner.presses("Publish to 2 students")
    planner.sees("The new week is published", "It can be taken back until it begins")
    with tenancy.within(organisation.pk):
        assert Section.objects.filter(weekday=2, kind=Kind.GROUP).exists()
    student = Person(browser, base_url, screen=PHONE).comes_as(maya)
    student.opens("/today/")
    student.sees("Your week changes from")
    student.taps("I have seen it")
    student.sees_nothing_of("Your week changes from")

    planner.presses("Take it back")
    planner.sees("The week before stands again")
    with tenancy.within(organisation.pk):
        assert not Section.objects.current().filter(weekday=2).exists()
    for person in (planner, second, student):
        person.goes()


def test_cover_for_one_day_is_found_accepted_and_taken_back(browser: Browser, base_url: str, scene):
    """Dana asks for next Tuesday off; one press beside her leave, a look at the difference, and Theo leads that day."""
    ines, _walt, maya, organisation = scene
    with tenancy.within(organisation.pk):
        dana, theo = (User.objects.get(name=name) for name in ("Dana Kim", "Theo Brandt"))
    counselor = Person(browser, base_url).comes_as(dana)
    counselor.opens("/days-off/")
    counselor.page.get_by_text("Ask for leave", exact=True).click()
    tuesday = monday_of(timezone.now().astimezone(organisation.zone).date()) + timedelta(weeks=1, days=1)
    counselor.page.get_by_label("First day").last.fill(tuesday.isoformat())
    counselor.presses("Ask")
    counselor.sees("Your leave is asked for. A lead confirms it.")
    planner = Person(browser, base_url).comes_as(ines)
    planner.opens("/days-off/")
    planner.presses("Confirm Dana Kim")
    planner.opens("/timetable/board/")
    planner.sees("Away: Dana Kim (Tue). 1 session needs somebody else.")
    planner.opens("/days-off/")
    planner.presses("Find cover Dana Kim")
    planner.sees("Being worked out", "Cover for Dana Kim (Tue)")
    with tenancy.within(organisation.pk):
        waiting = Proposal.objects.get()
    with ThreadPoolExecutor(1) as thread:
        asked = {"proposal_id": waiting.pk, "organisation_id": organisation.pk, "seconds": 2.0, "workers": 1}
        working = thread.submit(solved, **asked)
        expect(planner.page.get_by_role("heading", name="Today and then")).to_be_visible(timeout=30_000)
        working.result()
    planner.sees("Tue 17:30, Dana", "Tue 17:30, Theo", "Everything that somebody would have lost is covered.")
    planner.looks()
    planner.presses("Accept all of it")
    planner.sees("The cover is accepted. Those whose week changes are told.")
    student = Person(browser, base_url, screen=PHONE).comes_as(maya)
    student.opens("/today/")
    student.sees("Your week changes from")
    student.taps("I have seen it")
    student.sees_nothing_of("Your week changes from")
    leader = Person(browser, base_url).comes_as(theo)
    leader.opens("/today/")
    leader.sees("Your week changes from")
    planner.opens(f"/timetable/proposals/{waiting.pk}/")
    planner.sees("For this week alone")
    planner.presses("Take it back")
    planner.sees("The week before it stands again")
    student.opens("/today/")
    student.sees("Your week changes from")
    for person in (counselor, planner, student, leader):
        person.goes()


def solved(**asked: Any) -> None:
    """Work out a proposal, as a worker does."""
    services.solve_proposal(**asked)
    connections.close_all()
