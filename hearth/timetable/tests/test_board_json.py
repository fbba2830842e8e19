# ruff: noqa: E501
"""What a board or solution cannot say is refused in one sentence that tells where."""

import pytest

from hearth.timetable.board import (
    CAPTIONS,
    FORMAT_2,
    Closed,
    GroupNeed,
    Interpreter,
    MalformedBoard,
    Room,
    StaffPair,
    Travel,
)
from hearth.timetable.board_json import board_as_json, parse_board, parse_solution, solution_as_json
from hearth.timetable.tests.boards import board, group, hours, patient, solution, staff


def plain():
    return board_as_json(board(patient("ana"), patient("ben")))


def changed(path, value):
    data = plain()
    *way, last = path
    inner = data
    for step in way:
        inner = inner[step]
    inner[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (["format"], "other/1", "The board's format is not \"hearth.board/1\" or \"hearth.board/2\"."),
        (["slot_minutes"], 15, "The board's slot_minutes must be 30."),
        (["minimum"], 13, "The board's capacity is smaller than its minimum."),
        (["patients", 1, "id"], "ana", 'The id "ana" is used more than once.'),
        (["patients", 0, "primary"], "eve", 'Patient ana\'s primary counselor "eve" is not among the staff.'),
        (["staff"], [], 'Patient ana\'s primary counselor "dana" is not among the staff.'),
        (["absent"], ["eve"], '"eve" is listed as absent but is not among the staff.'),
        (["patients", 0, "topics"], [], "Patient ana needs groups but has no topics."),
        (["patients", 0, "dose", "group", "minutes"], -30, 'Patient ana\'s dose of group\'s "minutes" must be 0 or more, not -30.'),
        (["patients", 0, "dose", "group", "minutes"], 0, "Patient ana's dose of group asks for sessions of 0 minutes."),
        (["staff", 0, "hours", 0, "to"], "08:00", "Staff member dana's hours on day 0 must end after they begin and by 24:00."),
        (["staff", 0, "hours", 0, "to"], "25:00", "Staff member dana's hours on day 0 must end after they begin and by 24:00."),
        (["staff", 0, "hours", 0, "to"], "10:10", "Staff member dana's hours on day 0 must begin and end on the half hour."),
        (["staff", 0, "hours", 0, "day"], 7, "Staff member dana's hours name day 7, but a week has days 0 to 6."),
        (["patients", 0, "modality"], "post", 'Patient ana\'s "modality" must be one of in_person, virtual, either, not "post".'),
        (["capacity"], "many", 'The board\'s "capacity" must be a whole number.'),
    ],
)  # fmt: skip
def test_a_board_that_cannot_be_is_refused_in_one_sentence(path, value, sentence):
    with pytest.raises(MalformedBoard) as refused:
        parse_board(changed(path, value))
    assert str(refused.value) == sentence


@pytest.mark.parametrize("data", [None, [], "week", {"groups": {}}, {"groups": [1]}, {"individual": [{"kind": "x"}]}])
def test_a_solution_of_another_shape_is_refused(data):
    with pytest.raises(MalformedBoard):
        parse_solution(data)


def test_a_board_reads_back_as_it_was_written():
    week = board(patient("ana", primary=None), team=(staff(), staff("theo")), absent=frozenset({"theo"}))
    assert parse_board(board_as_json(week)) == week


def beyond():
    return board(
        patient("ana", interpreting="ase", equipment=("hearing_loop",), best=hours(0)),
        patient("ben", interpreting=CAPTIONS),
        team=(staff(site="north"), staff("theo")),
        rooms=(Room("oak", 14, "north", ("hearing_loop",)), Room("elm", 9, "south")),
        format=FORMAT_2,
        travel=(Travel(frozenset({"north", "south"}), 45),),
        closed=(Closed("north", 3),),
        interpreters=(Interpreter("ivy", ("ase",), ("in_person",), hours(0)),),
        group_needs=(GroupNeed("skills", leaders=2), GroupNeed("group", "grief", equipment=("screen",))),
        apart=frozenset({frozenset({"ana", "ben"}), frozenset({"ben", "theo"})}),
        staff_pairs=(StaffPair("dana", "theo", "should"),),
        together=(("ana", "ben"),),
    )


def test_a_board_of_the_second_format_reads_back_as_it_was_written():
    assert parse_board(board_as_json(beyond())) == beyond()
    plainest = board(patient("ana"), format=FORMAT_2)
    assert parse_board(board_as_json(plainest)) == plainest


def test_a_board_of_the_first_format_says_nothing_beyond_it():
    data = board_as_json(beyond()) | {"format": "hearth.board/1"}
    assert parse_board(data) == board(
        patient("ana"), patient("ben"), team=(staff(), staff("theo")), rooms=(Room("oak", 14), Room("elm", 9))
    )


def test_a_solution_names_the_second_leader_and_the_interpreter_where_there_is_one():
    week = solution(group("ana", "ben", co_staff="theo", interpreter="ivy"), group("ana", "ben", day=1))
    data = solution_as_json(week)
    assert parse_solution(data) == week
    assert "co_staff" not in data["groups"][1]


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (["travel"], [], "The board has no travel time between the sites north and south."),
        (["travel", 0, "minutes"], -5, 'A travel time\'s "minutes" must be 0 or more, not -5.'),
        (["travel", 0, "sites"], ["north"], 'A travel time\'s "sites" must be two different names.'),
        (["travel"], 2 * [{"sites": ["north", "south"], "minutes": 5}], "The travel time between north and south is given more than once."),
        (["closed", 0, "day"], 7, "A closed day is day 7, but a week has days 0 to 6."),
        (["rooms", 0, "site"], 3, 'Room oak\'s "site" must be a text.'),
        (["interpreters", 0, "id"], "ana", 'The id "ana" is used more than once.'),
        (["interpreters", 0, "modalities"], ["post"], 'Interpreter ivy\'s "modalities" must be of in_person, virtual.'),
        (["group_needs", 0, "leaders"], 3, 'A group need\'s "leaders" must be 1 or 2, not 3.'),
        (["apart", 0], ["ana", "eve"], '"eve" is to be kept apart but is not on the board.'),
        (["apart", 0], ["dana", "theo"], "Of dana and theo, who are to be kept apart, one must be a patient."),
        (["apart", 0], ["ana", "ana"], 'A keep-apart\'s "pair" must be two different names.'),
        (["staff_pairs", 0, "lead"], "often", 'A staff pair\'s "lead" must be one of must, should, never, not "often".'),
        (["staff_pairs", 0, "second"], "eve", '"eve" is in a staff pair but is not among the staff.'),
        (["together", 0], ["ana", "eve"], '"eve" would rather be together with others but is not among the patients.'),
    ],
)  # fmt: skip
def test_what_cannot_be_beyond_is_refused_in_one_sentence(path, value, sentence):
    data = board_as_json(beyond())
    *way, last = path
    inner = data
    for step in way:
        inner = inner[step]
    inner[last] = value
    with pytest.raises(MalformedBoard) as refused:
        parse_board(data)
    assert str(refused.value) == sentence
