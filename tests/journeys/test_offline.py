"""A facilitator's tablet in a group room loses its connection: nothing tapped is lost, and nothing is done twice."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.sessions.models import Attendance, GroupNote, Mark
from hearth.sessions.testing import make_episode, make_room, make_session
from tests.journeys.people import PHONE, Person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

TABLET = {"width": 768, "height": 1024}
NAMES = (("Ana", "Ortiz"), ("Ben", "Cole"), ("Maya", "Reyes"), ("Luis", "Romero"))


@pytest.fixture
def scene(stored_organisation):
    """Dana's group began ten minutes ago; Theo may use the same tablet."""
    at = timezone.now()
    with tenancy.within(stored_organisation.pk):
        dana = make_user("Dana Kim", Role.COUNSELOR, Role.FACILITATOR, organisation=stored_organisation)
        theo = make_user("Theo Brandt", Role.COUNSELOR, organisation=stored_organisation)
        people = [make_patient(chosen, family, at=at) for chosen, family in NAMES]
        for patient in people:
            make_episode(patient, by=dana, starts_on=at.date() - timedelta(days=20))
        CareTeamMember.objects.create(patient=people[2], member=dana, role=Role.COUNSELOR, since=at.date())
        session = make_session(
            dana, *people, starts_at=at - timedelta(minutes=10), room=make_room(), topic="How mood works"
        )
    return stored_organisation, session, dana, theo, people


def stand(scene):
    """How everybody attends by the server's rows, by first name."""
    organisation, session, *_rest = scene
    with tenancy.within(organisation.pk):
        return {row.patient.chosen_name: row.status for row in session.roster.select_related("patient")}


def mark(person, name, deed):
    person.page.get_by_role("button", name=f"{deed} {name}", exact=True).click()


def says(person, words):
    expect(person.page.locator("[data-keeping-says]")).to_contain_text(words)


def controlled(person):
    """The service worker is at work on this page."""
    person.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


@pytest.fixture
def tablet(browser: Browser, base_url: str, scene):
    _organisation, session, dana, _theo, _people = scene
    person = Person(browser, base_url, screen=TABLET, keeps=True).comes_as(dana)
    person.opens(f"/sessions/{session.pk}/")
    controlled(person)
    says(person, "Also works without a connection.")
    yield person
    person.goes()


def test_a_tablet_marks_four_people_offline_and_all_is_on_the_server_once(tablet, scene):
    organisation, session, *_rest = scene
    sent = []
    tablet.page.on("request", lambda asked: sent.append(asked) if asked.url.endswith("/marks/") else None)
    tablet.context.set_offline(True)
    says(tablet, "Offline: what you tap is kept here and will be sent.")
    mark(tablet, "Ana O.", "Present")
    mark(tablet, "Ben C.", "Absent")
    mark(tablet, "Maya R.", "Late, now")
    says(tablet, "Offline: 3 taps are kept here and will be sent.")
    tablet.looks()

    tablet.page.reload()  # the page opens without the network, and still knows
    says(tablet, "Offline: 3 taps are kept here and will be sent.")
    assert "PHQ-9" not in tablet.page.content()
    tablet.page.get_by_role("link", name="Luis R.").focus()
    tablet.page.keyboard.press("p")
    tablet.page.keyboard.press("4")
    says(tablet, "Offline: 5 taps are kept here and will be sent.")
    expect(tablet.page.locator("[data-status='present']")).to_have_count(2)
    tablet.looks()
    assert set(stand(scene).values()) == {"expected"}

    tablet.context.set_offline(False)
    expect(tablet.page.get_by_role("heading", name="Topic and video link")).to_be_visible()
    assert stand(scene) == {"Ana": "present", "Ben": "absent", "Luis": "present", "Maya": "late"}
    with tenancy.within(organisation.pk):
        assert Mark.objects.count() == 5
        luis = session.roster.get(patient__chosen_name="Luis")
        assert GroupNote.objects.get().lines[str(luis.pk)]["took_part"] == 4

    body = next(each.post_data for each in sent if len(json.loads(each.post_data)["items"]) == 5)
    for _again in range(2):
        answer = tablet.page.evaluate(
            """async ([to, body]) => {
              const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
              const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
              const sent = JSON.stringify({ ...JSON.parse(body), sent: Date.now() });
              return (await (await fetch(to, { method: "POST", body: sent, headers })).json()).results;
            }""",
            [f"/sessions/{session.pk}/marks/", body],
        )
        assert [each["done"] for each in answer] == [True] * 5
    with tenancy.within(organisation.pk):
        assert Mark.objects.count() == 5


