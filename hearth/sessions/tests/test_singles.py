"""Single sessions of any kind: made and changed where all are free, with notice to those they concern alone."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.outbox.models import Message
from hearth.people.models import CareTeamMember, Licence, Population
from hearth.people.testing import make_patient
from hearth.program import pack
from hearth.program.models import Booking, Interpreter, Leave, Program
from hearth.program.services import close
from hearth.sessions import services
from hearth.sessions.appointments import appointments_of
from hearth.sessions.feed import Titles, calendar
from hearth.sessions.models import Session, SessionKind
from hearth.sessions.rules.free_times import free_times
from hearth.sessions.singles import Single, when_free
from hearth.sessions.testing import make_episode, make_room, make_session
from hearth.timetable.board import Span
from hearth.timetable.models import KeepApart, WeekNotice
from hearth.timetable.testing import make_section

DENVER = ZoneInfo("America/Denver")
START = datetime(2026, 12, 2, 14, tzinfo=DENVER)  # a Wednesday
MONDAY = date(2026, 11, 30)


@pytest.fixture
def ana(dana, ines, now):
    """Ana, in the program like Maya; Dana cares for both."""
    person = make_patient("Ana", "Ortiz", at=now)
    CareTeamMember.objects.create(patient=person, member=dana, role=Role.COUNSELOR, since=now.date())
    make_episode(person, by=dana, starts_on=date(2026, 11, 2))
    return person


@pytest.fixture
def single(dana, maya):
    """An hour alone of Maya with Dana, in person, on Wednesday at two."""
    make_episode(maya, by=dana, starts_on=date(2026, 11, 2))
    return Single("individual", "", "", START, 60, dana, None, "in_person", None, None, (maya,))


def told():
    return {one.to for one in Message.objects.all()}


def make(single, by, now):
    return services.make_single(single=single, by=by, at=now)


@pytest.mark.parametrize("kind", SessionKind.values)
def test_every_kind_can_be_made_with_everyones_hours_held(kind, single, dana, theo, ana, now):
    alone = kind in ("individual", "family", "assessment")
    students = single.students if alone else (*single.students, ana)
    room = make_room()
    session = make(replace(single, kind=kind, students=students, room=room, second=theo), dana, now)
    assert (session.kind, session.get_kind_display(), session.section) == (kind, session.name, None)
    held = set(Booking.objects.filter(purpose_id=session.pk).values_list("resource_id", flat=True))
    assert held == {dana.pk, theo.pk, room.pk, *(one.pk for one in students)}
    assert session.is_group is not alone


def test_those_it_concerns_are_told_and_nobody_else(single, dana, theo, ana, jonah, now):
    make(replace(single, second=theo), dana, now)
    assert told() == {single.students[0].user.email, theo.email}
    assert WeekNotice.objects.get(user=theo).week_of == MONDAY
    for word in ("individual", "therapy", "Dana", "two"):
        assert word not in "".join(f"{one.subject} {one.body}" for one in Message.objects.all())


def test_what_cannot_be_held_is_said_in_a_sentence_and_nothing_is_stored(single, dana, theo, ana, ines, now):
    (maya,) = single.students
    room = make_room()
    group = replace(single, kind="group", students=(maya, ana), room=room)
    teen = make_patient("Teo", "Ruiz", at=now, birth_date=date(2010, 1, 1), population=Population.ADOLESCENT)
    make_episode(teen, by=dana, starts_on=date(2026, 11, 2))
    by_video = replace(single, modality="virtual")
    wrong = [
        (replace(single, starts_at=now - timedelta(hours=1)), "is over"),
        (replace(single, minutes=300), "4 hours"),
        (replace(single, students=()), "who comes"),
        (replace(single, students=(maya, ana)), "one student"),
        (replace(group, room=None), "needs a room"),
        (replace(group, students=(maya, teen)), "never meet"),
        (replace(single, second=dana), "somebody else"),
        (replace(single, leader=ines), "does not lead"),
        (by_video, "no license for CO"),
        (replace(single, starts_at=START + timedelta(weeks=40)), "not in the program"),
    ]
    for one, words in wrong:
        with pytest.raises(services.CannotHold, match=words):
            make(one, ines, now)
    Licence.objects.create(holder=dana, state="CO", discipline="LPC", number="1", during=(date(2020, 1, 1), None))
    make(replace(by_video, starts_at=START + timedelta(days=1)), ines, now)
    KeepApart.objects.create(patient=ana, other=maya, reason="-", entered_by=dana, entered_at=now)
    with pytest.raises(services.CannotHold, match="not to be in one session"):
        make(group, ines, now)
    Leave.objects.create(member=dana, first_on=START.date(), last_on=START.date(), status="confirmed", asked_at=now)
    with pytest.raises(services.CannotHold, match="on leave"):
        make(single, ines, now)
    close(name="Snow", first_on=START.date(), last_on=START.date(), site=None, by=ines, at=now)
    with pytest.raises(services.CannotHold, match="Snow"):
        make(replace(single, leader=theo), ines, now)
    assert Session.objects.count() == 1


def test_somebody_or_a_room_that_is_taken_is_named(single, dana, theo, ana, now):
    make(single, dana, now)
    with pytest.raises(services.CannotHold, match="Dana Kim is booked elsewhere"):
        make(replace(single, students=(ana,), starts_at=START + timedelta(minutes=30)), dana, now)
    with pytest.raises(services.CannotHold, match="Maya Reyes is booked"):
        make(replace(single, leader=theo), dana, now)
    assert Session.objects.count() == 1


def test_only_for_students_whose_chart_is_open_to_whoever_makes_it(single, theo, jonah, walt, now):
    make_episode(jonah, by=theo, starts_on=date(2026, 11, 2))
    for by in (theo, jonah.user):
        with pytest.raises(PermissionDenied):
            make(single, by, now)
    make(single, walt, now)


def feed_of(user, at):
    """By id: state, start and revision of every appointment in this person's calendar."""
    words = Titles("Calendar", "Appointment", "Called off")
    made = Calendar.from_ical(calendar(appointments_of(user=user, at=at), titles=words, at=at))
    found: dict[str, Any] = {str(one["uid"]): one for one in made.walk("VEVENT")}
    return {uid: (str(one["status"]), one["dtstart"].dt, one["sequence"]) for uid, one in found.items()}


