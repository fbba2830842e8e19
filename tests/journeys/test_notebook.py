"""The private notebook in a real browser: only its writer can read it, and nothing typed is lost."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from hearth.lib import tenancy
from hearth.notebook.models import Entry, SharedEntry
from hearth.people.testing import make_patient
from hearth.skills.testing import make_stay
from tests.journeys.eyes import axe_clean
from tests.journeys.test_app_offline import FULL

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
SHOTS = os.environ.get("HEARTH_SHOTS")  # a folder: pictures of every view are put there
PASSPHRASE = "the green kite over Pueblo"
SECRET = "I called my brother back\nand did not hang up."
NOTEBOOK = "/my/notebook/"


@pytest.fixture
def maya(stored_organisation):
    with tenancy.within(stored_organisation.pk):
        return make_patient("Maya", "Reyes", at=datetime(2026, 11, 24, tzinfo=UTC))


def sign_in(context: BrowserContext, base_url: str, user, *, shared: bool = False) -> None:
    client = Client()
    client.force_login(user)
    session = client.session
    session["shared_device"] = shared
    session.save()
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base_url}])


@pytest.fixture
def page(page: Page, context: BrowserContext, base_url: str, maya) -> Iterator[Page]:
    """Maya's browser, signed in; whatever the console complains about fails the test."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(context, base_url, maya.user)
    page.goto(NOTEBOOK)
    yield page
    expected = re.compile(r"status of (409|422)|ERR_(INTERNET_DISCONNECTED|FAILED)|net::")
    assert [one for one in complaints if not expected.search(one)] == []


def set_up(page: Page) -> str:
    """Set the notebook up; the recovery code as it was shown."""
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_label("The same once more").locator("visible=true").fill(PASSPHRASE)
    page.get_by_role("button", name="Go on to the recovery code").click()
    expect(page.get_by_role("heading", name="Your recovery code")).to_be_focused()
    code = page.locator("#code-letters").inner_text()
    page.get_by_label("I have kept it").check()
    page.get_by_role("button", name="Open my notebook").click()
    expect(page.get_by_role("heading", name="Your entries")).to_be_visible()
    return code


def write(page: Page, text: str = SECRET) -> None:
    page.get_by_role("button", name="New entry").click()
    page.get_by_label("Your words").fill(text)


def keep(page: Page) -> None:
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Kept.", exact=True)).to_be_visible()


def unlock(page: Page, passphrase: str = PASSPHRASE) -> None:
    page.get_by_label("Your passphrase", exact=True).fill(passphrase)
    page.get_by_role("button", name="Open", exact=True).click()


IN_DATABASES = """async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const open = await new Promise((done) => (indexedDB.open(name).onsuccess = (event) => done(event.target.result)));
    for (const store of open.objectStoreNames) {
      const asked = open.transaction(store).objectStore(store).getAll();
      found.push([name, store, await new Promise((done) => (asked.onsuccess = () => done(asked.result)))]);
    }
    open.close();
  }
  const text = (_name, value) => (value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : value);
  return JSON.stringify(found, text);
}"""


def on_the_device(page: Page) -> str:
    """All that the browser keeps for this site, as text."""
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    return str(kept) + str(page.evaluate(IN_DATABASES))


def everything_stored(organisation) -> str:
    """All that the database holds of notebooks and of the record of deeds, as text."""
    with tenancy.within(organisation.pk), connections["default"].cursor() as cursor:
        rows = []
        for table in ("notebook_entry", "notebook_notebookkey", "audit_event"):
            cursor.execute(f"SELECT row_to_json(one)::text FROM {table} one")  # noqa: S608 - our own three names
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows)


def test_what_is_written_is_read_again_with_the_passphrase_and_by_nobody_else(page: Page):
    set_up(page)
    write(page)
    keep(page)
    page.reload()
    unlock(page)
    page.get_by_role("button", name="I called my brother back").click()
    expect(page.get_by_label("Your words")).to_have_value(SECRET)


