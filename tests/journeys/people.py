"""Somebody at a screen of their own: what they open, press, write and see. Every page they see is read by axe."""

import re
from collections.abc import Callable

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect

from hearth.accounts import second_factor
from hearth.accounts.testing import DEMO_PASSWORD, DEMO_TOTP_SECRET
from tests.journeys.eyes import axe_clean

PATIENCE = 45_000  # milliseconds: the machine that runs this may be slow
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

expect.set_options(timeout=PATIENCE)


def cookie_of(user) -> str:
    """The session of `user`, signed in at this moment with both steps done."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["second_factor"] = True
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def labelled(words: str) -> re.Pattern[str]:
    """A label that says just this, needed or not."""
    return re.compile(rf"^\s*{re.escape(words)}(\s+\(if you like\))?\s*$")


class Person:
    """One person with a browser of their own, on a phone or at a desk."""

    def __init__(self, browser: Browser, base_url: str, *, screen=DESK, keeps: bool = False) -> None:
        """`keeps`: the browser may keep pages for when there is no connection."""
        self.base_url = base_url
        self.context = browser.new_context(
            base_url=base_url,
            viewport=screen,
            service_workers="allow" if keeps else "block",
            reduced_motion="reduce",  # axe reads colours as they are, not half way through fading in
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def comes_as(self, user) -> "Person":
        """Already signed in, as after a morning's first sign-in."""
        self.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie_of(user), "url": self.base_url}]
        )
        return self

    def signs_in(self, user) -> None:
        """With e-mail and password; staff with the code that their authenticator app shows now."""
        self.writes("E-mail", user.email)
        self.writes("Password", DEMO_PASSWORD)
        self.presses("Sign in")
        if not user.is_staff:
            return
        self.writes("Code", second_factor.code_now(DEMO_TOTP_SECRET))
        self.presses("Go on")

    # What they do

    def opens(self, address: str, *, status: int = 200) -> None:
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == status, f"{address} answered {answer.status}"
        self.looks()

    def presses(self, name: str) -> None:
        """A button that leads to another page, or back to this one."""
        self.leaves_by(self.page.get_by_role("button", name=name, exact=True))

    def follows(self, name: str) -> None:
        self.leaves_by(self.page.get_by_role("link", name=name, exact=True).first)

    def leaves_by(self, control: Locator) -> None:
        self._leave(control.click)

    def _leave(self, deed: Callable[[], None]) -> None:
        with self.page.expect_navigation():
            deed()
        self.looks()

    def taps(self, name: str) -> None:
        """A button that changes something on this page."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def writes(self, label: str, text: str) -> None:
        self.page.get_by_label(labelled(label)).fill(text)

    def selects(self, label: str, option: str) -> None:
        self.page.get_by_label(labelled(label)).select_option(label=option)

    def ticks(self, label: str) -> None:
        self.page.get_by_label(labelled(label)).check()

    def chooses(self, question: str, *answers: str | re.Pattern[str]) -> None:
        """The answers to a question with choices."""
        group = self.page.get_by_role("group", name=re.compile(rf"^{re.escape(question)}"))
        for answer in answers:
            words = re.compile(rf"^\s*{re.escape(answer)}\s*$") if isinstance(answer, str) else answer
            group.locator("label").filter(has_text=words).click()

    # What they see

    def looks(self) -> None:
        """Nobody may be kept out by how this page is made."""
        self.page.wait_for_load_state()
        axe_clean(self.page)
        assert self.complaints == [], f"{self.page.url}: {self.complaints}"
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.page.get_by_text(each).first).to_be_visible()

    def sees_nothing_of(self, *words: str) -> None:
        main = self.page.locator("main")
        for each in words:
            expect(main).not_to_contain_text(each)

    def card(self, title: str) -> Locator:
        """The card with this heading."""
        return self.page.locator("section.card, .card").filter(has=self.page.get_by_role("heading", name=title)).first

    def reads_mail(self, to: str, subject: str) -> None:
        """Opens the newest mail and follows the link in it, as people do."""
        self.opens(f"/outbox/?q={to}")
        self.leaves_by(self.page.get_by_role("link", name=subject).first)
        self.leaves_by(self.page.locator("main .prose a").first)

    def goes(self) -> None:
        self.context.close()
