"""Moves by hand: what they make of a week, and that judging near by sees what judging the whole week sees."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.timetable import moving
from hearth.timetable.board import (
    CLOSE,
    FORMAT_2,
    MODALITIES,
    OPEN,
    SLOT,
    Board,
    Group,
    Individual,
    Interpreter,
    Room,
    Span,
    Travel,
)
from hearth.timetable.moving import DoesNotApply, End, Open, Reseat, Shift, Spot
from hearth.timetable.rules import violations
from hearth.timetable.tests import boards
from hearth.timetable.tests.boards import dose, group, individual, patient, staff
from hearth.timetable.week import people_in

PEOPLE = ("ana", "ben", "cleo", "dev", "eli")
LEADERS = ("dana", "theo")
FIVE_DAYS = dose(group=2, skills=1, individual=1)


@pytest.fixture
def board() -> Board:
    """Five people free Monday to Wednesday, Dana and Theo who lead grief groups, and two rooms."""
    team = (staff("dana"), staff("theo", hours=boards.hours(1, 2)))
    people = tuple(patient(name, dose=FIVE_DAYS) for name in PEOPLE)
    return boards.board(*people, team=team, rooms=(Room("oak", 14), Room("elm", 3)))


@pytest.fixture
def week() -> dict[str, Group | Individual]:
    return {
        "monday": group("ana", "ben", "cleo"),
        "tuesday": group("dev", "eli", day=1),
        "talk": individual("ana", day=2),
    }


def spot(day: int, start: int = boards.MORNING, leader: str = "dana", room: str | None = "oak") -> Spot:
    return Spot(day, start, leader, room, "in_person")


def rules_broken(board: Board, week, move) -> set[str]:
    return {one.rule for one in moving.newly_broken(board, week, moving.moved(week, move))}


def test_a_group_gets_another_way_a_second_leader_and_an_interpreter_if_these_may_be(board, week):
    ivy = Interpreter("ivy", ("ase",), ("in_person",), boards.hours(0))
    helped = replace(board, interpreters=(ivy,), staff=(*board.staff, boards.staff("sam", hours=boards.hours(0))))
    here, group_ = spot(0), group("ana", "ben", "cleo")
    to = replace(here, co_staff="sam", interpreter="ivy")
    assert moving.moved(week, Shift("monday", here, to))["monday"] == replace(group_, co_staff="sam", interpreter="ivy")
    assert rules_broken(helped, week, Shift("monday", here, to)) == set()

    judged = moving.targets(helped, week, "monday", here)
    assert judged.seconds["sam"] == judged.interpreters["ivy"] == judged.ways["in_person"] == []
    assert {one.rule for one in judged.ways["virtual"]} == {"people attend in their own modality"}
    assert {one.rule for one in judged.seconds["theo"]} >= {"staff are inside their hours"}

    by_video = moving.moved(week, Shift("monday", here, replace(here, modality="virtual")))["monday"]
    assert by_video == replace(group_, modality="virtual", room=None)
    tuesday = moving.targets(helped, week, "tuesday", moving.spot_of(week["tuesday"]))
    assert {one.rule for one in tuesday.interpreters["ivy"]} == {"an interpreter is known and inside their hours"}


@pytest.mark.parametrize(
    ("to", "broken"),
    [
        (spot(2, start=boards.EVENING), set()),
        (spot(0, room="elm"), {"a group in person has a room with enough seats"}),
        (spot(0, leader="theo"), {"staff are inside their hours"}),
        (spot(3), {"people are inside their hours"}),
        (spot(1, leader="theo"), {"nobody is in two places"}),  # the room is taken
        (spot(2), {"nobody is in two places"}),  # Dana and Ana are in their talk
        (spot(6), {"people are inside their hours", "staff are inside their hours"}),
    ],
)
def test_a_session_moved_breaks_what_the_rules_say_and_nothing_else(board, week, to, broken):
    assert rules_broken(board, week, Shift("monday", spot(0), to)) == broken


def test_a_student_goes_from_one_group_to_another(board, week):
    after = moving.moved(week, Reseat("ana", "monday", "tuesday"))

    assert people_in(after["monday"]) == ("ben", "cleo")
    assert people_in(after["tuesday"]) == ("dev", "eli", "ana")
    assert moving.newly_broken(board, week, after) == []


def test_a_group_left_with_one_person_is_too_small(board, week):
    assert rules_broken(board, week, Reseat("dev", "tuesday", "monday")) == {
        "a group is neither too small nor too large"
    }


def test_a_new_session_is_judged_and_an_ended_one_leaves_its_hours_free(board, week):
    fresh = group("ana", "ben", day=2, start=boards.EVENING)
    assert rules_broken(board, week, Open("fresh", fresh)) == set()
    assert rules_broken(board, week, Open("fresh", replace(fresh, day=1, start=600))) == {"nobody is in two places"}

    after = moving.moved(week, End("tuesday"))
    assert list(after) == ["monday", "talk"]
    assert rules_broken(board, after, Shift("monday", spot(0), spot(1))) == set()


@pytest.mark.parametrize(
    ("move", "why"),
    [
        (Shift("monday", spot(1), spot(2)), "elsewhere"),
        (Shift("gone", spot(0), spot(2)), "gone"),
        (End("gone"), "gone"),
        (Reseat("dev", "monday", None), "not_in"),
        (Reseat("ana", None, "monday"), "already_in"),
        (Reseat("ana", "talk", None), "alone"),
        (Reseat("ana", None, "gone"), "gone"),
    ],
)
def test_a_move_made_on_another_week_than_this_does_not_apply(week, move, why):
    with pytest.raises(DoesNotApply) as refused:
        moving.moved(week, move)

    assert refused.value.why == why


def test_a_week_that_is_broken_already_may_be_bettered_but_not_worsened(week):
    people = tuple(patient(name, dose=dose(group=2)) for name in PEOPLE)
    tight = boards.board(*people, capacity=2, rooms=(Room("oak", 14),))
    three = {"monday": week["monday"], "tuesday": group("dev", day=1)}

    assert moving.newly_broken(tight, three, moving.moved(three, Reseat("ana", "monday", "tuesday"))) == []
    worse = moving.newly_broken(tight, three, moving.moved(three, Reseat("dev", None, "monday")))
    assert [one.rule for one in worse] == ["a group is neither too small nor too large"]


# ---- properties on weeks that may break any rule

days, starts = st.integers(0, 3), st.integers(OPEN // SLOT, (CLOSE - 180) // SLOT).map(lambda slot: slot * SLOT)
leaders, rooms = st.sampled_from(LEADERS), st.sampled_from(("oak", "elm"))
some_people = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=5, unique=True).map(tuple)
groups = st.builds(
    lambda who, day, start, leader, room: group(*who, day=day, start=start, staff=leader, room=room),
    some_people, days, starts, leaders, rooms,
)  # fmt: skip
talks = st.builds(
    lambda who, day, start, leader: individual(who, day=day, start=start, staff=leader),
    st.sampled_from(PEOPLE), days, starts, leaders,
)  # fmt: skip
weeks = st.lists(groups | talks, min_size=1, max_size=6).map(lambda all_: {f"s{n}": one for n, one in enumerate(all_)})
spans = st.lists(st.builds(lambda day, start: Span(day, start, CLOSE), days, starts), max_size=4).map(tuple)
spots = st.builds(
    Spot, days, starts, leaders, rooms, st.sampled_from(MODALITIES), st.sampled_from((None, *LEADERS)), st.none()
)


@st.composite
def boards_(draw) -> Board:
    team = tuple(
        staff(name, hours=draw(spans), max_minutes_week=draw(st.sampled_from((240, 1800)))) for name in LEADERS
    )
    people = tuple(
        patient(
            name,
            available=draw(spans),
            dose=FIVE_DAYS,
            modality=draw(st.sampled_from(("either", "in_person", "virtual"))),
        )
        for name in PEOPLE
    )
    return boards.board(
        *people,
        team=team,
        rooms=(Room("oak", 14, site="at dana"), Room("elm", 3, site="at theo")),
        capacity=4,
        travel=(Travel(frozenset(("at dana", "at theo")), 60),) if draw(st.booleans()) else (),
        apart=frozenset({frozenset(("ana", "ben"))}),
        format=FORMAT_2,
    )


@st.composite
def shifts(draw, week) -> Shift:
    key = draw(st.sampled_from(sorted(week)))
    to = draw(spots)
    to = replace(to, room=None) if to.modality == "virtual" else to
    here = moving.spot_of(week[key])
    return Shift(key, here, to if isinstance(week[key], Group) else replace(to, room=None, co_staff=None))


@given(boards_(), weeks, st.data())
def test_targets_near_by_are_judged_as_the_whole_week_is(board, week, data):
    move = data.draw(shifts(week))
    near = moving.Judge(board, week, move.session).judge(move.to)
    whole = moving.newly_broken(board, week, moving.moved(week, move))

    assert sorted(one.sentence for one in near) == sorted(one.sentence for one in whole)


@given(boards_(), weeks, st.data())
def test_seats_near_by_are_judged_as_the_whole_week_is(board, week, data):
    who = data.draw(st.sampled_from(PEOPLE))
    sat = sorted(key for key, one in week.items() if isinstance(one, Group) and who in one.patients)
    out_of = data.draw(st.sampled_from([None, *sat]))
    for key, near in moving.seat_targets(board, week, who, out_of).items():
        whole = moving.newly_broken(board, week, moving.moved(week, Reseat(who, out_of, key)))
        assert sorted(one.sentence for one in near) == sorted(one.sentence for one in whole)


@given(boards_(), weeks, st.data())
def test_a_move_taken_back_gives_the_same_week_and_no_broken_rule_is_hidden(board, week, data):
    move = data.draw(shifts(week))
    after = moving.moved(week, move)

    assert moving.moved(after, Shift(move.session, move.to, move.was)) == week
    before_all = violations(board, moving.as_solution(week))
    after_all = violations(board, moving.as_solution(after))
    new = {one.sentence for one in moving.newly_broken(board, week, after)}
    assert new <= {one.sentence for one in after_all}
    of_this_spot = {one.sentence for one in after_all if not one.amount and one.rule not in moving.WHEREVER}
    assert of_this_spot - {one.sentence for one in before_all} <= new
