"""The room's page and its deeds, for the owner, a colleague and a stranger."""

import socket
from datetime import timedelta

import pytest
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.consent.testing import make_release
from hearth.lib import devices
from hearth.lib.janus import Server
from hearth.people.models import Modality, Relationship
from hearth.program.models import Interpreter
from hearth.sessions import services as sessions
from hearth.sessions.models import Attendance, VideoPlace
from hearth.sessions.rules.whereabouts import Address
from hearth.sessions.testing import make_session, say_where
from hearth.sessions.video import pool, tickets
from hearth.timetable.models import Kind

DEEDS = ("video-admit", "video-admit-all", "video-mute", "video-remove", "video-end")


@pytest.fixture
def live_evening(evening, maya, now, time_machine):
    """The evening, while the clock stands ten minutes into it; Maya has said where she is."""
    time_machine.move_to(evening.starts_at + timedelta(minutes=10), tick=False)
    say_where(evening, maya, at=now)
    return evening


@pytest.fixture
def janus_answers(settings):
    """Somebody listens where Janus would."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        settings.JANUS_SERVERS = (Server("one", f"ws://127.0.0.1:{door.getsockname()[1]}", "s", "k"),)
        yield
    pool._doors.clear()


def test_the_room_is_for_those_who_lead_and_its_students(as_user, live_evening, dana, maya, theo, priya, janus_answers):
    ours, hers = reverse("sessions:video", args=[live_evening.pk]), reverse("sessions:my-video", args=[live_evening.pk])
    page = as_user(dana).get(ours)
    assert "Let everyone in" in page.text
    assert page.headers[devices.HEADER] == devices.HERE
    page = as_user(maya.user).get(hers)
    assert "Come in with camera" in page.text
    assert "Let everyone in" not in page.text
    for stranger in (theo, priya):
        assert as_user(stranger).get(ours).status_code == 403
    assert as_user(maya.user).get(ours).status_code == 403


def test_a_student_of_another_group_has_no_way_in(as_user, live_evening, dana, maya, jonah, janus_answers):
    live_evening.roster.filter(patient=jonah).delete()
    browser = as_user(jonah.user)
    assert browser.get(reverse("sessions:my-video", args=[live_evening.pk])).status_code == 403
    assert browser.post(reverse("sessions:video-ticket", args=[live_evening.pk])).status_code == 403


def test_who_has_not_said_where_they_are_or_is_where_no_leader_is_licensed_says_so_first(
    as_user, evening, maya, now, time_machine, janus_answers
):
    time_machine.move_to(evening.starts_at + timedelta(minutes=10), tick=False)
    browser = as_user(maya.user)
    hers, door, before = (
        reverse(f"sessions:{name}", args=[evening.pk]) for name in ("my-video", "video-ticket", "before")
    )
    for place in (None, Address("1 Main Street", "Moab", "UT")):
        if place:
            row = evening.roster.get(patient=maya)
            sessions.confirm_place(attendance=row, address=place, by=maya.user, at=now)
        assert browser.get(hers)["Location"] == before
        assert browser.post(door).status_code == 409
    say_where(evening, maya, at=now + timedelta(minutes=1))
    assert "Come in with camera" in browser.get(hers).text


def test_no_other_page_may_use_the_camera(as_user, live_evening, dana):
    assert (
        as_user(dana).get(reverse("sessions:room", args=[live_evening.pk])).headers[devices.HEADER] == devices.NOWHERE
    )


def test_a_ticket_is_for_whoever_asks_and_only_while_the_door_is_open(as_user, live_evening, maya, dana, now):
    address = reverse("sessions:video-ticket", args=[live_evening.pk])
    found = tickets.spend(as_user(maya.user).post(address).json()["ticket"], at=now)
    assert (found.user_id, found.session_id) == (maya.user.pk, live_evening.pk)
    sessions.end(session=live_evening, by=dana, at=now)
    assert as_user(maya.user).post(address).status_code == 409
    assert as_user(maya.user).get(address).status_code == 405


def test_deeds_are_for_those_who_lead(as_user, live_evening, comes, dana, theo, maya):
    place, _ = comes(maya.user)
    for stranger in (theo, maya.user):
        browser = as_user(stranger)
        assert {
            browser.post(reverse(f"sessions:{deed}", args=[live_evening.pk]), {"person": place.pk}).status_code
            for deed in DEEDS
        } == {403}
    browser = as_user(dana)
    for deed in DEEDS:
        assert browser.get(reverse(f"sessions:{deed}", args=[live_evening.pk])).status_code == 405
        assert (
            browser.post(reverse(f"sessions:{deed}", args=[live_evening.pk]), {"person": place.pk}).status_code == 204
        )
    place.refresh_from_db()
    assert place.removed_at
    assert place.is_muted


@pytest.mark.parametrize("person", ["", "Maya", "00000000-0000-0000-0000-000000000000"])
def test_a_deed_names_somebody_in_this_room(as_user, live_evening, comes, dana, maya, person):
    comes(maya.user)
    answer = as_user(dana).post(reverse("sessions:video-mute", args=[live_evening.pk]), {"person": person})
    assert answer.status_code in (400, 403)
    assert not VideoPlace.objects.filter(is_muted=True).exists()


def test_the_way_in_stands_on_the_sessions_pages(as_user, live_evening, dana, maya, now, janus_answers):
    room, mine = reverse("sessions:room", args=[live_evening.pk]), reverse("sessions:mine", args=[live_evening.pk])
    assert reverse("sessions:video", args=[live_evening.pk]) in as_user(dana).get(room).text
    row = Attendance.objects.get(session=live_evening, patient=maya)
    sessions.check_in(attendance=row, by=maya.user, at=now, location="14 Elm Street")
    assert reverse("sessions:my-video", args=[live_evening.pk]) in as_user(maya.user).get(mine).text


def test_without_a_janus_or_with_an_outside_link_there_is_no_way_in(as_user, live_evening, dana):
    page, ours = reverse("sessions:room", args=[live_evening.pk]), reverse("sessions:video", args=[live_evening.pk])
    assert ours not in as_user(dana).get(page).text
    assert "does not answer" in as_user(dana).get(ours).text
    live_evening.link = "https://video.example/room"
    live_evening.save()
    assert as_user(dana).get(ours)["Location"] == page


def test_a_session_on_site_has_no_room(dana, maya, now):
    assert not make_session(dana, maya, starts_at=now, modality=Modality.IN_PERSON).has_own_room


def test_family_find_the_way_into_their_session_on_today(
    as_user, dana, maya, evening, now, time_machine, janus_answers
):
    time_machine.move_to(now, tick=False)
    pia = make_user("Pia Reyes", Role.FAMILY, organisation=dana.organisation)
    Relationship.objects.create(patient=maya, person=pia, kind=Relationship.Kind.PARENT)
    make_release(maya, "Pia Reyes", at=now)
    family = make_session(
        dana, maya, starts_at=now + timedelta(minutes=5), modality=Modality.VIRTUAL, kind=Kind.FAMILY, name="Family"
    )
    theirs, groups = (reverse("sessions:my-video", args=[each.pk]) for each in (family, evening))
    browser = as_user(pia)
    today = browser.get("/today/").text
    assert theirs in today
    assert groups not in today
    assert "Come in with camera" in browser.get(theirs).text
    assert browser.get(groups).status_code == 403


def test_only_whoever_may_read_it_asks_for_what_stands_beside_a_talk_alone(
    as_user, dana, maya, ines, now, organisation, time_machine, janus_answers
):
    time_machine.move_to(now, tick=False)
    person = make_user("Ana Paredes", Role.INTERPRETER, organisation=organisation)
    ana = Interpreter.objects.create(name=person.name, account=person, bound_on=(now - timedelta(days=9)).date())
    talk = make_session(
        dana, maya, starts_at=now, kind=Kind.INDIVIDUAL, modality=Modality.VIRTUAL, interpreter=ana, name="Talk"
    )
    say_where(talk, maya, at=now)
    line, own = (reverse(f"trauma:{one}", args=[talk.pk]) for one in ("beside-session", "beside-my-session"))
    ours, theirs, roster = (reverse(f"sessions:{one}", args=[talk.pk]) for one in ("video", "my-video", "room"))
    for reader, address, asks in (
        (dana, ours, line), (dana, roster, line), (ines, ours, ""), (ines, roster, ""), (maya.user, theirs, own),
        (person, theirs, ""),
    ):  # fmt: skip
        page = as_user(reader).get(address)
        assert page.status_code == 200
        for each in (line, own):
            assert (each in page.text) is (each == asks)
            if each == asks:
                assert as_user(reader).get(each).status_code == 200
