# ruff: noqa: E501
"""What a board or solution cannot say is refused in one sentence that tells where."""

import pytest

from hearth.timetable.board import MalformedBoard
from hearth.timetable.board_json import board_as_json, parse_board, parse_solution
from hearth.timetable.tests.boards import board, patient, staff


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
        (["format"], "other/1", "The board's format is not \"hearth.board/1\"."),
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
