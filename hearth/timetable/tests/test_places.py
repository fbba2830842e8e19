"""Places for someone not yet admitted, on tiny boards; and on random ones against every combination there is."""

import json
from dataclasses import replace
from itertools import combinations

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearth.timetable.board import Board, Group, Individual, Interpreter, Part, Patient, Room, Solution, Span
from hearth.timetable.board_json import board_as_json, solution_as_json
from hearth.timetable.one_change import Change, What
from hearth.timetable.places import can_we_serve
from hearth.timetable.places_json import answer_as_json
from hearth.timetable.rules import violations
from hearth.timetable.tests.boards import EVENING, board, dose, group, hours, individual, patient, solution, staff

ben, cleo, omar = patient("ben"), patient("cleo"), patient("omar")
nora = patient("nora", primary=None, dose=dose(group=1, individual=1), available=hours(0, 1))
at_work = hours(0, start=EVENING)


def taken_by(place_sessions, person: Patient, week: Solution) -> Solution:
    """The week with this person in these sessions."""
    joined = [one for one in place_sessions if isinstance(one, Group)]
    groups = [
        replace(each, patients=(*each.patients, person.id)) if any(_same(each, one) for one in joined) else each
        for each in week.groups
    ]
    ones = [replace(one, patient=person.id) for one in place_sessions if isinstance(one, Individual)]
    return Solution(tuple(groups), (*week.individual, *ones))


def _same(one: Group, two: Group) -> bool:
    return (one.day, one.start, one.staff) == (two.day, two.start, two.staff)


def kinds(answer) -> list[What]:
    return [change.what for change in answer.one_change_away]


def test_a_whole_week_is_found_in_free_seats_and_a_counselors_free_hour():
    answer = can_we_serve(board(ben, cleo, current=solution(group("ben", "cleo"))), nora)
    (place,) = answer.places
    assert place.is_full
    assert [(one.kind, one.day) for one in place.sessions] == [("individual", 0), ("group", 0)]
    assert (place.counselor, place.free, answer.one_change_away) == ("dana", (1, 10), ())


def test_what_can_be_had_is_told_where_a_week_is_not_whole():
    week = solution(group("ben", "cleo"))
    answer = can_we_serve(board(ben, cleo, capacity=2), nora, week=week)
    assert [(place.minutes, place.of, place.is_full) for place in answer.places] == [(60, 240, False)]


def test_nothing_at_all_is_no_place():
    assert can_we_serve(board(ben), replace(nora, population="adolescent")).places == ()


def test_another_evening_is_asked_for_by_the_hours_it_takes():
    late = group("ben", "cleo", day=3, start=EVENING)
    people = [replace(one, available=hours(3)) for one in (ben, cleo)]
    answer = can_we_serve(board(*people, current=solution(late)), replace(nora, dose=dose(group=1)))
    change = answer.one_change_away[0]
    assert (change.what, change.span, change.gained) == (What.HOURS, Span(3, EVENING, EVENING + 180), 180)
    assert change.place.is_full


def test_coming_by_video_another_language_and_a_larger_room_are_found():
    screen = board(
        *(replace(one, modality="either") for one in (ben, cleo)),
        current=solution(group("ben", "cleo", modality="virtual", room=None)),
    )
    alone = replace(nora, dose=dose(group=1))
    assert kinds(can_we_serve(screen, alone)) == [What.MODALITY]
    abroad = replace(alone, languages=("es",))
    assert What.LANGUAGE in kinds(can_we_serve(board(ben, cleo, current=solution(group("ben", "cleo"))), abroad))
    rooms = (Room("oak", 3), Room("hall", 9))
    (change,) = can_we_serve(
        board(ben, cleo, rooms=rooms, current=solution(group("ben", "cleo"))), alone
    ).one_change_away
    assert (change.what, change.room) == (What.ROOM, "hall")


