# ruff: noqa: E501
"""One tiny board for each hard rule. `test_agreement` holds them against the referee."""

from dataclasses import replace

import pytest

from hearth.timetable.board import FORMAT_2, Closed, GroupNeed, Interpreter, Room, StaffPair, Travel
from hearth.timetable.rules import RULES, violations
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

ana, ben = patient("ana"), patient("ben")
two = board(ana, ben)
both = group("ana", "ben")
full = dose(group=1, individual=1)


def broken(board, *sessions, unmet_bound=0):
    return {one.rule for one in violations(board, solution(*sessions, unmet_bound=unmet_bound))}


def test_a_week_that_keeps_every_rule_is_not_held_up():
    week = board(patient("ana", dose=full), ben)
    assert violations(week, solution(both, individual("ana"))) == []


CASES = [
    ("sessions lie on the grid and have a known kind and length", two, [group("ana", "ben", start=545)]),
    ("sessions lie on the grid and have a known kind and length", two, [individual("ana", minutes=45)]),
    ("nobody sits twice in one group", two, [group("ana", "ana", "ben")]),
    ("a group is neither too small nor too large", two, [group("ana")]),
    ("staff and people are known", two, [group("ana", "ben", staff="nobody")]),
    ("staff and people are known", two, [group("ana", "ben", "nobody")]),
    ("staff who are away lead nothing", board(ana, ben, absent=frozenset({"dana"})), [both]),
    ("staff are inside their hours", board(ana, ben, team=(staff(hours=hours(1)),)), [both]),
    ("people are inside their hours", board(ana, patient("ben", available=hours(2))), [both]),
    (
        "family sessions are inside the familys hours",
        board(patient("ana", dose=dose(family=1), family_available=hours(2))),
        [individual("ana", kind="family")],
    ),
    ("nobody is in two places", board(patient("ana", dose=full), ben), [both, individual("ana", day=0)]),
    ("a group in person has a room with enough seats", two, [group("ana", "ben", room=None)]),
    ("the leader fits the session", board(ana, ben, team=(staff(topics=("ocd",)),)), [both]),
    ("people fit their group", board(ana, patient("ben", topics=("ocd",))), [both]),
    (
        "a virtual sessions leader is licensed where each person is",
        board(patient("ana", modality="virtual", state="UT"), patient("ben", modality="virtual")),
        [group("ana", "ben", modality="virtual", room=None)],
    ),
    ("people attend in their own modality", two, [group("ana", "ben", modality="virtual", room=None)]),
    (
        "individual sessions are with the primary counselor",
        board(patient("ana", dose=full), team=(staff(), staff("theo"))),
        [individual("ana", staff="theo")],
    ),
    ("staff stay within their weekly minutes", board(ana, ben, team=(staff(max_minutes_week=150),)), [both]),
    ("staff get a break in time", board(ana, ben, team=(staff(max_minutes_run=150),)), [both]),
    ("nobody gets more than prescribed", two, [both, group("ana", "ben", day=1)]),
    (
        "nobody comes on more than five days",
        board(
            patient("ana", available=hours(*range(6)), dose=dose(individual=6)), team=(staff(hours=hours(*range(6))),)
        ),
        [individual("ana", day=day) for day in range(6)],
    ),
    (
        "a day holds no more group blocks than the dose allows",
        board(patient("ana", dose=dose(group=2)), patient("ben", dose=dose(group=2))),
        [both, group("ana", "ben", start=EVENING)],
    ),
    (
        "a person has one modality a day",
        board(patient("ana", modality="either", dose=full), ben),
        [both, individual("ana", day=0, start=EVENING, modality="virtual")],
    ),
]

beyond = board(ana, ben, format=FORMAT_2)
signer = Interpreter("ivy", ("ase",), ("in_person",), hours(0))
two_sites = replace(
    board(patient("ana", dose=full), ben, team=(staff(site="south"),), rooms=(Room("oak", 14, "north"),)),
    format=FORMAT_2,
    travel=(Travel(frozenset({"north", "south"}), 45),),
)
just_after = individual("ana", day=0, start=MORNING + 180)  # half an hour too early
deaf = replace(board(patient("ana", interpreting="ase"), ben, format=FORMAT_2), interpreters=(signer,))
helped = staff("theo", topics=())

