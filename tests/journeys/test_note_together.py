"""One group note in two browsers: both leaders write and see all of it, and a signature leads where it should."""

import time
from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.people.testing import make_patient
from hearth.sessions import services
from hearth.sessions.models import GroupNote, GroupNoteVersion, ProgressNote, Session
from hearth.sessions.rules.notes import Draft, Line
from hearth.sessions.testing import make_episode, make_session
from tests.journeys.people import Person
from tests.journeys.video_house import on_this_database, web_server

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


@pytest.fixture
def held(stored_organisation):
    """A group of two that is over, led by Dana and Theo, with all written that a note needs."""
    at = timezone.now()
    with tenancy.within(stored_organisation.pk):
        dana = make_user("Dana Kim", Role.COUNSELOR, Role.FACILITATOR, organisation=stored_organisation, title="LPC")
        theo = make_user("Theo Brandt", Role.COUNSELOR, organisation=stored_organisation, title="LCSW")
        people = [make_patient(chosen, family, at=at) for chosen, family in (("Maya", "Reyes"), ("Jo", "Li"))]
        for person in people:
            make_episode(person, by=dana, starts_on=(at - timedelta(weeks=5)).date())
        starts_at = at - timedelta(hours=4)
        session = make_session(dana, *people, starts_at=starts_at, topic="Early signs", co_facilitator=theo)
        for row in session.roster.all():
            services.mark(attendance=row, status="present", by=dana, at=starts_at)
        services.end(session=session, by=dana, at=starts_at + timedelta(hours=3))
        line = Line(text="Named three signs.", took_part=4, risk="none", goal=1, progress="same")
        lines = {str(row.pk): line for row in session.roster.all()}
        draft = Draft(text="Mapped early signs.", interventions=("psychoeducation",), plan="Practise.", lines=lines)
        services.save_group_note(session=session, draft=draft, by=dana, at=at)
    return session, dana, theo


@pytest.fixture
def opens(browser: Browser, held):
    """`opens(dana)`: the note in a browser of her own, on a site whose pages hear of each other."""
    there: list[Person] = []
    with web_server(on_this_database()) as url:
        yield partial(_open, browser, url, held[0], there)
        for person in there:
            person.goes()


def _open(browser: Browser, url: str, session: Session, there: list[Person], user: User) -> Page:
    person = Person(browser, url).comes_as(user)
    there.append(person)
    person.opens(reverse("sessions:note", args=[session.pk]))
    return person.page


def test_two_leaders_write_one_note_and_nothing_of_either_is_lost(held, opens, stored_organisation):
    session, dana, theo = held
    hers, his = opens(dana), opens(theo)
    hers.locator('[name="process"]').fill("The group was quiet at first.")
    his.locator('[name="plan"]').fill("Three signs until Thursday.")
    expect(his.locator('[name="process"]')).to_have_value("The group was quiet at first.")
    expect(hers.locator('[name="plan"]')).to_have_value("Three signs until Thursday.")

    his.context.set_offline(True)  # so that he writes on what she changes meanwhile
    his.locator('[name="text"]').fill("His words.")
    hers.locator('[name="text"]').fill("Her words.")
    expect(hers.locator("#note-state")).not_to_have_attribute(
        "data-version", his.locator("#note-state").get_attribute("data-version") or ""
    )
    his.context.set_offline(False)
    for page in (hers, his):
        beside = page.locator(".two-texts").first
        expect(beside).to_contain_text("Her words.")
        expect(beside).to_contain_text("His words.")
    hers.locator(".two-texts").first.get_by_role("button", name="Keep all").click()
    for page in (hers, his):
        expect(page.locator('[name="text"]')).to_have_value("Her words.\nHis words.")
        expect(page.locator(".two-texts")).to_have_count(0)
    with tenancy.within(stored_organisation.pk):
        assert {one.by_id for one in GroupNoteVersion.objects.filter(note__session=session)} == {dana.pk, theo.pk}


def test_a_signature_leads_to_what_was_signed_whatever_the_open_note_still_wanted(held, opens, stored_organisation):
    session, dana, _theo = held
    page = opens(dana)
    broken_off = []
    page.on("requestfailed", lambda asked: broken_off.append(asked.url) if asked.is_navigation_request() else None)

    def slowly(route: Route) -> None:
        """The signature holds, the news of it is out, and the answer takes its time."""
        if not route.request.is_navigation_request() or route.request.method != "POST":
            return route.continue_()
        answer = route.fetch(max_redirects=0)
        time.sleep(2)
        return route.fulfill(response=answer)

    page.route("**/note/", slowly)
    page.locator('[name="plan"]').fill("Three signs until Thursday.")
    page.get_by_role("button", name="Sign 2 notes").click()
    expect(page.locator("main")).to_contain_text("signed and locked")
    expect(page.locator("body")).to_contain_text("2 notes signed.")
    assert broken_off == []
    with tenancy.within(stored_organisation.pk):
        assert ProgressNote.objects.filter(session=session).count() == 2
        assert GroupNote.objects.get(session=session).plan == "Three signs until Thursday."
