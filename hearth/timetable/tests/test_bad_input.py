"""Whatever a board file holds, the answer is a right timetable or one sentence and exit 2; never a stack trace."""

import copy
import json

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearth.timetable.board import FORMAT_2, MalformedBoard
from hearth.timetable.board_json import board_as_json, parse_board, parse_person, parse_solution
from hearth.timetable.figures import figures
from hearth.timetable.rules import violations
from hearth.timetable.tests.boards import board, dose, group, individual, patient, solution, staff
from hearth.timetable.tests.plain_model import small_board

WEEK = {"groups": [], "individual": [], "unmet_bound": 0}
ODD: list[object] = [
    None, True, False, 0, -1, 1, 3, 30, 45, 1440, 10**6, 10**6 + 1, 10**30, -(10**30), 0.5, float("nan"), float("inf"),
    "", " ", "P1", "S1", "R1", "eve", "adult", "en", "virtual", "in_person", "08:00", "24:00", "25:00", "8:00", "08:15",
    "٠٨:٠٠", "x" * 10_000, "two\nlines", "\x00", "\ud800", [], {}, [[]], [None], ["P1"], ["P1", "P1"], [{}],
    {"id": "P1"}, {"count": 1}, [[[[[[]]]]]],
]  # fmt: skip


def places_in(data, way=()):
    """The way to everything inside this JSON."""
    found = [way] if way else []
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, inner in pairs:
        found += places_in(inner, (*way, key))
    return found


def bend(data, rng):
    """Replace, remove, repeat or exchange something somewhere in this JSON."""
    ways = places_in(data)
    *way, last = rng.choice(ways)
    inner = data
    for step in way:
        inner = inner[step]
    act = rng.randrange(6)
    if act == 0:
        del inner[last]
    elif act == 1 and isinstance(inner, list):
        inner.append(copy.deepcopy(inner[last]))
    elif act == 2:
        *other, key = rng.choice(ways)
        taken = data
        for step in (*other, key):
            taken = taken[step] if isinstance(taken, list | dict) and _has(taken, step) else None
        inner[last] = copy.deepcopy(taken)
    elif act == 3 and isinstance(inner, dict):
        inner[rng.choice(["days", "per_day", "absent", "current", "seats", "extra"])] = copy.deepcopy(rng.choice(ODD))
    else:
        inner[last] = copy.deepcopy(rng.choice(ODD))


def _has(data, step):
    return step in data if isinstance(data, dict) else isinstance(step, int) and step < len(data)


def full_board(seed):
    """A small board with a week as it stands, and, for odd seeds, with what is beyond the first format."""
    data = small_board(seed)
    one = {"kind": "individual", "patient": "P1", "staff": "S1", "modality": "virtual", "day": 0, "start": "12:00"}
    data["current"] = {"groups": [], "individual": [one | {"minutes": 60}], "unmet_bound": 0}
    if seed % 2:
        data["format"] = FORMAT_2
        data["rooms"].append({"id": "north", "seats": 14, "site": "N", "equipment": ["screen"]})
        data["travel"] = [{"sites": ["N", "S"], "minutes": 45}]
        hours = [{"day": 1, "from": "09:00", "to": "18:00"}]
        data["interpreters"] = [{"id": "ivy", "offers": ["ase"], "modalities": ["in_person"], "hours": hours}]
        data["group_needs"] = [{"kind": "group", "topic": "grief", "leaders": 2}]
        data["apart"], data["together"] = [["P1", "P2"]], [["P3", "P4"]]
        data["staff_pairs"] = [{"first": "S1", "second": "S2", "lead": "never"}]
    return data


@settings(max_examples=300)
@given(seed=st.integers(0, 19), times=st.integers(1, 3), rng=st.randoms(use_true_random=False))
def test_a_bent_board_is_read_or_refused_in_one_sentence(seed, times, rng):
    data = full_board(seed)
    for _ in range(times):
        bend(data, rng)
    found = read_or_refused(parse_board, data)
    if found is None:
        return
    assert parse_board(json.loads(json.dumps(board_as_json(found)))) == found
    week = found.current or parse_solution(WEEK)
    assert figures(found, week)["broken"] == len(violations(found, week))


