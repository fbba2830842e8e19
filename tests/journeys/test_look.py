"""The look, looked at: every component, both rooms, light and dark, phone and desk."""

import gzip

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.eyes import axe_clean

WIDTHS = (360, 1280)
THEMES = ("light", "dark")
PAGES = ("/styleguide/", "/styleguide/student/", "/styleguide/staff/", "/help-now/")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("address", PAGES)
def test_the_look_is_readable_and_stays_within_the_screen(
    browser: Browser, base_url: str, settings, address, width, theme
):
    settings.TRIAL = True
    page = browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme=theme, base_url=base_url, reduced_motion="reduce"
    )  # axe looks at a page that lies still, not at one on its way to the first mistake
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    axe_clean(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []
    page.close()


def test_help_now_opens_as_a_sheet_closes_with_escape_and_gives_the_focus_back(page: Page, settings):
    settings.TRIAL = True
    page.goto("/styleguide/student/")
    button = page.get_by_role("link", name="Help now")
    button.click()
    assert page.get_by_role("dialog", name="Help now").get_by_role("link", name="Call 988").is_visible()
    axe_clean(page)
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog", name="Help now").is_visible()
    assert button.evaluate("element => element === document.activeElement")


def test_help_now_is_a_page_where_scripts_do_not_run(browser: Browser, base_url: str, settings):
    settings.TRIAL = True
    page = browser.new_page(java_script_enabled=False, base_url=base_url)
    page.goto("/styleguide/student/")
    page.get_by_role("link", name="Help now").click()
    page.wait_for_url("**/help-now/")
    assert page.get_by_role("link", name="Text 988").first.is_visible()
    page.close()


def test_help_now_is_there_without_a_connection(browser: Browser, base_url: str):
    context = browser.new_context(base_url=base_url)
    page = context.new_page()
    page.goto("/help-now/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    context.set_offline(True)
    page.goto("/somewhere-else/")
    assert page.get_by_role("heading", name="Help now", level=1).is_visible()
    context.close()


def test_a_chosen_theme_stays(page: Page, settings):
    settings.TRIAL = True
    page.goto("/styleguide/student/")
    page.get_by_role("button", name="Dark colours").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_a_draft_outlives_a_closed_page(page: Page, settings):
    settings.TRIAL = True
    page.goto("/styleguide/")
    form = page.locator("#a-empty")
    form.get_by_label("What should we call you?").fill("Maya")
    form.get_by_text("Kept on this device").wait_for()
    page.reload()
    assert form.get_by_label("What should we call you?").input_value() == "Maya"
    assert form.get_by_text("We found what you had typed before").is_visible()
    assert "csrf" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_page_weighs_less_than_150_kilobytes_as_it_is_sent(browser: Browser, base_url: str, settings):
    settings.TRIAL = True
    page = browser.new_page(base_url=base_url)
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(gzip.compress(response.body()))))
    page.goto("/styleguide/student/", wait_until="networkidle")
    assert 0 < sum(sizes) < 150_000
    page.close()
