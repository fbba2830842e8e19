"""Marks from a tablet that was without a connection: by when they were made, whatever order they arrive in."""

import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from hearth.audit.models import Event
from hearth.lib import kept
from hearth.people.testing import make_patient
from hearth.sessions import services
from hearth.sessions.door_code import code_at
from hearth.sessions.models import Attendance, GroupNote, Mark, Presence
from hearth.sessions.rules import marks as rules
from hearth.sessions.rules.attendance import Status
from hearth.sessions.rules.marks import Doubt, Heard, Said
from hearth.sessions.rules.presence import merged
from hearth.sessions.testing import make_episode, make_room, make_session

DENVER = ZoneInfo("America/Denver")
START = datetime(2026, 11, 24, 17, 30, tzinfo=DENVER)
END = START + timedelta(hours=3)
LATER = START + timedelta(hours=1)


def after(minutes):
    return START + timedelta(minutes=minutes)


# --- rules --------------------------------------------------------------------------------------------------

said = st.builds(
    Said,
    at=st.integers(-30, 210).map(after),
    key=st.uuids().map(str),
    status=st.sampled_from([Status.EXPECTED, Status.PRESENT, Status.LATE, Status.LEFT_EARLY, Status.ABSENT]),
)
heard = st.integers(-30, 180).map(after).map(lambda at: Heard(at, at))


@given(st.lists(said, max_size=7), st.lists(heard, max_size=3), st.randoms())
def test_the_order_in_which_marks_arrive_changes_nothing(marks, others, random):
    found = rules.known(marks, others, start=START)
    mixed, mixed_others = marks[:], others[:]
    random.shuffle(mixed)
    random.shuffle(mixed_others)
    assert rules.known([*mixed, *mixed[:1]], mixed_others, start=START) == found


@given(st.lists(said, max_size=7), st.lists(heard, max_size=3))
def test_marks_never_give_more_than_the_session_had_and_nobody_leaves_before_coming(marks, others):
    found = rules.known(marks, others, start=START)
    assert all(one.ended is None or one.ended >= one.began for one in found.stretches)
    covered = merged(found.stretches, start=START, end=END, bridge=timedelta(minutes=5))
    assert sum((end - begin for begin, end in covered), timedelta()) <= END - START


@pytest.mark.parametrize(
    ("marks", "status", "came", "went"),
    [
        ([(5, Status.PRESENT)], None, START, None),
        ([(-20, Status.PRESENT)], None, after(-20), None),
        ([(25, Status.LATE)], None, after(25), None),
        ([(25, Status.LATE), (90, Status.LEFT_EARLY)], None, after(25), after(90)),
        ([(90, Status.LEFT_EARLY)], None, START, after(90)),
        ([(5, Status.PRESENT), (6, Status.ABSENT)], Status.ABSENT, None, None),
        ([(5, Status.ABSENT), (25, Status.LATE)], None, after(25), None),
        ([(5, Status.PRESENT), (6, Status.EXPECTED)], Status.EXPECTED, None, None),
    ],
)
def test_the_newest_mark_decides(marks, status, came, went):
    found = rules.known([Said(after(at), "", what) for at, what in marks], start=START)
    assert found.status == status
    assert [(one.began, one.ended) for one in found.stretches] == ([(came, went)] if came else [])


@given(st.integers(-86_400, 86_400), st.integers(0, 7200), st.integers(-600, 600))
def test_a_wrong_clock_that_stays_as_wrong_is_set_right_and_a_changed_one_is_doubted(off, ago, turned):
    at, skew = datetime(2026, 11, 24, 23, tzinfo=UTC), timedelta(seconds=off)
    made = at - timedelta(seconds=ago)
    found = rules.moment(made - skew, skew=skew, sent_at=at - skew + timedelta(seconds=turned), at=at)
    assert found == (Doubt.CLOCK_CHANGED if abs(turned) > 120 else made)