def test_the_database_and_the_wire_hold_no_word_of_it(page: Page, stored_organisation):
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    code = set_up(page)
    write(page)
    keep(page)
    stored, wire = everything_stored(stored_organisation), "\n".join(sent)
    assert "ciphertext" in stored
    assert "ciphertext" in wire
    for place in (stored, wire, on_the_device(page)):
        for word in ("brother", PASSPHRASE, "kite", code, code.replace("-", "")):
            assert word not in place


def test_a_lessons_questions_begin_an_entry_once_and_stand_in_no_address(page: Page, maya, stored_organisation):
    with tenancy.within(stored_organisation.pk):
        make_stay(maya, by=maya.user, at=datetime.now(UTC))
    set_up(page)
    page.goto("/my/skills/lessons/here-and-now/")
    page.get_by_role("link", name="Write about this in my notebook").click()
    unlock(page)
    field = page.get_by_label("Your words")
    expect(field).to_have_value(re.compile(r"^One thing at a time\s+Where does your mind go most"))
    assert page.url.endswith(NOTEBOOK)
    page.reload()
    unlock(page)
    expect(page.get_by_role("heading", name="Your entries")).to_be_visible()
    expect(page.get_by_text("The first page is empty")).to_be_visible()


def test_a_wrong_passphrase_is_said_beside_the_field_and_what_was_typed_stays(page: Page):
    set_up(page)
    page.reload()
    unlock(page, "the green kite over Denver")
    field = page.get_by_label("Your passphrase", exact=True)
    expect(page.get_by_text("This passphrase does not open your notebook")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("the green kite over Denver")
    axe_clean(page)


def test_a_passphrase_is_long_enough_and_typed_twice_alike(page: Page):
    page.get_by_label("Passphrase", exact=True).fill("kite")
    page.get_by_role("button", name="Go on to the recovery code").click()
    expect(page.get_by_text("at least 12 letters; spaces count")).to_be_visible()
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Go on to the recovery code").click()
    expect(page.get_by_text("The two are not the same")).to_be_visible()


def test_the_recovery_code_opens_it_and_gives_a_new_passphrase(page: Page):
    code = set_up(page)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}", code)
    write(page)
    keep(page)
    page.reload()
    page.get_by_role("button", name="I forgot my passphrase").click()
    new = page.locator("#recover-passphrase")
    for typed, answer in (("ABCD", "32 letters and numbers"), ("0" * 32, "This code does not open")):
        page.get_by_role("textbox", name="Recovery code").fill(typed)
        new.fill("a new one for winter")
        page.locator("#recover-again").fill("a new one for winter")
        page.get_by_role("button", name="Open and use").click()
        expect(page.get_by_text(answer)).to_be_visible()
    page.get_by_role("textbox", name="Recovery code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Open and use").click()
    expect(page.get_by_role("button", name="I called my brother back")).to_be_visible()
    page.reload()
    unlock(page, "a new one for winter")
    expect(page.get_by_role("button", name="I called my brother back")).to_be_visible()


def test_a_changed_passphrase_and_a_new_code_replace_the_old_ones(page: Page):
    old_code = set_up(page)
    write(page)
    keep(page)
    page.get_by_role("button", name="Change passphrase").click()
    page.get_by_label("Your passphrase now").fill(PASSPHRASE)
    page.locator("#change-passphrase").fill("quiet snow on the porch")
    page.locator("#change-again").fill("quiet snow on the porch")
    page.get_by_label("Also give me a new recovery code").check()
    page.get_by_role("button", name="Change it").click()
    assert page.locator("#code-letters").inner_text() != old_code
    page.get_by_label("I have kept it").check()
    page.get_by_role("button", name="Open my notebook").click()
    expect(page.get_by_text("Your passphrase is changed.")).to_be_visible()
    page.reload()
    unlock(page)
    expect(page.get_by_text("This passphrase does not open your notebook")).to_be_visible()
    unlock(page, "quiet snow on the porch")
    expect(page.get_by_role("button", name="I called my brother back")).to_be_visible()


