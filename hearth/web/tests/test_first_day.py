"""The first day: where, when, with whom, until the first session took place."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from hearth.admission.barriers import note_barrier
from hearth.consent.models import Consent
from hearth.consent.packet import packet_of
from hearth.sessions import services
from hearth.sessions.testing import make_episode, make_room, make_session

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # a Monday morning in Denver
FIRST = NOW + timedelta(days=1, hours=8)
PAGE = "/my/first-day/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def stay(dana, maya):
    return make_episode(maya, by=dana, starts_on=NOW.date())


def test_the_newly_admitted_find_when_where_and_who_and_what_is_being_arranged(as_user, dana, ines, maya, stay):
    room = make_room("Lounge")
    room.site.directions = "Second door on the left"
    room.site.save()
    make_session(dana, maya, starts_at=FIRST, room=room)
    told = {"kind": "ride", "words": "Only staff read this", "owner": dana, "due_on": NOW.date()}
    note_barrier(patient=maya, told=told, by=ines, at=NOW)
    phone = as_user(maya.user)
    assert PAGE in phone.get(reverse("web:today")).text
    page = phone.get(PAGE).text
    for words in ("17:00 to 20:00", "Lounge", "1420 Larimer Street", "Second door on the left", "Dana Kim", "snack"):
        assert words in page
    assert "A ride or bus pass" in page
    assert "Only staff read this" not in page
    assert "Headphones" not in page


def test_whoever_begins_by_video_finds_the_device_check_and_what_is_needed_at_home(as_user, dana, maya, stay):
    session = make_session(dana, maya, starts_at=FIRST, modality="virtual")
    page = as_user(maya.user).get(PAGE).text
    assert reverse("sessions:before", args=[session.pk]) in page
    assert "Headphones" in page
    assert "snack" not in page


def test_the_link_goes_once_the_first_session_took_place(as_user, dana, maya, stay, clock):
    session = make_session(dana, maya, starts_at=FIRST)
    phone = as_user(maya.user)
    assert PAGE in phone.get(reverse("web:today")).text
    clock.move_to(session.ends_at)
    services.mark(attendance=session.roster.get(), status="present", by=dana, at=session.starts_at)
    services.end(session=session, by=dana, at=session.ends_at)
    assert PAGE not in as_user(maya.user).get(reverse("web:today")).text


def test_without_times_yet_the_page_says_so(as_user, maya, stay):
    page = as_user(maya.user).get(PAGE).text
    assert "Your times are not set yet." in page


def test_papers_that_are_left_stand_on_today_and_go_once_they_are_signed(as_user, maya, dana, stay):
    phone = as_user(maya.user)
    assert "Papers to read" in phone.get(reverse("web:today")).text
    maya.street, maya.city, maya.emergency_name, maya.emergency_phone = "12 Elm", "Denver", "Alex", "303 555 0142"
    maya.save()
    for line in packet_of(maya, at=NOW).open:
        Consent.objects.create(
            patient=maya, kind=line.paper.id, version=line.version, text="…", signer=maya.user, signed_name="M",
            signed_at=NOW - timedelta(minutes=1),
        )  # fmt: skip
    assert "Papers to read" not in phone.get(reverse("web:today")).text


def test_nobody_else_has_this_page(as_user, dana, ines):
    for somebody in (dana, ines):
        assert as_user(somebody).get(PAGE).status_code == 403


def test_the_page_asks_as_often_for_many_sessions_as_for_one(as_user, dana, maya, stay, count_queries):
    make_session(dana, maya, starts_at=FIRST)
    phone = as_user(maya.user)
    before = count_queries(phone, PAGE)
    for day in (1, 2, 3):
        make_session(dana, maya, starts_at=FIRST + timedelta(days=day))
    assert count_queries(phone, PAGE) == before
