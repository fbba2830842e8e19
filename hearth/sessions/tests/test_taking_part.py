"""How somebody took part, and what of it counts: by video, on site, and by staff's word, in whatever order."""

import socket
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hearth.audit.models import Event
from hearth.lib.janus import Server
from hearth.people.models import Modality
from hearth.sessions import services
from hearth.sessions.chairs import chairs
from hearth.sessions.door_code import code_at
from hearth.sessions.models import Attendance, Presence
from hearth.sessions.note_checks import missing_of
from hearth.sessions.rules.attendance import judge
from hearth.sessions.rules.notes import Draft, Lack, Missing
from hearth.sessions.rules.presence import Stretch, merged
from hearth.sessions.rules.taking_part import Plan, Seen, Source, Way, counted, heard, way_of
from hearth.sessions.testing import make_room, make_session, say_where
from hearth.sessions.tests.test_whereabouts import HOME, hold_licence
from hearth.sessions.video import leading
from hearth.sessions.video import services as video

START = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
END = START + timedelta(hours=3)
BRIDGE = timedelta(minutes=5)
VIRTUAL, ON_SITE = Plan(Way.VIRTUAL), Plan(Way.IN_PERSON)


def after(minutes):
    return START + timedelta(minutes=minutes)


def seen(source, began, ended=None, known=None):
    return Seen(source, after(began), None if ended is None else after(ended), after(began if known is None else known))


def minutes_of(stretches):
    return judge(stretches, planned=(START, END), over_at=END).minutes


# --- rules --------------------------------------------------------------------------------------------------


@st.composite
def witnesses(draw):
    """From one source: by video and by the code it is known as it begins; staff may say later since when."""
    source = draw(st.sampled_from(Source))
    began = draw(st.integers(-30, 180))
    known = draw(st.integers(began, 180)) if source is Source.STAFF else began
    ended = draw(st.none() | st.integers(known, 200))
    return Seen(source, after(began), after(ended) if ended is not None else None, after(known), draw(st.booleans()))


plans = st.builds(Plan, st.sampled_from(Way), is_said=st.booleans(), in_own_room=st.booleans())
sets = st.lists(witnesses(), max_size=7)


def way(known, plan, *, is_over=True):
    return way_of(known, plan, start=START, end=END, is_over=is_over, bridge=BRIDGE)


@given(sets, plans, st.booleans(), st.randoms())
def test_the_order_in_which_anything_becomes_known_changes_nothing(known, plan, is_over, random):
    mixed = random.sample(known, len(known))
    assert counted(mixed, plan) == counted(known, plan)
    assert way(mixed, plan, is_over=is_over) == way(known, plan, is_over=is_over)
    for one, other in ((counted(mixed, plan), counted(known, plan)), (heard(mixed, plan), heard(known, plan))):
        assert judge(one, planned=(START, END)) == judge(other, planned=(START, END))


@given(sets, st.sampled_from([VIRTUAL, ON_SITE]), st.integers(0, 179))
def test_after_they_left_the_video_nothing_counts_that_was_known_before(known, plan, last):
    before = [one for one in known if one.known_at < after(last) and one.source is not Source.VIDEO]
    left = seen(Source.VIDEO, last, last)
    assert all(one.ended is not None for one in counted([*before, left], plan))
    on_site = Seen(Source.SITE, after(last), None, after(last))
    assert Stretch(after(last), None) in counted([*before, left, on_site], plan)


def test_who_tapped_in_the_room_itself_has_its_minutes_once_staff_say_so():
    tapped = [Seen(Source.WAITING, START, None, START)]
    said = Plan(Way.IN_PERSON, is_said=True, in_own_room=True)
    assert counted(tapped, said) == [Stretch(START, None)]
    assert counted(tapped, Plan(Way.VIRTUAL, is_said=True, in_own_room=True)) == []


@given(sets, plans)
def test_a_tap_before_the_video_room_gives_no_minute_and_all_others_never_more_than_the_session_had(known, plan):
    without = [one for one in known if one.source is not Source.WAITING]
    if plan.in_own_room and not (plan.is_said and plan.way is Way.IN_PERSON):
        assert counted(known, plan) == counted(without, plan)
    covered = merged(counted(known, plan), start=START, end=END, bridge=BRIDGE)
    assert sum((until - since for since, until in covered), timedelta()) <= END - START


