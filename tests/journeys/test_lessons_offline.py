"""On a bus without a connection: lessons are read, sheets gone on with, and what is written arrives once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.skills import queries, services, sheet_queries, sheet_services
from hearth.skills.models import Practice
from hearth.skills.sheet_kinds import kinds
from hearth.skills.testing import make_stay
from tests.journeys.people import PHONE, Person
from tests.journeys.test_own_tools import NOTHING_WAITS, comes_true

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

LESSON = "/my/skills/lessons/ride-the-wave/"
IS_KEPT = """(address) => new Promise((done) => {
  const asked = indexedDB.open("hearth-kept");
  asked.onupgradeneeded = () => asked.transaction.abort();
  asked.onerror = () => done(false);
  asked.onsuccess = () => {
    const found = asked.result.transaction("pages").objectStore("pages").get(address);
    found.onsuccess = () => { asked.result.close(); done(Boolean(found.result)); };
  };
})"""

# A browser without a screen has no voice: what would be said is written down.
VOICE = "() => { speechSynthesis.speak = (one) => (globalThis.said ??= []).push([one.lang, one.text]); }"


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
        services.assign_lesson(
            patient=patient, lesson_id="ride-the-wave", due_on=at.date() + timedelta(days=3), by=dana, at=at
        )
    return patient


@pytest.fixture
def phone(browser: Browser, base_url: str, maya):
    person = Person(browser, base_url, screen=PHONE, keeps=True).comes_as(maya.user)
    person.opens("/my/skills/")
    person.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    yield person
    person.goes()


def test_a_lesson_that_was_handed_out_is_read_and_practised_without_a_connection(phone, maya):
    comes_true(phone, IS_KEPT, LESSON)
    phone.context.set_offline(True)
    phone.page.goto("/my/skills/")
    phone.looks()
    lessons = phone.card("Lessons on this phone")
    expect(lessons.get_by_role("listitem").filter(visible=True)).to_have_count(1)
    lessons.get_by_role("link").filter(visible=True).click()
    phone.page.wait_for_url(f"**{LESSON}")
    phone.sees("Practise at home")
    part = phone.page.locator("#part-1")
    phone.page.evaluate(VOICE)
    part.get_by_role("button", name="Listen").click()
    assert phone.page.evaluate("said[0]") == ["en", part.get_by_role("heading").inner_text()]
    assert phone.page.evaluate("said.length") > 2
    listen = part.get_by_role("button", name="Listen")
    expect(listen).to_have_attribute("aria-pressed", "true")
    listen.click()
    expect(listen).to_have_attribute("aria-pressed", "false")
    phone.writes("A note for yourself", "On the bus")
    phone.page.locator("[data-own] form").evaluate("(form) => { form.requestSubmit(); form.requestSubmit(); }")
    expect(phone.page.get_by_role("heading", name="Kept on this phone")).to_be_visible()
    phone.sees("On this phone, not stored yet", "On the bus")
    phone.looks()

    phone.context.set_offline(False)
    phone.page.goto("/my/skills/")
    comes_true(phone, NOTHING_WAITS)
    with tenancy.within(maya.organisation_id):
        assert Practice.objects.get().note == "On the bus"
        assert queries.due_lessons(maya, timezone.localdate()) == []


def test_a_sheet_is_gone_on_with_without_a_connection_while_the_tablet_writes_too(phone, maya):
    with tenancy.within(maya.organisation_id):
        row = sheet_services.begin(kind=kinds()["worry"], answers={"when": "At five"}, by=maya.user, at=timezone.now())
    address = f"/my/skills/sheets/{row.pk}/"
    phone.opens("/my/skills/sheets/")
    comes_true(phone, IS_KEPT, address)
    comes_true(phone, IS_KEPT, "/my/skills/sheets/new/problem/")
    phone.context.set_offline(True)
    phone.page.goto("/my/skills/sheets/")
    phone.leaves_by(phone.card("Begun").get_by_role("link"))
    expect(phone.page.locator("[name=when]")).to_have_value("At five")
    for words in ("At six", "At ten"):
        phone.page.locator("[name=when]").fill(words)
        phone.taps("Keep this")
        phone.looks()
        with phone.page.expect_navigation():
            phone.taps("Go on writing")
        expect(phone.page.locator("[name=when]")).to_have_value(words)

    phone.page.goto("/my/skills/sheets/new/problem/")
    phone.page.locator("[name=problem]").fill("The rent")
    phone.taps("Keep this")
    expect(phone.page.get_by_role("heading", name="Kept on this phone")).to_be_visible()
    phone.page.goto("/my/skills/sheets/")
    waits = phone.page.locator("[data-waits-here]")
    expect(waits.get_by_role("listitem")).to_have_count(2)
    phone.looks()
    phone.leaves_by(waits.get_by_role("link", name="Go on Solve a problem"))
    expect(phone.page.locator("[name=problem]")).to_have_value("The rent")

    with tenancy.within(maya.organisation_id):
        sheet_services.go_on(
            pk=row.pk, kind=kinds()["worry"], answers={"when": "Tablet"}, version=1, by=maya.user, at=timezone.now()
        )
    phone.context.set_offline(False)
    phone.page.goto("/my/skills/")
    comes_true(phone, NOTHING_WAITS)
    phone.opens(address)
    phone.sees("Written on two devices", "At ten")
    with tenancy.within(maya.organisation_id):
        kept = [(one.kind, one.answers.get("when")) for one in sheet_queries.sheets_of(maya.user)]
        assert sorted(kept, key=str) == [("problem", None), ("worry", "At ten"), ("worry", "Tablet")]

    phone.context.set_offline(True)  # what is deleted elsewhere meanwhile stays on the phone until it is settled there
    phone.page.goto(address)
    phone.page.locator("[name=when]").fill("At noon")
    phone.taps("Keep this")
    expect(phone.page.get_by_role("heading", name="Kept on this phone")).to_be_visible()
    with tenancy.within(maya.organisation_id):
        for one in sheet_queries.sheets_of(maya.user):
            sheet_services.delete(pk=one.pk, by=maya.user, at=timezone.now())
    phone.context.set_offline(False)
    phone.page.goto("/my/skills/sheets/")
    phone.sees("You deleted this in between", "At noon")
    phone.looks()
    phone.follows("Go on Worry time")
    expect(phone.page.locator("[name=when]")).to_have_value("At noon")
    phone.presses("Keep this")
    phone.opens("/my/skills/sheets/")
    comes_true(phone, NOTHING_WAITS)
    with tenancy.within(maya.organisation_id):
        assert [one.answers["when"] for one in sheet_queries.sheets_of(maya.user)] == ["At noon"]