def test_a_mark_from_the_future_is_doubted_and_a_little_ahead_is_now():
    at = datetime(2026, 11, 24, 23, tzinfo=UTC)
    nothing = timedelta()
    assert rules.moment(at + timedelta(minutes=3), skew=nothing, sent_at=at, at=at) == Doubt.AHEAD
    assert rules.moment(at + timedelta(minutes=1), skew=nothing, sent_at=at, at=at) == at


@pytest.mark.parametrize(
    ("minutes", "ended", "doubt"),
    [
        (-31, None, Doubt.BEFORE),
        (-30, None, None),
        (209, None, None),
        (211, None, Doubt.AFTER),
        (160, 120, Doubt.AFTER),
    ],
)
def test_a_mark_lies_in_its_session_or_shortly_around_it(minutes, ended, doubt):
    over_at = after(ended) if ended else None
    assert rules.doubt(after(minutes), planned=(START, END), over_at=over_at) == doubt


def test_a_written_time_falls_on_the_right_side_of_midnight():
    late = datetime(2026, 11, 24, 22, 30, tzinfo=DENVER)
    end = late + timedelta(hours=3)
    assert rules.on_the_clock(time(23, 0), start=late, end=end, zone=DENVER) == late + timedelta(minutes=30)
    assert rules.on_the_clock(time(0, 30), start=late, end=end, zone=DENVER) == late + timedelta(hours=2)


# --- services -----------------------------------------------------------------------------------------------


@pytest.fixture
def session(dana, maya, jonah):
    for patient in (maya, jonah):
        make_episode(patient, by=dana, starts_on=date(2026, 10, 19))
    return make_session(dana, maya, jonah, starts_at=START, room=make_room())


def place(session, patient):
    return session.roster.get(patient=patient)


def keep(row, what, minutes, *, by, at=LATER, key=None, took_part=None):
    tapped = services.Tapped(key or uuid4(), what, after(minutes), took_part)
    return services.keep_mark(attendance=row, tapped=tapped, by=by, at=at)


def attends(row):
    row.refresh_from_db()
    standing = sorted((each.began_at, each.ended_at) for each in row.presences.filter(voided_at=None))
    return row.status, row.arrived_at, row.left_at, standing


MARKS = (("late", 12), ("left", 40), ("absent", 45), ("late", 50))


def test_marks_come_to_the_same_in_every_order_also_around_an_own_tap_and_a_correction(session, dana, maya):
    row = place(session, maya)
    services.check_in(attendance=row, by=maya.user, at=after(-5), code=code_at(session.pk, after(-5)))
    services.mark(attendance=row, status="present", by=dana, at=after(20))
    outcomes = set()
    for order in permutations(MARKS):
        with transaction.atomic():
            for what, minutes in order:
                keep(row, what, minutes, by=dana)
            outcomes.add(str(attends(row)))
            transaction.set_rollback(True)
    assert len(outcomes) == 1
    for what, minutes in MARKS:
        keep(row, what, minutes, by=dana)
    status, came, went, _standing = attends(row)
    assert (status, came, went) == (Attendance.Status.LATE, after(50), None)


def test_a_late_mark_never_overrules_a_newer_correction_or_an_own_tap_after_it(session, dana, maya, jonah):
    row = place(session, maya)
    services.mark(attendance=row, status="absent", by=dana, at=after(30))
    keep(row, "present", 5, by=dana)
    assert attends(row)[0] == "absent"
    other = place(session, jonah)
    services.check_in(attendance=other, by=jonah.user, at=after(20), code=code_at(session.pk, after(20)))
    keep(other, "absent", 15, by=dana)
    assert attends(other)[:3] == ("late", after(20), None)


def test_leaving_by_an_own_tap_stands_when_an_older_mark_arrives(session, dana, maya):
    row = place(session, maya)
    keep(row, "present", 5, by=dana, at=after(6))
    services.check_out(attendance=row, by=maya.user, at=after(100))
    keep(row, "late", 15, by=dana, at=after(120))
    assert attends(row)[:3] == ("left", after(15), after(100))


