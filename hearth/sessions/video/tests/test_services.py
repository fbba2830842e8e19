"""Who comes into the video room, what those who lead do there, and the minutes that follow."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.consent.testing import make_release
from hearth.people.models import Modality, Relationship
from hearth.sessions import services as sessions
from hearth.sessions.models import Attendance, Presence, VideoPlace
from hearth.sessions.testing import make_session
from hearth.sessions.video import leading, queries, services
from hearth.sessions.video.rules import Standing
from hearth.sessions.video.services import NotOpen, Superseded
from hearth.timetable.models import Kind

Status, Source = Attendance.Status, Presence.Source


def minutes(number):
    return timedelta(minutes=number)


def view(place, at):
    return queries.view_of(place_id=place.pk, at=at)


def joins(held, at):
    place, connection = held
    services.joined(place_id=place.pk, connection=connection, at=at)


@pytest.fixture
def led(comes, dana, now):
    """Dana is in her room."""
    place, connection = comes(dana)
    joins((place, connection), now)
    return place, connection


@pytest.fixture
def inside(comes, led, maya, evening, dana, now):
    """Maya was let in and has joined."""
    place, connection = comes(maya.user)
    leading.admit(session=evening, person=place.pk, by=dana, at=now)
    joins((place, connection), now)
    return place, connection


# --- the door ------------------------------------------------------------------------------------------------


def test_nobody_is_in_before_somebody_who_leads(comes, maya, dana, evening, now):
    place, _ = comes(maya.user)
    assert view(place, now).standing == Standing.WAITING
    leading.admit(session=evening, person=place.pk, by=dana, at=now)
    assert view(place, now).standing == Standing.PAUSED
    joins(comes(dana), now)
    assert view(place, now).standing == Standing.IN


def test_only_those_who_lead_see_who_waits(comes, led, maya, jonah, now):
    place, _ = comes(maya.user)
    comes(jonah.user, at=now + timedelta(seconds=1))
    assert [each.name for each in view(led[0], now).waiting] == ["Maya", "Jonah"]
    assert view(place, now).waiting == ()


def test_admitting_all_lets_in_those_at_the_door_alone(comes, led, maya, evening, dana, now):
    comes(maya.user)
    assert leading.admit(session=evening, person=None, by=dana, at=now) == 1
    assert leading.admit(session=evening, person=None, by=dana, at=now) == 0


def test_the_door_is_closed_to_everybody_else(comes, jonah, theo, dana, now, evening):
    other = make_session(dana, jonah, starts_at=now, modality=Modality.VIRTUAL, name="Another group")
    evening.roster.filter(patient=jonah).delete()
    for stranger in (jonah.user, theo):
        with pytest.raises(PermissionDenied):
            comes(stranger)
    comes(jonah.user, session=other)


def test_family_comes_to_family_sessions_alone_and_is_let_in_like_everybody(comes, dana, maya, jonah, evening, now):
    pia = make_user("Pia Reyes", Role.FAMILY, organisation=dana.organisation)
    family = make_session(dana, maya, starts_at=now, modality=Modality.VIRTUAL, kind=Kind.FAMILY, name="Family session")
    others = make_session(dana, jonah, starts_at=now, modality=Modality.VIRTUAL, kind=Kind.FAMILY, name="Another one")
    for session in (family, evening):
        with pytest.raises(PermissionDenied):
            comes(pia, session=session)
    tie = Relationship.objects.create(patient=maya, person=pia, kind=Relationship.Kind.PARENT)
    with pytest.raises(PermissionDenied):
        comes(pia, session=family)
    make_release(maya, "Pia Reyes", at=now)
    place, _ = comes(pia, session=family)
    assert view(place, now).standing == Standing.WAITING
    for session in (others, evening):
        with pytest.raises(PermissionDenied):
            comes(pia, session=session)
    tie.may_see_schedule = False
    tie.save()
    with pytest.raises(PermissionDenied):
        comes(pia, session=family)


@pytest.mark.parametrize(
    "fields",
    [
        {"modality": Modality.IN_PERSON},
        {"link": "https://video.example/room"},
        {"starts_at": 31, "ends_at": 90},
        {"ended_at": -5},
        {"cancelled_at": -5},
    ],
)
def test_a_session_without_a_room_now_has_no_door(comes, maya, evening, now, fields):
    for name, value in fields.items():
        setattr(evening, name, now + minutes(value) if isinstance(value, int) else value)
    evening.save()
    with pytest.raises(NotOpen):
        comes(maya.user)


def test_the_other_names_are_those_people_chose(comes, inside, maya, jonah, now, led):
    jonah.chosen_name = "Maya"
    jonah.save()
    comes(jonah.user)
    assert [each.name for each in view(led[0], now).people] == ["Dana Kim", "Maya R."]


def test_one_person_holds_one_place_with_the_newest_connection(comes, maya, now):
    place, first = comes(maya.user)
    again, second = comes(maya.user)
    assert again.pk == place.pk
    with pytest.raises(Superseded):
        joins((place, first), now)
    joins((place, second), now)
    services.left(place_id=place.pk, connection=first, at=now, for_good=True)
    assert VideoPlace.objects.get(pk=place.pk).joined_at == now


# --- those who lead --------------------------------------------------------------------------------------------


def test_when_those_who_lead_leave_the_room_waits_and_goes_on_with_them(led, inside, comes, dana, now):
    services.left(place_id=led[0].pk, connection=led[1], at=now, for_good=True)
    assert view(inside[0], now).standing == Standing.PAUSED
    joins(comes(dana), now)
    assert view(inside[0], now).standing == Standing.IN


def test_a_lost_connection_of_theirs_has_a_moment_to_come_back(led, inside, now):
    services.left(place_id=led[0].pk, connection=led[1], at=now, for_good=False)
    assert view(inside[0], now + timedelta(seconds=9)).standing == Standing.IN
    assert view(inside[0], now + timedelta(seconds=11)).standing == Standing.PAUSED


def test_somebody_removed_stays_out_until_admitted_again(inside, evening, dana, comes, maya, now):
    leading.remove(session=evening, person=inside[0].pk, by=dana, at=now)
    assert view(inside[0], now).standing == Standing.REMOVED
    place, _ = comes(maya.user)
    assert view(place, now).standing == Standing.REMOVED
    leading.admit(session=evening, person=place.pk, by=dana, at=now)
    assert view(place, now).standing == Standing.IN


def test_those_who_lead_are_not_removed(led, evening, ruth, now):
    with pytest.raises(PermissionDenied):
        leading.remove(session=evening, person=led[0].pk, by=ruth, at=now)


def test_a_student_and_a_colleague_do_no_deeds(inside, evening, maya, theo, now):
    for stranger in (maya.user, theo):
        for deed in (leading.mute, leading.remove, leading.admit):
            with pytest.raises(PermissionDenied):
                deed(session=evening, person=inside[0].pk, by=stranger, at=now)
        with pytest.raises(PermissionDenied):
            leading.end(session=evening, by=stranger, at=now)


def test_a_place_of_another_room_is_out_of_reach(inside, dana, jonah, comes, now):
    other = make_session(dana, jonah, starts_at=now, modality=Modality.VIRTUAL, name="Another group")
    comes(dana, session=other)
    with pytest.raises(PermissionDenied):
        leading.mute(session=other, person=inside[0].pk, by=dana, at=now)
    assert leading.admit(session=other, person=inside[0].pk, by=dana, at=now) == 0


def test_whoever_was_muted_opens_their_microphone_again(inside, evening, dana, now):
    place, connection = inside
    say = {"place_id": place.pk, "connection": connection, "what": "muted", "at": now}
    leading.mute(session=evening, person=place.pk, by=dana, at=now)
    assert [each.muted for each in view(place, now).people] == [False, True]
    assert services.say(**say, on=False)
    assert not services.say(**say, on=True)
    assert not services.say(**say, on=False)


def test_a_student_shares_nothing(inside, led, now):
    services.say(place_id=inside[0].pk, connection=inside[1], what="sharing", on=True, at=now)
    services.say(place_id=led[0].pk, connection=led[1], what="sharing", on=True, at=now)
    assert [each.sharing for each in view(led[0], now).people] == [True, False]


def test_ended_for_everyone_and_opened_again_it_is_another_room(led, inside, evening, dana, comes, now):
    before = view(led[0], now).room.name
    leading.end(session=evening, by=dana, at=now)
    assert view(inside[0], now).standing == Standing.ENDED
    place, _ = comes(dana)
    assert view(place, now).room.name != before


def test_the_end_of_a_session_ends_its_video(inside, evening, dana, now):
    sessions.end(session=evening, by=dana, at=now + minutes(1))
    assert view(inside[0], now).standing == Standing.ENDED


def test_every_deed_is_in_the_record(inside, evening, dana, maya, now):
    leading.mute(session=evening, person=inside[0].pk, by=dana, at=now)
    leading.remove(session=evening, person=inside[0].pk, by=dana, at=now)
    leading.end(session=evening, by=dana, at=now)
    deeds = Event.objects.filter(verb__startswith="sessions.video").order_by("pk")
    assert {each.verb.removeprefix("sessions.video_") for each in deeds} == {
        "joined", "admitted", "muted", "removed", "ended",
    }  # fmt: skip
    assert {each.patient_id for each in deeds if each.verb.endswith(("muted", "removed"))} == {maya.pk}


# --- minutes ---------------------------------------------------------------------------------------------------


def attendance(patient):
    return Attendance.objects.get(patient=patient)


def test_joining_and_leaving_make_the_minutes(inside, evening, dana, maya, now):
    place, connection = inside
    services.left(place_id=place.pk, connection=connection, at=now + minutes(60), for_good=True)
    row = attendance(maya)
    assert (row.status, row.arrived_at, row.left_at, row.source) == (
        Status.LEFT_EARLY, now, now + minutes(60), Source.VIDEO,
    )  # fmt: skip
    sessions.end(session=evening, by=dana, at=evening.ends_at)
    assert attendance(maya).minutes == 60


def test_a_lost_connection_ends_at_its_last_sign_of_life_and_coming_back_goes_on(
    inside, comes, evening, dana, maya, now
):
    place, connection = inside
    services.alive(place_id=place.pk, connection=connection, at=now + minutes(30))
    joins(comes(maya.user, at=now + minutes(33)), now + minutes(33))
    first, second = Presence.objects.order_by("began_at")
    assert (first.ended_at, second.began_at) == (now + minutes(30), now + minutes(33))
    sessions.end(session=evening, by=dana, at=now + minutes(60))
    assert attendance(maya).minutes == 60  # a dropped connection is not an absence


def test_what_nobody_could_end_is_ended_by_the_worker(inside, led, maya, now):
    place, connection = inside
    services.alive(place_id=place.pk, connection=connection, at=now + minutes(20))
    services.alive(place_id=led[0].pk, connection=led[1], at=now + minutes(21))
    assert services.close_lost(at=now + minutes(21)) == 1
    assert attendance(maya).left_at == now + minutes(20)
    assert services.close_lost(at=now + minutes(21)) == 0


def test_the_tap_before_ends_where_the_room_begins(comes, maya, jonah, led, now):
    sessions.check_in(attendance=attendance(maya), by=maya.user, at=now - minutes(5))
    place, connection = comes(maya.user)
    joins((place, connection), now)
    services.left(place_id=place.pk, connection=connection, at=now + minutes(1), for_good=True)
    row = attendance(maya)
    assert (row.arrived_at, row.left_at) == (now - minutes(5), now + minutes(1))


def test_the_room_waiting_counts_for_nobody(inside, maya, now):
    place, connection = inside
    services.stepped_out(place_id=place.pk, connection=connection, at=now + minutes(15))
    assert attendance(maya).left_at == now + minutes(15)
    joins((place, connection), now + minutes(25))
    assert attendance(maya).left_at is None


def test_after_the_end_only_staff_correct_what_was(inside, evening, dana, maya, now):
    sessions.end(session=evening, by=dana, at=now + minutes(40))
    kept = attendance(maya).minutes
    services.left(place_id=inside[0].pk, connection=inside[1], at=now + minutes(50), for_good=True)
    assert attendance(maya).minutes == kept == 40


def test_coming_back_after_a_lost_server_changes_no_minute(inside, now):
    joins(inside, now + minutes(5))
    assert Presence.objects.get(attendance__patient=inside[0].attendance.patient).began_at == now


# --- placement -------------------------------------------------------------------------------------------------


def test_a_room_is_moved_once_however_many_find_its_server_gone(led, now):
    room = led[0].room_id
    assert services.placed(room_id=room, was="", server="a", at=now) == "a"
    assert services.placed(room_id=room, was="a", server="b", at=now) == "b"
    assert services.placed(room_id=room, was="a", server="c", at=now) == "b"


def test_a_place_nobody_has_is_refused(evening, now):
    with pytest.raises(PermissionDenied):
        services.stepped_out(place_id=uuid4(), connection=uuid4(), at=now)


# --- whether they may still be there ---------------------------------------------------------------------------


def test_whose_account_is_closed_is_out_at_once(inside, led, maya, dana, now):
    for user, (place, _) in ((maya.user, inside), (dana, led)):
        assert view(place, now).standing == Standing.IN
        user.is_active = False
        user.save()
        assert view(place, now).standing == Standing.REMOVED


def test_who_leads_no_longer_is_out_and_who_covers_for_all_stays(comes, led, evening, theo, ruth, now):
    covering = comes(ruth)
    joins(covering, now)
    evening.facilitator = theo
    evening.save()
    assert view(led[0], now).standing == Standing.REMOVED
    assert view(covering[0], now).standing == Standing.IN


def test_a_relative_who_may_see_the_schedule_no_longer_is_out(comes, dana, maya, now):
    pia = make_user("Pia Reyes", Role.FAMILY, organisation=dana.organisation)
    family = make_session(dana, maya, starts_at=now, modality=Modality.VIRTUAL, kind=Kind.FAMILY, name="Family session")
    tie = Relationship.objects.create(patient=maya, person=pia, kind=Relationship.Kind.PARENT)
    make_release(maya, "Pia Reyes", at=now)
    joins(comes(dana, session=family), now)
    place, _ = held = comes(pia, session=family)
    leading.admit(session=family, person=place.pk, by=dana, at=now)
    joins(held, now)
    assert view(place, now).standing == Standing.IN
    tie.may_see_schedule = False
    tie.save()
    assert view(place, now).standing == Standing.REMOVED


def test_asking_again_takes_no_query_for_staff_and_students(inside, led, now, django_assert_num_queries):
    for place, _ in (inside, led):
        with django_assert_num_queries(1):
            view(place, now)


def test_those_who_lead_see_who_found_the_room_full_until_they_come_again(comes, led, maya, evening, dana, now):
    place, connection = comes(maya.user)
    leading.admit(session=evening, person=place.pk, by=dana, at=now)
    services.turned_away(place_id=place.pk, connection=connection, at=now)
    services.left(place_id=place.pk, connection=connection, at=now, for_good=True)
    assert [each.name for each in view(led[0], now).turned_away] == ["Maya"]
    assert view(place, now).turned_away == ()
    assert Event.objects.filter(verb="sessions.video_full", patient_id=maya.pk).count() == 1
    comes(maya.user)
    assert view(led[0], now).turned_away == ()


def test_who_comes_while_no_server_answers_is_excused_until_they_are_in(comes, led, maya, evening, dana, now):
    place, connection = comes(maya.user)
    leading.admit(session=evening, person=place.pk, by=dana, at=now)
    services.not_answered(place_id=place.pk, connection=connection, at=now)
    row = evening.roster.get(patient=maya)
    assert row.kept_out == Attendance.KeptOut.DOWN
    assert Event.objects.filter(verb="sessions.video_down", patient_id=maya.pk).count() == 1
    joins((place, connection), now + minutes(1))
    row.refresh_from_db()
    assert (row.kept_out, row.status) == ("", Status.LATE)
    with pytest.raises(Superseded):
        services.not_answered(place_id=place.pk, connection=uuid4(), at=now)
