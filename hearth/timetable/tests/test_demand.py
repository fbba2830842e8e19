"""Wanted against offered, what is full, and what one more group would do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.timetable.board import Room, Solution
from hearth.timetable.demand import Cell, Sort, demand
from hearth.timetable.rules import violations
from hearth.timetable.tests.boards import (
    EVENING,
    MORNING,
    board,
    dose,
    group,
    hours,
    individual,
    patient,
    solution,
    staff,
)
from hearth.timetable.week import Week, unmet_minutes

TRIO = tuple(patient(name) for name in ("ana", "ben", "cleo"))


def test_wanted_hours_are_counted_by_first_topic_first_language_and_way():
    spanish = patient("rosa", topics=("trauma", "grief"), languages=("es", "en"), modality="either", dose=dose(group=2))

    found = demand(board(*TRIO, spanish), Solution())

    assert found.sorts == {
        Sort("group", "grief", "en", "in_person"): Cell(3 * 180),
        Sort("group", "trauma", "es", "either"): Cell(2 * 180),
    }
    assert found.total.wanted == 5 * 180


def test_offered_hours_are_seats_and_the_room_says_how_many():
    week = board(*TRIO, rooms=(Room("oak", 9),))

    found = demand(week, solution(group("ana", "ben")))

    assert found.sorts[Sort("group", "grief", "en", "in_person")] == Cell(3 * 180, 8 * 180, 2 * 180)
    assert [(one.taken, one.seats) for one in found.fills] == [(2, 8)]


def test_by_the_hour_whoever_has_few_hours_weighs_heavily_in_them():
    narrow = patient("ana", available=hours(1, start=EVENING, end=EVENING + 180))
    wide = patient("ben", available=hours(0, 1, 2, 3, start=EVENING - 180, end=EVENING + 180))

    found = demand(board(narrow, wide), Solution()).hours

    assert found[1, 18].wanted == 60 + round(180 / 24)
    assert found[0, 18].wanted == round(180 / 24)


def test_a_full_group_is_the_bottleneck_and_one_more_would_serve_those_left():
    left = [patient(f"P{number}", available=hours(1, start=EVENING, end=EVENING + 180)) for number in range(3)]
    here = patient("ana", available=hours(1, start=EVENING, end=EVENING + 180))
    week = board(
        *left, here, patient("ben"), capacity=2, team=(staff(), staff("theo")), rooms=(Room("oak", 9), Room("elm", 9))
    )

    found = demand(week, solution(group("ana", "ben", day=1, start=EVENING))).bottlenecks

    assert len(found) == 1
    assert (found[0].people, found[0].minutes) == (("P0", "P1", "P2"), 3 * 180)
    assert [one.day for one in found[0].full] == [1]
    opening = found[0].opening
    assert opening is not None
    assert (opening.day, opening.start, opening.staff, len(opening.people)) == (1, EVENING, "theo", 2)


def test_an_opening_keeps_the_rules_if_it_is_opened():
    week = board(*TRIO, team=(staff(), staff("theo")))

    opening = demand(week, Solution()).bottlenecks[0].opening

    assert opening is not None
    opened = group(*opening.people, day=opening.day, start=opening.start, staff=opening.staff)
    assert violations(week, solution(opened)) == []


def test_where_nobody_can_lead_it_somebody_new_is_needed():
    spanish = [patient(f"P{number}", languages=("es",), topics=("trauma",)) for number in range(2)]

    opening = demand(board(*spanish), Solution()).bottlenecks[0].opening

    assert opening is not None
    assert (opening.staff, opening.people) == (None, ("P0", "P1"))


def test_people_who_are_never_free_together_need_more_than_one_group():
    apart = [patient("ana", available=hours(0)), patient("ben", available=hours(1))]

    found = demand(board(*apart), Solution()).bottlenecks

    assert [(one.people, one.opening) for one in found] == [(("ana", "ben"), None)]


def test_hours_alone_that_are_lacking_are_the_counselors_bottleneck():
    hour = hours(1, start=MORNING, end=MORNING + 60)
    alone = [patient(f"P{number}", dose=dose(individual=1), available=hour) for number in range(2)]

    found = demand(board(*alone), solution(individual("P0"))).bottlenecks

    assert [(one.kind, one.staff, one.people, one.minutes) for one in found] == [("individual", "dana", ("P1",), 60)]


def test_what_free_seats_and_hours_would_serve_is_no_bottleneck():
    people = [patient(name, dose=dose(group=1, individual=1)) for name in ("ana", "ben", "cleo")]

    found = demand(board(*people), solution(group("ana", "ben")))

    assert found.bottlenecks == ()
    assert found.servable == 180 + 3 * 60


def test_with_nothing_lacking_the_fullest_sort_is_named():
    week = board(*TRIO, rooms=(Room("oak", 5),))

    found = demand(week, solution(group("ana", "ben", "cleo")))

    assert found.bottlenecks == ()
    assert [(one.population, one.groups, one.left) for one in found.nearest] == [("adult", 1, 1)]


@given(st.lists(st.sampled_from([MORNING, EVENING]), max_size=3), st.integers(0, 3))
def test_what_is_lacking_adds_up_to_what_the_week_leaves_unmet(starts, talks):
    people = [patient(name, dose=dose(group=3, individual=1, per_day=3)) for name in ("ana", "ben", "cleo")]
    groups = [group("ana", "ben", day=day, start=start) for day, start in enumerate(starts)]
    alone = [individual(one.id, day=4, start=MORNING + 60 * place) for place, one in enumerate(people[:talks])]
    week = solution(*groups, *alone)

    found = demand(board(*people), week)

    assert found.servable + sum(one.minutes for one in found.bottlenecks) == unmet_minutes(Week(board(*people), week))
    assert found.total.taken <= found.total.offered


@pytest.mark.parametrize("people", [(), (patient("ana", primary=None),)])
def test_an_empty_house_has_an_empty_picture(people):
    found = demand(board(*people, team=()), Solution())

    assert found.total.offered == 0
    assert found.fills == ()


def test_people_who_wait_count_with_their_hours_topic_language_and_way():
    rosa = patient(
        "rosa",
        topics=("trauma",),
        languages=("es",),
        modality="virtual",
        available=hours(4, start=EVENING, end=EVENING + 180),
    )

    found = demand(board(*TRIO), Solution(), [rosa])

    assert found.sorts[Sort("group", "trauma", "es", "virtual")] == Cell(180)
    assert found.hours[4, 18].wanted == 60
    assert (found.total.wanted, found.waiting) == (4 * 180, 180)


def test_free_seats_go_to_those_in_a_program_before_those_who_wait():
    week = board(*TRIO, capacity=4)

    found = demand(week, solution(group("ana", "ben")), [patient("rosa"), patient("pia")])

    assert (found.servable, found.servable_waiting) == (180, 180)
    assert [(one.people, one.waiting) for one in found.bottlenecks] == [(("pia",), 1)]


def test_whoever_waits_lacks_no_counselors_hour_yet():
    found = demand(board(*TRIO), Solution(), [patient("rosa", primary=None, dose=dose(individual=1))])

    assert all("rosa" not in one.people for one in found.bottlenecks)
