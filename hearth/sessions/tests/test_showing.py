"""What is shown to everyone in a session, and what each says in a check-in round."""

import json
from datetime import timedelta
from itertools import count

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hearth.people.models import Modality
from hearth.people.testing import make_patient
from hearth.sessions import services
from hearth.sessions.chairs import chairs
from hearth.sessions.models import RoundAnswer, Shown, Stroke
from hearth.sessions.note_words import proposal
from hearth.sessions.rules.notes import Line
from hearth.sessions.rules.showing import FEELINGS, HIGH, WIDE, NotDrawn, drawn, picture
from hearth.sessions.testing import make_episode, make_session
from hearth.sessions.wording import FEELINGS as WORDS

ANSWERS = st.lists(st.tuples(st.sampled_from(FEELINGS), st.integers(0, 10)), max_size=20)


@pytest.fixture
def evening(dana, maya, jonah, now, time_machine):
    time_machine.move_to(now, tick=False)
    make_episode(maya, by=dana, starts_on=now.date() - timedelta(days=30))
    return make_session(dana, maya, jonah, starts_at=now - timedelta(minutes=10), modality=Modality.VIRTUAL)


@pytest.fixture
def shows(evening, dana, now):
    minutes = count()

    def show(kind, **more):
        at = now + timedelta(minutes=next(minutes))
        return services.show(session=evening, kind=kind, by=dana, at=at, **more)

    return show


@pytest.fixture
def says(evening, now):
    def say(patient, word, number):
        row = evening.roster.select_related("patient").get(patient=patient)
        return services.answer_round(attendance=row, word=word, number=number, by=patient.user, at=now)

    return say


def url(name, session):
    return reverse(f"sessions:{name}", args=[session.pk])


def test_every_feeling_has_a_word():
    assert list(WORDS) == list(FEELINGS)


@given(ANSWERS)
def test_the_groups_picture_counts_everyone_once_and_never_shows_one_person(answers):
    found = picture(answers)
    assert (found is None) == (len(answers) < 2)
    if found:
        assert sum(found.numbers) == sum(count for _word, count in found.words) == found.answered == len(answers)


@given(st.lists(st.integers(-5, 1200) | st.text(max_size=2) | st.booleans(), max_size=12), st.text(max_size=100))
def test_only_points_of_the_whiteboard_are_drawn(points, text):
    try:
        found, words = drawn(points, text=text)
    except NotDrawn:
        return
    assert list(found) == points
    assert len(words) <= 80
    assert all(type(one) is int for one in found)
    assert all(0 <= x <= WIDE for x in found[::2])
    assert all(0 <= y <= HIGH for y in found[1::2])


def test_a_round_shows_the_group_without_names_and_feeds_each_ones_line(
    shows, says, evening, as_user, dana, maya, jonah, now
):
    shows("round")
    says(maya, "tired", 4)
    says(maya, "tense", 3)  # thought better of it
    assert "Words of the group" not in as_user(dana).get(url("shown", evening)).text
    says(jonah, "hopeful", 7)
    page = as_user(jonah.user).get(url("shown", evening)).text
    assert "Words of the group" in page
    assert "tense" in page
    assert "Maya" not in page
    assert RoundAnswer.objects.count() == 2
    shows("round")
    says(maya, "calm", 6)
    lines = {chair.attendance.patient_id: proposal(evening, chair, Line()) for chair in chairs(session=evening, at=now)}
    assert "In the check-in round: “tense”, 3 of 10; “calm”, 6 of 10." in lines[maya.pk]
    assert "In the check-in round: “hopeful”, 7 of 10." in lines[jonah.pk]


def test_answers_are_for_the_round_that_goes_on_and_for_oneself(shows, says, evening, maya, jonah, now, dana):
    with pytest.raises(services.NotNow):
        says(maya, "calm", 5)
    shows("round")
    for word, number in (("furious", 5), ("calm", 11)):
        with pytest.raises(services.NotNow):
            says(maya, word, number)
    row = evening.roster.get(patient=maya)
    with pytest.raises(PermissionDenied):
        services.answer_round(attendance=row, word="calm", number=5, by=jonah.user, at=now)
    services.put_away(session=evening, by=dana, at=now)
    with pytest.raises(services.NotNow):
        says(maya, "calm", 5)


