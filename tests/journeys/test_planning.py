"""A director plans a week: what is missing, a proposal and its progress, a pin, a part, and taking it back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import time_machine
from django.db import connections
from playwright.sync_api import expect

from hearth.timetable import services
from hearth.timetable.models import Proposal, Section
from tests.journeys.house import FIRST_MONDAY, House, denver, opened
from tests.journeys.people import Person

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"]),
]
SECONDS = 2.0  # the solver's time: these weeks are small
WEEK = f"?week={FIRST_MONDAY.isoformat()}"


@pytest.fixture
def house(browser, base_url, stored_organisation, settings):
    settings.BASE_URL = base_url
    with (
        time_machine.travel(denver(date(2026, 9, 15), "09:00"), tick=True) as clock,
        opened(House(stored_organisation, browser, base_url, clock)) as found,
    ):
        with found.inside():
            found.mates.append(found.join("Rosa", "Vega"))
            found.mates.append(found.join("Eli", "Stone"))
        yield found


def test_a_director_plans_a_week(house):
    walt = house.person(house.walt)
    sees_what_is_missing(walt)
    asks_for_a_proposal_and_watches(house, walt)
    pins_one_person_and_has_the_rest_worked_out_again(house, walt)
    accepts_a_part_that_keeps_the_rules(house, walt)
    takes_it_back(house, walt)
    asks_what_would_be(house, walt)


def sees_what_is_missing(walt: Person) -> None:
    """From Today to what plans want and the week offers."""
    walt.opens("/today/")
    walt.follows("What is full next")
    walt.opens(f"/timetable/demand/{WEEK}")
    walt.sees("Missing: groups on", "4 students lack", "One more on")


def asks_for_a_proposal_and_watches(house: House, walt: Person) -> None:
    """The page is left, found again, follows the search by itself, and then says what changes for whom."""
    walt.opens("/timetable/")
    walt.selects("From the week of", "21 September")
    walt.presses("Work out a proposal")
    walt.sees("Waiting for its turn", "You can leave this page.")
    walt.opens("/timetable/")
    walt.follows("Week of 21 September")
    the_solver_works(house, walt)
    walt.sees("the weeks of 4 people change", "Jonah Park", "Rosa Vega", "Today and then")
    walt.follows("Only what changes")


def pins_one_person_and_has_the_rest_worked_out_again(house: House, walt: Person) -> None:
    """What one person gets stays as proposed."""
    walt.ticks("Jonah Park")
    walt.presses("Keep as proposed, work out again")
    the_solver_works(house, walt)
    walt.sees("Worked out again with what was pinned in")


def accepts_a_part_that_keeps_the_rules(house: House, walt: Person) -> None:
    """One person alone would be a group of one, and the page says which rule that breaks; two are a group."""
    walt.ticks("Jonah Park")
    walt.presses("Accept only this")
    walt.sees("Nothing has changed.", "Too few or too many people")
    expect(walt.page.get_by_label("Jonah Park")).to_be_checked()
    for name in ("Luis Romero", "Rosa Vega", "Eli Stone"):
        walt.ticks(name)
    walt.presses("Accept only this")
    walt.sees("The part is accepted")
    with house.inside():
        assert Section.objects.current().exists()


def takes_it_back(house: House, walt: Person) -> None:
    """Until its Monday the week before can stand again."""
    walt.follows("A part of this")
    walt.presses("Take it back")
    walt.sees("The week before it stands again", "Taken back")
    with house.inside():
        assert not Section.objects.current().exists()


def asks_what_would_be(house: House, walt: Person) -> None:
    """A room closed, beside today's week: looked at, never accepted."""
    walt.opens(f"/timetable/what-if/{WEEK}")
    walt.page.get_by_text("Close a room", exact=True).click()
    walt.page.locator("details[open]").get_by_role("button", name="Work it out").click()
    walt.sees("Oak room is closed", "Worked out again, nothing changed")
    for _ in range(2):
        solve(house)
    walt.opens(f"/timetable/what-if/{WEEK}")
    walt.follows("Oak room is closed")
    walt.sees("It cannot be accepted, and nobody is told.")
    walt.sees_nothing_of("Accept this week")


def the_solver_works(house: House, walt: Person) -> None:
    """Beside the open page, which shows how far it is and then the week."""
    with ThreadPoolExecutor(1) as thread:
        working = thread.submit(solve, house)
        expect(walt.page.get_by_role("heading", name="Today and then")).to_be_visible(timeout=30_000)
        working.result()
    walt.looks()


def solve(house: House) -> None:
    """Work out the oldest waiting proposal, as a worker does."""
    with house.inside():
        waiting = Proposal.objects.filter(status=Proposal.Status.SOLVING).order_by("asked_at")[0]
    services.solve_proposal(proposal_id=waiting.pk, organisation_id=house.organisation.pk, seconds=SECONDS, workers=1)
    connections.close_all()
