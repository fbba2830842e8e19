"""Pages looked at, each as whom it is for: read by axe, within the screen, and pictured where pictures are wanted."""

import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Browser

from hearth.accounts.models import User
from tests.journeys.eyes import axe_clean
from tests.journeys.people import cookie_of

SHOTS = os.environ.get("HEARTH_SHOTS")  # a folder: pictures of every page are put there
FEW = [(360, "light"), (1280, "dark")]
SCREENS = [*FEW, (360, "dark"), (1280, "light")] if SHOTS else FEW


def look_at(
    browser: Browser, base_url: str, pages: Iterable[tuple[str, tuple[User, str]]], *, width: int, theme: str
) -> None:
    """Open each of these pages, by name with its reader and address, on a screen so wide in this theme."""
    page = browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme="dark" if theme == "dark" else "light", base_url=base_url
    )
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    cookies: dict[object, str] = {}
    for name, (user, address) in pages:
        cookie = cookies[user.pk] = cookies.get(user.pk) or cookie_of(user)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base_url}])
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{theme}.png", full_page=True)
        axe_clean(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert complaints == [], address
    page.close()