def test_a_replay_does_nothing_twice_and_a_key_of_another_is_refused(session, dana, ruth, maya):
    row, key = place(session, maya), uuid4()
    assert keep(row, "late", 15, by=dana, key=key)
    before = (Mark.objects.count(), Presence.objects.count(), Event.objects.filter(verb="sessions.marked").count())
    assert not keep(row, "late", 15, by=dana, key=key)
    assert before == (
        Mark.objects.count(),
        Presence.objects.count(),
        Event.objects.filter(verb="sessions.marked").count(),
    )
    with pytest.raises(PermissionDenied):
        keep(row, "late", 15, by=ruth, key=key)


def test_marks_made_in_time_arrive_after_the_end_without_asking_why_and_minutes_follow(session, dana, maya):
    row = place(session, maya)
    services.end(session=session, by=dana, at=END)
    assert attends(row)[0] == "absent"
    keep(row, "late", 30, by=dana, at=END + timedelta(minutes=20))
    row.refresh_from_db()
    assert (row.status, row.minutes) == ("late", 150)


@pytest.mark.parametrize("minutes", [-40, 220])
def test_a_mark_outside_the_session_is_refused_in_a_sentence(session, dana, maya, minutes):
    with pytest.raises(services.NotNow, match=r"the session ran from 17:30 to 20:30"):
        keep(place(session, maya), "present", minutes, by=dana, at=after(230))
    assert not Mark.objects.exists()


def test_being_excused_asks_for_a_reason_and_not_for_a_tap(session, dana, maya):
    with pytest.raises(services.NotNow):
        keep(place(session, maya), "excused", 5, by=dana)


def test_the_newest_participation_counts_and_what_the_note_says_since_stays(session, dana, maya):
    row = place(session, maya)

    def took_part():
        return GroupNote.objects.get().lines[str(row.pk)]["took_part"]

    keep(row, "took_part", 40, by=dana, took_part=5)
    keep(row, "took_part", 20, by=dana, took_part=2)
    assert took_part() == 5
    note = GroupNote.objects.get()
    note.lines[str(row.pk)]["took_part"] = 3
    note.save()
    keep(row, "took_part", 50, by=dana, took_part=4)
    assert took_part() == 3


# --- pages --------------------------------------------------------------------------------------------------


@pytest.fixture
def clock():
    with time_machine.travel(LATER, tick=False) as moved:
        yield moved


def body(user, *items, sent=LATER):
    own = {"skew": 0, "at": milliseconds(LATER - timedelta(minutes=2))}
    whole = [{"key": str(uuid4()), **own, **each} for each in items]
    return {"owner": kept.owner_of(user.pk), "sent": milliseconds(sent), "items": whole}


def milliseconds(moment):
    return int(moment.timestamp() * 1000)


def post(browser, session, told):
    told = told if isinstance(told, str) else json.dumps(told)
    return browser.post(f"/sessions/{session.pk}/marks/", told, content_type="application/json")


def test_marks_are_answered_one_by_one(clock, session, as_user, dana, maya, jonah, now):
    stranger = make_session(dana, make_patient("Amina", "Bello", at=now), starts_at=START + timedelta(days=1))
    told = body(
        dana,
        {"place": str(place(session, maya).pk), "what": "late"},
        {"place": str(place(session, jonah).pk), "what": "present", "at": milliseconds(START - timedelta(hours=3))},
        {"place": str(stranger.roster.get().pk), "what": "present"},
        {"place": str(place(session, jonah).pk), "what": "late", "at": milliseconds(LATER), "skew": 600_000},
    )
    answer = post(as_user(dana), session, told).json()
    assert answer["now"] == milliseconds(LATER)
    assert [each["done"] for each in answer["results"]] == [True, False, False, False]
    assert "17:30 to 20:30" in answer["results"][1]["words"]
    assert "not on the roster" in answer["results"][2]["words"]
    assert "clock of this device" in answer["results"][3]["words"]
    assert place(session, maya).arrived_at == LATER - timedelta(minutes=2)
    assert Event.objects.filter(verb="sessions.mark_refused").count() == 3
    assert all(not each.detail for each in Event.objects.filter(verb="sessions.mark_refused"))


