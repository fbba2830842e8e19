"""Passkeys in a real browser, under the site's own security policy: nothing of the ceremony is imitated."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import DEMO_PASSWORD, make_user

pytestmark = pytest.mark.journey


@pytest.fixture
def finger(page: Page) -> Page:
    """A page in a browser whose device has a fingerprint reader that always agrees."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def come_in(page: Page, email: str) -> None:
    page.goto(reverse("accounts:sign-in") + "?next=/me/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def leave(page: Page) -> None:
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()


def test_staff_make_a_passkey_and_come_in_with_it(finger, stored_organisation):
    said = []
    finger.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    newt = make_user("Newt Hale", Role.NURSE, organisation=stored_organisation, password=DEMO_PASSWORD)

    come_in(finger, str(newt.email))
    finger.get_by_role("button", name="Make a passkey").click()
    expect(finger.get_by_role("heading", name="Keep these codes")).to_be_visible()
    finger.get_by_role("link", name="I have kept them").click()
    expect(finger).to_have_url(re.compile("/me/$"))
    leave(finger)

    finger.goto(reverse("accounts:sign-in") + "?next=/me/")
    finger.get_by_role("button", name="Use a passkey").click()
    expect(finger).to_have_url(re.compile("/me/$"))
    leave(finger)

    come_in(finger, str(newt.email))
    finger.get_by_role("button", name="Use my passkey").click()
    expect(finger).to_have_url(re.compile("/me/$"))
    assert said == []