def test_two_tabs_meet_in_a_choice_and_neither_text_is_lost(page: Page, context: BrowserContext):
    set_up(page)
    write(page, "Breakfast")
    keep(page)
    other = context.new_page()
    other.goto(NOTEBOOK)
    unlock(other)
    for tab in (page, other):
        tab.get_by_role("button", name="Breakfast").click()
    page.get_by_label("Your words").fill("Breakfast with Ana")
    keep(page)
    other.get_by_label("Your words").fill("Breakfast alone")
    other.get_by_role("button", name="Keep", exact=True).click()
    choice = other.get_by_role("dialog", name="Two versions")
    expect(choice.get_by_text("Breakfast with Ana")).to_be_visible()
    axe_clean(other)
    choice.get_by_role("button", name="Keep both").click()
    expect(other.get_by_role("button", name="Breakfast with Ana")).to_be_visible()
    expect(other.get_by_role("button", name="Breakfast alone")).to_be_visible()


def test_a_draft_outlives_a_closed_page_encrypted(page: Page):
    set_up(page)
    write(page)
    expect(page.get_by_text("A draft is on this device, encrypted.")).to_be_visible()
    kept = on_the_device(page)
    assert "ciphertext" in kept
    assert "brother" not in kept
    page.reload()
    unlock(page)
    expect(page.get_by_text("We found what you had not kept yet.")).to_be_visible()
    expect(page.get_by_label("Your words")).to_have_value(SECRET)
    keep(page)
    assert page.evaluate("localStorage.length") == 0


def waits(page: Page) -> None:
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Kept on this device, encrypted.")).to_be_visible()


def test_without_a_connection_it_opens_and_what_is_written_arrives_once_and_unread(
    page: Page, context: BrowserContext, stored_organisation
):
    sent: list[str] = []
    context.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    code = set_up(page)
    write(page)
    keep(page)
    context.set_offline(True)
    page.goto(NOTEBOOK)
    unlock(page)
    expect(page.get_by_text("This is what your device holds")).to_be_visible()
    page.get_by_role("button", name="I called my brother back").click()
    page.get_by_label("Your words").fill(f"{SECRET} He laughed.")
    waits(page)
    write(page, "Under the kitchen table")
    waits(page)
    page.get_by_role("button", name="Under the kitchen table").click()
    page.get_by_label("Your words").fill("Under the kitchen table, quiet")
    waits(page)
    expect(page.get_by_text("not sent yet", exact=True)).to_have_count(2)
    axe_clean(page)
    on_it = on_the_device(page)

    context.set_offline(False)
    expect(page.get_by_text("not sent yet", exact=True).locator("visible=true")).to_have_count(0)
    with tenancy.within(stored_organisation.pk):
        assert sorted(Entry.objects.values_list("version", flat=True)) == [2, 2]
    page.reload()
    unlock(page)
    page.get_by_role("button", name="Under the kitchen table, quiet").click()
    expect(page.get_by_label("Your words")).to_have_value("Under the kitchen table, quiet")
    for place in (everything_stored(stored_organisation), "\n".join(sent), on_it, on_the_device(page)):
        assert "ciphertext" in place
        for word in ("brother", "laughed", "kitchen", "quiet snow", PASSPHRASE, code, code.replace("-", "")):
            assert word not in place


