"""What an interpreter sees of their bookings, and what stays hidden from them."""

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.outbox.models import Message
from hearth.people.models import Modality
from hearth.program import services as program
from hearth.program.models import Closure, Interpreter
from hearth.sessions import services
from hearth.sessions.appointments import appointments_of
from hearth.sessions.interpreted import interpreted_hours
from hearth.sessions.models import Session
from hearth.sessions.testing import make_episode, make_room, make_section, make_session
from hearth.sessions.video import leading, pool, queries
from hearth.sessions.video import services as video
from hearth.sessions.video.rules import Standing
from hearth.timetable.models import WeekNotice

DENVER = ZoneInfo("America/Denver")
MONDAY = date(2026, 10, 19)
BEFORE = datetime(2026, 10, 18, 12, tzinfo=DENVER)


@pytest.fixture(autouse=True)
def _at_that_time():
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def ivy(organisation):
    """Ivy, an interpreter with a way in of her own."""
    row = Interpreter.objects.create(name="Ivy Stone", offers=["ase"], bound_on=date(2026, 1, 5))
    row.account = make_user("Ivy Stone", Role.INTERPRETER, organisation=organisation)
    row.save()
    return row


@pytest.fixture
def group(dana, ivy, maya):
    """Tuesdays with Dana, interpreted by Ivy, with its sessions of three weeks."""
    make_episode(maya, by=dana, starts_on=MONDAY)
    section = make_section(dana, maya, since=MONDAY, room=make_room(), interpreter=ivy)
    services.make_sessions(section=section, until=date(2026, 11, 4), by=dana, at=BEFORE)
    make_session(dana, maya, starts_at=BEFORE + timedelta(hours=3), name="Not hers")
    return section


def test_an_interpreter_sees_when_where_and_which_group_and_nobody_in_it(group, ivy, as_user):
    page = as_user(ivy.account).get(reverse("sessions:my-bookings")).text
    for words in ("Tuesday 20 October", "17:30", "Evening group", "Lounge, Denver", "1420 Larimer Street"):
        assert words in page
    assert "Not hers" not in page
    assert "Maya" not in page
    assert "Evening group" in as_user(ivy.account).get(reverse("web:today")).text
    assert len(interpreted_hours(viewer=ivy.account, at=BEFORE)) == 3


def test_an_interpreter_opens_no_roster_note_or_chart(group, ivy, as_user, maya):
    session = group.sessions.first()
    browser = as_user(ivy.account)
    for address in (
        reverse("sessions:room", args=[session.pk]),
        reverse("sessions:note", args=[session.pk]),
        reverse("sessions:list"),
        reverse("sessions:notes-of-patient", args=[maya.pk]),
        reverse("web:chart", args=[maya.pk]),
        reverse("timetable:week"),
    ):
        assert browser.get(address).status_code == 403


def test_others_have_no_bookings_page(group, as_user, dana, maya):
    for user in (dana, maya.user):
        assert as_user(user).get(reverse("sessions:my-bookings")).status_code == 403
        with pytest.raises(PermissionDenied):
            interpreted_hours(viewer=user, at=BEFORE)


def test_their_calendar_holds_their_bookings_alone(group, ivy):
    assert [each.uid for each in appointments_of(user=ivy.account, at=BEFORE)] == list(
        group.sessions.order_by("starts_at").values_list("pk", flat=True)
    )


def test_nothing_is_seen_before_they_sign_or_from_the_day_they_leave(group, ivy):
    ivy.left_on = date(2026, 10, 27)
    ivy.save()
    assert [each.starts_at.date() for each in interpreted_hours(viewer=ivy.account, at=BEFORE)] == [date(2026, 10, 20)]
    ivy.left_on, ivy.bound_on = None, None
    ivy.save()
    assert interpreted_hours(viewer=ivy.account, at=BEFORE) == []
    assert appointments_of(user=ivy.account, at=BEFORE) == []