@given(sets, st.sampled_from(Way), st.booleans())
def test_what_staff_said_of_how_holds_whatever_else_is_known(known, said, is_over):
    assert way(known, Plan(said, is_said=True), is_over=is_over) is said


@pytest.mark.parametrize(
    ("known", "plan", "minutes"),
    [
        ([seen(Source.STAFF, 0, known=20), seen(Source.VIDEO, 5, 60)], VIRTUAL, 60),
        ([seen(Source.STAFF, 0, known=70), seen(Source.VIDEO, 5, 60)], VIRTUAL, 180),
        ([seen(Source.STAFF, 0, known=20), seen(Source.VIDEO, 5, 60), seen(Source.VIDEO, 90)], VIRTUAL, 150),
        ([seen(Source.STAFF, 0, known=20), seen(Source.VIDEO, 5, 60), seen(Source.VIDEO, 64, 100)], VIRTUAL, 100),
        ([seen(Source.STAFF, 0), seen(Source.VIDEO, 5, 60)], Plan(Way.IN_PERSON, is_said=True), 180),
        ([seen(Source.WAITING, -5)], VIRTUAL, 0),
        ([seen(Source.WAITING, -5)], Plan(Way.VIRTUAL, in_own_room=False), 180),
        ([seen(Source.WAITING, -5), seen(Source.VIDEO, 20)], VIRTUAL, 160),
        ([seen(Source.SITE, 0), seen(Source.VIDEO, 60, 100)], ON_SITE, 100),
        ([seen(Source.VIDEO, 0, 60), seen(Source.SITE, 50)], VIRTUAL, 180),
        ([seen(Source.OWN, 0)], ON_SITE, 180),
    ],
)
def test_what_counts(known, plan, minutes):
    assert minutes_of(counted(known, plan)) == minutes


@pytest.mark.parametrize(
    ("known", "plan", "running", "over"),
    [
        ([], VIRTUAL, Way.VIRTUAL, Way.VIRTUAL),
        ([seen(Source.VIDEO, 0)], ON_SITE, Way.VIRTUAL, Way.VIRTUAL),
        ([seen(Source.SITE, 0)], VIRTUAL, Way.IN_PERSON, Way.IN_PERSON),
        ([seen(Source.SITE, 0), seen(Source.VIDEO, 120)], ON_SITE, Way.VIRTUAL, Way.IN_PERSON),
        ([seen(Source.SITE, 0), seen(Source.VIDEO, 50)], ON_SITE, Way.VIRTUAL, Way.VIRTUAL),
        ([seen(Source.STAFF, 0)], ON_SITE, Way.IN_PERSON, Way.IN_PERSON),
        ([seen(Source.STAFF, 0, known=30), seen(Source.VIDEO, 5)], ON_SITE, Way.VIRTUAL, Way.VIRTUAL),
    ],
)
def test_how_somebody_took_part(known, plan, running, over):
    assert (way(known, plan, is_over=False), way(known, plan)) == (running, over)


def test_whoever_waits_for_the_video_is_here_until_they_are_in_and_have_left():
    waits, was_in = seen(Source.WAITING, -5), seen(Source.VIDEO, 5, 60)
    assert heard([waits], VIRTUAL) == [Stretch(after(-5), None)]
    assert heard([waits, was_in], VIRTUAL) == [Stretch(after(5), after(60))]
    assert heard([waits, was_in, seen(Source.WAITING, 70)], VIRTUAL)[-1].ended is None


# --- services -----------------------------------------------------------------------------------------------


@pytest.fixture
def evening(dana, maya, now):
    """A group that meets in the Lounge and by video, since now; Maya has a seat on site, and is at home."""
    session = make_session(dana, maya, starts_at=now, modality=Modality.EITHER, room=make_room())
    session.roster.update(modality=Modality.IN_PERSON)
    return session