def test_a_new_group_names_its_time_and_leader_and_whom_else_it_serves():
    lacking = [patient(name, available=at_work) for name in ("ben", "cleo", "omar")]
    answer = can_we_serve(board(*lacking, minimum=4), replace(nora, dose=dose(group=1), available=at_work))
    change = answer.one_change_away[0]
    assert change.group is not None
    assert (change.what, change.serves, change.gained) == (What.NEW_GROUP, 3, 180)
    assert (change.group.day, change.group.start, change.group.staff) == (0, EVENING, "dana")
    waiting = can_we_serve(board(minimum=4), replace(nora, dose=dose(group=1), available=at_work), waiting=lacking)
    assert waiting.one_change_away[0].serves == 3


def test_the_families_hours_are_one_change_too():
    child = replace(nora, dose=dose(family=1), family_available=())
    (change,) = can_we_serve(board(), child).one_change_away[:1]
    assert change.what == What.FAMILY_HOURS
    assert change.place.is_full


def test_individual_and_family_time_are_with_one_counselor():
    team = (staff("dana", hours=hours(0, start=540, end=600)), staff("theo", hours=hours(0, start=720, end=840)))
    child = replace(nora, dose=dose(individual=1, family=1), family_available=hours(0))
    (place,) = can_we_serve(board(team=team), child).places
    assert (place.minutes, place.counselor, {one.staff for one in place.sessions}) == (120, "theo", {"theo"})


def test_a_counselor_gives_whole_slots_of_their_weekly_minutes():
    child = replace(nora, dose=dose(individual=1, family=1), family_available=hours(0))
    short = replace(child.dose, individual=Part(1, 45), family=Part(1, 45))
    (place,) = can_we_serve(board(team=(staff(max_minutes_week=90),)), replace(child, dose=short)).places
    assert place.minutes == 45


def test_other_weeks_just_as_good_are_told():
    late = group("omar", "ana", start=EVENING)
    people = (ben, cleo, omar, patient("ana"))
    answer = can_we_serve(board(*people, current=solution(group("ben", "cleo"), late)), nora)
    assert [[one.start for one in place.sessions if one.kind == "group"] for place in answer.places] == [
        [540], [EVENING]
    ]  # fmt: skip


# ---- against every combination, on random boards


@st.composite
def asked(draw) -> tuple[Board, Solution, Patient]:
    """A small board with a week that keeps the rules, and somebody who asks."""
    ways = st.sampled_from(["in_person", "virtual", "either"])
    topics = st.sampled_from([("grief",), ("trauma", "grief")])

    def person(name: str) -> Patient:
        free = tuple(
            Span(day, start, start + draw(st.sampled_from([180, 270])))
            for day in (0, 1)
            if (start := draw(st.sampled_from([0, 540, 570, 660])))
        )
        wanted = dose(group=draw(st.integers(0, 2)), skills=draw(st.integers(0, 1)), individual=draw(st.integers(0, 1)))
        wanted = replace(wanted, group=replace(wanted.group, minutes=90), skills=replace(wanted.skills, minutes=60))
        wanted = replace(wanted, per_day=draw(st.integers(1, 2)))
        return patient(
            name,
            topics=draw(topics),
            modality=draw(ways),
            state=draw(st.sampled_from(["CO", "UT"])),
            available=free,
            dose=wanted,
        )

    team = tuple(
        staff(
            name,
            hours=hours(*draw(st.sets(st.integers(0, 1), min_size=1)), start=540, end=900),
            topics=draw(st.sampled_from([("grief",), ("trauma",), ("grief", "trauma")])),
            states=draw(st.sampled_from([("CO",), ("CO", "UT")])),
            max_minutes_run=draw(st.sampled_from([120, 300])),
            max_minutes_week=draw(st.sampled_from([120, 600])),
        )
        for name in ("dana", "theo")
    )
    people = [replace(person(f"p{n}"), dose=dose(group=2, skills=1)) for n in range(2)]
    everyone = [replace(one, available=hours(0, 1, start=540, end=900), modality="either") for one in people]
    made = board(*everyone, team=team, capacity=3, rooms=(Room("oak", draw(st.sampled_from([3, 4]))),))
    made = replace(
        made,
        patients=tuple(
            replace(
                one,
                state="CO",
                topics=("grief", "trauma"),
                dose=replace(
                    one.dose, group=replace(one.dose.group, minutes=90), skills=replace(one.dose.skills, minutes=60)
                ),
            )
            for one in made.patients
        ),
    )
    week = Solution()
    for _ in range(3):
        kind = draw(st.sampled_from(["group", "group", "skills"]))
        way = draw(st.sampled_from(["in_person", "virtual"]))
        one = Group(
            kind, "adult", draw(st.sampled_from(["grief", "trauma"])) if kind == "group" else None, "en", way,
            draw(st.integers(0, 1)), draw(st.sampled_from([540, 600, 630, 720])), 90 if kind == "group" else 60,
            draw(st.sampled_from(["dana", "theo"])), "oak" if way == "in_person" else None, ("p0", "p1"),
        )  # fmt: skip
        if not violations(made, more := Solution((*week.groups, one))):
            week = more
    return made, week, replace(person("nora"), primary=None)