def test_a_move_is_told_to_all_of_them_and_their_calendars_follow(single, dana, now):
    (maya,) = single.students
    session = make(single, dana, now)
    uid = f"{session.pk}@hearth"
    assert feed_of(maya.user, now)[uid] == ("CONFIRMED", START, 0)
    Message.objects.all().delete()
    later = START + timedelta(days=6)
    services.change_single(session=session, single=replace(single, starts_at=later), by=dana, at=now)
    assert told() == {maya.user.email}
    assert set(WeekNotice.objects.values_list("week_of", flat=True)) == {MONDAY, MONDAY + timedelta(weeks=1)}
    assert feed_of(maya.user, now)[uid] == ("CONFIRMED", later, 1)
    assert [one.during.lower for one in Booking.objects.filter(purpose_id=session.pk)] == [later, later]
    Message.objects.all().delete()
    session.refresh_from_db()
    services.cancel(session=session, reason="Dana is ill", by=dana, at=now)
    assert told() == {maya.user.email}
    assert feed_of(maya.user, now)[uid] == ("CANCELLED", later, 2)
    assert feed_of(dana, now)[uid][0] == "CANCELLED"
    assert not Booking.objects.filter(purpose_id=session.pk).exists()


def test_who_is_taken_off_or_comes_is_told_and_the_others_are_not(single, dana, theo, ana, now):
    (maya,) = single.students
    group = replace(single, kind="peer", students=(maya,), room=make_room(), second=theo)
    session = make(group, dana, now)
    Message.objects.all().delete()
    services.change_single(session=session, single=replace(group, students=(ana,)), by=dana, at=now)
    assert told() == {maya.user.email, ana.user.email}
    assert [row.patient for row in session.roster.all()] == [ana]
    assert f"{session.pk}@hearth" not in feed_of(maya.user, now)
    assert not Booking.objects.filter(purpose_id=session.pk, resource_id=maya.pk).exists()


