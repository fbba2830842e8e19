"""Cover for days of a week on which staff are away: asked for, worked out, accepted for that week alone, taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from hearth.program.models import Leave, StaffDuty
from hearth.program.services import take_back_leave
from hearth.timetable import services
from hearth.timetable.away import cover_of_week, is_still_due
from hearth.timetable.board_json import parse_solution, solution_as_json
from hearth.timetable.figures import seats
from hearth.timetable.models import OneOff, Proposal, Seat, Section, WeekNotice
from hearth.timetable.promised import without
from hearth.timetable.services.proposing import _covered
from hearth.timetable.solver import solve
from hearth.timetable.tests.boards import solution
from hearth.timetable.tests.conftest import MONDAY
from hearth.timetable.tests.test_deciding import LATER, offered, solved, standing
from hearth.timetable.tests.test_passing import away, changed, held, stands_of
from hearth.timetable.week_board import board_of_week

__all__ = ["standing"]
SOON = timedelta(hours=1)


def found_cover(by, at, **asked) -> Proposal:
    return solved(services.find_cover(week_of=MONDAY, by=by, at=at, **asked))


def test_the_same_hour_with_somebody_else_comes_first(standing, class_of_four, dana, walt, ines, now):
    away(dana, walt, now, first=MONDAY, last=MONDAY)
    cover = found_cover(ines, now)
    services.accept_proposal(proposal=cover, by=ines, at=now + SOON)
    maya = class_of_four[0]
    for one in class_of_four:
        assert held(one, MONDAY)[0] == (0, 16, "Theo")
        assert held(one, LATER)[0] == (0, 16, "Dana")
    assert held(maya, MONDAY)[1] == held(maya, LATER)[1] == (1, 16, "Dana")


def test_only_those_whose_week_changes_are_told(standing, class_of_four, dana, theo, walt, ines, now):
    away(dana, walt, now, first=MONDAY + timedelta(days=1), last=MONDAY + timedelta(days=1))
    WeekNotice.objects.all().delete()
    services.accept_proposal(proposal=found_cover(ines, now), by=ines, at=now + SOON)
    told = set(WeekNotice.objects.values_list("user__name", flat=True))
    assert told == {class_of_four[0].user.name, dana.name}


def test_a_talk_stays_with_the_counselor_on_another_day_of_that_week(standing, class_of_four, dana, walt, ines, now):
    tuesday = MONDAY + timedelta(days=1)
    away(dana, walt, now, first=tuesday, last=tuesday)
    services.accept_proposal(proposal=found_cover(ines, now), by=ines, at=now + SOON)
    maya = class_of_four[0]
    group, (day, _hour, leader) = held(maya, MONDAY)
    assert group == (0, 16, "Dana")
    assert (day != 1, leader) == (True, "Dana")
    assert held(maya, LATER) == [(0, 16, "Dana"), (1, 16, "Dana")]


def test_nobody_gets_more_than_before(standing, class_of_four, dana, walt, ines, now):
    """Everyone lacks most of their plan in this week; that is for another proposal."""
    away(dana, walt, now, first=MONDAY, last=MONDAY)
    week = parse_solution(found_cover(ines, now).solution)
    assert (len(week.groups), len(week.individual)) == (1, 1)


def test_what_cannot_be_covered_is_named_and_a_part_can_be_accepted(standing, class_of_four, dana, walt, ines, now):
    """Ana cannot come that week at all: the rest are covered without her."""
    maya, ana, ben, cleo = class_of_four
    away(dana, walt, now, first=MONDAY, last=MONDAY)
    sunday = MONDAY + timedelta(days=6)
    OneOff.objects.create(patient=ana, first_on=MONDAY, last_on=sunday, entered_by=ines, entered_at=now)
    cover = found_cover(ines, now)
    assert {one["patient"] for one in cover.unplaced} == {str(ana.pk)}
    people = [str(one.pk) for one in (maya, ben, cleo)]
    services.accept_part(proposal=cover, people=people, sections=(), by=ines, at=now + SOON)
    assert held(ben, MONDAY) == [(0, 16, "Theo")]
    assert held(ana, MONDAY) == held(ana, LATER) == [(0, 16, "Dana")]


def test_cover_is_taken_back_and_nothing_of_it_is_left(standing, class_of_four, dana, walt, ines, now):
    away(dana, walt, now, first=MONDAY, last=MONDAY)
    cover = services.accept_proposal(proposal=found_cover(ines, now), by=ines, at=now + SOON)
    services.take_back_proposal(proposal=cover, by=ines, at=now + 2 * SOON)
    for one in class_of_four:
        assert held(one, MONDAY)[0] == held(one, LATER)[0] == (0, 16, "Dana")
    assert Seat.objects.filter(patient=class_of_four[1]).count() == 1


def test_in_a_week_that_has_begun_what_is_over_stays_and_undo_works_until_the_first_change(
    standing, class_of_four, dana, walt, ines, organisation
):
    """Dana falls ill on Monday at noon and stays away until Tuesday."""
    ana = class_of_four[1]
    at = standing.asked_at.replace(year=2026, month=11, day=30, hour=19, minute=0)  # noon in Denver
    away(dana, walt, at, first=MONDAY, last=MONDAY + timedelta(days=1))
    cover = services.accept_proposal(proposal=found_cover(ines, at), by=ines, at=at)
    assert held(ana, MONDAY) == [(0, 16, "Theo")]
    services.take_back_proposal(proposal=cover, by=ines, at=at + SOON)
    assert held(ana, MONDAY) == [(0, 16, "Dana")]
    again = services.accept_proposal(proposal=found_cover(ines, at), by=ines, at=at + SOON)
    with pytest.raises(services.CannotTakeBack):
        services.take_back_proposal(proposal=again, by=ines, at=at + 4 * SOON)


def test_a_session_that_is_over_is_not_made_up(standing, class_of_four, dana, walt, ines):
    at = standing.asked_at.replace(year=2026, month=12, day=1, hour=2, minute=0)  # Monday evening in Denver
    away(dana, walt, at, first=MONDAY, last=MONDAY + timedelta(days=1))
    cover = found_cover(ines, at)
    assert cover.cover == {"away": {str(dana.pk): [0, 1]}, "since": 19 * 60, "people": [str(class_of_four[0].pk)]}
    assert seats(parse_solution(cover.solution)) > {one for one in seats(stands_of(ines)) if one[1] == "group"}


def test_a_later_week_that_was_accepted_does_not_stand_in_the_way(standing, class_of_four, dana, theo, walt, ines, now):
    later = services.propose(week_of=LATER, by=ines, at=now)
    week = changed(stands_of(ines), staff=str(theo.pk))
    Proposal.objects.filter(pk=later.pk).update(status="ready", solution=solution_as_json(week))
    later.refresh_from_db()
    services.accept_proposal(proposal=later, by=ines, at=now)
    away(dana, walt, now, first=MONDAY, last=MONDAY)
    services.accept_proposal(proposal=found_cover(ines, now), by=ines, at=now + SOON)
    ana = class_of_four[1]
    assert held(ana, MONDAY) == held(ana, LATER) == [(0, 16, "Theo")]


def test_a_leave_asks_for_each_of_its_weeks_that_needs_cover(standing, dana, theo, walt, ines, now):
    away(dana, walt, now, first=MONDAY + timedelta(days=4), last=MONDAY + timedelta(days=15))
    asked = services.find_cover_of_leave(leave=Leave.objects.get(member=dana), by=ines, at=now)
    assert [one.week_of for one in asked] == [LATER, LATER + timedelta(weeks=1)]
    away(theo, walt, now, first=MONDAY, last=MONDAY)
    with pytest.raises(services.NothingToCover):
        services.find_cover_of_leave(leave=Leave.objects.get(member=theo), by=ines, at=now)


def test_pressed_twice_it_is_worked_out_once_also_minutes_later_in_a_week_that_has_begun(standing, dana, walt, ines):
    at = standing.asked_at.replace(year=2026, month=11, day=30, hour=19, minute=0)  # noon in Denver
    away(dana, walt, at, first=MONDAY, last=MONDAY)
    first = services.find_cover(week_of=MONDAY, by=ines, at=at)
    assert services.find_cover(week_of=MONDAY, by=ines, at=at + timedelta(minutes=2)) == first


def test_pressed_twice_it_is_worked_out_once(standing, dana, walt, ines, now):
    away(dana, walt, now, first=MONDAY, last=MONDAY)
    first = services.find_cover(week_of=MONDAY, by=ines, at=now)
    assert services.find_cover(week_of=MONDAY, by=ines, at=now) == first
    assert services.propose(week_of=MONDAY, by=ines, at=now) != first


def test_what_is_pinned_is_worked_out_again_as_cover(standing, class_of_four, dana, walt, ines, now):
    away(dana, walt, now, first=MONDAY, last=MONDAY)
    cover = found_cover(ines, now)
    ana = str(class_of_four[1].pk)
    again = solved(
        services.propose_again(proposal=cover, people=[ana], sections=(), as_proposed=True, by=ines, at=now + SOON)
    )
    assert again.cover == cover.cover
    assert parse_solution(again.solution).groups == parse_solution(cover.solution).groups


def test_while_cover_stands_no_earlier_week_is_accepted(standing, class_of_four, dana, walt, ines, now):
    away(dana, walt, now, first=LATER, last=LATER)
    cover = solved(services.find_cover(week_of=LATER, by=ines, at=now))
    services.accept_proposal(proposal=cover, by=ines, at=now + SOON)
    moved = offered(changed(stands_of(ines), start=17 * 60), ines, now)
    with pytest.raises(services.LaterWeekStands) as trouble:
        services.accept_proposal(proposal=moved, by=ines, at=now + SOON)
    assert (trouble.value.week_of, trouble.value.is_cover) == (LATER, True)
    services.take_back_proposal(proposal=cover, by=ines, at=now + SOON)
    services.accept_proposal(proposal=moved, by=ines, at=now + SOON)
    assert held(class_of_four[1], MONDAY) == held(class_of_four[1], LATER) == [(0, 17, "Dana")]


def test_of_cover_in_several_later_weeks_the_first_is_named(standing, dana, walt, ines, now):
    after = LATER + timedelta(weeks=1)
    away(dana, walt, now, first=LATER, last=LATER + timedelta(days=1))
    away(dana, walt, now, first=after, last=after)
    for week_of in (LATER, after):
        cover = solved(services.find_cover(week_of=week_of, by=ines, at=now))
        services.accept_proposal(proposal=cover, by=ines, at=now + SOON)
    moved = offered(changed(stands_of(ines), start=17 * 60), ines, now)
    with pytest.raises(services.LaterWeekStands) as trouble:
        services.accept_proposal(proposal=moved, by=ines, at=now + SOON)
    assert (trouble.value.week_of, trouble.value.is_cover) == (LATER, True)


def test_cover_is_not_accepted_nor_worked_out_again_after_the_leave_was_taken_back(
    standing, class_of_four, dana, walt, ines, now
):
    away(dana, walt, now, first=MONDAY, last=MONDAY)
    cover, ana = found_cover(ines, now), str(class_of_four[1].pk)
    take_back_leave(leave=Leave.objects.get(member=dana), by=dana, at=now)
    with pytest.raises(services.NoLongerHolds):
        services.accept_proposal(proposal=cover, by=ines, at=now + SOON)
    with pytest.raises(services.NoLongerHolds):
        services.accept_part(proposal=cover, people=[ana], sections=(), by=ines, at=now + SOON)
    with pytest.raises(services.NoLongerHolds):
        services.propose_again(proposal=cover, people=[ana], sections=(), as_proposed=True, by=ines, at=now + SOON)
    assert held(class_of_four[1], MONDAY) == [(0, 16, "Dana")]


def test_cover_of_whoever_leads_nothing_any_more_can_still_be_accepted(standing, class_of_four, dana, walt, ines, now):
    away(dana, walt, now, first=MONDAY, last=MONDAY)
    Section.objects.exclude(kind="group").update(ended_on=MONDAY)
    cover = found_cover(ines, now)
    StaffDuty.objects.filter(member=dana).delete()
    assert is_still_due(cover)
    services.accept_proposal(proposal=cover, by=ines, at=now + SOON)
    assert held(class_of_four[1], MONDAY) == [(0, 16, "Theo")]


def test_cover_is_not_accepted_once_some_of_it_has_begun_but_what_is_to_come_is(
    standing, class_of_four, dana, walt, ines, now
):
    maya, ana = class_of_four[:2]
    away(dana, walt, now, first=MONDAY, last=MONDAY + timedelta(days=1))
    cover = found_cover(ines, now)
    at = now.replace(year=2026, month=12, day=1, hour=0, minute=0)  # Monday at 17:00 in Denver
    with pytest.raises(services.NoLongerHolds):
        services.accept_proposal(proposal=cover, by=ines, at=at)
    with pytest.raises(services.NoLongerHolds):
        services.accept_part(proposal=cover, people=[str(ana.pk)], sections=(), by=ines, at=at)
    talk = (1, 16 * 60, str(dana.pk))
    services.accept_part(proposal=cover, people=[], sections=[talk], by=ines, at=at)
    assert held(ana, MONDAY) == [(0, 16, "Dana")]
    assert (1, 16, "Dana") not in held(maya, MONDAY)


def test_a_group_that_ended_in_this_week_does_not_begin_again_with_cover_for_a_later_day(
    standing, class_of_four, dana, walt, ines, now
):
    """It meets on Thursdays from Tuesday on; Dana falls ill on Wednesday."""
    tuesday, wednesday = (now.replace(year=2026, month=12, day=day, hour=15) for day in (1, 2))
    week = stands_of(ines)
    moved = solution(replace(week.groups[0], day=3), *week.individual)
    services.accept_proposal(proposal=offered(moved, ines, tuesday), by=ines, at=tuesday)
    away(dana, walt, wednesday, first=MONDAY + timedelta(days=3), last=MONDAY + timedelta(days=3))
    services.accept_proposal(proposal=found_cover(ines, wednesday), by=ines, at=wednesday)
    assert held(class_of_four[1], MONDAY) == [(0, 16, "Dana"), (3, 16, "Theo")]
    assert Section.objects.filter(weekday=0).count() == 1


def test_each_reach_has_its_share_of_the_time(standing, class_of_four, dana, walt, ines, now):
    """Ana cannot come that week at all, so that it is looked for in every reach."""
    away(dana, walt, now, first=MONDAY, last=MONDAY)
    sunday = MONDAY + timedelta(days=6)
    OneOff.objects.create(patient=class_of_four[1], first_on=MONDAY, last_on=sunday, entered_by=ines, entered_at=now)
    given = []

    def asked(board, *, moving, seconds):
        given.append(seconds)
        return solve(board, work=0.05, workers=1, moving=moving)

    week = board_of_week(viewer=ines, week_of=MONDAY)
    cover = cover_of_week(week, MONDAY, by=ines, at=now)
    _covered(week.board, cover, None, asked, 60)
    assert given == [20, 20, 20]


def test_only_planners_find_cover(standing, dana, walt, now):
    away(dana, walt, now, first=MONDAY, last=MONDAY)
    leave = Leave.objects.get(member=dana)
    with pytest.raises(PermissionDenied):
        services.find_cover(week_of=MONDAY, by=dana, at=now)
    with pytest.raises(PermissionDenied):
        services.find_cover_of_leave(leave=leave, by=dana, at=now)


def test_cover_changes_nobody_else_even_if_the_week_changed_since(standing, class_of_four, dana, walt, ines, now):
    away(dana, walt, now, first=MONDAY + timedelta(days=1), last=MONDAY + timedelta(days=1))
    cover = found_cover(ines, now)
    ana = str(class_of_four[1].pk)
    week = without(stands_of(ines), [ana])
    services.accept_part(proposal=offered(week, ines, now), people=[ana], sections=(), by=ines, at=now)
    services.accept_proposal(proposal=cover, by=ines, at=now + SOON)
    assert held(class_of_four[1], MONDAY) == []
