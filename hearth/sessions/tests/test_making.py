"""Sessions made from the timetable, at the right hour all year, and let go of when they are not needed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearth.accounts.roles import Role
from hearth.admission.facts import episode_ended
from hearth.audit.models import Event
from hearth.people.facts import death_noted
from hearth.people.models import Licence, Modality
from hearth.program import pack
from hearth.program.models import Booking
from hearth.sessions import services
from hearth.sessions.models import Attendance, Session
from hearth.sessions.testing import make_episode, make_room, make_section
from hearth.timetable.facts import proposal_accepted, proposal_taken_back, seat_changed
from hearth.timetable.models import Proposal, Seat

DENVER = ZoneInfo("America/Denver")
MONDAY = date(2026, 10, 19)
BEFORE = datetime(2026, 10, 18, 12, tzinfo=DENVER)


@pytest.fixture
def evening_group(dana, maya, jonah):
    return make_section(dana, maya, jonah, since=MONDAY, room=make_room())


def make(section, by, until=date(2026, 12, 1), at=BEFORE):
    return services.make_sessions(section=section, until=until, by=by, at=at)


def test_every_week_has_its_session_at_the_same_local_hour_across_the_clock_change(evening_group, dana):
    made = make(evening_group, dana)
    local = [each.starts_at.astimezone(DENVER) for each in made]
    assert [each.date() for each in local] == [date(2026, 10, 20) + timedelta(weeks=week) for week in range(6)]
    assert {each.time() for each in local} == {time(17, 30)}
    assert {each.starts_at.hour for each in made} == {23, 0}  # 17:30 is 23:30 UTC in summer, 00:30 in winter
    assert {each.minutes for each in made} == {180}


def test_rosters_and_bookings_follow_the_seats(evening_group, dana, maya, jonah):
    made = make(evening_group, dana)
    assert {row.patient for row in made[0].roster.all()} == {maya, jonah}
    held = set(Booking.objects.filter(purpose_id=made[0].pk).values_list("resource_id", flat=True))
    assert held == {dana.pk, maya.pk, jonah.pk, evening_group.room_id}


def test_each_session_is_about_what_the_curriculum_has_for_that_week_and_a_typed_topic_stays(evening_group, dana, maya):
    make_episode(maya, by=dana, starts_on=MONDAY)
    track = pack.get("adult-evening").track("co-occurring")
    made = make(evening_group, dana)
    assert [each.topic for each in made] == [topic.title["en"] for topic in track.topics[:6]]
    services.describe(session=made[0], topic="Sleep", link="", by=dana, at=BEFORE)
    make(evening_group, dana, until=date(2026, 12, 8))
    assert Session.objects.get(pk=made[0].pk).topic == "Sleep"


def test_two_groups_of_one_week_are_about_two_topics_each_with_its_handout(evening_group, dana, theo, maya):
    make_episode(maya, by=dana, starts_on=MONDAY)
    thursday = make_section(theo, maya, since=MONDAY, weekday=3)
    services.make_all_sessions(
        until={each.pk: date(2026, 10, 27) for each in (evening_group, thursday)}, by=dana, at=BEFORE
    )
    topics = [pack.get("adult-evening").topic("co-occurring", week=1, turn=turn, of=14) for turn in (1, 2)]
    made = Session.objects.order_by("starts_at")
    assert [(each.topic, each.lesson) for each in made] == [(topic.title["en"], topic.lesson) for topic in topics]


def test_making_again_changes_nothing(evening_group, dana):
    make(evening_group, dana)
    assert make(evening_group, dana) == []
    assert Session.objects.count() == 6
    assert Attendance.objects.count() == 12


def test_a_new_student_enters_the_sessions_to_come_only(evening_group, dana, maya, jonah):
    Seat.objects.filter(patient=jonah).delete()
    make(evening_group, dana)
    Seat.objects.create(section=evening_group, patient=jonah, during=(date(2026, 11, 9), None), modality="in_person")
    make(evening_group, dana, at=datetime(2026, 11, 8, tzinfo=DENVER))
    days = [row.session.starts_at.astimezone(DENVER).date() for row in jonah.attendances.select_related("session")]
    assert sorted(days) == [date(2026, 11, 10), date(2026, 11, 17), date(2026, 11, 24)]


def test_nobody_is_on_a_roster_after_their_planned_end(evening_group, dana, maya):
    make_episode(maya, by=dana, starts_on=MONDAY, weeks=2)
    make(evening_group, dana)
    assert maya.attendances.count() == 2


def test_a_session_that_cannot_be_booked_names_itself_and_who_is_taken(evening_group, dana, maya):
    make(evening_group, dana)
    other = make_section(dana, maya, since=MONDAY, name="Music", starts=time(20, 0), minutes=60)
    with pytest.raises(services.CannotBook, match=r"“Music” on Tue 20 Oct 20:00.*Dana Kim, Maya Reyes"):
        make(other, dana)
    assert not other.sessions.exists()


def test_two_sections_made_together_that_share_a_student_are_refused_and_neither_is_stored(evening_group, dana, maya):
    theirs = make_section(dana, maya, since=MONDAY, name="Music", starts=time(20, 0), minutes=60)
    both = {each.pk: date(2026, 12, 1) for each in (evening_group, theirs)}
    with pytest.raises(services.CannotBook, match=r"“Music” on Tue 20 Oct 20:00.*Dana Kim, Maya Reyes"):
        services.make_all_sessions(until=both, by=dana, at=BEFORE)
    assert not Session.objects.exists()
    assert not Booking.objects.exists()


def test_more_sections_and_students_cost_no_more_queries_but_their_record(
    dana,
    theo,
    maya,
    jonah,
):
    def cost(*sections):
        until = {each.pk: date(2026, 12, 1) for each in sections}
        with CaptureQueriesContext(connection) as asked:
            services.make_all_sessions(until=until, by=dana, at=BEFORE)
        return len([each for each in asked.captured_queries if "audit_event" not in each["sql"]])

    one = make_section(dana, maya, since=MONDAY)
    two = make_section(dana, maya, jonah, since=MONDAY, weekday=2)
    three = make_section(theo, jonah, since=MONDAY, weekday=3)
    assert cost(one) == cost(two, three)


def licence(holder, state, until=date(2028, 1, 1)):
    Licence.objects.create(
        holder=holder, state=state, discipline="LPC", number=f"{state}-1", during=(date(2020, 1, 1), until)
    )


def test_a_facilitator_is_given_no_student_by_video_from_a_state_without_licence(dana, maya, jonah):
    jonah.state = "WY"
    jonah.save()
    section = make_section(dana, maya, jonah, since=MONDAY, modality=Modality.VIRTUAL)
    licence(dana, "CO")
    with pytest.raises(services.NotLicensed, match="Dana Kim holds no licence for WY on 2026-10-20"):
        make(section, dana)
    licence(dana, "WY", until=date(2026, 11, 5))
    with pytest.raises(services.NotLicensed, match="WY on 2026-11-24"):
        make(section, dana)
    Licence.objects.filter(state="WY").update(during=(date(2020, 1, 1), date(2028, 1, 1)))
    assert len(make(section, dana)) == 6


def test_only_staff_make_sessions(evening_group, maya):
    with pytest.raises(PermissionDenied):
        make(evening_group, maya.user)


def test_an_ended_episode_frees_its_hours_and_leaves_what_took_place(evening_group, dana, maya, jonah):
    episode = make_episode(maya, by=dana, starts_on=MONDAY)
    made = make(evening_group, dana)
    at = datetime(2026, 11, 4, 10, tzinfo=DENVER)
    episode_ended.send(type(episode), episode_id=episode.pk, by_id=dana.pk, at=at, on=date(2026, 11, 4))
    assert {row.session for row in maya.attendances.all()} == set(made[:3])
    assert not Booking.objects.filter(resource_id=maya.pk, during__startswith__gt=at).exists()
    assert Booking.objects.filter(resource_id=jonah.pk, during__startswith__gt=at).count() == 3
    assert Event.objects.filter(verb="sessions.released", patient_id=maya.pk).exists()


def test_a_session_nobody_is_left_in_is_let_go_of(evening_group, dana, maya, jonah):
    make(evening_group, dana)
    for patient in (maya, jonah):
        services.release_future_sessions(patient=patient, start=MONDAY, by=dana, at=BEFORE)
    assert not Session.objects.exists()
    assert not Booking.objects.exists()


def test_a_changed_seat_is_followed(evening_group, dana, maya, jonah):
    make(evening_group, dana)
    seat = jonah.seats.get()
    seat.during = (MONDAY, date(2026, 11, 1))
    seat.save()
    seat_changed.send(Seat, seat_id=seat.pk, by_id=dana.pk, at=datetime(2026, 10, 28, tzinfo=DENVER))
    days = [row.session.starts_at.astimezone(DENVER).date() for row in jonah.attendances.select_related("session")]
    assert sorted(days) == [date(2026, 10, 20), date(2026, 10, 27)]
    assert maya.attendances.count() > 6  # and Maya's go on, as far ahead as sessions are made


@pytest.fixture
def on_hold(evening_group, dana, maya):
    """Maya's whole roster is excused because her stay rests."""
    made = make(evening_group, dana)
    services.excuse_on_hold(patient=maya, before=made[-1].ends_at, by=dana, at=BEFORE)
    return evening_group


