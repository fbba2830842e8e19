"""The page of the video servers, and trying out camera, sound and line."""

import socket

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.accounts.models import Organisation
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.lib import devices
from hearth.lib.janus import Server
from hearth.lib.testing import running_janus
from hearth.sessions.models import VideoServer
from hearth.sessions.video.maintenance import say_whether_it_drains, servers_now
from hearth.sessions.video.tests.test_relay import needs_janus

SERVERS, CHOICE = reverse("sessions:video-servers"), reverse("sessions:video-choice")
DEVICES, LINE = reverse("sessions:devices"), reverse("sessions:line")


@pytest.fixture
def kit(organisation):
    return make_user("Kit Marlow", Role.ADMINISTRATOR, organisation=organisation)


@pytest.fixture
def pool_of_two(settings):
    """Two servers, neither of which answers."""
    ports = []
    for _each in range(2):
        with socket.create_server(("127.0.0.1", 0)) as door:
            ports.append(door.getsockname()[1])
    settings.JANUS_SERVERS = tuple(
        Server(name, f"ws://127.0.0.1:{port}", "s", "k") for name, port in zip(("east", "west"), ports, strict=True)
    )


def test_an_administrator_takes_a_server_out_and_back(as_user, kit, pool_of_two):
    browser = as_user(kit)
    assert SERVERS in browser.get(CHOICE).text
    page = browser.get(SERVERS).text
    assert "does not answer" in page
    assert "No other server is left" in page
    assert browser.post(SERVERS, {"server": "east", "deed": "drain"})["Location"] == SERVERS
    assert VideoServer.objects.get(name="east").draining_since is not None
    page = browser.get(SERVERS).text
    assert "it may be stopped" not in page  # it does not answer
    browser.post(SERVERS, {"server": "east", "deed": "use"})
    assert VideoServer.objects.get(name="east").draining_since is None
    told = Event.objects.filter(verb__startswith="sessions.video_server").order_by("at", "pk")
    assert [(one.verb, one.detail) for one in told] == [
        ("sessions.video_server_drained", {"server": "east"}),
        ("sessions.video_server_used", {"server": "east"}),
    ]


@needs_janus
def test_of_a_server_that_does_not_answer_nobody_says_that_it_may_be_stopped(as_user, kit, pool_of_two, now):
    say_whether_it_drains(server="east", drains=True, by=kit, at=now)
    assert not any(one.may_stop for one in servers_now(viewer=kit))
    assert "it may be stopped" not in as_user(kit).get(SERVERS).text


def test_a_server_that_answers_tells_how_many_are_there(kit, settings):
    with running_janus("east") as janus:
        settings.JANUS_SERVERS = (janus.server,)
        (found,) = servers_now(viewer=kit)
    assert (found.name, found.people, found.drains_since, found.may_stop) == ("east", 0, None, False)


def test_nobody_else_sees_the_servers_and_no_other_name_is_taken(as_user, kit, walt, dana, maya, pool_of_two, now):
    for stranger in (walt, dana, maya.user):
        assert as_user(stranger).get(SERVERS).status_code == 403
        with pytest.raises(PermissionDenied):
            say_whether_it_drains(server="east", drains=True, by=stranger, at=now)
    assert SERVERS not in as_user(walt).get(CHOICE).text
    assert as_user(kit).post(SERVERS, {"server": "north", "deed": "drain"}).status_code == 403


def test_where_several_houses_meet_on_them_those_who_run_them_take_one_out(as_user, kit, pool_of_two):
    Organisation.objects.create(name="Another house", slug="another-house")
    page = as_user(kit).get(SERVERS).text
    assert "Several houses meet on these servers" in page
    assert "Take out for maintenance" not in page
    assert as_user(kit).post(SERVERS, {"server": "east", "deed": "drain"}).status_code == 403


def test_without_a_server_the_page_says_how_to_begin(as_user, kit):
    assert "No video server" in as_user(kit).get(SERVERS).text


def test_everyone_with_an_account_tries_camera_sound_and_line(as_user, client, dana, maya):
    assert client.get(DEVICES).status_code == 302
    assert client.post(LINE, b"x", content_type="application/octet-stream").status_code == 302
    for reader in (dana, maya.user):
        page = as_user(reader).get(DEVICES)
        assert page.headers[devices.HEADER] == devices.HERE
        assert "Test the line" in page.text
        answer = as_user(reader).post(LINE, b"x" * 1000, content_type="application/octet-stream")
        assert answer.content == b"x" * 1000
    too_much = as_user(dana).post(LINE, b"x" * 300_000, content_type="application/octet-stream")
    assert too_much.status_code == 413
