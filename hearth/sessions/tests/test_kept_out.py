"""Who came and could not be let in, who may not come by video from there, and who stays in the room."""

import socket
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from hearth.lib.janus import Server
from hearth.outbox.models import Message
from hearth.people.models import CareTeamMember, Modality
from hearth.safety.models import Concern
from hearth.sessions import services
from hearth.sessions.doses import dose_of, ledgers_of
from hearth.sessions.models import Attendance, Presence
from hearth.sessions.rules.ledger import Why
from hearth.sessions.rules.taking_part import Way
from hearth.sessions.services import outreach
from hearth.sessions.testing import make_episode, make_room, make_session, say_where
from hearth.sessions.tests.test_taking_part import Video, ends, row_of, url
from hearth.sessions.tests.test_whereabouts import HOME, hold_licence
from hearth.sessions.video import services as video
from hearth.sessions.video.rules import RUNS_OVER

KeptOut, Status = Attendance.KeptOut, Attendance.Status


@pytest.fixture
def evening(dana, maya, now):
    """A group that meets in the Lounge and by video, since now; Maya takes part by video."""
    make_episode(maya, by=dana, starts_on=(now - timedelta(days=30)).date())
    session = make_session(dana, maya, starts_at=now, modality=Modality.EITHER, room=make_room())
    session.roster.update(modality=Modality.VIRTUAL)
    return session


@pytest.fixture
def by_video(evening, dana, now):
    return Video(evening, dana, now)