def test_one_thing_is_shown_at_a_time_and_a_whiteboard_leaves_nothing_behind(shows, evening, dana, now):
    shows("board")
    services.draw(session=evening, points=(10, 10, 20, 20), text="", by=dana, at=now)
    services.draw(session=evening, points=(30, 50), text="One step", by=dana, at=now)
    services.undo_stroke(session=evening, by=dana, at=now)
    assert Stroke.objects.count() == 1
    shows("breath")
    assert not Stroke.objects.exists()
    assert Shown.objects.get(ended_at=None).kind == "breath"
    with pytest.raises(services.NotNow):
        services.draw(session=evening, points=(10, 10), text="Late", by=dana, at=now)


def test_only_lessons_of_the_curriculum_and_known_times_are_shown(shows, evening, as_user, maya):
    for wrong in ({"kind": "worksheet", "lesson": "my-roster"}, {"kind": "timer", "minutes": 3}):
        with pytest.raises(services.NotNow):
            shows(**wrong)
    shows("worksheet", lesson="ride-the-wave")
    assert "Ride the wave" in as_user(maya.user).get(url("shown", evening)).text
    shows("timer", minutes=5)
    assert 'role="timer"' in as_user(maya.user).get(url("shown", evening)).text


def test_who_leads_shows_everyone_in_it_sees_and_strangers_do_neither(
    evening, as_user, dana, theo, maya, priya, now, organisation
):
    luis = make_patient("Luis", "Romero", at=now)
    browser = as_user(dana)
    assert browser.post(url("show", evening), {"kind": "board"})["Location"] == url("wall", evening)
    stroke = {"points": json.dumps([30, 50]), "text": "One step at a time"}
    assert browser.post(url("board-draw", evening), stroke).status_code == 204
    assert browser.post(url("board-draw", evening), {"points": "[1]"}).status_code == 400
    assert browser.post(url("board-draw", evening), {"points": "["}).status_code == 400
    wall = browser.get(url("wall", evening)).text
    assert "One step at a time" in wall
    assert "Maya" not in wall
    page = as_user(maya.user).get(url("shown", evening)).text
    assert "One step at a time" in page
    assert "Show to everyone" not in page
    for stranger in (theo, priya, luis.user):
        assert as_user(stranger).get(url("shown", evening)).status_code == 403
    for other in (theo, maya.user):
        browser = as_user(other)
        for name in ("show", "board-draw", "board-undo", "board-clear"):
            assert browser.post(url(name, evening), {"kind": "round"}).status_code == 403
        assert browser.get(url("wall", evening)).status_code == 403
    assert as_user(dana).post(url("board-undo", evening)).status_code == 204
    assert as_user(dana).post(url("show", evening), {"kind": ""}).status_code == 302
    assert as_user(dana).post(url("board-clear", evening)).status_code == 409


def test_a_student_answers_on_their_page_and_sees_what_they_said(shows, evening, as_user, maya):
    shows("round")
    browser = as_user(maya.user)
    answer = browser.post(url("answer-round", evening), {"word": "calm", "number": "6"}, headers={"HX-Request": "true"})
    assert "Change it" in answer.text
    answer = browser.post(url("answer-round", evening), {"word": "calm", "number": "²"}, headers={"HX-Request": "true"})
    assert "Choose a word, and a number from 0 to 10." in answer.text
    assert RoundAnswer.objects.get().number == 6


@pytest.mark.parametrize("people", [1, 2])
def test_what_is_shown_asks_the_same_for_one_and_for_many(
    shows, says, evening, as_user, maya, jonah, count_queries, people
):
    shows("round")
    for patient in (maya, jonah)[:people]:
        says(patient, "calm", 5)
    assert count_queries(as_user(maya.user), url("shown", evening)) == 11