def most_minutes(made: Board, week: Solution, person: Patient) -> int:
    """By trying every set of seats and every hour of every counselor."""
    free = {(span.day, minute) for span in person.available for minute in range(span.start, span.end, 30)}
    ones: list[tuple[Individual, ...]] = [()]
    if person.dose.individual.count:
        ones += [
            (Individual("individual", person.id, one.id, way, day, start, 60),)
            for one in made.staff
            for way in ("in_person", "virtual")
            for day in (0, 1)
            for start in range(540, 900, 30)
            if {(day, start), (day, start + 30)} <= free
        ]
    most = 0
    for size in range(len(week.groups) + 1):
        for joined in combinations(week.groups, size):
            for extra in ones:
                minutes = sum(one.minutes for one in joined) + sum(one.minutes for one in extra)
                if minutes > most:
                    me = replace(person, primary=extra[0].staff if extra else None)
                    with_me = replace(made, patients=(*made.patients, me))
                    if not violations(with_me, taken_by((*joined, *extra), me, week)):
                        most = minutes
    return most


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asked())
def test_what_is_offered_keeps_the_rules_and_no_combination_gives_more(question):
    made, week, person = question
    answer = can_we_serve(made, person, week=week)
    for place in answer.places:
        me = replace(person, primary=place.counselor)
        with_me = replace(made, patients=(*made.patients, me))
        assert violations(with_me, taken_by(place.sessions, me, week)) == []
    assert max((place.minutes for place in answer.places), default=0) == most_minutes(made, week, person)
    for change in answer.one_change_away:
        changed, me, then = after(change, made, week, person)
        assert (
            violations(replace(changed, patients=(*changed.patients, me)), taken_by(change.place.sessions, me, then))
            == []
        )


def after(change: Change, made: Board, week: Solution, person: Patient) -> tuple[Board, Patient, Solution]:
    """Everything as it were after this one change."""
    me = replace(person, primary=change.place.counselor)
    if change.span is not None:
        return made, replace(me, available=(*me.available, change.span)), week
    if change.what == What.MODALITY:
        return made, replace(me, modality="either"), week
    assert change.group is not None
    if change.what == What.NEW_GROUP:
        for others in combinations([one.id for one in made.patients], change.serves):
            then = Solution((*week.groups, replace(change.group, patients=others)))
            broken = {one.rule for one in violations(made, then)}
            if broken <= {"a group is neither too small nor too large"}:  # the newcomer is not in it yet
                return made, me, then
    assert change.what == What.ROOM
    if change.room is None:
        made = replace(made, rooms=(*made.rooms, Room("larger", 9)))
    moved = replace(change.group, room=change.room or "larger")
    return made, me, Solution(tuple(moved if _same(one, moved) else one for one in week.groups), ())


# ---- the command


