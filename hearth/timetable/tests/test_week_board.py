from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange

from hearth.accounts.models import Site
from hearth.people.models import Licence
from hearth.people.testing import make_patient
from hearth.program import pack
from hearth.program.models import Closure, GroupNeed, Interpreter, Leave, Room, StaffPair
from hearth.timetable.board_json import board_as_json, parse_board
from hearth.timetable.models import Accommodation, KeepApart
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
    with django_assert_max_num_queries(20) as few:
        board_of_week(viewer=ines, week_of=MONDAY)
    for number in range(6):
        person = make_patient(f"P{number}", "More", at=now)
        make_plan(make_episode(person, evening, by=ines, at=now), by=dana, at=now)
        make_hours(person, by=dana, at=now)
        make_section(evening, dana, [person], on=date(2026, 11, 23))

    with django_assert_num_queries(len(few)):
        board_of_week(viewer=ines, week_of=MONDAY)


def test_the_dose_of_a_later_week_is_that_of_its_phase(class_of_four, ines, maya):
    falls = [{"from_week": 8, "phase": "carry-on", "dose": pack.get("adult-evening").phases[-1].dose.as_board()}]
    maya.plans.update(steps=falls)

    def groups_in_week(number):
        week = board_of_week(viewer=ines, week_of=date(2026, 11, 23) + timedelta(weeks=number - 1))
        return next(one.dose.group.count for one in week.board.patients if one.id == str(maya.pk))

    assert [groups_in_week(number) for number in (2, 7, 8, 14)] == [3, 3, 2, 2]


def test_days_before_an_episode_begins_and_after_it_ends_are_not_free(class_of_four, ines, maya):
    maya.episodes.update(starts_on=MONDAY + timedelta(days=2), planned_end_on=MONDAY + timedelta(days=4))

    week = board_of_week(viewer=ines, week_of=MONDAY)

    assert {span.day for one in week.board.patients if one.id == str(maya.pk) for span in one.available} == {2, 3}


def test_closed_days_and_leave_take_hours_off_and_whoever_has_none_left_is_away(
    class_of_four, dana, theo, ines, walt, now
):
    site = Site.objects.get()
    facts = {"entered_by": walt, "entered_at": now}
    Closure.objects.create(name="Winter day", first_on=MONDAY, last_on=MONDAY, **facts)
    Closure.objects.create(
        name="Painting", site=site, first_on=MONDAY + timedelta(days=1), last_on=MONDAY + timedelta(days=2), **facts
    )
    Closure.objects.create(
        name="Taken back",
        first_on=MONDAY + timedelta(days=3),
        last_on=MONDAY + timedelta(days=3),
        taken_back_at=now,
        **facts,
    )
    for member, last, status in ((dana, 6, "confirmed"), (theo, 6, "asked")):
        Leave.objects.create(
            member=member, first_on=MONDAY, last_on=MONDAY + timedelta(days=last), status=status, asked_at=now
        )

    board = board_of_week(viewer=ines, week_of=MONDAY).board

    assert {span.day for one in board.patients for span in one.available} == {1, 2, 3, 4}
    assert {span.day for one in board.staff for span in one.hours} == {1, 2, 3, 4}
    assert board.absent == {str(dana.pk)}
    assert {(one.site, one.day) for one in board.closed} == {(str(site.pk), 1), (str(site.pk), 2)}
    assert parse_board(board_as_json(board)) == board


def test_what_people_and_groups_need_and_who_is_kept_apart_is_on_the_board(
    class_of_four, evening, dana, theo, ines, ruth, now
):
    maya, ana, *_ = class_of_four
    make_section(evening, dana, class_of_four, on=date(2026, 11, 23))
    Room.objects.update(equipment=["hearing_loop"])
    Accommodation.objects.create(
        patient=maya, interpreting="ase", equipment=["hearing_loop"], entered_by=dana, entered_at=now
    )
    KeepApart.objects.create(patient=maya, other=ana, reason="…", entered_by=ruth, entered_at=now)
    KeepApart.objects.create(patient=maya, member=theo, reason="…", entered_by=ruth, entered_at=now, ended_at=now)
    StaffPair.objects.create(first=theo, second=dana, lead="must")
    GroupNeed.objects.create(kind="skills", leaders=2)
    hours = [{"day": 1, "from": "17:00", "to": "21:00"}]
    ivy = Interpreter.objects.create(
        name="Ivy Stone", offers=["ase"], modalities=["virtual"], hours=hours, bound_on=date(2026, 1, 1)
    )
    Interpreter.objects.create(name="Not bound", offers=["ase"], modalities=["virtual"], hours=hours)

    week = board_of_week(viewer=ines, week_of=MONDAY)
    board = week.board

    one = next(one for one in board.patients if one.id == str(maya.pk))
    assert (one.interpreting, one.equipment) == ("ase", ("hearing_loop",))
    assert board.rooms[0].equipment == ("hearing_loop",)
    assert board.apart == {frozenset({str(maya.pk), str(ana.pk)})}
    assert [(pair.first, pair.lead) for pair in board.staff_pairs] == [(str(theo.pk), "must")]
    assert board.need("skills", None).leaders == 2
    assert [week.names[one.id] for one in board.interpreters] == [ivy.name]
    assert board.together == (tuple(sorted(str(one.pk) for one in class_of_four)),)
    assert parse_board(board_as_json(board)) == board


def test_what_falls_on_a_closed_day_rests_and_is_sought_nowhere_else(class_of_four, evening, dana, ines, walt, now):
    section = make_section(evening, dana, class_of_four, on=date(2026, 11, 23))
    tuesday = MONDAY + timedelta(days=1)
    Closure.objects.create(name="Storm", first_on=tuesday, last_on=tuesday, entered_by=walt, entered_at=now)

    week = board_of_week(viewer=ines, week_of=MONDAY)

    assert week.board.current is None
    assert week.resting == {str(section.pk)}
    assert {one.dose.group.count for one in week.board.patients} == {2}
    assert board_of_week(viewer=ines, week_of=MONDAY + timedelta(weeks=1)).board.current
