"""A counselor and a student make a safety plan; the student has it on their phone where there is no connection."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.safety.models import SafetyPlan, SafetyPlanLook
from hearth.safety.plan_rules import Helper, Sections
from hearth.safety.services import save_plan
from tests.journeys.people import DESK, PHONE, Person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

MINE = "/my/safety-plan/"


@pytest.fixture
def cast(stored_organisation):
    """Dana, and Maya whose counselor she is."""
    at = timezone.now()
    with tenancy.within(stored_organisation.pk):
        dana = make_user("Dana Kim", Role.COUNSELOR, title="LPC", organisation=stored_organisation)
        maya = make_patient("Maya", "Reyes", at=at)
        CareTeamMember.objects.create(patient=maya, member=dana, role=Role.COUNSELOR, is_primary=True, since=at.date())
    return stored_organisation, dana, maya


def phone_of(browser, base_url, user):
    return Person(browser, base_url, screen=PHONE, keeps=True).comes_as(user)


def is_kept(person):
    """The plan lies on this phone, and the service worker is at work."""
    expect(person.page.locator("[data-kept-says]")).to_be_visible()
    person.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def test_they_make_it_together_and_the_student_opens_it_without_a_connection(browser: Browser, base_url: str, cast):
    organisation, dana_kim, maya_reyes = cast
    dana = Person(browser, base_url, screen=DESK).comes_as(dana_kim)
    dana.opens(f"/students/{maya_reyes.pk}/")
    dana.follows("Safety plan")
    dana.sees("No safety plan yet")
    dana.follows("Make it together")
    dana.writes("How I notice that it gets dangerous", "I stop answering messages.")
    dana.page.locator("#id_helpers_0_name").fill("Alma")
    dana.page.locator("#id_helpers_0_phone").fill("303 555 0161")
    dana.writes("Distance from what could hurt me", "The pills are out of the house until we talk again.")
    dana.writes("Who keeps it, and who agreed to this", "Alma keeps them. Agreed with Alma and Dana.")
    dana.presses("Keep this plan")
    dana.presses("We looked through it together")
    dana.sees("Maya has not said yes to this version yet")
    dana.goes()

    maya = phone_of(browser, base_url, maya_reyes.user)
    maya.opens("/today/")
    maya.follows("Open My safety plan")
    is_kept(maya)
    maya.presses("Yes, this is my plan")
    maya.sees("You said yes to this version")
    is_kept(maya)
    maya.context.set_offline(True)
    maya.page.goto(MINE)
    maya.sees("I stop answering messages.", "Alma keeps them.")
    expect(maya.page.get_by_role("link", name="Call Alma")).to_have_attribute("href", "tel:+13035550161")
    expect(maya.page.get_by_role("link", name="Change it")).to_have_count(0)
    maya.looks()
    maya.page.goto("/my/week/")  # was never kept: Help now stands in, and leads to the plan
    maya.sees("While you wait")
    maya.leaves_by(maya.page.locator("[data-kept-here] a"))
    maya.sees("I stop answering messages.")

    maya.context.set_offline(False)
    maya.opens(MINE)
    maya.follows("Change it")
    maya.writes("What I live for", "Breakfast with my daughter.")
    maya.presses("Keep this plan")
    is_kept(maya)
    assert not maya.page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('hearth.draft.'))")
    maya.context.set_offline(True)
    maya.page.goto(MINE)
    maya.sees("Breakfast with my daughter.")
    maya.goes()
    with tenancy.within(organisation.pk):
        assert [row.saved_by for row in SafetyPlan.objects.order_by("version")] == [dana_kim, maya_reyes.user]
        assert sorted(SafetyPlanLook.objects.values_list("as_student", flat=True)) == [False, True]


@pytest.fixture
def planned(cast):
    _organisation, dana, maya = cast
    with tenancy.within(cast[0].pk):
        words = Sections(signs="I stop answering messages.", helpers=(Helper("Alma", "303 555 0161"),))
        save_plan(patient_pk=maya.pk, sections=words, based_on=0, by=dana, at=timezone.now())
    return maya.user


def test_signing_out_takes_it_from_the_phone(browser: Browser, base_url: str, planned):
    maya = phone_of(browser, base_url, planned)
    maya.opens(MINE)
    is_kept(maya)
    maya.page.get_by_role("button", name="Sign out").click()
    maya.page.wait_for_load_state()
    maya.page.wait_for_timeout(500)
    maya.context.set_offline(True)
    maya.page.goto(MINE)
    maya.sees("While you wait")
    maya.sees_nothing_of("Alma")
    expect(maya.page.get_by_role("link", name="My safety plan")).to_have_count(0)
    maya.goes()


def test_a_shared_device_keeps_nothing_of_it(browser: Browser, base_url: str, planned):
    client = Client()
    client.force_login(planned)
    session = client.session
    session["shared_device"] = True
    session.save()
    maya = Person(browser, base_url, screen=PHONE, keeps=True)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    maya.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base_url}])
    maya.opens(MINE)
    maya.sees("This is a shared device: your plan is not kept on it.", "Call Alma")
    assert maya.page.evaluate("indexedDB.databases().then((all) => all.map((each) => each.name))") == []
    maya.goes()
