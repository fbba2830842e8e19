"""A group meets in Hearth's own video room: real browsers, a real Janus, and a camera that shows a turning pie."""

import re
import time

from playwright.sync_api import expect

from tests.journeys.video_group import by_video, group, group_with_a_pool

__all__ = ["group", "group_with_a_pool"]

pytestmark = by_video


def test_a_group_meets_from_the_door_to_the_end(group):
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
    for member in (dana, maya, jonah):
        member.is_in()
        member.looks()
    dana.sees_moving("Maya", "Jonah")
    maya.sees_moving("Dana Kim", "Jonah")
    jonah.sees_moving("Dana Kim", "Maya")

    maya.taps("Hand")
    expect(dana.face("Maya")).to_have_class(re.compile("raised"))
    dana.face("Jonah").get_by_role("button", name="Mute").click()
    jonah.sees("Your group leader turned your microphone off. You can turn it on again.")
    expect(maya.face("Jonah")).to_have_class(re.compile("muted"))
    jonah.taps("Microphone")
    expect(maya.face("Jonah")).not_to_have_class(re.compile("muted"))
    dana.shares_her_screen()
    maya.sees_moving("Dana Kim: shared screen")

    dana.page.once("dialog", lambda dialog: dialog.accept())
    dana.face("Jonah").get_by_role("button", name="Remove").click()
    jonah.is_at("removed")
    expect(maya.face("Jonah")).to_have_count(0)

    dana.follows_out()
    maya.is_at("paused")
    assert group.minutes_end(0)
    dana.comes_to_the_door(f"/sessions/{group.session.pk}/video/")
    maya.is_in()
    maya.sees_moving("Dana Kim")

    dana.ends_it()
    maya.is_at("ended")


def test_janus_is_killed_and_everyone_is_back_within_ten_seconds(group):
    members = [group.student(number) for number in range(3)]
    dana = group.leader()
    dana.taps("Let everyone in")
    names = ["Maya", "Jonah", "Luis"]
    dana.sees_moving(*names)
    began = group.stretches()

    group.servers.janus.kill()
    killed = time.monotonic()
    for member in members:
        member.is_at("again")
    group.servers.janus.start()
    dana.sees_moving(*names)
    members[0].sees_moving("Dana Kim", "Jonah", "Luis")
    members[1].sees_moving("Dana Kim", "Maya", "Luis")
    members[2].sees_moving("Dana Kim", "Maya", "Jonah")
    assert time.monotonic() - killed < 10

    assert group.stretches() == began  # nobody was away for a minute
    for member in members:
        member.page.close(run_before_unload=False)
    group.wait_for_all_to_have_left()


def test_a_dead_server_of_two_gives_its_room_to_the_other_within_ten_seconds(group_with_a_pool):
    group = group_with_a_pool
    maya, jonah, dana = group.student(0), group.student(1), group.leader()
    dana.taps("Let everyone in")
    dana.sees_moving("Maya", "Jonah")
    began, before = group.stretches(), group.server()

    group.servers.janus.kill()  # and it stays dead
    killed = time.monotonic()
    maya.is_at("again")
    dana.sees_moving("Maya", "Jonah")
    maya.sees_moving("Dana Kim", "Jonah")
    jonah.sees_moving("Dana Kim", "Maya")
    assert time.monotonic() - killed < 10

    assert (before, group.server()) == ("one", "two")
    assert group.stretches() == began  # nobody was away for a minute
