"""What the house can give: an interpreter opens the groups to Maya, and a director reads what is full next."""

import re
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.program import pack
from hearth.sessions.models import Session
from hearth.timetable import services
from hearth.timetable.models import Proposal, Section
from hearth.timetable.queries import monday_of
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program, make_section, put_on_duty
from tests.journeys.people import PHONE, Person

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
SECONDS = 1.5  # the solver's time: these weeks are small


@pytest.fixture
def scene(stored_organisation):
    """Walt who plans, Dana on duty, and Maya, Ana and Ben with plans and hours; no week is accepted yet."""
    now = timezone.now()
    monday = monday_of(now.astimezone(stored_organisation.zone).date())
    with tenancy.within(stored_organisation.pk):
        walt = make_user("Walt Jensen", Role.DIRECTOR, organisation=stored_organisation)
        dana = make_user("Dana Kim", Role.COUNSELOR, Role.FACILITATOR, organisation=stored_organisation, title="LPC")
        program = make_program()
        put_on_duty(dana, since=monday - timedelta(weeks=9))
        people = [make_patient(chosen, "Reyes", at=now) for chosen in ("Maya", "Ana", "Ben")]
        for person in people:
            CareTeamMember.objects.create(
                patient=person, member=dana, role=Role.COUNSELOR, is_primary=True, since=monday
            )
            make_plan(make_episode(person, program, by=walt, at=now), by=dana, at=now)
            make_hours(person, by=dana, at=now)
    return walt, dana, program, people, monday


def test_an_interpreter_who_can_be_booked_opens_the_groups_to_who_needs_one(
    browser: Browser, base_url: str, stored_organisation, scene
):
    walt, _dana, _program, people, _monday = scene
    maya = Person(browser, base_url, screen=PHONE).comes_as(people[0].user)
    maya.opens("/my/hours/")
    maya.selects("Interpreter or captions", "American Sign Language")
    maya.leaves_by(maya.page.locator("#needs").get_by_role("button", name="Keep"))
    maya.sees("Your next week is planned with it.")

    planner = Person(browser, base_url).comes_as(walt)
    works_a_week_out(planner, stored_organisation)
    lacking = planner.card("Not placed yet")
    expect(lacking).to_contain_text("Maya Reyes")
    expect(lacking).to_contain_text("It needs an interpreter (American Sign Language).")

    planner.opens("/programs/interpreters/")
    planner.writes("Name", "Ivy Stone")
    planner.chooses("Interprets into", "American Sign Language")
    planner.chooses("Works", re.compile("video|[Vv]irtual"), re.compile("[Ii]n person"))
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        planner.writes(day, "16:00-21:00")
    planner.writes("Signed confidentiality on", "2026-01-05")
    planner.presses("Keep")
    planner.sees("The interpreter is kept.", "Ivy Stone")

    works_a_week_out(planner, stored_organisation)
    expect(planner.card("Not placed yet")).not_to_contain_text("It needs an interpreter")
    planner.presses("Accept this week")
    with tenancy.within(stored_organisation.pk):
        opened = Section.objects.filter(interpreter__name="Ivy Stone", seats__patient=people[0])
        assert opened.exists()
        session = Session.objects.filter(section__in=opened).order_by("starts_at")[0]
    maya.opens(f"/my/sessions/{session.pk}/")
    maya.sees("Interpreter", "Ivy Stone", "They keep to themselves all that is said here.")
    for person in (planner, maya):
        person.goes()


def works_a_week_out(planner: Person, organisation) -> None:
    """Asked for with one press, worked out as a worker does, and looked at."""
    planner.opens("/timetable/")
    planner.presses("Work out a proposal")
    planner.sees("Being worked out")
    with tenancy.within(organisation.pk):
        waiting = Proposal.objects.get(status=Proposal.Status.SOLVING)
    services.solve_proposal(proposal_id=waiting.pk, organisation_id=organisation.pk, seconds=SECONDS, workers=1)
    connections.close_all()
    planner.opens(f"/timetable/proposals/{waiting.pk}/")


def test_a_director_sees_where_more_is_wanted_than_offered_and_what_would_help(
    browser: Browser, base_url: str, stored_organisation, scene
):
    walt, dana, program, people, monday = scene
    with tenancy.within(stored_organisation.pk):
        make_section(program, dana, people[:2], on=monday, minutes=pack.get(program.pack).dose.groups.minutes)
    director = Person(browser, base_url).comes_as(walt)
    director.opens("/today/")
    director.follows("What is full next")
    director.opens(f"/timetable/demand/?week={monday + timedelta(weeks=1)}")
    director.sees("What is full next", "Missing: groups on", "One more on")
    by_topic = director.page.get_by_role("table", name="Hours wanted and offered by topic")
    expect(by_topic.locator("td.short").first).to_contain_text("wanted, offered")
    by_day = director.page.get_by_role("table", name="Hours wanted and offered by day")
    expect(by_day.locator("td").filter(has_text=re.compile(r"\d")).first).to_be_visible()
    full = director.page.get_by_role("table", name="How full each group is")
    expect(full.get_by_role("row").filter(has_text="Dana Kim")).to_contain_text("2 of 12")
    director.leaves_by(director.page.get_by_role("link", name=re.compile("^Try it")).first)
    director.sees("Ask what would be")
    expect(director.page.locator("details[open]").get_by_role("button", name="Work it out")).to_be_visible()
    phone = Person(browser, base_url, screen=PHONE).comes_as(walt)
    phone.opens(f"/timetable/demand/?week={monday + timedelta(weeks=1)}")
    for person in (director, phone):
        person.goes()