def booked(patient):
    return Booking.objects.filter(resource_id=patient.pk).count()


def test_an_end_on_hold_leaves_no_place_and_no_booking(on_hold, dana, maya, jonah):
    episode = make_episode(maya, by=dana, starts_on=MONDAY)
    episode_ended.send(type(episode), episode_id=episode.pk, by_id=dana.pk, at=BEFORE, on=MONDAY)
    assert (maya.attendances.count(), booked(maya), booked(jonah)) == (0, 0, 6)


def test_a_death_on_hold_leaves_no_place_and_no_booking(on_hold, dana, maya):
    death_noted.send(type(maya), patient_id=maya.pk, by_id=dana.pk, at=BEFORE, on=MONDAY)
    assert (maya.attendances.count(), booked(maya)) == (0, 0)


def test_a_seat_moved_on_hold_frees_the_hours_of_the_old_one(on_hold, dana, maya):
    seat = maya.seats.get()
    seat.during = (MONDAY, date(2026, 11, 1))
    seat.save()
    seat_changed.send(Seat, seat_id=seat.pk, by_id=dana.pk, at=BEFORE)
    assert (maya.attendances.count(), booked(maya)) == (2, 2)


def test_an_accepted_proposal_replaces_the_sessions_of_what_ended(evening_group, dana, walt, maya, jonah):
    make(evening_group, dana)
    monday = date(2026, 11, 9)
    proposal = Proposal.objects.create(week_of=monday, asked_by=walt, asked_at=BEFORE, status="accepted")
    evening_group.ended_on = monday
    evening_group.save()
    later = make_section(dana, maya, jonah, since=monday, starts=time(18, 0), proposal=proposal, room=make_room())
    proposal_accepted.send(Proposal, proposal_id=proposal.pk, by_id=walt.pk, at=datetime(2026, 11, 5, tzinfo=DENVER))
    assert evening_group.sessions.count() == 3
    assert later.sessions.count() == 16
    assert later.sessions.filter(starts_at__lt=datetime(2026, 11, 9, tzinfo=DENVER)).count() == 0


