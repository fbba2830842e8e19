"""Handouts reach the phones of those who are there, and whoever leads sees who opened them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from hearth.audit.models import Event
from hearth.people.testing import make_patient
from hearth.sessions import services
from hearth.sessions.models import Attendance, Handout, HandoutReceipt
from hearth.sessions.testing import make_episode, make_room, make_session

START = datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("America/Denver"))
NOW = START + timedelta(minutes=40)
WAVE = "ride-the-wave"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def session(dana, maya, jonah):
    """Maya is here; Jonah has not come yet."""
    for patient in (maya, jonah):
        make_episode(patient, by=dana, starts_on=date(2026, 10, 19))
    made = make_session(dana, maya, jonah, starts_at=START, room=make_room(), lesson=WAVE)
    services.mark(attendance=made.roster.get(patient=maya), status="present", by=dana, at=START)
    return made


def give(session, by):
    return services.hand_out(session=session, lesson=WAVE, by=by, at=NOW)


def test_a_handout_is_on_todays_and_the_sessions_page_of_those_here_and_of_who_comes_later(
    session, as_user, dana, maya, jonah
):
    give(session, dana)
    for address in ("/today/", f"/my/sessions/{session.pk}/", "/my/handouts/"):
        assert "Open it<span" in as_user(maya.user).get(address).text, address
        assert "Open it<span" not in as_user(jonah.user).get(address).text, address
    services.mark(attendance=session.roster.get(patient=jonah), status="late", by=dana, at=NOW)
    assert "Open it<span" in as_user(jonah.user).get("/my/handouts/", headers={"HX-Request": "true"}).text


def test_opening_leads_to_the_lesson_and_is_shown_to_who_leads(session, as_user, dana, maya, jonah):
    handout = give(session, dana)
    address = f"/my/handouts/{handout.pk}/"
    for _again in range(2):
        assert as_user(maya.user).get(address).url == f"/my/skills/lessons/{WAVE}/"
    assert HandoutReceipt.objects.count() == 1
    assert "Open it again" in as_user(maya.user).get("/today/").text
    part = as_user(dana).get(f"/sessions/{session.pk}/handouts/", headers={"HX-Request": "true"}).text
    assert "opened by 1 of 1" in part
    assert "Maya R." in part
    assert as_user(jonah.user).get(address).status_code == 403
    assert as_user(dana).get(address).status_code == 403


def test_handing_out_is_for_who_leads_and_once(session, as_user, dana, theo, maya):
    address = f"/sessions/{session.pk}/handouts/"
    for stranger in (theo, maya.user):
        assert as_user(stranger).post(address, {"lesson": WAVE}).status_code == 403
        assert as_user(stranger).get(address).status_code == 403
    browser = as_user(dana)
    for _again in range(2):
        assert browser.post(address, {"lesson": WAVE}).url == f"/sessions/{session.pk}/"
    browser.post(address, {"lesson": "../secrets"})
    assert [each.lesson for each in Handout.objects.all()] == [WAVE]
    assert Event.objects.filter(verb="sessions.handed_out").count() == 1


def test_the_page_shows_what_was_handed_out_and_offers_the_rest_by_module(session, as_user, dana):
    give(session, dana)
    part = as_user(dana).get(f"/sessions/{session.pk}/handouts/", headers={"HX-Request": "true"}).text
    assert part.count("<li>") == 1
    assert '<option value="your-window">' in part
    assert f'<option value="{WAVE}">' not in part
    assert '<optgroup label="Safe and steady after hard things">' in part


def test_who_leads_prints_any_lesson_of_the_curriculum_for_the_room(session, as_user, dana, theo, maya):
    address = f"/sessions/{session.pk}/handouts/{WAVE}/paper/"
    client = as_user(dana)
    assert address in client.get(f"/sessions/{session.pk}/handouts/", headers={"HX-Request": "true"}).text
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert client.get(f"/sessions/{session.pk}/handouts/no-such-lesson/paper/").status_code == 404
    assert as_user(theo).get(address).status_code == 403
    assert as_user(maya.user).get(address).status_code == 403


def test_a_day_later_it_is_gone_from_today(session, as_user, dana, maya, clock):
    give(session, dana)
    clock.move_to(NOW + timedelta(hours=25))
    assert "Open it<span" not in as_user(maya.user).get("/today/").text
    assert "Nothing new was handed out." in as_user(maya.user).get("/my/handouts/").text


def test_the_stream_is_for_students(session, as_user, dana, maya):
    assert as_user(maya.user).get("/my/handouts/live/").status_code == 204  # no stream under the test's client
    assert as_user(dana).get("/my/handouts/live/").status_code == 403


def test_as_many_queries_for_many_as_for_few(session, as_user, dana, now, count_queries):
    give(session, dana)
    browser, address = as_user(dana), f"/sessions/{session.pk}/"
    before = count_queries(browser, address)
    for number in range(4):
        patient = make_patient("Ana", f"Diaz{number}", at=now, email=f"a{number}@students.example")
        make_episode(patient, by=dana, starts_on=date(2026, 10, 19))
        Attendance.objects.create(session=session, patient=patient, modality="in_person", status="present")
        assert patient.user
        services.open_handout(pk=Handout.objects.get().pk, by=patient.user, at=NOW)
    assert count_queries(browser, address) == before
