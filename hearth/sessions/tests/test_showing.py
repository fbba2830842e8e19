"""What is shown to everyone in a session, and what each says in a check-in round."""

import json
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.consent.testing import make_release
from hearth.people.models import Modality
from hearth.people.testing import make_patient
from hearth.program.models import Interpreter
from hearth.sessions import services, tasks
from hearth.sessions.chairs import chairs
from hearth.sessions.models import RoundAnswer, Session, Shown, Stroke
from hearth.sessions.note_words import proposal
from hearth.sessions.rules.notes import Line
from hearth.sessions.rules.showing import FEELINGS, HIGH, MOST_POINTS, MOST_STROKES, WIDE, NotDrawn, drawn, picture
from hearth.sessions.testing import make_episode, make_session
from hearth.sessions.video import leading
from hearth.sessions.video import services as video
from hearth.sessions.wording import FEELINGS as WORDS

ANSWERS = st.lists(st.tuples(st.sampled_from(FEELINGS), st.integers(0, 10)), max_size=20)


@pytest.fixture
def evening(dana, maya, jonah, now, time_machine):
    time_machine.move_to(now, tick=False)
    make_episode(maya, by=dana, starts_on=now.date() - timedelta(days=30))
    session = make_session(dana, maya, jonah, starts_at=now - timedelta(minutes=10), modality=Modality.VIRTUAL)
    for row in session.roster.all():
        services.mark(attendance=row, status="present", by=dana, at=now)
    return session


@pytest.fixture
def shows(evening, dana, now):
    minutes = count()

    def show(kind, **more):
        at = now + timedelta(minutes=next(minutes))
        return services.show(session_id=evening.pk, kind=kind, by=dana, at=at, **more)

    return show


@pytest.fixture
def says(evening, now):
    def say(patient, word, number):
        row = evening.roster.select_related("patient").get(patient=patient)
        return services.answer_round(attendance=row, word=word, number=number, by=patient.user, at=now)

    return say


def url(name, session):
    return reverse(f"sessions:{name}", args=[session.pk])


def group_words(page):
    """Of a part of a page, what stands below the student's own form."""
    return page.split("</form>")[-1]


def test_every_feeling_has_a_word():
    assert list(WORDS) == list(FEELINGS)


@given(ANSWERS)
def test_the_groups_picture_counts_everyone_once_and_never_tells_whose_a_word_is(answers):
    found = picture(answers)
    assert (found is None) == (len(answers) < 3)  # with two, each who answered knows the other's
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
    luis = make_patient("Luis", "Romero", at=now)
    evening.roster.create(patient=luis, modality="virtual", status="present", arrived_at=now)
    shows("round")
    says(maya, "tired", 4)
    says(maya, "tense", 3)  # thought better of it
    says(jonah, "hopeful", 7)
    for reader in (dana, jonah.user):
        assert "tense" not in group_words(as_user(reader).get(url("shown", evening)).text)
    says(luis, "calm", 5)
    page = as_user(jonah.user).get(url("shown", evening)).text
    assert "Words of the group" in page
    assert "tense" in group_words(page)
    assert "Maya" not in page
    assert RoundAnswer.objects.count() == 3
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
    services.put_away(session_id=evening.pk, by=dana, at=now)
    with pytest.raises(services.NotNow):
        says(maya, "calm", 5)


def test_one_thing_is_shown_at_a_time_and_a_whiteboard_leaves_nothing_behind(shows, evening, dana, now):
    shows("board")
    services.draw(session_id=evening.pk, points=(10, 10, 20, 20), text="", by=dana, at=now)
    services.draw(session_id=evening.pk, points=(30, 50), text="One step", by=dana, at=now)
    services.undo_stroke(session_id=evening.pk, by=dana, at=now)
    assert Stroke.objects.count() == 1
    shows("breath")
    assert not Stroke.objects.exists()
    assert Shown.objects.get(ended_at=None).kind == "breath"
    with pytest.raises(services.NotNow):
        services.draw(session_id=evening.pk, points=(10, 10), text="Late", by=dana, at=now)


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
    assert count_queries(as_user(maya.user), url("shown", evening)) == 12


# --- who reads it, and for how long -------------------------------------------------------------------------------


@pytest.fixture
def at_the_door(evening, now):
    """`at_the_door(user)`: they have come to the door of the video room; their place."""

    def come(user, session=evening):
        return video.enter(user_id=user.pk, session_id=session.pk, connection=uuid4(), at=now)

    return come


def reads(browser, session):
    """Whether they read what is shown: the part, its stream and their pages say the same."""
    answers = {browser.get(url(name, session)).status_code for name in ("shown", "shown-live")}
    assert answers in ({200, 204}, {403})
    pages = [browser.get(url(name, session)).text for name in ("mine", "my-video")]
    is_shown = [FEELING in page for page in pages]
    assert not any(is_shown) or answers == {200, 204}
    return answers != {403}


FEELING = "One step at a time"


@pytest.fixture
def written(shows, evening, dana, now):
    shows("board")
    services.draw(session_id=evening.pk, points=(30, 50), text=FEELING, by=dana, at=now)


def test_a_student_reads_it_who_is_here_and_not_who_left_or_never_came(written, evening, as_user, maya, now):
    browser, row = as_user(maya.user), evening.roster.filter(patient=maya)
    assert reads(browser, evening)
    assert FEELING in browser.get(url("mine", evening)).text
    row.update(left_at=now)
    assert not reads(browser, evening)
    row.update(arrived_at=None, left_at=None)
    assert not reads(browser, evening)