@pytest.fixture
def room_is_up(settings):
    """A door is open where Janus would be; what it does is looked at in `video/tests/test_relay.py`."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        settings.JANUS_SERVERS = (Server("one", f"ws://127.0.0.1:{door.getsockname()[1]}", "", ""),)
        yield


class Video:
    """Maya's way into the video room and out of it, minutes after the session began."""

    def __init__(self, session, leader, now):
        self.session, self.leader, self.now, self.connection = session, leader, now, uuid4()

    def joins(self, user, minute):
        at = self.now + timedelta(minutes=minute)
        place = video.enter(user_id=user.pk, session_id=self.session.pk, connection=self.connection, at=at)
        leading.admit(session=self.session, person=place.pk, by=self.leader, at=at)
        video.joined(place_id=place.pk, connection=self.connection, at=at)
        return place

    def leaves(self, place, minute):
        at = self.now + timedelta(minutes=minute)
        video.left(place_id=place.pk, connection=self.connection, at=at, for_good=True)


@pytest.fixture
def by_video(evening, dana, now):
    return Video(evening, dana, now)


def row_of(session):
    return session.roster.select_related("patient").get()


def ends(session, dana):
    return row_of(services.end(session=session, by=dana, at=session.ends_at))


def test_leaving_the_video_ends_a_word_of_staff_from_before_in_every_order(evening, by_video, dana, maya, now):
    say_where(evening, maya, at=now)
    place = by_video.joins(maya.user, 5)
    services.mark(attendance=row_of(evening), status="present", by=dana, at=now + timedelta(minutes=20))
    by_video.leaves(place, 60)
    by_video.leaves(by_video.joins(maya.user, 100), 130)
    outcomes = set()
    late = now + timedelta(minutes=140)
    for order in permutations((("present", 10), ("late", 15), ("present", 30))):
        with transaction.atomic():
            for what, minute in order:
                tapped = services.Tapped(uuid4(), what, now + timedelta(minutes=minute))
                services.keep_mark(attendance=row_of(evening), tapped=tapped, by=dana, at=late)
            row = ends(evening, dana)
            outcomes.add((row.minutes, row.left_at, row.modality))
            transaction.set_rollback(True)
    assert outcomes == {(90, now + timedelta(minutes=130), Modality.VIRTUAL)}
    assert ends(evening, dana).minutes == 90


def test_a_word_of_staff_after_they_left_holds_to_the_end(evening, by_video, dana, maya, now):
    say_where(evening, maya, at=now)
    by_video.leaves(by_video.joins(maya.user, 5), 60)
    services.mark(attendance=row_of(evening), status="present", by=dana, at=now + timedelta(minutes=61))
    assert ends(evening, dana).minutes == 180


def test_who_taps_and_never_joins_was_not_there(evening, dana, maya, now, room_is_up):
    say_where(evening, maya, at=now)
    row = services.check_in(attendance=row_of(evening), by=maya.user, at=now)
    assert (row.status, row.source, row.arrived_at) == ("present", Presence.Source.WAITING, now)
    row = ends(evening, dana)
    assert (row.status, row.minutes, row.arrived_at) == ("absent", 0, None)


def test_the_minutes_of_who_taps_and_joins_begin_with_the_video(evening, by_video, dana, maya, now, room_is_up):
    say_where(evening, maya, at=now)
    services.check_in(attendance=row_of(evening), by=maya.user, at=now)
    by_video.joins(maya.user, 8)
    row = ends(evening, dana)
    assert (row.status, row.minutes, row.arrived_at) == ("present", 172, now + timedelta(minutes=8))


def test_with_an_outside_link_the_tap_counts(evening, dana, maya, now, room_is_up):
    evening.link = "https://video.example/room"
    evening.save()
    say_where(evening, maya, at=now)
    services.check_in(attendance=row_of(evening), by=maya.user, at=now)
    assert ends(evening, dana).minutes == 180


