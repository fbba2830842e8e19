"""A group meets in Hearth's own video room: real browsers, a real Janus, and a camera that shows a turning pie."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import janus, tenancy
from hearth.people.models import Modality
from hearth.people.testing import make_patient
from hearth.sessions.testing import make_session
from tests.journeys.people import PHONE, Person
from tests.journeys.video_house import NEEDS_JANUS, video_servers

pytestmark = [pytest.mark.journey, pytest.mark.skipif(not janus.is_installed(), reason=NEEDS_JANUS)]

FRAMES = """() => Object.fromEntries([...document.querySelectorAll('.face:not(.me) video')].map((each) =>
  [each.closest('.face').querySelector('b').textContent, each.getVideoPlaybackQuality().totalVideoFrames]))"""


class Member(Person):
    """Somebody who takes part by video."""

    def comes_to_the_door(self, address: str) -> None:
        self.context.grant_permissions(["camera", "microphone"])
        self.opens(address)
        self.page.get_by_role("button", name="Come in with camera").click()

    def is_in(self) -> None:
        expect(self.page.locator("#video")).to_have_attribute("data-state", "in")

    def is_at(self, state: str) -> None:
        expect(self.page.locator("#video")).to_have_attribute("data-state", state)

    def sees_moving(self, *names: str) -> None:
        """Everyone's picture, with frames that go on being decoded."""
        self.page.wait_for_function(
            f"(names) => {{ const seen = ({FRAMES})(); return names.every((n) => seen[n] > 5) }}", arg=list(names)
        )


class Group:
    def __init__(self, organisation, browser, servers):
        self.organisation, self.browser, self.servers = organisation, browser, servers
        self.at = timezone.now()
        self.present = []
        with tenancy.within(organisation.pk):
            self.dana = make_user("Dana Kim", Role.COUNSELOR, Role.FACILITATOR, organisation=organisation)
            self.students = [
                self._student(*names) for names in (("Maya", "Reyes"), ("Jonah", "Park"), ("Luis", "Romero"))
            ]
            self.session = make_session(
                self.dana, *self.students, starts_at=self.at - timedelta(minutes=20), modality=Modality.VIRTUAL
            )

    def _student(self, chosen, family):
        return make_patient(chosen, family, at=self.at)

    def member(self, user, **more):
        member = Member(self.browser, self.servers.url, **more).comes_as(user)
        self.present.append(member)
        return member

    def leader(self):
        member = self.member(self.dana)
        member.comes_to_the_door(f"/sessions/{self.session.pk}/video/")
        return member

    def student(self, number):
        member = self.member(self.students[number].user, screen=PHONE)
        member.comes_to_the_door(f"/my/sessions/{self.session.pk}/video/")
        return member

    def closes(self):
        for member in self.present:
            member.goes()


@pytest.fixture
def group(stored_organisation, browser):
    with video_servers() as servers:
        found = Group(stored_organisation, browser, servers)
        yield found
        found.closes()


def test_a_group_meets(group):
    maya, jonah = group.student(0), group.student(1)
    maya.is_at("waiting")
    jonah.is_at("waiting")

    dana = group.leader()
    dana.is_in()
    dana.taps("Let in Maya")
    maya.is_in()
    jonah.is_at("waiting")
    dana.sees_moving("Maya")
    maya.sees_moving("Dana Kim")

    dana.taps("Let everyone in")
    jonah.is_in()
    dana.sees_moving("Maya", "Jonah")
    maya.sees_moving("Dana Kim", "Jonah")
    jonah.sees_moving("Dana Kim", "Maya")
