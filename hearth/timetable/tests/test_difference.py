"""What changes from one week to another, and a part of it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hearth.timetable.board import Solution
from hearth.timetable.difference import Turn, difference, key_of, part, pins, places_of
from hearth.timetable.figures import seats
from hearth.timetable.tests.boards import EVENING, MORNING, group, individual, solution

PEOPLE = ("ana", "ben", "cleo", "dan")


def turns(before, after):
    return [(one.turn, one.joins, one.leaves) for one in difference(before, after).sections]


def days(person):
    return [(one.before and one.before.day, one.after and one.after.day) for one in person.changes]


def test_a_week_that_stays_changes_nothing():
    week = solution(group("ana", "ben"), individual("ana"))

    found = difference(week, week)

    assert (found.people, found.sections, found.kept) == ((), (), 3)


def test_a_group_at_another_time_moves_with_its_people():
    before, after = solution(group("ana", "ben")), solution(group("ana", "ben", day=1))

    found = difference(before, after)

    assert turns(before, after) == [(Turn.MOVES, (), ())]
    assert [(one.patient, days(one)) for one in found.people] == [("ana", [(0, 1)]), ("ben", [(0, 1)])]


def test_a_group_of_other_people_ends_and_another_begins():
    before, after = solution(group("ana", "ben")), solution(group("cleo", "dan", day=1))

    assert turns(before, after) == [(Turn.BEGINS, ("cleo", "dan"), ()), (Turn.ENDS, (), ("ana", "ben"))]


def test_who_joins_and_who_leaves_a_group_that_stays_is_named():
    before, after = solution(group("ana", "ben")), solution(group("ben", "cleo"))

    assert turns(before, after) == [(Turn.PEOPLE, ("cleo",), ("ana",))]
    assert [one.patient for one in difference(before, after).people] == ["ana", "cleo"]


def test_places_of_one_kind_are_paired_by_nearness_and_never_across_kinds():
    before = solution(group("ana", "ben"), group("ana", "ben", day=3), individual("ana"))
    after = solution(group("ana", "ben", start=EVENING), group("ana", "ben", day=4))

    ana = difference(before, after).people[0]

    assert days(ana) == [(0, 0), (3, 4), (1, None)]


def test_another_room_alone_keeps_the_hour():
    before, after = solution(group("ana", "ben")), solution(group("ana", "ben", room="elm"))

    assert all(one.changes[0].keeps_the_hour for one in difference(before, after).people)
    assert turns(before, after) == [(Turn.MOVES, (), ())]


def test_the_part_of_one_person_leaves_the_others_where_they_are():
    before = solution(group("ana", "ben", "cleo"))
    after = solution(group("ana", "dan", day=1), group("ben", "cleo", start=EVENING))

    chosen = part(before, after, people={"ana", "dan"})

    assert [(one.day, one.start, one.patients) for one in chosen.groups] == [
        (0, MORNING, ("ben", "cleo")),
        (1, MORNING, ("ana", "dan")),
    ]


def test_the_part_of_one_group_takes_everyones_change_in_it_and_no_other():
    before = solution(group("ana", "ben"), individual("ana"))
    after = solution(group("ana", "ben", day=2), individual("ana", start=EVENING))

    chosen = part(before, after, people=(), sections={key_of(after.groups[0])})

    assert [one.day for one in chosen.groups] == [2]
    assert chosen.individual == before.individual


def test_pinned_are_the_chosen_sessions_and_all_that_the_chosen_people_come_to_with_everyone_in_them():
    week = solution(
        group("ana", "ben"),
        group("cleo", "dan", day=1),
        group("ben", "dan", day=2),
        individual("ana"),
        individual("ben", day=2),
    )

    kept = pins(week, people={"ana"}, sections={key_of(week.groups[1])})

    assert [one.patients for one in kept.groups] == [("ana", "ben"), ("cleo", "dan")]
    assert [one.patient for one in kept.individual] == ["ana"]


def test_the_places_of_some_people_leave_the_others_out_of_their_groups():
    week = solution(group("ana", "ben"), group("cleo", "dan", day=1), individual("ana"), individual("ben", day=2))

    assert places_of(week, {"ana"}) == solution(group("ana"), individual("ana"))


@st.composite
def weeks(draw) -> Solution:
    """Up to four groups, each at its own day, and a talk for some."""
    sessions = []
    for day in range(4):
        people = draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=4))
        if people:
            start, room = draw(st.sampled_from([MORNING, EVENING])), draw(st.sampled_from(["oak", "elm"]))
            sessions.append(replace(group(*people), day=day, start=start, room=room))
    talking = draw(st.sets(st.sampled_from(PEOPLE)))
    alone = [individual(who, day=5, start=MORNING + 60 * PEOPLE.index(who)) for who in sorted(talking)]
    return solution(*sessions, *alone)


@given(weeks(), weeks())
def test_the_whole_part_is_the_week_after_and_the_empty_part_is_the_week_before(before, after):
    assert seats(part(before, after, people=PEOPLE)) == seats(after)
    assert seats(part(before, after, people=())) == seats(before)


@given(weeks(), weeks(), st.sets(st.sampled_from(PEOPLE)))
def test_a_part_gives_each_person_the_one_week_or_the_other_whole(before, after, chosen):
    found = seats(part(before, after, people=chosen))

    for who in PEOPLE:
        wanted = after if who in chosen else before
        assert {seat for seat in found if seat[0] == who} == {seat for seat in seats(wanted) if seat[0] == who}


@given(weeks(), weeks())
def test_every_change_is_of_one_kind_and_kept_places_are_the_rest(before, after):
    found = difference(before, after)

    for person in found.people:
        for one in person.changes:
            assert one.before is None or one.after is None or one.before.kind == one.after.kind
    changed = sum(one.before is not None for person in found.people for one in person.changes)
    assert found.kept + changed == len(seats(before))
