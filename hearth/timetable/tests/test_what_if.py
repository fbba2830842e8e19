"""A board with one thing changed: it is what would be, and the board itself stays."""

import json

import pytest

from hearth.timetable.board import MalformedBoard, Span
from hearth.timetable.figures import figures
from hearth.timetable.rules import violations
from hearth.timetable.solver import solve
from hearth.timetable.tests.boards import EVENING, board, group, hours, patient, solution, staff
from hearth.timetable.what_if import HIRE, Away, Capacity, ClosedRoom, Hire, MoreHours, Nothing, as_json, changed, parse

EVENINGS = hours(0, 1, 2, start=EVENING)
HIRED = Hire(("adult",), ("grief",), ("es",), (Span(1, 960, 1200),))
CHANGES = [
    Nothing(),
    MoreHours("dana", Span(1, EVENING, EVENING + 180)),
    HIRED,
    ClosedRoom("oak"),
    Capacity(8),
    Away("dana"),
]


def with_spanish_speakers():
    people = [patient(name, languages=("es",), available=EVENINGS) for name in ("rosa", "luis", "eva")]
    return board(*people)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_stored_and_read_again_as_it_was(change):
    assert parse(json.loads(json.dumps(as_json(change)))) == change


@pytest.mark.parametrize("change", CHANGES)
def test_people_and_the_week_as_it_stands_stay_on_the_board(change):
    week = board(patient("ana"), patient("ben"), current=solution(group("ana", "ben")))

    found = changed(week, change)

    assert (found.patients, found.current) == (week.patients, week.current)


def test_longer_hours_join_those_that_are_there_and_may_be_led():
    week = board(team=(staff(hours=hours(1, start=600, end=1080), max_minutes_week=600),))

    dana = changed(week, MoreHours("dana", Span(1, 1050, 1260))).staff[0]

    assert dana.hours == (Span(1, 600, 1260),)
    assert dana.max_minutes_week == 780


def test_hiring_a_spanish_speaker_opens_the_group_that_was_missing():
    week = with_spanish_speakers()
    hired = changed(week, Hire(("adult",), ("grief",), ("es",), hours(1, start=EVENING)))

    before, after = (figures(one, solve(one, seconds=1, workers=1)) for one in (week, hired))

    assert (before["full_dose_share"], after["full_dose_share"]) == (0, 1)


def test_whoever_is_hired_has_no_persons_id():
    found = changed(with_spanish_speakers(), HIRED)

    assert found.staff[-1].id == HIRE
    assert found.staff[-1].states == ("CO",)


def test_a_closed_room_and_a_member_of_staff_away_leave_a_week_that_keeps_the_rules():
    week = board(
        patient("ana"),
        patient("ben"),
        team=(staff(), staff("theo")),
        current=solution(group("ana", "ben")),
    )

    for change in (ClosedRoom("oak"), Away("dana")):
        there = changed(week, change)
        found = solve(there, seconds=0.5, workers=1)
        assert violations(there, found) == []
        assert all(one.room != "oak" for one in found.groups) or change != ClosedRoom("oak")
        assert all(one.staff != "dana" for one in found.groups) or change != Away("dana")


def test_a_smaller_group_lowers_the_least_one_too():
    found = changed(board(minimum=3), Capacity(2))

    assert (found.capacity, found.minimum) == (2, 2)


@pytest.mark.parametrize(
    "change", [MoreHours("nobody", Span(0, 600, 660)), ClosedRoom("attic"), Away("x"), Capacity(0)]
)
def test_a_change_about_nobody_on_the_board_is_refused(change):
    with pytest.raises(MalformedBoard):
        changed(board(patient("ana")), change)