def test_two_devices_that_wrote_in_between_are_both_kept_and_shown_side_by_side(
    page: Page, context: BrowserContext, browser, base_url, maya
):
    set_up(page)
    write(page, "Breakfast")
    keep(page)
    tablet = browser.new_context(base_url=base_url)
    sign_in(tablet, base_url, maya.user)
    other = tablet.new_page()
    other.goto(NOTEBOOK)
    unlock(other)
    context.set_offline(True)
    for device, text in ((page, "Breakfast alone"), (other, "Breakfast with Ana")):
        device.get_by_role("button", name="Breakfast").click()
        device.get_by_label("Your words").fill(text)
    waits(page)
    keep(other)
    context.set_offline(False)
    expect(page.get_by_text("on two devices", exact=True).locator("visible=true")).to_have_count(1)
    expect(page.get_by_role("button", name="Breakfast with Ana")).to_be_visible()
    page.get_by_role("button", name="Breakfast alone").click()
    page.get_by_text("What stands on the other one").first.click()
    expect(page.locator("#beside-text")).to_have_text("Breakfast with Ana")
    axe_clean(page)
    keep(page)
    expect(page.get_by_text("on two devices", exact=True).locator("visible=true")).to_have_count(0)

    page.get_by_role("button", name="Breakfast with Ana").click()  # deleted elsewhere: here it stays as a draft
    context.set_offline(True)
    page.get_by_label("Your words").fill("Breakfast with Ana and Jo")
    waits(page)
    other.get_by_role("button", name="Breakfast with Ana").click()
    other.get_by_role("button", name="Delete", exact=True).click()
    other.get_by_role("dialog", name="Delete this entry?").get_by_role("button", name="Delete it").click()
    expect(other.get_by_text("Deleted.", exact=True)).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_role("button", name="Breakfast with Ana and Jo").get_by_text("not kept yet")).to_be_visible()
    tablet.close()


def test_signing_out_takes_the_entries_off_the_device_and_what_was_not_sent_goes_out_later(
    page: Page, context: BrowserContext, base_url, maya
):
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    set_up(page)
    write(page)
    keep(page)
    context.set_offline(True)
    write(page, "Not sent")
    waits(page)
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    context.set_offline(False)
    page.goto("/")
    page.wait_for_timeout(500)
    assert "hearth-notebook" not in on_the_device(page)
    assert "passphrase" not in on_the_device(page)
    context.set_offline(True)
    page.goto(NOTEBOOK)
    expect(page.get_by_role("heading", name="Help now")).to_be_visible()
    context.set_offline(False)
    sign_in(context, base_url, maya.user)
    page.goto("/today/")  # on whatever page
    with tenancy.within(maya.organisation_id):
        for _again in range(20):
            if Entry.objects.count() == 2:
                break
            page.wait_for_timeout(300)
        assert Entry.objects.count() == 2


def test_an_expired_session_leads_to_the_sign_in_and_back_to_the_draft(
    page: Page, context: BrowserContext, base_url, maya
):
    set_up(page)
    write(page)
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("You have been signed off")
    expect(page.get_by_role("link", name="Sign in again")).to_have_attribute("href", re.compile(rf"\?next={NOTEBOOK}$"))
    sign_in(context, base_url, maya.user)
    page.goto(NOTEBOOK)
    unlock(page)
    expect(page.get_by_label("Your words")).to_have_value(SECRET)


def test_what_the_browser_threw_away_or_has_no_room_for_is_said_and_typed_words_stay(
    page: Page, context: BrowserContext
):
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    set_up(page)
    write(page)
    keep(page)
    context.set_offline(True)
    page.evaluate("indexedDB.deleteDatabase('hearth-notebook')")
    page.goto(NOTEBOOK)
    unlock(page)
    expect(page.get_by_text("this browser has thrown away the entries")).to_be_visible()
    write(page, "No room")
    page.evaluate(FULL)
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("no room to keep your words")
    expect(page.get_by_label("Your words")).to_have_value("No room")
    context.set_offline(False)
    keep(page)
    page.reload()
    page.evaluate(FULL)
    unlock(page)
    expect(page.get_by_text("This device has no room to keep your entries.")).to_be_visible()
    expect(page.get_by_role("button", name="I called my brother back")).to_be_visible()


