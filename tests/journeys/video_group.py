"""A group that meets by video, each in a browser of their own; `group` is its fixture."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import janus, tenancy
from hearth.people.models import Modality
from hearth.people.testing import make_patient
from hearth.sessions.models import Presence, VideoRoom
from hearth.sessions.testing import make_session, say_where
from tests.journeys.people import PHONE, Person
from tests.journeys.video_house import NEEDS_JANUS, video_servers, video_servers_with_a_pool

by_video = [pytest.mark.journey, pytest.mark.skipif(not janus.is_installed(), reason=NEEDS_JANUS)]

# Ends when each of these pictures has shown five frames more than at some moment before.
MOVES = """async (names) => {
  const frames = () => Object.fromEntries([...document.querySelectorAll('.video-face:not(.mine) video')].map((each) =>
    [each.closest('.video-face').querySelector('b').textContent, each.getVideoPlaybackQuality().totalVideoFrames]));
  const least = {};
  for (let turn = 0; turn < 900; turn += 1) {
    const now = frames();
    for (const name of names) if (name in now) least[name] = Math.min(least[name] ?? Infinity, now[name]);
    if (names.every((name) => now[name] >= least[name] + 5)) return [];
    await new Promise((later) => setTimeout(later, 50));
  }
  return names.filter((name) => !(frames()[name] >= least[name] + 5));
}"""


NOT_OF_STAFF = """() => {
  for (const kind of [window.MediaStreamTrack, window.BrowserCaptureMediaStreamTrack])
    if (kind) kind.prototype.getCaptureHandle = () => null;
}"""


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

    def face(self, name: str):
        return self.page.locator(".video-face").filter(has_text=name)

    def shares_her_screen(self) -> None:
        """A headless browser chooses the page itself, which is of staff and refused: so it is disguised."""
        self.page.evaluate(NOT_OF_STAFF)
        self.taps("Share a tab")
        expect(self.page.get_by_role("button", name="Share a tab")).to_have_attribute("aria-pressed", "true")

    def follows_out(self) -> None:
        self.page.get_by_role("link", name="Leave").click()

    def ends_it(self) -> None:
        self.taps("More")
        self.page.once("dialog", lambda dialog: dialog.accept())
        self.taps("End the video for everyone")

    def sees_moving(self, *names: str) -> None:
        """Everyone's picture, with frames that go on being decoded."""
        assert self.page.evaluate(MOVES, list(names)) == []


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
            say_where(self.session, *self.students, at=self.at)

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

    def server(self):
        """The name of the Janus on which the room stands."""
        with tenancy.within(self.organisation.pk):
            return VideoRoom.objects.get().server

    def stretches(self):
        """Who is there by video since when, and until when."""
        with tenancy.within(self.organisation.pk):
            found = Presence.objects.filter(source=Presence.Source.VIDEO, voided_at=None)
            return {(each.attendance_id, each.began_at, each.ended_at) for each in found}

    def minutes_end(self, number):
        """Whether this student's stretch has ended."""
        until = time.monotonic() + 45
        while time.monotonic() < until:
            with tenancy.within(self.organisation.pk):
                found = Presence.objects.filter(attendance__patient=self.students[number])
                if found.exists() and not found.filter(ended_at=None).exists():
                    return True
            time.sleep(0.1)
        return False

    def wait_for_all_to_have_left(self):
        assert all(self.minutes_end(number) for number in range(len(self.students)))

    def closes(self):
        for member in self.present:
            member.goes()


@pytest.fixture
def group(stored_organisation, browser):
    with video_servers() as servers:
        found = Group(stored_organisation, browser, servers)
        yield found
        found.closes()


@pytest.fixture
def group_with_a_pool(stored_organisation, browser):
    """The same, where a second Janus stands by."""
    with video_servers_with_a_pool() as servers:
        found = Group(stored_organisation, browser, servers)
        yield found
        found.closes()
