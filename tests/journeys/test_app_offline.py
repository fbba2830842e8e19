"""The app on the home screen without a connection: it opens, says from when it is, and is empty once signed out."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from hearth.accounts.roles import Role
from hearth.accounts.services import choose_lock
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.sessions.testing import make_session
from hearth.skills import own_queries
from hearth.skills.testing import make_stay
from hearth.web.offline import pages as offline
from tests.journeys.people import PHONE, Person
from tests.journeys.test_lessons_offline import IS_KEPT
from tests.journeys.test_own_tools import NOTHING_WAITS, comes_true

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

START = "/today/"
FULL = """() => {
  globalThis.put ??= IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""  # as a browser does that may keep no more
FILL = """() => {
  for (let size = 4_000_000; size > 1; size = Math.floor(size / 2)) {
    for (let n = 0; ; n += 1) {
      try {
        localStorage.setItem(`fill${size}.${n}`, "x".repeat(size));
      } catch {
        break;
      }
    }
  }
}"""
SEEN = """(minutes) => new Promise((done) => {
  indexedDB.open("hearth-kept").onsuccess = ({ target: { result: open } }) => {
    const keys = open.transaction("keys", "readwrite").objectStore("keys");
    keys.getAll().onsuccess = ({ target: { result: [own] } }) => {
      keys.put({ ...own, seen: Date.now() - minutes * 60_000 }).onsuccess = () => { open.close(); done(); };
    };
  };
})"""
RENEW = """async () => {
  const registration = await navigator.serviceWorker.ready;
  const renewed = new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done));
  await registration.update();
  await renewed;
}"""


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


def test_where_the_device_has_no_room_it_is_said_and_what_was_typed_stays_and_arrives_later(
    browser: Browser, base_url: str, maya
):
    phone = phone_of(browser, base_url, maya)
    comes_true(phone, IS_KEPT, "/my/skills/hard-days/")
    phone.opens("/my/skills/urges/new/")
    phone.context.set_offline(True)
    phone.page.evaluate(FULL)
    phone.page.evaluate(FILL)
    phone.page.locator("[name=strength]").fill("7")
    helped = phone.page.locator("[name=helped]")
    helped.fill("Called Alma")
    full = phone.page.get_by_text("This device has no room left")
    expect(full).to_have_count(1)
    phone.page.locator("[data-own] form").evaluate("(form) => form.requestSubmit()")
    phone.page.wait_for_timeout(300)
    expect(full).to_have_count(1)
    expect(helped).to_have_value("Called Alma")
    phone.page.evaluate("() => { IDBObjectStore.prototype.put = globalThis.put; }")
    phone.page.locator("[data-own] form").evaluate("(form) => form.requestSubmit()")
    expect(phone.page.get_by_role("heading", name="Kept on this phone")).to_be_visible()
    phone.page.evaluate("localStorage.clear()")
    phone.context.set_offline(False)
    comes_true(phone, NOTHING_WAITS)
    with tenancy.within(maya.organisation_id):
        assert [row.helped for row in own_queries.urges_of(maya.user)] == ["Called Alma"]
    phone.goes()


def test_a_worker_that_is_renewed_while_somebody_types_takes_nothing_and_serves_pages_of_before(
    browser: Browser, base_url: str, maya, monkeypatch
):
    phone = phone_of(browser, base_url, maya)
    comes_true(phone, IS_KEPT, START)
    phone.opens("/my/skills/hard-days/plan/")
    words = phone.page.locator("[name=situations]")
    words.fill("Sunday evening")
    monkeypatch.setattr(offline, "LOOK", offline.LOOK[:-1])  # another version
    phone.page.evaluate(RENEW)
    words.press_sequentially(" alone")
    expect(words).to_have_value("Sunday evening alone")
    phone.presses("Keep this")
    phone.sees("Sunday evening alone")
    phone.context.set_offline(True)
    look = phone.page.evaluate("fetch('/static/web/css/hearth.0123456789ab.css').then((answer) => answer.text())")
    assert "@import" in look
    phone.page.goto(START)
    phone.sees("This is the copy on your phone")
    phone.looks()
    phone.goes()


def test_two_tabs_send_what_waits_once_and_a_store_thrown_away_breaks_neither(browser: Browser, base_url: str, maya):
    phone = phone_of(browser, base_url, maya)
    phone.opens("/my/skills/urges/new/")
    other = phone.context.new_page()
    other.goto("/my/skills/urges/new/")
    phone.context.set_offline(True)
    for tab, strength in ((phone.page, "7"), (other, "4")):
        tab.locator("[name=strength]").fill(strength)
        tab.locator("[data-own] form").evaluate("(form) => form.requestSubmit()")
        expect(tab.get_by_role("heading", name="Kept on this phone")).to_be_visible()
    phone.context.set_offline(False)
    comes_true(phone, NOTHING_WAITS)
    with tenancy.within(maya.organisation_id):
        assert sorted(row.strength for row in own_queries.urges_of(maya.user)) == [4, 7]

    phone.opens("/my/skills/urges/new/")
    phone.context.new_cdp_session(phone.page).send(
        "Storage.clearDataForOrigin", {"origin": base_url, "storageTypes": "indexeddb"}
    )
    phone.page.locator("[name=strength]").fill("2")
    with phone.page.expect_navigation():
        phone.page.locator("[data-own] form").evaluate("(form) => form.requestSubmit()")
    with tenancy.within(maya.organisation_id):
        assert sorted(row.strength for row in own_queries.urges_of(maya.user)) == [2, 4, 7]
    phone.goes()


def test_what_is_kept_closes_without_a_connection_after_the_minutes_its_owner_chose(
    browser: Browser, base_url: str, maya
):
    with tenancy.within(maya.organisation_id):
        choose_lock(user=maya.user, minutes=5, at=timezone.now())
    phone = phone_of(browser, base_url, maya)
    comes_true(phone, IS_KEPT, "/my/skills/hard-days/")
    phone.context.set_offline(True)
    phone.page.evaluate(SEEN, 4)
    phone.page.goto(START)
    phone.sees("This is the copy on your phone")
    phone.page.evaluate(SEEN, 6)
    phone.page.goto(START)
    phone.sees("988", "While you wait")
    phone.sees_nothing_of("Dana")
    phone.page.goto("/calm/")
    phone.sees("Breathe slowly")
    phone.goes()
