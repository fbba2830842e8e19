from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange

from hearth.people.models import Licence
from hearth.people.testing import make_patient
from hearth.timetable.board_json import board_as_json, parse_board
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_section
from hearth.timetable.tests.conftest import MONDAY
from hearth.timetable.week_board import board_of_week


def test_everyone_with_hours_and_a_plan_is_on_the_board(class_of_four, dana, ines):
    week = board_of_week(viewer=ines, week_of=MONDAY)

    maya = next(one for one in week.board.patients if week.names[one.id] == "Maya Reyes")
    assert len(week.board.patients) == 4
    assert maya.primary == str(dana.pk)
    assert maya.topics == ("mental_health",)
    assert maya.dose.group.count == 3
    assert {one.start for one in maya.available} == {16 * 60}
    assert {state for one in week.board.staff for state in one.states} == {"CO"}
    assert [week.names[room.id] for room in week.board.rooms] == ["Oak room"]


def test_whoever_cannot_be_placed_is_named_with_the_reason(class_of_four, evening, ines, now):
    jo = make_patient("Jo", "Lind", at=now, state="")
    make_episode(jo, evening, by=ines, at=now)

    week = board_of_week(viewer=ines, week_of=MONDAY)

    (left,) = week.left_out
    assert left.patient == jo
    assert [str(reason) for reason in left.reasons] == [
        "has no plan yet",
        "has not said which hours fit",
        "has no state in the address, which video needs",
    ]


def test_a_licence_that_ends_within_the_week_does_not_count(class_of_four, dana, ines):
    Licence.objects.filter(holder=dana).update(during=DateRange(date(2026, 1, 1), date(2026, 12, 3)))

    week = board_of_week(viewer=ines, week_of=MONDAY)

    assert next(one for one in week.board.staff if one.id == str(dana.pk)).states == ()


def test_the_week_as_it_stands_is_kept_for_repair(class_of_four, evening, dana, ines):
    make_section(evening, dana, class_of_four, on=date(2026, 11, 23))

    current = board_of_week(viewer=ines, week_of=MONDAY).board.current

    assert current
    (group,) = current.groups
    assert (group.day, group.start, group.staff) == (1, 17 * 60 + 30, str(dana.pk))
    assert sorted(group.patients) == sorted(str(one.pk) for one in class_of_four)


def test_someone_whose_episode_ends_before_the_week_is_not_on_it(class_of_four, ines, maya):
    maya.episodes.update(planned_end_on=MONDAY)

    week = board_of_week(viewer=ines, week_of=MONDAY)

    assert "Maya Reyes" not in week.names.values()


def test_a_board_made_from_rows_can_be_stored_and_read(class_of_four, ines):
    board = board_of_week(viewer=ines, week_of=MONDAY).board

    assert parse_board(board_as_json(board)) == board


def test_a_counselor_makes_no_board(class_of_four, dana):
    with pytest.raises(PermissionDenied):
        board_of_week(viewer=dana, week_of=MONDAY)


def test_more_people_ask_no_more_questions(
    class_of_four, evening, dana, ines, now, django_assert_max_num_queries, django_assert_num_queries
):
    make_section(evening, dana, class_of_four, on=date(2026, 11, 23))
    with django_assert_max_num_queries(12) as few:
        board_of_week(viewer=ines, week_of=MONDAY)
    for number in range(6):
        person = make_patient(f"P{number}", "More", at=now)
        make_plan(make_episode(person, evening, by=ines, at=now), by=dana, at=now)
        make_hours(person, by=dana, at=now)
        make_section(evening, dana, [person], on=date(2026, 11, 23))

    with django_assert_num_queries(len(few)):
        board_of_week(viewer=ines, week_of=MONDAY)
