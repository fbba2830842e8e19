"""A tablet is handed over while staff still have something open beside it."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect

from hearth.accounts.models import Organisation, User
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.measures.models import Begun
from hearth.measures.services import follow_rules
from hearth.people.models import CareTeamMember, Patient
from hearth.people.testing import make_patient
from hearth.program.pack import DueRule
from tests.journeys.people import PHONE, Person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def dana_and_maya(organisation: Organisation) -> tuple[User, Patient]:
    """A counselor, and her student, whom one questionnaire waits for."""
    at = timezone.now()
    with tenancy.within(organisation.pk):
        dana = make_user("Dana Kim", Role.COUNSELOR, organisation=organisation)
        maya = make_patient("Maya", "Reyes", at=at)
        CareTeamMember.objects.create(patient=maya, member=dana, role=Role.COUNSELOR, since=at.date())
        rules = [DueRule("phq-9", True, 7)]
        follow_rules(patient=maya, rules=rules, started_on=at.astimezone(organisation.zone).date(), by=dana, at=at)
    return dana, maya


def test_what_staff_had_open_beside_it_leaves_for_the_question(browser: Browser, base_url: str, stored_organisation):
    dana, maya = dana_and_maya(stored_organisation)
    tablet = Person(browser, base_url).comes_as(dana)
    beside = tablet.context.new_page()
    beside.goto(reverse("measures:of-patient", args=[maya.pk]))
    expect(beside.locator("main")).to_contain_text("Maya")
    tablet.opens(reverse("measures:hand-over", args=[maya.pk]))
    tablet.presses("This is Maya: sign me out and begin")
    tablet.sees("Hello Maya")
    expect(beside).to_have_url(base_url + reverse("measures:kiosk"))
    expect(beside.locator("main")).to_contain_text("Hello Maya")
    tablet.goes()


def test_what_was_begun_on_it_goes_on_on_a_phone_and_then_on_another(
    browser: Browser, base_url: str, stored_organisation
):
    dana, maya = dana_and_maya(stored_organisation)
    tablet = Person(browser, base_url).comes_as(dana)
    tablet.opens(reverse("measures:hand-over", args=[maya.pk]))
    tablet.presses("This is Maya: sign me out and begin")
    tablet.presses("Begin")
    for number in ("1.", "2."):
        tablet.sees(number)
        tablet.leaves_by(tablet.page.locator("label.choice").filter(has_text="Several days"))
    tablet.presses("Stop here and give the tablet back")
    tablet.goes()

    def chooses_on(device: Person, number: str) -> None:
        expect(device.page.get_by_text(f"Question {number} of 10")).to_be_visible()
        device.page.locator("[data-question]:visible label.choice").filter(has_text="Not at all").click()

    def told(device: Person, number: str) -> None:
        """Until the server has it, and its page knows."""
        expect(device.page.locator(f"[name=q-{number}][checked]")).to_have_count(1)

    phone, other = (Person(browser, base_url, screen=PHONE).comes_as(maya.user) for _ in range(2))
    page = reverse("measures:answer", args=["phq-9"])
    phone.opens(page)
    chooses_on(phone, "3")
    told(phone, "3")
    expect(phone.page.locator("[data-draft-note]")).to_have_text("Kept. You can go on here or on another device.")
    other.opens(page)
    chooses_on(other, "4")
    told(other, "4")
    phone.context.set_offline(True)
    phone.page.get_by_role("button", name="Next").click()
    chooses_on(phone, "5")
    phone.context.set_offline(False)
    told(phone, "5")
    phone.opens(page)  # the phone's own draft lacks what the other has told meanwhile
    expect(phone.page.get_by_text("Question 6 of 10")).to_be_visible()
    with tenancy.within(stored_organisation.pk):
        assert Begun.objects.get().answers == {"1": 1, "2": 1, "3": 0, "4": 0, "5": 0}
    for device in (phone, other):
        device.goes()