def test_a_weekly_or_begun_session_is_not_changed_here(single, dana, maya, now):
    session = make(single, dana, now)
    later = replace(single, starts_at=START + timedelta(days=1))
    with pytest.raises(services.NotNow, match="has begun"):
        services.change_single(session=session, single=later, by=dana, at=START)
    services.start(session=session, by=dana, at=now)
    with pytest.raises(services.NotNow, match="has begun"):
        services.change_single(session=session, single=later, by=dana, at=now)
    pattern = make_section(Program.objects.get(), dana, [], on=MONDAY)
    weekly = make_session(dana, maya, starts_at=START, section=pattern)
    with pytest.raises(services.NotNow, match="in the timetable"):
        services.change_single(session=weekly, single=later, by=dana, at=now)
    assert set(Session.objects.values_list("starts_at", flat=True)) == {START}


def test_an_interpreter_is_booked_too(single, dana, ines, now):
    hours = [{"day": day, "from": "08:00", "to": "20:00"} for day in range(7)]
    account = make_user("Noor Haddad", Role.INTERPRETER, organisation=dana.organisation)
    noor = Interpreter.objects.create(
        name="Noor", offers=["es"], modalities=["in_person"], hours=hours, bound_on=date(2026, 1, 1), account=account
    )
    session = make(replace(single, interpreter=noor), dana, now)
    assert Booking.objects.filter(purpose_id=session.pk, resource_id=noor.pk).exists()
    assert account.email in told()
    Interpreter.objects.update(left_on=date(2026, 11, 25))
    noor.refresh_from_db()
    with pytest.raises(services.CannotHold, match="cannot be booked"):
        make(replace(single, interpreter=noor, starts_at=START + timedelta(days=1)), dana, now)


def test_a_group_without_a_topic_has_the_curriculums_of_that_week(single, dana, ana, now):
    group = replace(single, kind="group", students=(*single.students, ana), room=make_room())
    session = make(group, dana, now)
    assert session.topic
    later = make(replace(group, starts_at=START + timedelta(weeks=1), topic="Our own"), dana, now)
    assert later.topic == "Our own"


def test_a_lesson_of_the_curriculum_that_is_chosen_comes_with_its_handout(single, dana, now, as_user, time_machine):
    session = make(replace(single, kind="skills", room=make_room()), dana, now)
    time_machine.move_to(now, tick=False)
    assert session.lesson
    lessons = [pack.get("adult-evening").lesson(one, "en") for one in ("plan-your-week", "ride-the-wave")]
    other = next(one for one in lessons if one.id != session.lesson)
    page = as_user(dana).get(reverse("sessions:room", args=[session.pk])).text
    assert f'<option value="{other.title}">' in page
    services.describe(session=session, topic=other.title, link="", by=dana, at=now)
    session.refresh_from_db()
    assert session.lesson == other.id
    services.describe(session=session, topic="Something else", link="", by=dana, at=now)
    session.refresh_from_db()
    assert session.lesson == ""


def test_a_topic_brings_its_lesson_where_it_is_chosen_and_leaves_it_where_it_is_another(single, dana, now):
    chosen, other = [pack.get("adult-evening").lesson(one, "en") for one in ("plan-your-week", "ride-the-wave")]
    skills = replace(single, kind="skills", room=make_room(), topic=chosen.title)
    session = make(skills, dana, now)
    assert session.lesson == chosen.id

    def changed(**fields):
        services.change_single(session=session, single=replace(skills, **fields), by=dana, at=now)
        session.refresh_from_db()
        return session.topic, session.lesson

    assert changed(starts_at=START + timedelta(hours=1)) == (chosen.title, chosen.id)
    assert changed(topic=other.title) == (other.title, other.id)
    assert changed(topic="Our own") == ("Our own", "")
    assert all(changed(topic=""))  # what the curriculum has that week
    assert changed(kind="peer", topic=chosen.title) == (chosen.title, "")


