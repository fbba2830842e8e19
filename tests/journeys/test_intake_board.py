"""Intake at the board: a card is closed by keyboard, another dragged and handed over, and axe reads every page."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.inquiry.models import Inquiry, WayOut
from hearth.inquiry.testing import make_inquiry
from hearth.lib import tenancy
from tests.journeys.people import PHONE, Person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def scene(stored_organisation):
    """Sam asked an hour ago, Cal ten days ago: nobody has answered either."""
    now = timezone.now()
    with tenancy.within(stored_organisation.pk):
        ines = make_user("Inés Alvarado", Role.COORDINATOR, organisation=stored_organisation)
        make_inquiry("Sam", at=now - timedelta(hours=1))
        make_inquiry("Cal", at=now - timedelta(days=10), address="192.0.2.8")
    return ines, stored_organisation


def drags(page: Page, card: Locator, *, onto: str) -> None:
    """As a hand does: a mouse that jumps carries nothing."""
    column = page.locator(f"[data-column={onto}]").bounding_box()
    assert column is not None
    card.hover()
    page.mouse.down()
    page.mouse.move(column["x"] + 40, column["y"] + 40, steps=8)
    page.mouse.up()


def test_a_card_is_moved_by_the_deeds_on_it(browser: Browser, base_url: str, scene):
    ines, organisation = scene
    intake = Person(browser, base_url).comes_as(ines)
    intake.opens("/intake/")
    cards = intake.page.locator(".way-card")
    expect(cards.first).to_contain_text("Cal")
    expect(cards.first).to_contain_text("promise broken")

    move = intake.page.get_by_text("Move Cal")
    move.focus()
    intake.page.keyboard.press("Enter")
    intake.looks()
    cards.first.locator("[data-to=closed]").focus()
    intake.page.keyboard.press("Enter")
    expect(intake.page.get_by_role("heading", name="Close with a reason")).to_be_visible()
    intake.looks()
    intake.chooses("Why", "We could not reach them")
    intake.page.get_by_role("button", name="Write it down").click()
    expect(intake.page.locator("[data-column=closed]")).to_contain_text("Cal")

    drags(intake.page, cards.filter(has_text="Sam"), onto="contacted")
    intake.page.wait_for_url("**/contacted/**")
    intake.opens("/intake/")

    cards.first.get_by_text("Move Sam").click()
    cards.first.locator("[data-to=elsewhere]").click()
    intake.page.get_by_label("Who has taken it over?").fill("Jo Adler, Cedar Street Detox")
    intake.chooses("Why", "Another level of care fits better")
    intake.page.get_by_role("button", name="Write it down").click()
    expect(intake.page.locator("[data-column=elsewhere]")).to_contain_text("Jo Adler")
    intake.looks()
    with tenancy.within(organisation.pk):
        assert set(WayOut.objects.values_list("kind", flat=True)) == {"elsewhere", "closed"}
        assert not Inquiry.objects.waiting().exists()

    phone = Person(browser, base_url, screen=PHONE).comes_as(ines)
    phone.opens("/intake/")
    assert intake.complaints == phone.complaints == []