def test_a_week_taken_back_has_its_sessions_and_bookings_again(evening_group, dana, maya, jonah, walt):
    make(evening_group, dana, until=date(2027, 1, 12))
    before = sorted(Session.objects.values_list("starts_at", flat=True))
    booked = Booking.objects.count()
    monday, at = date(2026, 11, 9), datetime(2026, 11, 5, tzinfo=DENVER)
    proposal = Proposal.objects.create(week_of=monday, asked_by=walt, asked_at=BEFORE, status="accepted")
    evening_group.ended_on = monday
    evening_group.save()
    later = make_section(dana, maya, jonah, since=monday, starts=time(18, 0), proposal=proposal, room=make_room())
    proposal_accepted.send(Proposal, proposal_id=proposal.pk, by_id=walt.pk, at=at)

    later.ended_on, evening_group.ended_on = monday, None
    later.save()
    evening_group.save()
    facts = {"proposal_id": proposal.pk, "section_ids": [evening_group.pk], "by_id": walt.pk, "at": at}
    proposal_taken_back.send(Proposal, **facts)

    assert not later.sessions.exists()
    assert sorted(Session.objects.values_list("starts_at", flat=True))[: len(before)] == before
    assert Booking.objects.filter(resource_id=maya.pk).count() >= booked // 4


def test_the_work_of_making_is_audited_by_who_did_it(evening_group, walt):
    walt.roles = [Role.DIRECTOR]
    make(evening_group, walt)
    assert Event.objects.get(verb="sessions.made").actor_id == walt.pk