def test_staff_choose_a_time_at_which_all_are_free_and_plan_it(single, dana, as_user, now, time_machine):
    (maya,) = single.students
    make(single, dana, now)
    time_machine.move_to(now, tick=False)
    browser, address = as_user(dana), reverse("sessions:new-single")
    assert browser.get(address).status_code == 200
    asked = {
        "kind": "assessment", "students": [str(maya.pk)], "leader": str(dana.pk), "modality": "in_person",
        "minutes": "60", "week": "2026-12-02", "do": "look",
    }  # fmt: skip
    page = browser.post(address, asked)
    assert f'value="{START.timestamp():.0f}"' not in page.text
    free = START + timedelta(hours=1)
    assert f'value="{free.timestamp():.0f}"' in page.text
    taken = browser.post(address, asked | {"do": "make", "time": f"{START.timestamp():.0f}"})
    assert taken.status_code == 422
    page = browser.post(address, asked | {"do": "make", "time": f"{free.timestamp():.0f}"}, follow=True)
    made = Session.objects.get(kind="assessment")
    assert made.starts_at == free
    assert "Move or change" in page.text
    change = reverse("sessions:change-single", args=[made.pk])
    assert str(maya.pk) in browser.get(change).text
    later = free + timedelta(hours=1)
    browser.post(change, asked | {"do": "make", "time": f"{later.timestamp():.0f}"})
    made.refresh_from_db()
    assert made.starts_at == later


def test_strangers_neither_see_nor_change_it(single, dana, theo, jonah, as_user, now, time_machine):
    session = make(single, dana, now)
    time_machine.move_to(now, tick=False)
    address = reverse("sessions:change-single", args=[session.pk])
    for stranger in (theo, jonah.user):
        assert as_user(stranger).get(address).status_code == 403
    assert as_user(jonah.user).get(reverse("sessions:new-single")).status_code == 403
    assert "Maya" not in as_user(theo).get(reverse("sessions:new-single")).text


def test_looking_for_times_asks_the_same_for_more_students(single, dana, ana, now, django_assert_num_queries):
    days = [START.date()]
    few = replace(single, kind="group")
    many = replace(few, students=(*few.students, ana))
    for one in (few, many):
        with django_assert_num_queries(3):
            when_free(one, days=days, zone=DENVER, at=now)


# ---- when all are free

DAY = date(2026, 11, 1)  # the clocks go back at two in the morning
SPRING = date(2027, 3, 14)  # and forward


def test_an_hour_beside_somebodys_hours_is_marked():
    hours = [[Span(6, 9 * 60, 11 * 60)], []]
    found = free_times([DAY], minutes=60, held=[], hours=hours, zone=DENVER, after=datetime.min.replace(tzinfo=DENVER))
    suits = [f"{one.starts_at.astimezone(DENVER):%H:%M}" for one in found if one.suits]
    assert suits == ["09:00", "09:30", "10:00"]


minutes = st.integers(0, 24 * 60)


@given(
    day=st.sampled_from([DAY, SPRING, START.date()]),
    held=st.lists(st.tuples(minutes, st.integers(1, 300)), max_size=8),
    length=st.sampled_from([15, 60, 150]),
    after=minutes,
    order=st.randoms(),
)
def test_no_time_meets_an_hour_that_is_held_and_none_is_past(day, held, length, after, order):
    midnight = datetime.combine(day, time(), DENVER)
    taken = [(midnight + timedelta(minutes=one), midnight + timedelta(minutes=one + more)) for one, more in held]
    edge = midnight + timedelta(minutes=after)
    found = free_times([day], minutes=length, held=taken, hours=[], zone=DENVER, after=edge)
    for one in found:
        ends_at = one.starts_at + timedelta(minutes=length)
        assert one.starts_at > edge
        assert one.starts_at.astimezone(DENVER).date() == day
        assert not any(start < ends_at and one.starts_at < end for start, end in taken)
    mixed = list(taken)
    order.shuffle(mixed)
    assert free_times([day], minutes=length, held=mixed, hours=[], zone=DENVER, after=edge) == found