def test_what_is_refused_stays_until_it_is_corrected(tablet, scene):
    _organisation, session, *_rest = scene
    tablet.context.set_offline(True)
    tablet.page.clock.install()
    # Somebody turned the tablet's clock. By half an hour the page would cover itself.
    tablet.page.clock.fast_forward(20 * 60 * 1000)
    mark(tablet, "Ana O.", "Present")
    says(tablet, "Offline: 1 tap is kept here and will be sent.")
    tablet.context.set_offline(False)
    line = tablet.page.locator("[data-keeping-refused] li")
    expect(line).to_contain_text("Ana O.")
    expect(line).to_contain_text("The clock of this device was changed meanwhile.")
    tablet.looks()
    zone = session.facilitator.zone
    line.get_by_label("When it happened").fill(f"{timezone.now().astimezone(zone):%H:%M}")
    line.get_by_role("button", name="Send with this time").click()
    expect(tablet.page.locator("[data-keeping-refused]")).to_be_hidden()
    assert stand(scene)["Ana"] == "present"


def test_a_colleague_on_the_same_tablet_neither_sees_nor_sends_what_waits(tablet, scene, base_url):
    organisation, session, dana, theo, _people = scene
    address = f"/sessions/{session.pk}/"
    tablet.context.set_offline(True)
    mark(tablet, "Ana O.", "Present")
    says(tablet, "Offline: 1 tap is kept here and will be sent.")
    tablet.context.clear_cookies()
    tablet.context.set_offline(False)
    says(tablet, "Sign in again: 1 tap is kept here and then sent.")
    tablet.looks()

    tablet.comes_as(theo)
    tablet.opens("/today/")
    tablet.page.wait_for_timeout(500)
    tablet.context.set_offline(True)
    tablet.page.goto(address)  # kept for Dana: closed to Theo
    tablet.sees("Help now")
    tablet.sees_nothing_of("Ana O.")
    tablet.context.set_offline(False)
    assert stand(scene)["Ana"] == "expected"

    tablet.context.clear_cookies()
    tablet.comes_as(dana)
    tablet.opens("/today/")  # on whatever page she is
    tablet.page.wait_for_timeout(1500)
    assert stand(scene)["Ana"] == "present"
    with tenancy.within(organisation.pk):
        assert Mark.objects.get().made_by_id == dana.pk
        assert Attendance.objects.filter(status="expected").count() == 3


def test_an_idle_page_covers_itself_offline(tablet):
    tablet.context.set_offline(True)
    says(tablet, "Offline:")
    tablet.page.clock.install()
    tablet.page.clock.fast_forward(45 * 60 * 1000)
    cover = tablet.page.get_by_role("dialog", name="Covered, because nobody used this page for a while.")
    expect(cover).to_be_visible()
    tablet.page.keyboard.press("Escape")
    tablet.page.mouse.click(5, 5)
    expect(cover).to_be_visible()
    tablet.looks()
    tablet.taps("Show it again")
    expect(cover).to_be_hidden()
    mark(tablet, "Ana O.", "Present")
    says(tablet, "Offline: 1 tap is kept here and will be sent.")


def test_signing_out_closes_what_was_kept(tablet, scene):
    _organisation, session, *_rest = scene
    tablet.page.get_by_role("button", name="Menu").click()
    tablet.page.get_by_role("button", name="Sign out").click()
    tablet.page.wait_for_load_state()
    tablet.page.wait_for_timeout(500)
    tablet.context.set_offline(True)
    tablet.page.goto(f"/sessions/{session.pk}/")
    tablet.sees("Help now")
    tablet.sees_nothing_of("Ana O.")


def test_help_now_opens_offline_for_a_student_from_any_page(browser: Browser, base_url: str, scene):
    student = Person(browser, base_url, screen=PHONE, keeps=True).comes_as(scene[4][2].user)
    student.opens("/today/")
    controlled(student)
    student.context.set_offline(True)
    for address in ("/help-now/", "/my/week/"):
        student.page.goto(address)
        student.sees("988", "While you wait")
        student.looks()
    student.goes()


def test_a_tablet_that_believes_it_is_2001_marks_everybody_at_the_right_time(browser: Browser, base_url: str, scene):
    organisation, session, dana, *_rest = scene
    tablet = Person(browser, base_url, screen=TABLET, keeps=True).comes_as(dana)
    tablet.page.clock.install(time=datetime(2001, 1, 1, tzinfo=UTC))
    tablet.opens(f"/sessions/{session.pk}/")
    controlled(tablet)
    says(tablet, "Also works without a connection.")
    tablet.context.set_offline(True)
    mark(tablet, "Ana O.", "Present")
    says(tablet, "Offline: 1 tap is kept here and will be sent.")
    tablet.context.set_offline(False)
    expect(tablet.page.locator("[data-keeping-says]")).not_to_contain_text("Offline")
    with tenancy.within(organisation.pk):
        assert abs(timezone.now() - Mark.objects.get().made_at) < timedelta(minutes=1)
    tablet.goes()