def test_the_command_prints_one_document_without_anybodys_name(tmp_path, capsys):
    made = board(ben, cleo, current=solution(group("ben", "cleo"), individual("ben")))
    (tmp_path / "board.json").write_text(json.dumps(board_as_json(made)))
    person = board_as_json(board(nora))["patients"][0]
    del person["id"], person["primary"]
    (tmp_path / "person.json").write_text(json.dumps(person))
    call_command("timetable", "places", "--board", f"{tmp_path}/board.json", "--person", f"{tmp_path}/person.json")
    shown = capsys.readouterr().out
    assert json.loads(shown)["places"][0]["full"] is True
    assert "ben" not in shown
    (tmp_path / "week.json").write_text(json.dumps(solution_as_json(solution())))
    week = f"{tmp_path}/week.json"
    call_command(
        "timetable", "places", "--board", f"{tmp_path}/board.json", "--person", f"{tmp_path}/person.json",
        "--solution", week,
    )  # fmt: skip
    assert json.loads(capsys.readouterr().out)["places"][0]["minutes"] == 60


@pytest.mark.parametrize("changes", [{"dose": {}}, {"primary": "nobody"}, {"available": [{"day": 9}]}, {"state": None}])
def test_a_person_that_cannot_be_read_is_exit_2_and_one_sentence(tmp_path, changes):
    (tmp_path / "board.json").write_text(json.dumps(board_as_json(board(ben))))
    (tmp_path / "person.json").write_text(json.dumps(board_as_json(board(nora))["patients"][0] | changes))
    with pytest.raises(CommandError) as refused:
        call_command("timetable", "places", "--board", f"{tmp_path}/board.json", "--person", f"{tmp_path}/person.json")
    assert refused.value.returncode == 2
    assert str(refused.value).count("\n") == 0


def test_the_document_says_how_a_change_would_be_made():
    lacking = [patient(name, available=at_work) for name in ("ben", "cleo", "omar")]
    answer = can_we_serve(board(*lacking, minimum=4), replace(nora, dose=dose(group=1), available=at_work))
    told = answer_as_json(answer)["one_change_away"][0]
    assert {key: told[key] for key in ("change", "gained", "serves")} == {
        "change": "new_group", "gained": 180, "serves": 3
    }  # fmt: skip
    assert told["group"] | {"day": 0, "start": "18:00", "staff": "dana", "room": "oak"} == told["group"]


def signing(**changes) -> Board:
    """A group with an interpreter, and one without; Ivy signs, and is free on the second group's day alone."""
    ivy = Interpreter("ivy", ("ase",), ("in_person",), hours(1))
    sam = Interpreter("sam", ("ase",), ("in_person",), hours(0))
    pairs = (group("ben", "cleo", interpreter="sam"), group("ben", "cleo", day=1))
    people = [replace(one, dose=dose(group=2)) for one in (ben, cleo)]
    return board(*people, interpreters=(ivy, sam), **{"current": solution(*pairs)} | changes)


def test_a_booked_interpreter_opens_a_group_and_one_who_is_free_would_open_another():
    lea = replace(nora, languages=("ase",), interpreting="ase", dose=dose(group=2), available=hours(0, 1))
    answer = can_we_serve(signing(), lea)
    assert [[getattr(one, "interpreter", "") for one in place.sessions] for place in answer.places] == [["sam"]]
    change = next(one for one in answer.one_change_away if one.what == What.INTERPRETER)
    assert change.group is not None
    assert (change.value, change.group.day, change.gained, change.place.is_full) == ("ivy", 1, 180, True)
    (told,) = [one for one in answer_as_json(answer)["one_change_away"] if one["change"] == "interpreter"]
    assert (told["interpreter"], told["group"]["interpreter"]) == ("ivy", "ivy")


def test_an_interpreter_who_is_booked_elsewhere_then_opens_nothing():
    busy = solution(
        group("ben", "cleo", day=1), group("omar", "pia", day=1, staff="theo", room="elm", interpreter="ivy")
    )
    team = (staff(), staff("theo"))
    rooms = (Room("oak", 14), Room("elm", 3))
    ivy = Interpreter("ivy", ("ase",), ("in_person",), hours(1))
    lea = replace(nora, languages=("ase",), interpreting="ase", dose=dose(group=1), available=hours(1))
    week = board(ben, cleo, omar, patient("pia"), interpreters=(ivy,), team=team, rooms=rooms, current=busy)
    assert What.INTERPRETER not in kinds(can_we_serve(week, lea))
