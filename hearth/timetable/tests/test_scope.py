"""A part of the people, worked out beside everyone else."""

from dataclasses import replace

from hearth.timetable.board import Room, Solution, Span
from hearth.timetable.difference import part
from hearth.timetable.rules import violations
from hearth.timetable.scope import scoped, with_those_beside
from hearth.timetable.solver import solve
from hearth.timetable.tests.boards import board, dose, group, hours, individual, patient, solution, staff


def test_whoever_shares_a_group_comes_along_and_so_do_those_beside_them():
    week = solution(group("ana", "ben"), group("ben", "cleo", day=1), group("dan", "eva", day=2))

    assert with_those_beside(week, {"ana"}) == {"ana", "ben", "cleo"}
    assert with_those_beside(None, {"ana"}) == {"ana"}


def test_hours_that_staff_lead_for_others_are_not_on_offer_nor_the_slots_beside_them():
    whole = board(
        patient("ana"),
        patient("dan", available=hours(1)),
        team=(staff(hours=hours(1, start=480, end=900), max_minutes_week=600),),
        current=solution(individual("dan", day=1, start=600)),
    )

    found = scoped(whole, {"ana"}, rooms={"oak"})

    assert found.staff[0].hours == (Span(1, 480, 570), Span(1, 690, 900))
    assert found.staff[0].max_minutes_week == 540
    assert [one.id for one in found.patients] == ["ana"]
    assert found.current == Solution()


def test_weeks_of_two_parts_worked_out_apart_stand_together():
    need = dose(group=1, individual=1)
    people = [patient(name, dose=need) for name in ("ana", "ben", "dan", "eva")]
    whole = board(*people, team=(staff(), staff("theo")), rooms=(Room("oak", 14), Room("elm", 14)))
    current = solution(group("dan", "eva", staff="dana", room="elm"), individual("dan"), individual("eva", start=660))
    whole = replace(whole, current=current)

    found = solve(scoped(whole, {"ana", "ben"}, rooms={"oak"}), seconds=0.5, workers=1)
    together = part(current, found, people={"ana", "ben"})

    assert violations(whole, together) == []
    assert len(together.groups) == 2
    assert len(together.individual) == 4
