"""A student of fifteen and her mother: both read and sign, and only then does the program begin. In a real browser."""

from datetime import date

import pytest
import time_machine
from playwright.sync_api import expect

from hearth.admission.testing import make_assessment
from hearth.people.models import Population
from hearth.people.testing import make_patient
from hearth.program import pack
from hearth.program.models import Program
from tests.journeys.house import FIRST_MONDAY, House, denver, opened, the_worker_works
from tests.journeys.people import PHONE, Person

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"]),
]
HERS, HER_MOTHERS = "lee@example.org", "carmen@example.org"


@pytest.fixture
def house(browser, base_url, stored_organisation, settings):
    settings.TRIAL = True  # for the demo's outbox
    settings.BASE_URL = base_url
    with (
        time_machine.travel(denver(date(2026, 9, 16), "13:00"), tick=True) as clock,
        opened(House(stored_organisation, browser, base_url, clock)) as found,
    ):
        yield found


@pytest.fixture
def lee(house):
    """Lee Castellan, fifteen, whose level of care a clinician has signed."""
    at = denver(date(2026, 9, 15), "10:00")
    described = pack.get("adolescent-after-school")
    facts = {"name": "After school", "pack": described.id, "pack_version": described.version}
    with house.inside():
        Program.objects.create(population=Population.ADOLESCENT, **facts)
        patient = make_patient("Lee", "Castellan", at=at, with_user=False, birth_date=date(2011, 4, 2))
        make_assessment(patient, by=house.ruth, at=at)
    return patient


def test_a_minor_and_her_guardian_both_sign_before_she_is_admitted(house, lee):
    way_in = f"/admissions/{lee.pk}/"
    ines = house.person(house.ines)
    invites_both(ines, lee)
    her, mother = house.person(screen=PHONE), house.person(screen=PHONE)

    her.reads_mail(HERS, "Your invitation")
    her.presses("Come in")
    her.opens("/consents/")
    reads_and_signs(her, "Lee Castellan")
    ines.opens(way_in)
    ines.sees("Opens when the decision and the consents are signed.")

    mother.reads_mail(HER_MOTHERS, "Your invitation")
    mother.presses("Come in")
    mother.opens("/consents/")
    mother.sees("For Lee")
    reads_and_signs(mother, "Carmen Castellan", says="You read and sign this as parent or guardian of Lee.")

    ines.opens(way_in)
    programs = ines.page.get_by_role("group", name="Program and track")
    expect(programs).to_contain_text("After school")
    ines.sees_nothing_of("Adult evening")
    programs.locator("label").first.click()
    ines.writes("First day", FIRST_MONDAY.isoformat())
    ines.selects("Primary counselor", "Dana Kim")
    ines.presses("Admit")
    ines.sees("Admitted to After school, first day 21 September.")

    mother.opens("/today/")
    mother.sees("Lee")
    mother.opens(f"/students/{lee.pk}/", status=403)


def invites_both(ines: Person, lee) -> None:
    ines.opens(f"/help-signing-in/{lee.pk}/")
    ines.writes("E-mail", HERS)
    ines.presses("Keep and invite")
    ines.follows("Invite someone close to them")
    ines.writes("Name", "Carmen Castellan")
    ines.writes("E-mail", HER_MOTHERS)
    ines.selects("Who they are", "Parent")
    ines.ticks("Legally decides for them (a minor's guardian)")
    ines.ticks("They themselves want this person invited")
    ines.presses("Send the invitation")
    ines.sees("Carmen Castellan")
    the_worker_works()


def reads_and_signs(person: Person, name: str, *, says: str = "") -> None:
    while (unread := person.card("To read and sign").get_by_role("link")).count():
        person.leaves_by(unread.first)
        if says:
            person.sees(says)
        person.ticks("I have read this, and I agree.")
        person.writes("Type your name to sign", name)
        person.presses("Sign")
    person.sees("Everything the program needs from you is signed.")