def test_one_entry_is_shared_by_choice_and_taken_back_and_no_other_word_leaves(page: Page, stored_organisation):
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    set_up(page)
    for text in ("Rain all day", SECRET):
        write(page, text)
        keep(page)
    page.get_by_role("button", name="I called my brother back").click()
    page.get_by_role("button", name="Read it aloud").click()
    expect(page.locator("#aloud-text")).to_have_text(SECRET)
    page.keyboard.press("Escape")
    assert "brother" not in "".join(sent)
    page.get_by_role("button", name="Share this entry").click()
    axe_clean(page)
    page.get_by_role("button", name="Share it with my care team").click()
    expect(page.get_by_text("Your care team can read this entry now.")).to_be_visible()
    assert ["brother" in one for one in sent].count(True) == 1
    with tenancy.within(stored_organisation.pk):
        assert SharedEntry.objects.get().text == SECRET
    page.get_by_role("button", name="Back to all entries").locator("visible=true").click()
    expect(page.get_by_text("shared", exact=True).locator("visible=true")).to_have_count(1)
    page.get_by_role("button", name="I called my brother back").click()
    page.get_by_role("button", name="Stop sharing").click()
    page.get_by_role("button", name="Delete the copy").click()
    expect(page.get_by_text("Only you can read it again.")).to_be_visible()
    with tenancy.within(stored_organisation.pk):
        assert not SharedEntry.objects.exists()
    assert "Rain" not in "".join(sent) + everything_stored(stored_organisation)


def test_a_shared_device_keeps_nothing(page: Page, context: BrowserContext, base_url, maya):
    sign_in(context, base_url, maya.user, shared=True)
    page.reload()
    set_up(page)
    write(page)
    page.wait_for_timeout(700)  # longer than the pause after which a draft would be made
    assert page.evaluate("localStorage.length") == 0
    assert "ciphertext" not in on_the_device(page)
    page.get_by_role("button", name="Back to all entries").locator("visible=true").click()
    expect(page.get_by_text("Kept.", exact=True)).to_be_visible()


def test_it_locks_itself_after_ten_idle_minutes_and_forgets_every_word(page: Page):
    page.clock.install()
    page.reload()
    set_up(page)
    write(page)
    keep(page)
    write(page, "Half a thought")
    page.clock.run_for(9 * 60_000)
    expect(page.get_by_label("Your words")).to_have_value("Half a thought")
    page.clock.run_for(2 * 60_000)
    expect(page.get_by_role("heading", name="Your notebook is locked")).to_be_visible()
    page.clock.run_for(1000)
    assert "brother" not in page.content()
    assert page.locator("#entry-text").input_value() == ""
    unlock(page)
    page.clock.run_for(1000)
    expect(page.get_by_label("Your words")).to_have_value("Half a thought")


def test_entries_are_searched_here_changed_and_deleted(page: Page):
    set_up(page)
    for text in ("Café with Ana", "Rain all day"):
        write(page, text)
        keep(page)
    page.get_by_label("Search, on this device").fill("cafe")
    expect(page.get_by_text("One entry found.")).to_be_visible()
    expect(page.get_by_role("button", name="Rain all day")).to_have_count(0)
    page.get_by_role("button", name="Café with Ana").click()
    page.get_by_label("Your words").fill("Café with Ana and Jo")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Kept.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Café with Ana and Jo").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("dialog", name="Delete this entry?").get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("Deleted.", exact=True)).to_be_visible()
    page.get_by_label("Search, on this device").fill("")
    expect(page.get_by_role("button", name="Rain all day")).to_be_visible()
    expect(page.get_by_role("button", name="Café with Ana and Jo")).to_have_count(0)