def test_what_is_called_off_says_so_and_they_are_told(group, ivy, ines, as_user):
    tuesday = date(2026, 10, 20)
    program.close(name="Snow", first_on=tuesday, last_on=tuesday, site=None, by=ines, at=BEFORE)
    assert Closure.objects.exists()
    assert interpreted_hours(viewer=ivy.account, at=BEFORE)[0].is_called_off
    assert "called off" in as_user(ivy.account).get(reverse("sessions:my-bookings")).text
    assert WeekNotice.objects.filter(user=ivy.account, week_of=MONDAY).exists()
    mail = Message.objects.get(to=ivy.account.email)
    assert reverse("sessions:my-bookings") in mail.body
    assert reverse("sessions:my-bookings") in as_user(ivy.account).get(reverse("web:today")).text


def test_many_bookings_cost_no_more_questions(group, ivy, as_user, count_queries, dana, maya):
    browser, address = as_user(ivy.account), reverse("sessions:my-bookings")
    few = count_queries(browser, address)
    services.make_sessions(section=group, until=date(2026, 11, 25), by=dana, at=BEFORE)
    assert Session.objects.interpreted_by(ivy.account).count() == 6
    assert count_queries(browser, address) == few


def test_they_make_their_calendar_address_on_the_page_of_their_bookings(ivy, as_user):
    browser = as_user(ivy.account)
    assert browser.post(reverse("timetable:my-calendar"), {"do": "make"}).url == reverse("sessions:my-bookings")
    assert ".ics" in browser.get(reverse("sessions:my-bookings")).text


def test_who_sets_up_the_house_invites_a_bound_interpreter_and_nobody_else_does(walt, dana, as_user):
    row = Interpreter.objects.create(name="Caspar Lund", offers=["captions"])
    address, typed = (
        reverse("program:interpreter", args=[row.pk]),
        {"form": "invite", "invite-email": "c@agency.example"},
    )
    assert as_user(dana).post(address, typed).status_code == 403
    assert "signed for confidentiality" in as_user(walt).post(address, typed).text
    assert not User.objects.filter(email="c@agency.example").exists()
    row.bound_on = date(2026, 2, 1)
    row.save()
    assert as_user(walt).post(address, typed).status_code == 302
    row.refresh_from_db()
    assert row.account is not None
    assert row.account.roles == [Role.INTERPRETER]
    assert "c@agency.example was invited" in as_user(walt).get(address).text
    with pytest.raises(program.NotBound):
        program.invite_interpreter(interpreter=row, email="d@agency.example", by=walt, at=BEFORE)


def test_an_interpreter_comes_into_the_video_room_unlisted_uncounted_and_let_in_by_staff(
    dana, maya, ivy, as_user, organisation, monkeypatch
):
    at = BEFORE
    session = make_session(dana, maya, starts_at=at + timedelta(minutes=5), modality=Modality.VIRTUAL, interpreter=ivy)
    monkeypatch.setattr(pool, "is_up", lambda: True)
    browser = as_user(ivy.account)
    way = reverse("sessions:my-video", args=[session.pk])
    assert way in browser.get(reverse("sessions:my-bookings")).text
    page = browser.get(way).text
    assert "Come in with camera" in page
    assert "Let everyone in" not in page
    assert "A word with staff" not in page
    assert browser.post(reverse("sessions:video-ticket", args=[session.pk])).status_code == 200
    connection = uuid4()
    lead, place = (
        video.enter(user_id=user.pk, session_id=session.pk, connection=connection, at=at)
        for user in (dana, ivy.account)
    )
    video.joined(place_id=lead.pk, connection=connection, at=at)
    assert queries.view_of(place_id=place.pk, at=at).standing == Standing.WAITING
    leading.admit(session=session, person=place.pk, by=dana, at=at)
    video.joined(place_id=place.pk, connection=connection, at=at)
    people = {each.name: each for each in queries.view_of(place_id=place.pk, at=at).people}
    assert people["Ivy Stone"].interprets
    assert session.roster.count() == 1
    ivy.bound_on = None
    ivy.save()
    assert browser.get(way).status_code == 403
