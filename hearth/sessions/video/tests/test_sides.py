"""Side rooms: a private talk, pairs at work, and who is never in one without staff."""

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
from hearth.people.testing import make_patient
from hearth.program.models import Program
from hearth.sessions.models import Presence, SideRoom, VideoPlace
from hearth.sessions.rules.pairs import TooFew, pairs, with_staff
from hearth.sessions.testing import make_episode
from hearth.sessions.video import leading, queries, services, sides
from hearth.sessions.video.rules import Standing


@pytest.fixture
def joins(comes, evening, now):
    """`joins(dana)`: through the door and in, one after the other; whoever does not lead was let in by Dana."""
    seconds = count(-20)

    def join(user):
        place, connection = comes(user, at=now + timedelta(seconds=next(seconds)))
        if not place.leads:
            VideoPlace.objects.filter(pk=place.pk).update(admitted_at=now)
        services.joined(place_id=place.pk, connection=connection, at=now)
        return place

    return join


@pytest.fixture
def inside(joins, dana, maya, jonah):
    return {"dana": joins(dana), "maya": joins(maya.user), "jonah": joins(jonah.user)}


def view(place, now):
    return queries.view_of(place_id=place.pk, at=now)


def names(place, now):
    return [each.name for each in view(place, now).people]


@given(st.lists(st.integers(), max_size=20), st.integers(0, 4))
def test_nobody_is_left_out_or_alone_and_staff_are_in_each_room_where_they_must_be(people, staff):
    for make in (lambda: pairs(people), lambda: with_staff(people, staff=staff)):
        try:
            rooms = make()
        except TooFew:
            continue
        assert sorted(each for room in rooms for each in room) == sorted(people)
        assert min(map(len, rooms)) >= 2
    if len(people) >= 4:
        assert max(map(len, pairs(people))) <= 3
        if staff >= 2:
            assert len(with_staff(people, staff=staff)) <= staff


def test_a_private_talk_is_seen_and_heard_by_nobody_else(inside, evening, dana, maya, now):
    side = sides.talk_alone(session=evening, person=inside["maya"].pk, by=dana, at=now)
    assert names(inside["maya"], now) == names(inside["dana"], now) == ["Dana Kim", "Maya"]
    assert view(inside["maya"], now).aside == "private"
    assert view(inside["maya"], now).meets == side
    others = view(inside["jonah"], now)
    assert (others.standing, others.aside, others.sides) == (Standing.PAUSED, "", ())
    assert others.meets.name != side.name
    assert Event.objects.get(verb="sessions.video_talk_alone").patient_id == maya.pk
    assert Presence.objects.get(attendance__patient=maya, source="video").ended_at is None  # it is time in the session


def test_the_group_goes_on_where_a_second_leader_stays(inside, joins, evening, dana, now, organisation):
    evening.co_facilitator = make_user("Remy Ito", Role.FACILITATOR, organisation=organisation)
    evening.save()
    remy = joins(evening.co_facilitator)
    sides.talk_alone(session=evening, person=inside["maya"].pk, by=dana, at=now)
    assert view(inside["jonah"], now).standing == Standing.IN
    assert names(inside["jonah"], now) == ["Remy Ito", "Jonah"]
    assert [(each.kind, each.names) for each in view(remy, now).sides] == [("private", ("Dana Kim", "Maya"))]


def test_who_waits_at_the_door_is_let_into_the_private_room_alone(inside, comes, evening, dana, now, organisation):
    luis = make_patient("Luis", "Romero", at=now)
    evening.roster.create(patient=luis, modality="virtual")
    place, _connection = comes(luis.user)
    sides.talk_alone(session=evening, person=place.pk, by=dana, at=now)
    assert view(place, now).standing == Standing.IN
    assert names(place, now) == ["Dana Kim"]


def test_back_in_the_group_after_a_talk_and_the_small_room_is_closed(inside, evening, dana, now):
    side = sides.talk_alone(session=evening, person=inside["maya"].pk, by=dana, at=now)
    sides.visit(session=evening, side=None, by=dana, at=now)
    assert view(inside["maya"], now).standing == Standing.PAUSED  # nobody is there without staff
    sides.bring_back(session=evening, side=side.pk, by=dana, at=now)
    assert names(inside["maya"], now) == ["Dana Kim", "Maya", "Jonah"]
    with pytest.raises(PermissionDenied):
        sides.visit(session=evening, side=side.pk, by=dana, at=now)