def test_everything_is_taken_along_as_one_file_made_on_the_device(page: Page):
    set_up(page)
    for text in (SECRET, "Rain all day"):
        write(page, text)
        keep(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Take everything with you").click()
    with page.expect_download() as saved:
        page.get_by_role("dialog", name="Take everything with you").get_by_role("button", name="Save the file").click()
    assert saved.value.suggested_filename == "notebook.txt"
    text = saved.value.path().read_text()
    assert text.index(SECRET) < text.index("Rain all day")
    assert [one for one in asked if not one.startswith("blob:")] == []


def test_a_hundred_entries_are_listed_and_older_ones_when_they_are_asked_for(page: Page, maya):
    set_up(page)
    write(page)
    keep(page)
    with tenancy.within(maya.organisation_id):
        one = Entry.objects.get()
        older = one.created_at - timedelta(days=1)
        Entry.objects.bulk_create(
            Entry(patient=maya, key=one.key, iv=one.iv, ciphertext=one.ciphertext, created_at=older, changed_at=older)
            for _ in range(100)
        )  # which no key opens: each is bound to its own id
    page.reload()
    unlock(page)
    lines = page.locator("#shelf-list li")
    expect(lines).to_have_count(100)
    page.get_by_role("button", name="Show older entries").click()
    expect(lines).to_have_count(101)
    expect(lines.last.get_by_role("button")).to_be_focused()
    expect(page.get_by_role("button", name="Show older entries")).to_be_hidden()


def test_the_phones_back_button_leads_to_the_list_and_a_draft_waits_there(page: Page):
    set_up(page)
    write(page, "Not yet done")
    page.go_back()
    expect(page.get_by_text("not kept yet", exact=True)).to_be_visible()
    page.get_by_role("button", name="Not yet done").click()
    page.get_by_role("button", name="Undo my changes").click()
    expect(page.get_by_role("heading", name="The first page is empty")).to_be_visible()


def test_who_has_lost_both_ways_in_can_begin_anew(page: Page):
    set_up(page)
    write(page)
    keep(page)
    page.reload()
    page.get_by_role("button", name="I forgot my passphrase").click()
    page.get_by_text("I have neither").click()
    page.get_by_role("button", name="Begin an empty notebook").click()
    page.get_by_role("button", name="Delete it and begin anew").click()
    set_up(page)
    expect(page.get_by_role("heading", name="The first page is empty")).to_be_visible()


def test_without_scripts_it_says_why_it_stays_closed(browser, base_url, maya):
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    sign_in(context, base_url, maya.user)
    page = context.new_page()
    page.goto(NOTEBOOK)
    expect(page.get_by_text("it needs JavaScript")).to_be_visible()
    expect(page.get_by_role("link", name="Help now").first).to_be_visible()
    context.close()


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")])
def test_every_view_is_readable_and_stays_within_the_screen(page: Page, width, theme):
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 800})

    def look(name: str) -> None:
        page.evaluate("scrollTo({top: 0, behavior: 'instant'})")  # nothing half under the bar above
        axe_clean(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/notebook-{name}-{width}-{theme}.png", full_page=True)

    expect(page.get_by_role("heading", name="Choose a passphrase")).to_be_visible()
    look("set-up")
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    page.locator("#set-up-again").fill(PASSPHRASE)
    page.get_by_role("button", name="Go on to the recovery code").click()
    expect(page.get_by_role("heading", name="Your recovery code")).to_be_visible()
    look("code")
    page.get_by_label("I have kept it").check()
    page.get_by_role("button", name="Open my notebook").click()
    expect(page.get_by_role("heading", name="The first page is empty")).to_be_visible()
    look("empty")
    write(page)
    look("entry")
    keep(page)
    look("shelf")
    page.get_by_role("button", name="Change passphrase").click()
    look("change")
    page.reload()
    expect(page.get_by_role("heading", name="Your notebook is locked")).to_be_visible()
    look("unlock")
    page.get_by_role("button", name="I forgot my passphrase").click()
    look("recover")
