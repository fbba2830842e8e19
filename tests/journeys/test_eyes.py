"""The eyes of the journeys: what was read clean is not read again, and whatever is new about it is."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.eyes import axe_clean

CLEAN = """<!doctype html><html lang="en"><head><title>Eyes</title><style>
  body { color: #111; background: #fff; font: 16px serif } .faint { color: #999 }
  button { height: 30px } button.small { display: block; height: 18px; font-size: 6px }
</style></head><body class="room-staff"><main>
  <h1>A page to look at</h1>
  <ul><li>One thing</li></ul>
  <p class="said">Some words</p>
  <label for="name">Name</label> <input id="name">
  <div><button type="button"><span>Keep</span></button><button type="button"><span>Put away</span></button></div>
  <img src="data:," alt="A picture">
</main></body></html>"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def see(page: Page, html: str = CLEAN) -> bool:
    """Whether this was read by axe, and not only looked over; an address of its own forgets axe each time."""
    page.goto("about:blank")
    page.set_content(html)
    axe_clean(page)
    return bool(page.evaluate("typeof axe") != "undefined")


def test_what_was_read_clean_is_not_read_again_with_other_words_or_more_of_them(page: Page):
    see(page)
    assert not see(page)
    more = CLEAN.replace("One thing", "Other words, 17 of them").replace("</ul>", "<li>One more</li></ul>")
    assert not see(page, more)


@pytest.mark.parametrize(
    ("was", "becomes", "rule"),
    [
        ("<p class", '<input type="text"><p class', "label"),  # something that was not there
        ('"said"', '"faint"', "color-contrast"),  # another colour
        ('"said"', '"said" style="color: #999"', "color-contrast"),
        ("<main>", '<main style="background: #444">', "color-contrast"),  # another colour behind it
        ('"room-staff"', '"room-student" style="color: #666"', "color-contrast-enhanced"),  # another room
        ('<p class="said"', '<p class="room-student" style="color: #666"', "color-contrast-enhanced"),
        ('for="name"', 'for="nobody"', "label"),  # no longer what it belongs to
        ("<span>Keep</span>", "<span></span>", "button-name"),  # no words any more
        ('alt="A picture"', "", "image-alt"),
        ("<li>One thing</li>", "<div>One thing</div>", "list"),  # what does not belong there
        ('<button type="button">', '<button type="button" class="small">', "target-size"),  # too small for a finger
        ('<p class="said"', '<p role="button" aria-pressed="maybe" class="said"', "aria-valid-attr-value"),
        ('lang="en"', "", "html-has-lang"),
        ("<title>Eyes</title>", "", "document-title"),
    ],
)
def test_whatever_is_new_is_read_and_fails_as_often_as_it_is_seen(page: Page, was, becomes, rule):
    see(page)
    for _time in range(2):
        with pytest.raises(AssertionError, match=f"{rule}:"):
            see(page, CLEAN.replace(was, becomes))


def test_a_state_that_comes_later_is_read_where_it_stands(page: Page):
    see(page)
    page.evaluate("document.querySelector('.said').classList.add('faint')")
    with pytest.raises(AssertionError, match="color-contrast: p "):
        axe_clean(page)