def test_who_waits_at_the_video_rooms_door_reads_nothing_until_they_are_let_in(
    written, at_the_door, evening, as_user, dana, maya, now
):
    place, browser = at_the_door(maya.user), as_user(maya.user)
    assert not reads(browser, evening)
    leading.admit(session=evening, person=place.pk, by=dana, at=now)
    assert reads(browser, evening)
    leading.remove(session=evening, person=place.pk, by=dana, at=now)
    assert not reads(browser, evening)


def test_who_was_taken_out_of_the_room_says_nothing_in_a_round(shows, says, at_the_door, evening, dana, maya, now):
    shows("round")
    place = at_the_door(maya.user)
    leading.remove(session=evening, person=place.pk, by=dana, at=now)
    with pytest.raises(PermissionDenied):
        says(maya, "calm", 5)
    assert not RoundAnswer.objects.exists()


def test_family_and_the_interpreter_read_it_once_they_are_let_in(
    written, at_the_door, evening, as_user, dana, maya, now, organisation
):
    Session.objects.filter(pk=evening.pk).update(kind="family")
    carmen = make_user("Carmen Reyes", Role.FAMILY, organisation=organisation)
    maya.relationships.create(person=carmen, kind="parent", may_see_schedule=True)
    make_release(maya, "Carmen Reyes", at=now)
    samir = make_user("Samir Haddad", Role.INTERPRETER, organisation=organisation)
    made = Interpreter.objects.create(name="Samir Haddad", offers=["ar"], bound_on=now.date(), account=samir)
    Session.objects.filter(pk=evening.pk).update(interpreter=made)
    for guest in (carmen, samir):
        browser = as_user(guest)
        assert not reads(browser, evening)
        place = at_the_door(guest)
        assert not reads(browser, evening)
        leading.admit(session=evening, person=place.pk, by=dana, at=now)
        assert FEELING in browser.get(url("shown", evening)).text


@pytest.mark.parametrize("how", ["end", "cancel"])
def test_with_the_session_ends_what_it_shows(written, shows, says, evening, as_user, dana, maya, now, how):
    more = {"reason": "Snow"} if how == "cancel" else {}
    getattr(services, how)(session=evening, by=dana, at=now, **more)
    assert not Stroke.objects.exists()
    assert not Shown.objects.filter(ended_at=None).exists()
    assert FEELING not in as_user(dana).get(url("wall", evening)).text
    with pytest.raises(services.NotNow):
        shows("round")
    Shown.objects.create(session=evening, kind="round", shown_by=dana, shown_at=now)
    with pytest.raises(services.NotNow):
        says(maya, "calm", 5)


def test_what_nobody_ends_is_shown_and_said_no_longer_than_half_an_hour_after_its_plan(
    written, evening, as_user, dana, maya, time_machine
):
    over = evening.ends_at + timedelta(minutes=30)
    for at, is_shown in ((over - timedelta(seconds=1), True), (over, False)):
        time_machine.move_to(at, tick=False)
        for reader, name in ((dana, "wall"), (maya.user, "shown")):
            page = as_user(reader).get(url(name, evening))
            assert (page.status_code, FEELING in page.text) == (200, is_shown)
    with pytest.raises(services.NotNow):
        services.draw(session_id=evening.pk, points=(10, 10), text="Late", by=dana, at=over)
    with pytest.raises(services.NotNow):
        services.show(session_id=evening.pk, kind="breath", by=dana, at=over)
    Shown.objects.update(kind="round")
    row = evening.roster.get(patient=maya)
    with pytest.raises(services.NotNow):
        services.answer_round(attendance=row, word="calm", number=5, by=maya.user, at=over)


def test_each_minute_the_worker_puts_away_what_nobody_ended(written, evening, time_machine):
    over = evening.ends_at + timedelta(minutes=30)
    for at, is_left in ((over - timedelta(seconds=1), True), (over, False)):
        time_machine.move_to(at, tick=False)
        tasks.close_lost(timestamp=0)
        assert Stroke.objects.exists() == Shown.objects.filter(ended_at=None).exists() == is_left


def test_a_full_whiteboard_says_so(written, evening, as_user, dana, now):
    board = Shown.objects.get(ended_at=None)
    Stroke.objects.bulk_create(
        Stroke(organisation_id=board.organisation_id, shown=board, points=[1, 1, 2, 2], drawn_by=dana, drawn_at=now)
        for _ in range(MOST_STROKES - 1)
    )
    answer = as_user(dana).post(url("board-draw", evening), {"points": "[1, 1, 9, 9]"})
    assert (answer.status_code, answer.text) == (409, "The whiteboard is full. Clear it first.")


def test_all_of_a_whiteboard_is_a_page_of_ordinary_size():
    assert MOST_POINTS * MOST_STROKES * len("1000 600 ") < 400_000


def test_a_stroke_opens_the_sessions_door_once_and_a_part_keeps_the_pages_tools(written, evening, as_user, dana):
    browser, opened = as_user(dana), Event.objects.filter(verb="session.read", actor_id=dana.pk)
    for name, words in (("board-draw", {"points": "[1, 1, 9, 9]"}), ("show", {"kind": "breath"})):
        before = opened.count()
        answer = browser.post(url(name, evening), words, headers={"HX-Request": "true"})
        assert answer.status_code < 300
        assert opened.count() == before + 1
    assert 'id="shown-tools"' in answer.text  # the element that is kept
    assert "Show this worksheet" not in answer.text
    assert "Show this worksheet" in browser.get(url("wall", evening)).text
