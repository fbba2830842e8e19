"""`hearth timetable solve` and `check`, from files to exit status, without a database."""

import json

import pytest
from django.core.management import CommandError, call_command

from hearth.timetable.board_json import board_as_json, solution_as_json
from hearth.timetable.tests.boards import board, group, patient, solution


@pytest.fixture
def files(tmp_path):
    (tmp_path / "board.json").write_text(json.dumps(board_as_json(board(patient("ana"), patient("ben")))))
    return tmp_path


def run(*arguments):
    call_command("timetable", *arguments)


def test_solve_writes_a_week_that_check_finds_sound(files, capsys):
    out = files / "week.json"
    run("solve", "--board", f"{files}/board.json", "--seconds", "2", "--out", str(out), "--workers", "1", "--progress")
    shown = capsys.readouterr()
    assert json.loads(shown.out)["unmet_minutes"] == 0
    assert [json.loads(line)["unmet_minutes"] for line in shown.err.splitlines()][-1] == 0
    run("check", "--board", f"{files}/board.json", "--solution", str(out))
    assert json.loads(capsys.readouterr().out)["broken"] == 0


def test_solve_counts_work_in_place_of_time_and_tells_the_bound(files, capsys):
    out = files / "week.json"
    run("solve", "--board", f"{files}/board.json", "--work", "0.1", "--out", str(out), "--workers", "1", "--progress")
    assert {"unmet_minutes", "bound", "seconds"} <= json.loads(capsys.readouterr().err.splitlines()[-1]).keys()
    with pytest.raises(CommandError, match="not allowed with"):
        run("solve", "--board", "x", "--work", "1", "--seconds", "1", "--out", str(out))


def test_check_exits_1_and_names_the_rule_where_one_is_broken(files, capsys):
    week = solution(group("ana", "ben", room=None))
    (files / "week.json").write_text(json.dumps(solution_as_json(week)))
    with pytest.raises(SystemExit) as end:
        run("check", "--board", f"{files}/board.json", "--solution", f"{files}/week.json")
    assert end.value.code == 1
    (first,) = json.loads(capsys.readouterr().out)["first_broken"]
    assert first.startswith("a group in person has a room with enough seats: ")


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 100_000, '{"format": "hearth.board/1"}'])
def test_a_malformed_file_is_exit_2_and_one_sentence(files, text):
    (files / "bad.json").write_text(text)
    with pytest.raises(CommandError) as refused:
        run("solve", "--board", f"{files}/bad.json", "--seconds", "1", "--out", f"{files}/week.json")
    assert refused.value.returncode == 2
    assert str(refused.value).count("\n") == 0
    assert not (files / "week.json").exists()


def test_a_folder_that_is_not_there_is_told_before_the_work(files):
    with pytest.raises(CommandError, match="does not exist"):
        run("solve", "--board", f"{files}/board.json", "--seconds", "1", "--out", f"{files}/none/week.json")