def test_who_has_a_seat_on_site_and_says_where_they_are_takes_part_by_video_and_the_note_asks_for_it(
    evening, by_video, dana, maya, now
):
    say_where(evening, maya, at=now)
    row = row_of(evening)
    assert (row.modality, row.planned) == (Modality.VIRTUAL, Modality.IN_PERSON)
    assert Event.objects.filter(verb="sessions.by_video_today", patient_id=maya.pk).count() == 1
    by_video.joins(maya.user, 5)
    row = ends(evening, dana)
    assert (row.modality, row.source) == (Modality.VIRTUAL, Presence.Source.VIDEO)
    seats = chairs(session=evening, at=evening.ends_at)
    assert Missing(Lack.LOCATION, str(row.pk)) in missing_of(evening, Draft(), seats)


def test_who_was_to_come_by_video_and_types_the_code_in_the_room_is_there_in_person(evening, dana, maya, now):
    evening.roster.update(modality=Modality.VIRTUAL)
    services.check_in(attendance=row_of(evening), by=maya.user, at=now)
    with pytest.raises(services.WrongCode):
        services.check_in(attendance=row_of(evening), by=maya.user, at=now, code="000 000")
    shown = code_at(evening.pk, now)
    row = services.check_in(attendance=row_of(evening), by=maya.user, at=now, code=shown)
    assert (row.modality, row.planned) == (Modality.IN_PERSON, Modality.VIRTUAL)
    row = ends(evening, dana)
    seats = chairs(session=evening, at=evening.ends_at)
    assert Missing(Lack.LOCATION, str(row.pk)) not in missing_of(evening, Draft(), seats)


def test_where_it_was_both_it_is_what_most_minutes_were_and_staff_say_otherwise_with_a_reason(
    evening, by_video, dana, maya, theo, now
):
    services.check_in(attendance=row_of(evening), by=maya.user, at=now, code=code_at(evening.pk, now))
    say_where(evening, maya, at=now + timedelta(minutes=30))
    by_video.joins(maya.user, 60)
    assert row_of(evening).modality == Modality.VIRTUAL
    row = ends(evening, dana)
    assert (row.minutes, row.modality) == (180, Modality.VIRTUAL)
    said = {"attendance": row, "way": Way.IN_PERSON, "at": evening.ends_at}
    with pytest.raises(services.ReasonMissing):
        services.say_way(**said, reason=" ", by=dana)
    for stranger in (theo, maya.user):
        with pytest.raises(PermissionDenied):
            services.say_way(**said, reason="Held the phone in the room.", by=stranger)
    row = services.say_way(**said, reason="Held the phone in the room.", by=dana)
    assert (row.modality, row.modality_reason, row.minutes) == (Modality.IN_PERSON, "Held the phone in the room.", 180)
    told = Event.objects.get(verb="sessions.way_said")
    assert (told.detail, told.reason) == ({"before": "virtual", "now": "in_person"}, "Held the phone in the room.")


def test_who_staff_said_is_on_site_has_minutes_whatever_their_phone_does(evening, by_video, dana, maya, now):
    say_where(evening, maya, at=now)
    place = by_video.joins(maya.user, 5)
    row = services.mark(attendance=row_of(evening), status="present", by=dana, at=now + timedelta(minutes=6))
    services.say_way(attendance=row, way=Way.IN_PERSON, reason="In the room.", by=dana, at=now + timedelta(minutes=7))
    by_video.leaves(place, 10)
    row = ends(evening, dana)
    assert (row.minutes, row.modality, row.status) == (180, Modality.IN_PERSON, Attendance.Status.PRESENT)


def test_nobody_changes_how_they_took_part_once_it_is_over(evening, dana, maya, now):
    ends(evening, dana)
    with pytest.raises(services.NotNow):
        say_where(evening, maya, at=evening.ends_at)
    assert row_of(evening).modality == Modality.IN_PERSON


def test_a_session_on_site_alone_or_a_student_who_agreed_to_come_in_person_has_no_way_by_video(evening, maya, now):
    maya.modality = Modality.IN_PERSON
    maya.save()
    with pytest.raises(PermissionDenied):
        say_where(evening, maya, at=now)
    maya.modality = Modality.EITHER
    maya.save()
    evening.modality = Modality.IN_PERSON
    evening.save()
    with pytest.raises(PermissionDenied):
        say_where(evening, maya, at=now)


