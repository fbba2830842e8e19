"""A mother and her son of fifteen in a real browser: each sees their own, he stops it, and her custody ends."""

from datetime import date

import pytest
import time_machine
from playwright.sync_api import expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.people.models import CareTeamMember, Population, Relationship
from hearth.people.testing import make_patient
from hearth.program import pack
from hearth.program.models import Program
from hearth.sessions.testing import make_session
from hearth.timetable.testing import make_episode, make_plan
from tests.journeys.house import House, denver, opened
from tests.journeys.people import PHONE

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"]),
]
GROUP = "Tuesday 24 November, 16:00"


@pytest.fixture
def house(browser, base_url, stored_organisation, settings):
    settings.BASE_URL = base_url
    with (
        time_machine.travel(denver(date(2026, 11, 23), "12:00"), tick=True) as clock,
        opened(House(stored_organisation, browser, base_url, clock)) as found,
    ):
        yield found


@pytest.fixture
def lee(house):
    """Lee Castellan, fifteen, in the program after school, where he meets a group tomorrow."""
    at = denver(date(2026, 11, 23), "09:00")
    described = pack.get("adolescent-after-school")
    facts = {"name": "After school", "pack": described.id, "pack_version": described.version}
    with house.inside():
        program = Program.objects.create(population=Population.ADOLESCENT, **facts)
        found = make_patient("Lee", "Castellan", at=at, birth_date=date(2011, 4, 2))
        make_plan(make_episode(found, program, by=house.ruth, at=at), by=house.dana, at=at)
        CareTeamMember.objects.create(
            patient=found, member=house.dana, role=Role.COUNSELOR, is_primary=True, since=at.date()
        )
        make_session(house.dana, found, starts_at=denver(date(2026, 11, 24), "16:00"))
    return found


@pytest.fixture
def carmen(house, lee):
    """His mother, who signs beside him."""
    with house.inside():
        person = make_user("Carmen Castellan", Role.FAMILY, organisation=house.organisation)
        Relationship.objects.create(patient=lee, person=person, kind="parent", is_guardian=True, may_see_schedule=True)
    return person


def test_a_mother_and_her_son_of_fifteen_see_each_their_own(house, lee, carmen):
    his, hers = house.person(lee.user, screen=PHONE), house.person(carmen, screen=PHONE)
    hers.opens("/today/")
    hers.sees("Lee", GROUP, "Lessons for families")
    for his_alone in ("/my/check-ins/", "/my/circle/", "/my/plan/", "/notebook/", f"/students/{lee.pk}/"):
        answer = hers.page.request.get(his_alone)
        assert answer.status in (403, 404), his_alone
    hers.opens("/family/sharing/")
    hers.page.get_by_text("What stays private").click()
    hers.sees("What is said in sessions")

    his.opens("/my/people/")
    expect(his.card("Carmen Castellan")).to_contain_text("When and where sessions are")
    his.presses("Stop: show nothing Carmen Castellan")
    expect(his.card("Carmen Castellan")).to_contain_text("Agreements to read and sign")  # as the law has it
    hers.opens("/today/")
    hers.sees_nothing_of(GROUP)
    his.presses("Let them see when sessions are Carmen Castellan")
    hers.opens("/today/")
    hers.sees(GROUP)

    her_custody_ends_while_her_page_is_open(house, lee, hers)


def her_custody_ends_while_her_page_is_open(house: House, lee, hers) -> None:
    hours = hers.page.get_by_role("link", name="When could you come?").get_attribute("href")
    dana = house.person(house.dana)
    dana.opens(f"/students/{lee.pk}/family/")
    dana.page.get_by_text("No longer guardian?").click()
    dana.presses("No longer guardian Carmen Castellan")
    assert hers.page.request.get(str(hours)).status == 403
    hers.opens("/today/")
    hers.sees_nothing_of("Lee", GROUP)
    hers.opens("/family/sharing/")
    hers.sees("We show nothing here")