def test_whoever_comes_back_after_a_lost_connection_is_where_they_were(inside, comes, evening, dana, maya, now):
    side = sides.talk_alone(session=evening, person=inside["maya"].pk, by=dana, at=now)
    place, _connection = comes(maya.user)
    assert view(place, now).meets == side


def test_the_end_of_the_video_ends_small_rooms_too(inside, evening, dana, now):
    sides.talk_alone(session=evening, person=inside["maya"].pk, by=dana, at=now)
    leading.end(session=evening, by=dana, at=now)
    assert SideRoom.objects.get().closed_at == now


def in_program(pack, *patients, by, now, population="adult"):
    for patient in patients:
        episode = make_episode(patient, by=by, starts_on=now.date())
        episode.program, _ = Program.objects.get_or_create(
            name=pack, defaults={"pack": pack, "pack_version": "1", "population": population}
        )
        episode.save()


@pytest.fixture
def four(inside, joins, evening, now):
    """Two more students: Luis and Noor."""
    for chosen in ("Luis", "Noor"):
        patient = make_patient(chosen, "Test", at=now)
        evening.roster.create(patient=patient, modality="virtual")
        inside[chosen.lower()] = joins(patient.user)
    return inside


def test_pairs_are_off_unless_the_program_says_so(four, evening, dana, maya, jonah, now):
    with pytest.raises(PermissionDenied):
        sides.pair_up(session=evening, by=dana, at=now)
    in_program("adult-evening", maya, jonah, by=dana, now=now)
    assert not sides.may_pair(evening)


def test_adults_work_in_pairs_while_staff_go_about(four, evening, dana, maya, jonah, now):
    in_program("adult-day", maya, jonah, by=dana, now=now)
    assert sides.pair_up(session=evening, by=dana, at=now) == 2
    assert names(four["maya"], now) == ["Maya", "Jonah"]
    assert view(four["maya"], now).standing == Standing.IN
    side = SideRoom.objects.get(number=2)
    sides.visit(session=evening, side=side.pk, by=dana, at=now)
    assert names(four["luis"], now) == ["Dana Kim", "Luis", "Noor"]
    visited = Event.objects.get(verb="sessions.video_side_visited")
    assert (visited.actor_id, visited.detail) == (dana.pk, {"kind": "pair"})
    assert view(four["maya"], now).standing == Standing.IN
    sides.bring_back(session=evening, side=None, by=dana, at=now)
    assert len(names(four["noor"], now)) == 5


def test_adolescents_are_never_in_a_small_room_without_staff(
    four, joins, evening, dana, maya, jonah, now, organisation, monkeypatch
):
    in_program("adolescent-after-school", maya, jonah, by=dana, now=now, population="adolescent")
    monkeypatch.setattr(sides, "may_pair", lambda session: True)
    with pytest.raises(TooFew):
        sides.pair_up(session=evening, by=dana, at=now)
    evening.co_facilitator = make_user("Remy Ito", Role.FACILITATOR, organisation=organisation)
    evening.save()
    joins(evening.co_facilitator)
    assert sides.pair_up(session=evening, by=dana, at=now) == 2
    rooms = [names(four[who], now) for who in ("maya", "jonah")]
    assert all(any(leader in room for leader in ("Dana Kim", "Remy Ito")) for room in rooms)
    sides.visit(session=evening, side=None, by=dana, at=now)
    left = [who for who in ("maya", "jonah", "luis", "noor") if view(four[who], now).standing == Standing.PAUSED]
    assert len(left) == 2


def test_small_rooms_are_opened_by_those_who_lead_alone(as_user, inside, evening, dana, theo, maya, now, time_machine):
    time_machine.move_to(now, tick=False)

    def ask(user, deed, **said):
        return as_user(user).post(reverse(f"sessions:video-{deed}", args=[evening.pk]), said).status_code

    for stranger in (theo, maya.user):
        assert {ask(stranger, deed) for deed in ("alone", "visit", "back", "pairs")} == {403}
    assert ask(dana, "alone", person=inside["maya"].pk) == 204
    assert ask(dana, "visit") == 204
    assert ask(dana, "visit", side=uuid4()) == 403
    assert ask(dana, "visit", side="x") == 400
    assert ask(dana, "back", side=SideRoom.objects.get().pk) == 204
    assert ask(dana, "alone", person=inside["dana"].pk) == 403
    assert ask(dana, "pairs") == 403
