"""A hard evening on a phone: tools within a few taps, also where there is no connection, and nothing typed is lost."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.measures.models import Response
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.skills import own_queries
from hearth.skills.coping_services import keep_plan
from hearth.skills.testing import make_stay
from tests.journeys.people import PHONE, Person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

AT = datetime(2026, 11, 24, tzinfo=UTC)
WORDS = {"triggers": "Payday", "warning_signs": "I skip breakfast", "situations": "", "what_i_do": "Walk"}
KEPT = """(least) => new Promise((done) => {
  const asked = indexedDB.open("hearth-kept");
  asked.onupgradeneeded = () => asked.transaction.abort();
  asked.onerror = () => done(false);
  asked.onsuccess = () => {
    const found = asked.result.transaction("pages").objectStore("pages").getAllKeys();
    found.onsuccess = () => { asked.result.close(); done(found.result.length >= least); };
  };
})"""

NOTHING_WAITS = """() => new Promise((done) => {
  const asked = indexedDB.open("hearth-kept");
  asked.onupgradeneeded = () => asked.transaction.abort();
  asked.onerror = () => done(false);
  asked.onsuccess = () => {
    const found = asked.result.transaction("queue").objectStore("queue").count();
    found.onsuccess = () => { asked.result.close(); done(found.result === 0); };
  };
})"""


@pytest.fixture
def maya(stored_organisation):
    with tenancy.within(stored_organisation.pk):
        dana = make_user("Dana Kim", Role.COUNSELOR, organisation=stored_organisation)
        patient = make_patient("Maya", "Reyes", at=AT)
        make_stay(patient, by=dana, at=AT)
        CareTeamMember.objects.create(
            patient=patient, member=dana, role=Role.COUNSELOR, is_primary=True, since=AT.date()
        )
        alma = {"name": "Alma", "phone": "303-555-0142"}
        assert patient.user
        keep_plan(words=WORDS, people=[alma], version=0, by=patient.user, at=AT)
    return patient


@pytest.fixture
def phone(browser: Browser, base_url: str, maya):
    person = Person(browser, base_url, screen=PHONE, keeps=True).comes_as(maya.user)
    yield person
    person.goes()


def comes_true(phone, script, *arguments):
    """Wait for what the browser's own store holds."""
    for _again in range(60):
        if phone.page.evaluate(script, *arguments):
            return
        phone.page.wait_for_timeout(500)
    raise AssertionError(phone.page.url)


def fills(phone, name, value):
    phone.page.locator(f"[name={name}]").fill(value)


def test_breathing_is_one_tap_from_today_and_every_tool_two(phone):
    phone.opens("/today/")
    phone.follows("Hard moment? Breathe")
    phone.taps("Start")
    expect(phone.page.locator("[data-words]").first).to_have_text("Breathe in")
    phone.taps("Stop")
    expect(phone.page.get_by_role("button", name="Start")).to_be_focused()
    senses = phone.page.locator("#senses")
    expect(senses.get_by_text("Four things you can feel.")).to_be_hidden()
    senses.get_by_role("button", name="Next").click()
    expect(senses.get_by_text("Four things you can feel.")).to_be_focused()
    phone.looks()
    phone.opens("/today/")
    phone.follows("My plan and cards")
    expect(phone.page.get_by_role("link", name="303-555-0142")).to_be_visible()
    for name in ("Ride out an urge", "One small thing to do"):
        phone.opens("/my/skills/")
        phone.follows(name)


def test_an_urge_is_ridden_and_a_small_thing_done_without_a_connection_and_arrives_once(phone, maya):
    phone.opens("/my/skills/")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    comes_true(phone, KEPT, 9)
    phone.context.set_offline(True)

    phone.page.goto("/calm/")
    phone.follows("Tools")
    phone.follows("Ride out an urge")
    phone.page.get_by_role("button", name="5 minutes").click()
    expect(phone.page.locator("[data-words]")).to_have_text("5 minutes to go")
    phone.taps("Stop")
    fills(phone, "strength", "8")
    fills(phone, "after", "3")
    fills(phone, "helped", "Called Alma")
    phone.page.locator("[data-own] form").evaluate("(form) => { form.requestSubmit(); form.requestSubmit(); }")
    expect(phone.page.get_by_role("heading", name="Kept on this phone")).to_be_visible()
    phone.looks()

    phone.page.goto("/calm/")
    phone.looks()
    phone.page.locator("#muscles").get_by_role("link", name="This helped me").click()
    phone.page.wait_for_url("**/helped/muscles/")
    phone.looks()
    phone.taps("Keep this")
    expect(phone.page.get_by_role("heading", name="Kept on this phone")).to_be_visible()

    phone.page.goto("/my/skills/hard-days/")
    expect(phone.page.get_by_text("I skip breakfast")).to_be_visible()
    phone.looks()

    phone.context.set_offline(False)
    phone.page.goto("/my/skills/urges/")
    comes_true(phone, NOTHING_WAITS)
    assert not phone.page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('hearth.draft.'))")
    with tenancy.within(maya.organisation_id):
        (urge,) = own_queries.urges_of(maya.user)
        assert (urge.strength, urge.after) == (8, 3)
        assert [row.tool for row in own_queries.helped_of(maya.user)] == ["muscles"]


def test_answers_given_without_a_connection_arrive_once_however_often_they_are_sent(phone, maya):
    phone.opens("/my/check-ins/phq-9/")
    comes_true(phone, KEPT, 1)
    phone.context.set_offline(True)
    phone.page.locator("input[type=radio][value='0']").evaluate_all(
        "(all) => all.forEach((one) => (one.checked = true))"
    )
    phone.page.locator("[data-questions] form").evaluate("(form) => { form.requestSubmit(); form.requestSubmit(); }")
    expect(phone.page.get_by_role("heading", name="Kept on this phone")).to_be_visible()

    phone.context.set_offline(False)
    phone.page.goto("/my/check-ins/")
    comes_true(phone, NOTHING_WAITS)
    with tenancy.within(maya.organisation_id):
        assert Response.objects.get().patient_id == maya.pk


def test_what_was_refused_is_still_there_and_asks_the_server_no_more(phone):
    phone.opens("/my/skills/")
    comes_true(phone, KEPT, 1)
    left = phone.page.evaluate(
        """async (to) => {
          const { add, count, send, waiting } = await import("/static/web/offline/queue.js");
          const { owner } = document.body.dataset;
          await add({ owner, to, page: location.pathname, body: { what: "unheard-of", fields: {} } });
          await send(owner);
          return [(await waiting(owner)).length, await count(owner)];
        }""",
        "/my/skills/queued/",
    )
    assert left == [1, 0]


def test_the_ways_back_to_calm_open_on_a_line_that_is_there_but_dead(phone):
    phone.opens("/today/")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.context.route("**/calm/", lambda _route: None)  # no answer ever comes
    phone.page.goto("/calm/", timeout=60_000)
    phone.sees("Breathe slowly")
    phone.context.unroute_all()


def test_a_plan_typed_into_a_dead_line_is_found_again(phone):
    phone.opens("/my/skills/hard-days/plan/")
    fills(phone, "situations", "Sunday evening alone")
    phone.page.wait_for_timeout(600)  # a draft is kept a moment after the last key
    phone.page.reload()
    expect(phone.page.locator("[name=situations]")).to_have_value("Sunday evening alone")
    phone.presses("Keep this")
    expect(phone.page.get_by_text("Sunday evening alone")).to_be_visible()
    phone.presses("Share with my counselor")
    expect(phone.page.get_by_role("button", name="Stop sharing")).to_be_visible()