# --- pages --------------------------------------------------------------------------------------------------


def url(name, *args):
    return reverse(f"sessions:{name}", args=[each.pk for each in args])


@pytest.fixture
def under_way(evening, now):
    """The clock stands where the session begins."""
    with time_machine.travel(now, tick=False):
        yield evening


def test_a_student_with_a_seat_on_site_finds_a_way_by_video_and_says_where_they_are_first(
    under_way, as_user, dana, maya, jonah, room_is_up
):
    browser, door = as_user(maya.user), url("my-video", under_way)
    hold_licence(dana, "CO")
    assert "I take part by video today" in browser.get(url("mine", under_way)).text
    assert browser.get(door)["Location"] == url("before", under_way)
    assert browser.post(url("video-ticket", under_way)).status_code == 409
    assert "Your seat in the room stays yours" in browser.get(url("before", under_way)).text
    assert browser.post(url("before", under_way), HOME)["Location"] == url("mine", under_way)
    assert "I take part by video today" not in browser.get(url("mine", under_way)).text
    assert "Come in with camera" in browser.get(door).text
    assert "ticket" in browser.post(url("video-ticket", under_way)).json()
    assert as_user(jonah.user).get(url("before", under_way)).status_code == 403


def test_present_in_the_room_lets_nobody_in_from_where_no_leader_is_licensed(under_way, as_user, dana, maya, now):
    services.mark(attendance=row_of(under_way), status="present", by=dana, at=now)
    browser = as_user(maya.user)
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        answer = browser.post(url("before", under_way), HOME | {"state": "UT", "city": "Moab"})
        assert answer["Location"] == url("before", under_way)
        assert browser.post(url("video-ticket", under_way)).status_code == 409


def test_where_there_is_no_way_by_video_or_another_day_none_is_shown(under_way, as_user, maya, jonah, now):
    Attendance.objects.create(session=under_way, patient=jonah, modality=Modality.IN_PERSON)
    maya.modality = Modality.IN_PERSON
    maya.save()
    browser = as_user(maya.user)
    assert "I take part by video today" not in browser.get(url("mine", under_way)).text
    assert browser.get(url("before", under_way))["Location"] == url("mine", under_way)
    assert browser.post(url("video-ticket", under_way)).status_code == 409
    with time_machine.travel(now - timedelta(days=1), tick=False):
        assert "I take part by video today" not in as_user(jonah.user).get(url("mine", under_way)).text


def test_who_was_to_come_by_video_checks_in_with_the_code_without_an_address(under_way, as_user, maya, now):
    under_way.roster.update(modality=Modality.VIRTUAL)
    browser, mine = as_user(maya.user), url("mine", under_way)
    assert "I came to the room today" in browser.get(mine).text
    assert "Code in the room" in browser.get(f"{mine}?code=").text
    assert browser.post(mine, {"form": "in", "code": "000 000"}).status_code == 422
    assert browser.post(mine, {"form": "in", "code": code_at(under_way.pk, now)})["Location"] == mine
    assert row_of(under_way).modality == Modality.IN_PERSON


def test_staff_correct_how_somebody_took_part_and_the_roster_says_it(under_way, as_user, dana, theo, maya):
    address, room = url("correct", under_way, row_of(under_way)), url("room", under_way)
    browser = as_user(dana)
    refused = browser.post(address, {"form": "way", "way": "virtual", "why": ""})
    assert refused.status_code == 422
    assert "Write why, in a few words." in refused.text
    typed = {"form": "way", "way": "virtual", "why": "Called in from the bus."}
    assert browser.post(address, typed)["Location"] == room
    assert "Called in from the bus." in browser.get(room).text
    for stranger in (theo, maya.user):
        assert as_user(stranger).post(address, typed).status_code == 403


def test_the_roster_says_who_came_otherwise_than_planned(under_way, as_user, dana, maya, now):
    under_way.roster.update(modality=Modality.VIRTUAL)
    services.check_in(attendance=row_of(under_way), by=maya.user, at=now, code=code_at(under_way.pk, now))
    assert "planned by video" in as_user(dana).get(url("room", under_way)).text