CASES += [
    ("nobody meets in person where it is closed", replace(two_sites, closed=(Closed("north", 0),)), [both]),
    ("there is time to travel between sites", two_sites, [both, replace(just_after, start=MORNING + 210)]),
    (
        "a room has the equipment that is needed",
        board(patient("ana", equipment=("hearing_loop",)), ben, format=FORMAT_2),
        [both],
    ),
    (
        "a room has the equipment that is needed",
        replace(beyond, group_needs=(GroupNeed("group", "grief", equipment=("screen",)),)),
        [both],
    ),
    ("a group is interpreted for whoever needs it", deaf, [both]),
    ("an interpreter is known and inside their hours", deaf, [replace(both, interpreter="ida")]),
    (
        "an interpreter is known and inside their hours",
        deaf,
        [replace(both, interpreter="ivy", modality="virtual", room=None)],
    ),
    (
        "nobody is in two places",
        replace(
            board(*(patient(name, interpreting="ase") for name in "abcd"), team=(staff(), staff("theo"))),
            format=FORMAT_2,
            interpreters=(signer,),
            rooms=(Room("oak", 14), Room("elm", 14)),
        ),
        [group("a", "b", interpreter="ivy"), group("c", "d", interpreter="ivy", staff="theo", room="elm")],
    ),
    ("a group that needs two leaders has two", replace(beyond, group_needs=(GroupNeed("group", leaders=2),)), [both]),
    ("a group that needs two leaders has two", beyond, [replace(both, co_staff="dana")]),
    ("staff and people are known", beyond, [replace(both, co_staff="nobody")]),
    (
        "staff are inside their hours",
        replace(beyond, staff=(staff(), staff("theo", hours=hours(1)))),
        [replace(both, co_staff="theo")],
    ),
    (
        "the leader fits the session",
        replace(beyond, staff=(staff(), staff("theo", languages=("es",)))),
        [replace(both, co_staff="theo")],
    ),
    (
        "staff pairs lead together or never",
        replace(beyond, staff=(staff(), helped), staff_pairs=(StaffPair("dana", "theo", "must"),)),
        [both],
    ),
    (
        "staff pairs lead together or never",
        replace(beyond, staff=(staff(), helped), staff_pairs=(StaffPair("dana", "theo", "never"),)),
        [replace(both, co_staff="theo")],
    ),
    ("those kept apart never meet", replace(beyond, apart=frozenset({frozenset({"ana", "ben"})})), [both]),
    ("those kept apart never meet", replace(beyond, apart=frozenset({frozenset({"ana", "dana"})})), [both]),
    (
        "those kept apart never meet",
        board(patient("ana", dose=full), format=FORMAT_2, apart=frozenset({frozenset({"ana", "dana"})})),
        [individual("ana")],
    ),
    (
        "a place that is kept stays",
        replace(two, current=solution(both), kept=frozenset({"ben"})),
        [replace(both, day=1)],
    ),
]


@pytest.mark.parametrize(("rule", "week", "sessions"), CASES, ids=[case[0] for case in CASES])
def test_a_broken_rule_is_named(rule, week, sessions):
    assert rule in broken(week, *sessions)


@pytest.mark.parametrize(
    ("week", "sessions"),
    [
        (two_sites, [both, replace(just_after, start=MORNING + 240)]),
        (two_sites, [both, individual("ana", day=1)]),
        (deaf, [replace(both, interpreter="ivy")]),
        (replace(deaf, patients=(patient("ana", languages=("ase",), interpreting="ase"), ben)), [replace(both, interpreter="ivy")]),
        (replace(beyond, staff=(staff(), helped), group_needs=(GroupNeed("group", leaders=2),)), [replace(both, co_staff="theo")]),
        (replace(beyond, staff=(staff(), helped), staff_pairs=(StaffPair("theo", "dana", "must"),)), [both]),
        (board(patient("ana", equipment=("screen",)), ben, format=FORMAT_2, rooms=(Room("oak", 3, "", ("screen",)),)), [both]),
        (replace(beyond, apart=frozenset({frozenset({"ana", "eve"})})), [both]),
        (replace(beyond, current=solution(both), kept=frozenset({"ben"})), [replace(both, room="oak")]),
    ],
)  # fmt: skip
def test_a_week_that_keeps_the_rules_beyond_the_first_format_is_not_held_up(week, sessions):
    assert broken(week, *sessions) == set()


def test_interpreters_and_second_leaders_take_seats_of_the_room():
    week = replace(deaf, staff=(staff(), helped), rooms=(Room("oak", 4),))
    assert broken(week, replace(both, interpreter="ivy")) == set()
    assert broken(week, replace(both, interpreter="ivy", co_staff="theo")) == {
        "a group in person has a room with enough seats"
    }


def test_a_bound_above_the_solution_is_wrong():
    assert broken(two, both, unmet_bound=1) == {"the claimed bound is not above the solution"}


def test_every_rule_has_its_tiny_board():
    named = {rule.__name__.replace("_", " ") for rule in RULES}
    assert named == {rule for rule, _, _ in CASES} | {"the claimed bound is not above the solution"}
