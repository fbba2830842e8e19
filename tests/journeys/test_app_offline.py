"""The app on the home screen without a connection: it opens, says from when it is, and is empty once signed out."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.sessions.testing import make_session
from hearth.skills.testing import make_stay
from tests.journeys.people import PHONE, Person
from tests.journeys.test_lessons_offline import IS_KEPT
from tests.journeys.test_own_tools import comes_true

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

START = "/today/"


@pytest.fixture
def maya(stored_organisation):
    at = timezone.now()
    with tenancy.within(stored_organisation.pk):
        dana = make_user("Dana Kim", Role.COUNSELOR, organisation=stored_organisation)
        patient = make_patient("Maya", "Reyes", at=at)
        make_stay(patient, by=dana, at=at)
        CareTeamMember.objects.create(
            patient=patient, member=dana, role=Role.COUNSELOR, is_primary=True, since=at.date()
        )
        make_session(dana, patient, starts_at=at + timedelta(days=2), topic="How mood works")
    return patient


def phone_of(browser, base_url, patient):
    person = Person(browser, base_url, screen=PHONE, keeps=True).comes_as(patient.user)
    person.opens(START)
    person.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return person


def test_the_installed_app_opens_its_start_page_without_a_connection_until_somebody_signs_out(
    browser: Browser, base_url: str, maya
):
    phone = phone_of(browser, base_url, maya)
    for address in (START, "/my/skills/hard-days/", "/my/skills/"):
        comes_true(phone, IS_KEPT, address)
    phone.context.set_offline(True)
    phone.page.goto(START)
    phone.sees("This is the copy on your phone", "with Dana")
    phone.sees_nothing_of("How mood works")
    phone.looks()
    expect(phone.page.get_by_role("link", name="My safety plan").locator("visible=true")).to_have_count(0)
    phone.follows("My plan and cards")

    phone.context.set_offline(False)
    phone.page.goto("/me/")
    phone.page.get_by_role("button", name="Sign out").first.click()
    phone.page.wait_for_load_state()
    phone.page.wait_for_timeout(500)
    phone.context.set_offline(True)
    phone.page.goto(START)
    phone.sees("988", "While you wait")
    phone.sees_nothing_of("Dana")
    phone.goes()
