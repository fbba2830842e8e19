"""Hours of people and rooms are held all together, or none; the first that cannot be held is named."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from hearth.lib import tenancy
from hearth.program.models import Booking
from hearth.program.services import AlreadyBooked, Wanted, book, book_all, unbook_all

HOUR = timedelta(hours=1)


@pytest.fixture
def wanted(now, organisation):
    def make(*people, begins=0, rooms=()):
        start = now + begins * HOUR
        return Wanted(start, start + HOUR, "care_sessions.session", uuid4(), frozenset(people), frozenset(rooms))

    return make


def test_many_hours_are_held_together(wanted):
    ana, room = uuid4(), uuid4()
    rows = book_all([wanted(ana, rooms=[room]), wanted(ana, begins=1)])
    assert Booking.objects.count() == len(rows) == 3


def test_nothing_is_held_when_one_hour_is_taken_and_that_one_is_named(wanted, now):
    ana, ben = uuid4(), uuid4()
    book(people=[ben], start=now + 2 * HOUR, end=now + 3 * HOUR, purpose_kind="admission.interview", purpose_id=ben)
    free, taken, later = wanted(ana), wanted(ana, ben, begins=2), wanted(ben, begins=2)
    with pytest.raises(AlreadyBooked) as refused:
        book_all([free, taken, later])
    assert (refused.value.wanted, refused.value.taken) == (taken, frozenset({ben}))
    assert Booking.objects.count() == 1


def test_hours_asked_for_together_that_meet_one_another_are_refused(wanted):
    ana = uuid4()
    first, second = wanted(ana), wanted(ana, uuid4())
    with pytest.raises(AlreadyBooked) as refused:
        book_all([first, second])
    assert (refused.value.wanted, refused.value.taken) == (second, frozenset({ana}))
    assert not Booking.objects.exists()


def test_only_the_named_places_are_let_go_of(wanted):
    ana, ben = uuid4(), uuid4()
    one, two = wanted(ana, ben), wanted(ana, ben, begins=1)
    book_all([one, two])
    assert unbook_all([(one.purpose_id, ana), (two.purpose_id, ben)]) == 2
    assert set(Booking.objects.values_list("purpose_id", "resource_id")) == {
        (one.purpose_id, ben),
        (two.purpose_id, ana),
    }


def test_the_database_refuses_an_hour_twice_even_where_the_service_is_passed_by(wanted, now):
    room = uuid4()
    book_all([wanted(rooms=[room])])
    half_past = DateTimeTZRange(now + HOUR / 2, now + 2 * HOUR)
    row = Booking(
        resource_kind=Booking.Resource.ROOM, resource_id=room, during=half_past, purpose_kind="x", purpose_id=uuid4()
    )
    for store in (row.save, lambda: Booking.objects.bulk_create([row])):
        with pytest.raises(IntegrityError, match="nobody_and_no_room_is_booked_twice_at_a_time"), transaction.atomic():
            store()
    assert Booking.objects.count() == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_fifty_who_book_the_same_hour_at_once_one_holds_it_and_the_others_are_told(stored_organisation, now):
    room, people = uuid4(), [uuid4() for _ in range(50)]

    def booked(person):
        wanted = Wanted(now, now + HOUR, "x", uuid4(), frozenset({person}), frozenset({room}))
        try:
            with tenancy.within(stored_organisation.pk):
                book_all([wanted])
        except AlreadyBooked as refused:
            return refused.taken
        finally:
            connections.close_all()
        return frozenset()

    with ThreadPoolExecutor(50) as threads:
        taken = list(threads.map(booked, people))

    assert sorted(taken, key=len) == [frozenset()] + [frozenset({room})] * 49
    with tenancy.within(stored_organisation.pk):
        assert Booking.objects.count() == 2