def test_a_written_time_counts_where_the_clock_does_not(clock, session, as_user, dana, maya):
    item = {"place": str(place(session, maya).pk), "what": "late", "skew": 600_000, "written": "17:55"}
    assert post(as_user(dana), session, body(dana, item)).json()["results"][0]["done"]
    assert place(session, maya).arrived_at == after(25)


def test_marks_of_somebody_else_are_sent_by_nobody(clock, session, as_user, dana, ruth, theo, maya):
    told = body(dana, {"place": str(place(session, maya).pk), "what": "present"})
    assert post(as_user(ruth), session, told).status_code == 409
    assert post(as_user(theo), session, told).status_code == 403
    assert post(as_user(maya.user), session, told).status_code == 403
    assert not Mark.objects.exists()


@pytest.mark.parametrize(
    "told",
    [
        "",
        "[]",
        "{}",
        '{"owner": "x", "sent": 1e99, "items": []}',
        '{"owner": "x", "sent": 1, "items": [{"key": "no"}]}',
    ],
)
def test_what_cannot_be_read_is_refused(clock, session, as_user, dana, told):
    assert post(as_user(dana), session, told).status_code == 400


@pytest.mark.parametrize("wrong", [{"took_part": 9}, {"skew": 1e12}, {"key": "1"}, {"written": "noon"}, {"at": None}])
def test_an_item_out_of_range_is_refused(clock, session, as_user, dana, maya, wrong):
    item = {"place": str(place(session, maya).pk), "what": "took_part", "took_part": 3} | wrong
    assert post(as_user(dana), session, body(dana, item)).status_code == 400
    assert not Mark.objects.exists()


def test_what_a_tablet_keeps_holds_nothing_of_a_chart(clock, session, as_user, dana, theo, maya):
    row = place(session, maya)
    services.mark(attendance=row, status="excused", by=dana, at=LATER, reason="court date")
    Attendance.objects.filter(pk=row.pk).update(location="12 Elm Street", mood_in=2)
    page = as_user(dana).get(f"/sessions/{session.pk}/kept/").text
    assert "Maya R." in page
    for secret in ("court date", "12 Elm Street", "Reyes", "Sleep and get up", "PHQ-9", "this week", "she/her"):
        assert secret not in page
    assert as_user(theo).get(f"/sessions/{session.pk}/kept/").status_code == 403
    assert as_user(maya.user).get(f"/sessions/{session.pk}/kept/").status_code == 403


def test_a_page_is_kept_on_its_day_alone(clock, session, as_user, dana):
    browser, address = as_user(dana), f"/sessions/{session.pk}/"
    assert 'id="keeping"' in browser.get(address).text
    clock.move_to(END + timedelta(hours=5))
    assert 'id="keeping"' not in browser.get(address).text
    clock.move_to(START - timedelta(days=1))
    assert 'id="keeping"' not in browser.get(address).text


def test_the_kept_page_takes_as_many_queries_for_many_as_for_few(clock, session, as_user, dana, now, count_queries):
    browser, address = as_user(dana), f"/sessions/{session.pk}/kept/"
    before = count_queries(browser, address)
    for number in range(4):
        patient = make_patient("Ana", f"Diaz{number}", at=now, with_user=False)
        Attendance.objects.create(session=session, patient=patient, modality="in_person")
    assert count_queries(browser, address) == before


def test_a_key_is_one_persons_own(as_user, dana, ruth, client):
    assert client.get("/offline/key/").status_code == 302
    own = as_user(dana).get("/offline/key/").json()
    other = as_user(ruth).get("/offline/key/").json()
    assert own["owner"] == kept.owner_of(dana.pk)
    assert own["owner"] != other["owner"]
    assert own["key"] != other["key"]
    assert str(dana.pk) not in str(own)
    assert len(UUID(own["owner"]).bytes) == 16


def test_a_shared_device_gets_no_key(as_user, dana):
    browser = as_user(dana)
    session = browser.session
    session["shared_device"] = True
    session.save()
    assert browser.get("/offline/key/").status_code == 204