@settings(max_examples=200)
@given(times=st.integers(1, 3), rng=st.randoms(use_true_random=False))
def test_a_bent_week_or_person_is_read_or_refused_in_one_sentence(times, rng):
    week = {
        "groups": [{"kind": "group", "population": "adult", "topic": "grief", "language": "en", "modality": "virtual",
                    "day": 0, "start": "09:00", "minutes": 90, "staff": "S1", "room": None, "patients": ["P1", "P2"]}],
        "individual": [{"kind": "family", "patient": "P1", "staff": "S1", "modality": "virtual", "day": 1,
                        "start": "09:00", "minutes": 60}],
        "unmet_bound": 0,
    }  # fmt: skip
    person = small_board(1)["patients"][0]
    known = parse_board(small_board(1))
    for _ in range(times):
        bend(week, rng)
        bend(person, rng)
    read_or_refused(parse_person, person)
    found = read_or_refused(parse_solution, week)
    if found is not None:
        assert figures(known, found)["broken"] == len(violations(known, found))


def read_or_refused(read, data):
    """What was read, or None where it was refused in one sentence."""
    refused = ""
    try:
        return read(data)
    except MalformedBoard as trouble:
        refused = str(trouble)
    assert is_a_sentence(refused)
    return None


def is_a_sentence(text):
    return text.isprintable() and text.endswith(".") and len(text) < 1000


# ---- the command, from file to exit status


@pytest.fixture
def run(tmp_path, capsys):
    """Solves the board in this text or JSON; gives the figures that it prints, or the sentence of exit 2."""

    def solve(data, *, seconds="0.3"):
        text = data if isinstance(data, str) else json.dumps(data)
        (tmp_path / "board.json").write_text(text)
        out = tmp_path / "week.json"
        out.unlink(missing_ok=True)
        where = ("--board", f"{tmp_path}/board.json", "--seconds", seconds, "--out", str(out), "--workers", "1")
        refused = None
        try:
            call_command("timetable", "solve", *where)
        except CommandError as trouble:
            refused = trouble
        if refused is not None:
            assert (refused.returncode, out.exists()) == (2, False)
            assert is_a_sentence(str(refused))
            return str(refused)
        week = parse_solution(json.loads(out.read_text()))
        assert violations(parse_board(json.loads(text)), week) == []
        return json.loads(capsys.readouterr().out)

    return solve


ana, ben = patient("ana"), patient("ben")
NOWHERE = ()
HARD = {
    "nobody has hours": board(patient("ana", available=NOWHERE), patient("ben", available=NOWHERE)),
    "staff have no hours": board(ana, ben, team=(staff(hours=NOWHERE),)),
    "a dose larger than the hours": board(patient("ana", dose=dose(group=9, individual=40)), ben),
    "an absent primary": board(ana, patient("ben", dose=dose(individual=1)), absent=frozenset({"dana"})),
    "no staff": board(patient("ana", primary=None), team=()),
    "no rooms": board(ana, ben, rooms=()),
    "no patients": board(),
    "a capacity nobody reaches": board(ana, ben, capacity=10**6, minimum=10**6),
    "no minutes to work": board(ana, ben, team=(staff(max_minutes_week=0, max_minutes_run=0),)),
    "sessions of odd length": board(patient("ana", dose=dose(individual=1)), ben),
    "a week that knows nobody": board(ana, ben, current=solution(group("eve", "kim", staff="x"), individual("eve"))),
}


@pytest.mark.parametrize("week", HARD.values(), ids=HARD)
def test_a_hard_board_has_a_right_week(run, week):
    data = board_as_json(week)
    if any(one.dose.individual.count for one in week.patients):
        data["patients"][0]["dose"]["individual"]["minutes"] = 50
    found = run(data)
    assert found["broken"] == 0
    assert found["unmet_bound"] <= found["unmet_minutes"]


@pytest.mark.parametrize(
    "text",
    [
        "", "nonsense", "null", "[1, 2", "[" * 200_000, '{"a":' * 200_000, "NaN", "1" * 5000, '"\\ud800"',
        '{"format": "hearth.board/1", "slot_minutes": 30, "capacity": NaN, "minimum": 1}',
        '{"format": "hearth.board/1", "slot_minutes": 30, "capacity": 1e999, "minimum": 1}',
        '{"format": ["hearth.board/1"], "slot_minutes": 30}',
        '{"format": "hearth.board/1", "slot_minutes": 30, "capacity": %s, "minimum": 1}' % ("9" * 4000),
    ],
    ids=range(13),
)  # fmt: skip
def test_what_is_no_board_is_refused(run, text):
    assert isinstance(run(text), str)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 19), rng=st.randoms(use_true_random=False))
def test_a_bent_board_is_solved_right_or_refused(run, seed, rng):
    data = full_board(seed)
    bend(data, rng)
    run(data, seconds="0.1")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "board.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError) as refused:
        call_command("timetable", "check", "--board", f"{tmp_path}/board.json", "--solution", f"{tmp_path}/board.json")
    assert refused.value.returncode == 2
    assert is_a_sentence(str(refused.value))
