"""A name drawn by hand in a real browser: it comes back after a missing tick, and is signed as it was drawn."""

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from hearth.consent.models import Consent
from hearth.lib import tenancy
from hearth.people.testing import make_patient
from tests.journeys.eyes import axe_clean
from tests.journeys.people import cookie_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def draw(page: Page, points: list[tuple[int, int]]) -> None:
    """One line through these points of the sheet, in hundredths of its width and height."""
    box = page.locator("[data-signature-sheet]").bounding_box()
    assert box
    assert 2.5 < box["width"] / box["height"] < 3.5  # the whole sheet is there to write on
    (x, y), *rest = [(box["x"] + box["width"] * x / 100, box["y"] + box["height"] * y / 100) for x, y in points]
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(x, y)
    page.mouse.up()


def test_a_name_is_drawn_comes_back_and_is_signed_as_it_was_drawn(
    page: Page, context: BrowserContext, base_url: str, stored_organisation
):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with tenancy.within(stored_organisation.pk):
        maya = make_patient("Maya", "Reyes", at=datetime(2026, 11, 24, tzinfo=UTC))
    page.set_viewport_size({"width": 360, "height": 740})
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie_of(maya.user), "url": base_url}])
    page.goto(f"/my/papers/{maya.pk}/treatment/")
    expect(page.get_by_label("Type your name to sign")).to_be_visible()  # always there beside the sheet
    field = page.locator("input[name='drawing']")
    page.locator("[data-signature-sheet]").scroll_into_view_if_needed()
    draw(page, [(10, 80), (20, 20), (30, 80), (40, 30)])
    draw(page, [(60, 70), (80, 40)])
    expect(page.get_by_text("Your signature is drawn.")).to_be_visible()
    page.get_by_role("button", name="Take back the last line").click()
    drawn = field.input_value()
    assert re.fullmatch(r"\[\[(\[\d+,\d+\],?)+\]\]", drawn)
    axe_clean(page)
    page.get_by_role("button", name="Sign and go on").click()
    expect(page.get_by_text("Tick the box if you agree.").first).to_be_visible()
    expect(field).to_have_value(drawn)
    expect(page.locator("[data-signature-ink]")).to_have_attribute("d", re.compile(r"^M\d+ \d+L"))
    page.get_by_label("I have read this, and I agree.").check()
    page.get_by_role("button", name="Sign and go on").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Treatment in the program")
    with tenancy.within(stored_organisation.pk):
        consent = Consent.objects.get()
    page.goto(f"/consents/signed/{consent.pk}/")
    expect(page.get_by_role("img", name="Drawn signature of Maya Reyes")).to_be_visible()
    axe_clean(page)
    assert [one for one in complaints if "status of 422" not in one] == []