@pytest.fixture
def room_is_down(settings):
    """A pool of one server that nothing answers for."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    settings.JANUS_SERVERS = (Server("one", f"ws://127.0.0.1:{port}", "", ""),)


def is_turned_away(evening, user, at):
    connection = uuid4()
    place = video.enter(user_id=user.pk, session_id=evening.pk, connection=connection, at=at)
    video.turned_away(place_id=place.pk, connection=connection, at=at)
    return place, connection


def words_to(user):
    return [one.body for one in Message.objects.filter(to=user.email)]


# --- who could not be let in -----------------------------------------------------------------------------------


def test_a_tap_while_the_video_room_is_down_gives_no_minutes(evening, dana, maya, now, room_is_down):
    say_where(evening, maya, at=now)
    row = services.check_in(attendance=row_of(evening), by=maya.user, at=now)
    assert (row.status, row.source, row.kept_out) == (Status.PRESENT, Presence.Source.WAITING, KeptOut.DOWN)
    row = ends(evening, dana)
    assert (row.status, row.minutes) == (Status.EXCUSED, 0)


def test_who_comes_in_once_the_room_is_back_has_the_minutes_in_it(evening, by_video, dana, maya, now, room_is_down):
    say_where(evening, maya, at=now)
    services.check_in(attendance=row_of(evening), by=maya.user, at=now)
    by_video.joins(maya.user, 8)
    row = ends(evening, dana)
    assert (row.status, row.minutes, row.kept_out) == (Status.PRESENT, 172, "")


def test_who_found_the_room_full_is_excused_and_told_so_and_who_led_is_to_call(evening, dana, maya, now):
    is_turned_away(evening, maya.user, now)
    row = ends(evening, dana)
    assert (row.status, row.kept_out, row.minutes) == (Status.EXCUSED, KeptOut.FULL, 0)
    assert not any("missed you" in words for words in words_to(maya.user))
    assert any("we could not let you in" in words for words in words_to(maya.user))
    assert any("could not be let into a video room" in words for words in words_to(dana))
    assert not any("Maya" in words for words in words_to(dana))
    assert not Concern.objects.exists()


def test_who_waits_at_the_door_and_is_never_let_in_came(evening, dana, maya, now):
    connection = uuid4()
    place = video.enter(user_id=maya.user.pk, session_id=evening.pk, connection=connection, at=now)
    video.alive(place_id=place.pk, connection=connection, at=evening.ends_at)
    row = ends(evening, dana)
    assert (row.status, row.kept_out, row.minutes) == (Status.EXCUSED, KeptOut.DOOR, 0)
    assert not any("missed you" in words for words in words_to(maya.user))


def test_who_was_let_in_while_the_room_did_not_answer_was_kept_out_by_that_alone(evening, dana, maya, now):
    connection = uuid4()
    place = video.enter(user_id=maya.user.pk, session_id=evening.pk, connection=connection, at=now)
    video.not_answered(place_id=place.pk, connection=connection, at=now)
    video.alive(place_id=place.pk, connection=connection, at=evening.ends_at)
    assert ends(evening, dana).kept_out == KeptOut.DOWN
    video.left(place_id=place.pk, connection=connection, at=evening.ends_at, for_good=True)
    assert row_of(evening).kept_out == KeptOut.DOWN


@pytest.mark.parametrize("lost", [True, False])
def test_whose_connection_was_lost_waits_anew_when_they_come_again(evening, dana, maya, now, lost):
    place = video.enter(user_id=maya.user.pk, session_id=evening.pk, connection=uuid4(), at=now)
    again = now + timedelta(minutes=4 if lost else 0, seconds=0 if lost else 30)
    place = video.enter(user_id=maya.user.pk, session_id=evening.pk, connection=uuid4(), at=again)
    assert place.asked_at == (again if lost else now)


@pytest.mark.parametrize(("stays", "kept_out"), [(4, ""), (5, KeptOut.DOOR)])
def test_who_leaves_the_door_after_a_while_came_and_was_not_let_in(evening, dana, maya, now, stays, kept_out):
    for came, left in ((-9, -8), (20, 20 + stays)):  # the first time before it began
        connection, at = uuid4(), now + timedelta(minutes=came)
        place = video.enter(user_id=maya.user.pk, session_id=evening.pk, connection=connection, at=at)
        at = now + timedelta(minutes=left)
        video.left(place_id=place.pk, connection=connection, at=at, for_good=True)
    row = ends(evening, dana)
    assert (row.kept_out, row.status) == (kept_out, Status.EXCUSED if kept_out else Status.ABSENT)


def test_who_was_in_and_waits_at_the_door_again_has_their_minutes(evening, by_video, dana, maya, now):
    by_video.leaves(by_video.joins(maya.user, 0), 60)
    video.enter(user_id=maya.user.pk, session_id=evening.pk, connection=uuid4(), at=now + timedelta(minutes=70))
    row = ends(evening, dana)
    assert (row.kept_out, row.minutes) == ("", 60)


def test_in_the_ledger_it_is_ours_to_mend(evening, dana, maya, now):
    is_turned_away(evening, maya.user, now)
    ends(evening, dana)
    (held,) = ledgers_of(episodes=list(maya.episodes.all()), at=evening.ends_at).values()
    gaps = [gap for week in held.weeks for gap in week.gaps if gap.on is not None]
    assert [(gap.why, gap.minutes) for gap in gaps] == [(Why.KEPT_OUT, 180)]
    assert dose_of(episodes=list(maya.episodes.all()), at=evening.ends_at)


def test_an_absent_tap_before_or_after_it_does_not_make_it_their_miss(evening, dana, maya, now):
    services.mark(attendance=row_of(evening), status="absent", by=dana, at=now)
    is_turned_away(evening, maya.user, now + timedelta(minutes=1))
    assert row_of(evening).status == Status.EXCUSED
    row = services.mark(attendance=row_of(evening), status="absent", by=dana, at=now + timedelta(minutes=2))
    assert row.status == Status.EXCUSED
    row = ends(evening, dana)
    assert row.status == Status.EXCUSED
    row = services.mark(
        attendance=row, status="absent", reason="There was room again, and they knew.", by=dana, at=evening.ends_at
    )
    assert row.status == Status.ABSENT


def test_who_comes_in_after_all_is_there(evening, by_video, dana, maya, now):
    is_turned_away(evening, maya.user, now)
    by_video.joins(maya.user, 20)
    row = ends(evening, dana)
    assert (row.status, row.kept_out) == (Status.LATE, "")


def test_roster_and_the_students_page_say_what_happened(evening, as_user, dana, maya, now):
    is_turned_away(evening, maya.user, now)
    ends(evening, dana)
    with time_machine.travel(evening.ends_at, tick=False):
        roster = as_user(dana).get(url("room", evening)).text
        assert "The video room was full" in roster
        assert "Call them: they came and could not be let in." in roster
        assert "You came, and we could not let you in." in as_user(maya.user).get(url("mine", evening)).text


def test_who_waits_for_a_room_that_does_not_answer_reads_so(evening, as_user, maya, now, room_is_down):
    say_where(evening, maya, at=now)
    with time_machine.travel(now, tick=False):
        browser = as_user(maya.user)
        browser.post(url("mine", evening), {"form": "in"})
        assert "The video room does not answer at the moment." in browser.get(url("mine", evening)).text


def test_whom_staff_excused_for_another_reason_is_not_told_that_they_were_kept_out(evening, as_user, dana, maya, now):
    is_turned_away(evening, maya.user, now)
    services.mark(attendance=row_of(evening), status="excused", reason="Ill.", by=dana, at=now)
    Attendance.objects.filter(session=evening).update(kept_out=KeptOut.FULL)
    assert ends(evening, dana).reason == "Ill."
    assert not any("could not" in words for words in (*words_to(maya.user), *words_to(dana)))
    (held,) = ledgers_of(episodes=list(maya.episodes.all()), at=evening.ends_at).values()
    assert [gap.why for week in held.weeks for gap in week.gaps if gap.on is not None] == [Why.EXCUSED]
    with time_machine.travel(evening.ends_at, tick=False):
        assert "we could not let you in" not in as_user(maya.user).get(url("mine", evening)).text


def test_who_could_not_come_in_is_heard_of_once_where_nobody_ends_the_session(evening, ruth, dana, maya, now):
    is_turned_away(evening, maya.user, now)
    assert outreach.hear_of_kept_out(at=evening.ends_at) == 0  # it may run over
    at = evening.ends_at + RUNS_OVER
    assert [outreach.hear_of_kept_out(at=at) for _ in range(2)] == [1, 0]
    assert row_of(evening).status == Status.EXCUSED
    assert any("we could not let you in" in words for words in words_to(maya.user))
    for reader in (dana, ruth):  # Dana leads and is the primary counselor: somebody else hears of it too
        assert any("could not be let into a video room" in words for words in words_to(reader))
    ends(evening, dana)
    assert len([words for words in words_to(maya.user) if "could not let you in" in words]) == 1


def test_their_counselor_who_does_not_lead_is_sent_to_the_chart(evening, dana, theo, maya, now):
    CareTeamMember.objects.filter(patient=maya, is_primary=True).update(member=theo)
    is_turned_away(evening, maya.user, now)
    outreach.hear_of_kept_out(at=evening.ends_at + RUNS_OVER)
    assert any(reverse("web:chart", args=[maya.pk]) in words for words in words_to(theo))


# --- who wants to come by video from where nobody is licensed -------------------------------------------------


def test_a_seat_on_site_stays_planned_where_the_way_by_video_is_closed(evening, as_user, dana, maya, now):
    evening.roster.update(modality=Modality.IN_PERSON)
    hold_licence(dana, "CO")
    with time_machine.travel(now, tick=False) as clock:
        browser = as_user(maya.user)
        browser.post(url("before", evening), HOME | {"state": "UT", "city": "Moab"})
        row = row_of(evening)
        assert (row.modality, row.planned, row.by_video_at) == (Modality.IN_PERSON, "", None)
        assert "Your seat in the room is still yours." in browser.get(url("before", evening)).text
        staff = as_user(dana)
        assert (
            "wanted to come by video, and not everyone who leads is licensed there"
            in staff.get(url("room", evening)).text
        )
        assert "Moab" in staff.get(url("places", evening)).text
        clock.shift(60)
        as_user(maya.user).post(url("before", evening), HOME)
        row = row_of(evening)
        assert (row.modality, row.planned, row.by_video_at) == (
            Modality.VIRTUAL, Modality.IN_PERSON, now + timedelta(minutes=1),
        )  # fmt: skip
        assert "planned in person" in as_user(dana).get(url("room", evening)).text
        clock.shift(60)
        as_user(maya.user).post(url("before", evening), HOME | {"state": "UT", "city": "Moab"})
        row = row_of(evening)
        assert (row.modality, row.by_video_at) == (Modality.IN_PERSON, None)


def test_staff_let_in_whose_seat_is_on_site_by_saying_so_with_a_reason(evening, as_user, dana, maya, now):
    evening.roster.update(modality=Modality.IN_PERSON)
    hold_licence(dana, "CO")
    with time_machine.travel(now, tick=False):
        browser = as_user(maya.user)
        browser.post(url("before", evening), HOME | {"state": "UT", "city": "Moab"})
        row = services.say_way(attendance=row_of(evening), way=Way.VIRTUAL, reason="A crisis.", by=dana, at=now)
        services.mark(attendance=row, status="present", by=dana, at=now)
        assert "ticket" in browser.post(url("video-ticket", evening)).json()


# --- who stays in the room while staff take their word back ---------------------------------------------------


def test_an_undone_mark_leaves_in_who_stays_in_the_video_room(evening, by_video, dana, maya, now):
    say_where(evening, maya, at=now)
    by_video.joins(maya.user, 0)
    services.mark(attendance=row_of(evening), status="absent", by=dana, at=now + timedelta(minutes=5))
    row = services.mark(attendance=row_of(evening), status="expected", by=dana, at=now + timedelta(minutes=6))
    assert (row.status, row.source) == (Status.PRESENT, Presence.Source.VIDEO)
    services.mark(attendance=row_of(evening), status="expected", by=dana, at=now + timedelta(minutes=7))
    assert ends(evening, dana).minutes == 180


def test_an_undone_mark_of_a_tablet_leaves_them_in_whenever_it_arrives(evening, by_video, dana, maya, now):
    say_where(evening, maya, at=now)
    place = by_video.joins(maya.user, 0)
    by_video.leaves(place, 60)
    for what, minute in (("expected", 10), ("present", 5)):
        tapped = services.Tapped(uuid4(), what, now + timedelta(minutes=minute))
        services.keep_mark(attendance=row_of(evening), tapped=tapped, by=dana, at=now + timedelta(minutes=90))
    assert ends(evening, dana).minutes == 60


def test_an_undone_mark_of_who_is_not_in_the_room_leaves_nothing(evening, by_video, dana, maya, now):
    say_where(evening, maya, at=now)
    by_video.leaves(by_video.joins(maya.user, 0), 5)
    row = services.mark(attendance=row_of(evening), status="expected", by=dana, at=now + timedelta(minutes=6))
    assert row.status == Status.EXPECTED
