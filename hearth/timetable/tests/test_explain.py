"""Each cause for which a session has no place, on a tiny board."""

import pytest

from hearth.timetable.board import Room, Span
from hearth.timetable.explain import Cause, unplaced
from hearth.timetable.tests.boards import (
    EVENING,
    board,
    dose,
    group,
    hours,
    individual,
    patient,
    solution,
    staff,
)

ben, cleo = patient("ben"), patient("cleo")
one = dose(individual=1)
short = (Span(0, 540, 570),)
busy_board = board(patient("ana", dose=one, available=hours(0, start=540, end=600)), patient("ben", dose=one))
trauma_lead = staff("theo", topics=("trauma",))
at_nine = hours(0, start=540, end=720)
virtual = {"modality": "virtual", "state": "UT"}
CASES = [
    (Cause.NO_HOURS, board(patient("ana", available=short), ben), []),
    (Cause.NO_STAFF, board(patient("ana", population="adolescent"), ben), []),
    (Cause.NO_TOPIC, board(patient("ana", topics=("trauma",)), ben), []),
    (Cause.NO_LANGUAGE, board(patient("ana", languages=("es",)), ben), []),
    (Cause.NO_LICENCE, board(patient("ana", **virtual), ben), []),
    (Cause.NO_ROOM, board(patient("ana"), ben, rooms=(Room("oak", 2),)), []),
    (Cause.STAFF_HOURS, board(patient("ana"), ben, team=(staff(hours=hours(4)),)), []),
    (
        Cause.NO_TIME_LEFT,
        board(patient("ana", available=hours(0, start=540, end=780), dose=dose(group=1, individual=1)), ben),
        [individual("ana", day=0, start=600)],
    ),
    (Cause.GROUP_FULL, board(patient("ana"), ben, cleo, capacity=2), [group("ben", "cleo")]),
    (
        Cause.STAFF_BUSY,
        board(patient("ana", available=at_nine), patient("ben", dose=one)),
        [individual("ben", day=0, start=600)],
    ),
    (
        Cause.ROOMS_FULL,
        board(patient("ana", topics=("trauma",), available=at_nine), ben, cleo, team=(staff(), trauma_lead)),
        [group("ben", "cleo")],
    ),
    (Cause.BELOW_MINIMUM, board(patient("ana", available=hours(0)), patient("ben", available=hours(1))), []),
    (Cause.STILL_POSSIBLE, board(patient("ana"), ben), []),
    (Cause.STILL_POSSIBLE, board(patient("ana"), ben, cleo), [group("ben", "cleo")]),
]  # fmt: skip
ONE_TO_ONE = [
    (Cause.NO_HOURS, board(patient("ana", dose=one, available=short)), []),
    (
        Cause.FAMILY_HOURS,
        board(patient("ana", dose=dose(family=1), available=hours(0), family_available=hours(1))),
        [],
    ),
    (Cause.NO_PRIMARY, board(patient("ana", dose=one, primary=None)), []),
    (Cause.NO_STAFF, board(patient("ana", dose=one), absent=frozenset({"dana"})), []),
    (Cause.NO_STAFF, board(patient("ana", dose=one, population="adolescent")), []),
    (Cause.NO_LICENCE, board(patient("ana", dose=one, **virtual)), []),
    (Cause.STAFF_HOURS, board(patient("ana", dose=one), team=(staff(hours=hours(5)),)), []),
    (
        Cause.NO_TIME_LEFT,
        board(patient("ana", dose=dose(group=1, individual=1), available=at_nine), ben),
        [group("ana", "ben")],
    ),
    (Cause.STAFF_BUSY, busy_board, [individual("ben", day=0)]),
    (Cause.STILL_POSSIBLE, board(patient("ana", dose=one)), []),
]


@pytest.mark.parametrize(("cause", "week", "sessions"), CASES + ONE_TO_ONE)
def test_what_has_no_place_names_its_cause(cause, week, sessions):
    found = [each for each in unplaced(week, solution(*sessions)) if each.patient == "ana"]
    assert [reason.cause for each in found for reason in each.reasons][:1] == [cause]
    assert all(reason.sentence.endswith(".") for each in found for reason in each.reasons)


def test_minutes_and_kind_of_what_is_missing_are_told():
    week = board(patient("ana", dose=dose(individual=2), available=short))
    (found,) = unplaced(week, solution())
    assert (found.patient, found.kind, found.minutes) == ("ana", "individual", 120)


def test_a_whole_week_leaves_nothing_to_explain():
    assert unplaced(board(patient("ana"), ben), solution(group("ana", "ben"))) == []


def test_names_are_said_in_place_of_ids():
    week = board(patient("ana", dose=one, primary=None))
    (found,) = unplaced(week, solution(), names={"ana": "Ana López"})
    assert found.reasons[0].sentence == "Ana López has no primary counselor yet."


def test_the_nearest_chance_of_a_group_below_the_minimum_is_told():
    week = board(patient("ana", available=hours(0, start=EVENING)), patient("ben", available=hours(1)), minimum=3)
    reason = unplaced(week, solution())[0].reasons[0]
    assert (reason.cause, reason.day, reason.start, reason.staff) == (Cause.BELOW_MINIMUM, 0, EVENING, ("dana",))
    assert "a group needs 3" in reason.sentence
