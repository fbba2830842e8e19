"""A week with leave or dates on which somebody cannot come: what is due to these passes, the usual places stay."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.program.models import Leave
from hearth.timetable import services
from hearth.timetable.board import Individual, Solution
from hearth.timetable.figures import figures
from hearth.timetable.models import OneOff, Seat, Section
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_section
from hearth.timetable.tests.conftest import MONDAY
from hearth.timetable.tests.test_deciding import LATER, offered, standing
from hearth.timetable.week_board import board_of_week

__all__ = ["standing"]


def held(who, week_of):
    """When this student comes in that week, with whom."""
    sections = Section.objects.within_week(week_of).prefetch_related("seats")
    return sorted(
        (section.weekday, section.start_minute // 60, section.facilitator.first_name)
        for section in sections
        for seat in section.seats.all()
        if seat.patient_id == who.pk
        and seat.is_held_on(section.day_in(week_of))
        and section.meets_on(section.day_in(week_of))
    )


def stands_of(viewer):
    """The week of Monday as it stands."""
    return board_of_week(viewer=viewer, week_of=MONDAY).board.current or Solution()


def away(member, walt, now, *, first, last):
    Leave.objects.create(
        member=member, first_on=first, last_on=last, status="confirmed", asked_at=now, decided_by=walt, decided_at=now
    )


def changed(week, **led):
    """The week as it stands with the group led by others."""
    return Solution(tuple(replace(one, **led) for one in week.groups), week.individual)


@pytest.fixture
def cover(standing, class_of_four, dana, theo, walt, ines, now):
    """Dana is away on Monday; Theo covers her group that day."""
    away(dana, walt, now, first=MONDAY, last=MONDAY)
    board = board_of_week(viewer=ines, week_of=MONDAY).board
    week = changed(board.current, staff=str(theo.pk))
    return offered(week, ines, now + timedelta(hours=1), figures=figures(board, week))


def test_cover_for_leave_holds_that_week_and_the_usual_leader_is_back_the_next(cover, class_of_four, ines, now):
    maya, ana = class_of_four[:2]
    services.accept_proposal(proposal=cover, by=ines, at=now + timedelta(hours=2))
    assert held(ana, MONDAY) == [(0, 16, "Theo")]
    assert held(ana, LATER) == held(ana, LATER + timedelta(weeks=9)) == [(0, 16, "Dana")]
    assert held(maya, MONDAY) == [(0, 16, "Theo"), (1, 16, "Dana")]
    cover.refresh_from_db()
    assert cover.deeds["passing"] == sorted(str(one.pk) for one in class_of_four)


def test_cover_can_be_taken_back_and_nothing_of_it_is_left(cover, class_of_four, ines, now):
    services.accept_proposal(proposal=cover, by=ines, at=now + timedelta(hours=2))
    cover.refresh_from_db()
    services.take_back_proposal(proposal=cover, by=ines, at=now + timedelta(hours=3))
    for one in class_of_four:
        assert held(one, MONDAY)[0] == held(one, LATER)[0] == (0, 16, "Dana")
    assert Seat.objects.filter(patient=class_of_four[1]).count() == 1


def test_the_next_week_is_planned_from_the_usual_one(cover, class_of_four, ines, now):
    services.accept_proposal(proposal=cover, by=ines, at=now + timedelta(hours=2))
    after = board_of_week(viewer=ines, week_of=LATER)
    assert after.board.current is not None
    dana = next(key for key, name in after.names.items() if name == "Dana Kim")
    assert [one.staff for one in after.board.current.groups] == [dana]


def test_a_date_on_which_one_cannot_come_moves_that_hour_once(standing, class_of_four, dana, ines, now):
    maya = class_of_four[0]
    tuesday = MONDAY + timedelta(days=1)
    OneOff.objects.create(patient=maya, first_on=tuesday, last_on=tuesday, entered_by=ines, entered_at=now)
    stands = stands_of(ines)
    moved = Solution(stands.groups, tuple(replace(one, day=2) for one in stands.individual))
    services.accept_proposal(proposal=offered(moved, ines, now), by=ines, at=now + timedelta(hours=1))
    assert held(maya, MONDAY) == [(0, 16, "Dana"), (2, 16, "Dana")]
    assert held(maya, LATER) == [(0, 16, "Dana"), (1, 16, "Dana")]


def newcomer(name, program, counselor, by, at):
    """Somebody who was just admitted, with a plan and hours."""
    new = make_patient(name, "Quintanar", at=at)
    CareTeamMember.objects.create(patient=new, member=counselor, role=Role.COUNSELOR, is_primary=True, since=at.date())
    make_plan(make_episode(new, program, by=by, at=at), by=counselor, at=at)
    make_hours(new, by=counselor, at=at)
    return new


def test_somebody_new_in_a_week_with_leave_stays_for_good(standing, evening, dana, theo, walt, ines, now):
    new = newcomer("Pilar", evening, dana, ines, now)
    away(theo, walt, now, first=MONDAY, last=MONDAY)
    stands = stands_of(ines)
    alone = Individual("individual", str(new.pk), str(dana.pk), "virtual", 2, 16 * 60, 60)
    fuller = tuple(replace(one, patients=(*one.patients, str(new.pk))) for one in stands.groups)
    week = Solution(fuller, (*stands.individual, alone))
    services.accept_proposal(proposal=offered(week, ines, now), by=ines, at=now + timedelta(hours=1))
    for week_of in (MONDAY, LATER, LATER + timedelta(weeks=5)):
        assert held(new, week_of) == [(0, 16, "Dana"), (2, 16, "Dana")]


def test_a_usual_week_is_changed_for_good_as_before(standing, class_of_four, theo, ines, now):
    stands = stands_of(ines)
    week = changed(stands, staff=str(theo.pk))
    services.accept_proposal(proposal=offered(week, ines, now), by=ines, at=now + timedelta(hours=1))
    assert held(class_of_four[1], LATER) == [(0, 16, "Theo")]


def goes_on(viewer, at):
    """The week of Monday as it goes on from the day of `at`."""
    return board_of_week(viewer=viewer, week_of=MONDAY, since=at.date()).board.current


def alone(who, leader, day, hour):
    """An hour of this student with this leader."""
    return Individual("individual", str(who.pk), str(leader.pk), "virtual", day, hour * 60, 60)


def test_a_group_that_ended_earlier_in_the_week_does_not_begin_again_with_what_lasts(
    standing, class_of_four, dana, ines, now
):
    """On Tuesday it moves to Thursdays, on Wednesday Ana gets an hour on Tuesdays, on Thursday it moves to Fridays."""
    ana = class_of_four[1]
    tuesday, wednesday, thursday = (now.replace(year=2026, month=12, day=day, hour=15) for day in (1, 2, 3))
    week = stands_of(ines)
    moved = Solution((replace(week.groups[0], day=3),), week.individual)
    services.accept_proposal(proposal=offered(moved, ines, tuesday), by=ines, at=tuesday)
    week = goes_on(ines, wednesday)
    assert [one.day for one in week.groups] == [3]
    more = Solution(week.groups, (*week.individual, alone(ana, dana, 1, 18)))
    services.accept_proposal(proposal=offered(more, ines, wednesday), by=ines, at=wednesday)
    assert held(ana, LATER) == [(1, 18, "Dana"), (3, 16, "Dana")]
    week = goes_on(ines, thursday)
    moved = Solution((replace(week.groups[0], day=4),), week.individual)
    services.accept_proposal(proposal=offered(moved, ines, thursday), by=ines, at=thursday)
    assert held(ana, MONDAY) == [(0, 16, "Dana"), (4, 16, "Dana")]
    assert held(ana, LATER) == [(1, 18, "Dana"), (4, 16, "Dana")]
    assert Section.objects.filter(weekday=0).count() == 1


def test_whose_places_are_covered_keeps_the_usual_ones_whatever_else_changes(cover, class_of_four, dana, ines, now):
    ana = class_of_four[1]
    services.accept_proposal(proposal=cover, by=ines, at=now + timedelta(hours=2))
    week = stands_of(ines)
    more = Solution(week.groups, (*week.individual, alone(ana, dana, 2, 18)))
    services.accept_proposal(proposal=offered(more, ines, now), by=ines, at=now + timedelta(hours=3))
    assert held(ana, MONDAY) == [(0, 16, "Theo"), (2, 18, "Dana")]
    assert held(ana, LATER) == [(0, 16, "Dana")]


@pytest.mark.parametrize("in_part", [False, True])
def test_nobody_new_stays_in_what_ends_with_its_cover(cover, evening, dana, ines, now, in_part):
    services.accept_proposal(proposal=cover, by=ines, at=now + timedelta(hours=2))
    Leave.objects.all().delete()
    nia = newcomer("Nia", evening, dana, ines, now)
    stands = stands_of(ines)
    fuller = tuple(replace(one, patients=(*one.patients, str(nia.pk))) for one in stands.groups)
    week = offered(Solution(fuller, (*stands.individual, alone(nia, dana, 2, 16))), ines, now)
    if in_part:
        accepted = services.accept_part(
            proposal=week, people=[str(nia.pk)], sections=(), by=ines, at=now + timedelta(hours=3)
        )
    else:
        accepted = services.accept_proposal(proposal=week, by=ines, at=now + timedelta(hours=3))
    assert accepted.deeds["passing"] == [str(nia.pk)]
    assert held(nia, MONDAY) == [(0, 16, "Theo"), (2, 16, "Dana")]
    assert {seat.during.upper for seat in Seat.objects.filter(patient=nia)} == {LATER}


def test_what_somebody_agreed_to_for_later_stands_whatever_changes_before(
    standing, evening, class_of_four, dana, theo, ines, now
):
    ana, ben = class_of_four[1:3]
    fridays = make_section(evening, theo, [], on=date(2026, 11, 23), weekday=4, starts=time(18))
    Seat.objects.filter(patient=ana).update(during=DateRange(MONDAY, LATER))
    Seat.objects.create(section=fridays, patient=ana, during=DateRange(LATER, None), modality="virtual")
    week = changed(stands_of(ines), staff=str(theo.pk))
    proposal = services.accept_proposal(proposal=offered(week, ines, now), by=ines, at=now + timedelta(hours=1))
    assert held(ana, MONDAY) == held(ben, MONDAY) == held(ben, LATER) == [(0, 16, "Theo")]
    assert held(ana, LATER) == [(4, 18, "Theo")]
    assert proposal.deeds["passing"] == [str(ana.pk)]
    services.take_back_proposal(proposal=proposal, by=ines, at=now + timedelta(hours=2))
    assert held(ana, MONDAY) == held(ben, MONDAY) == held(ben, LATER) == [(0, 16, "Dana")]
    assert held(ana, LATER) == [(4, 18, "Theo")]


def test_a_whole_week_leaves_the_places_of_those_who_come_back_after_it(
    standing, evening, class_of_four, dana, ines, now
):
    ana = class_of_four[1]
    Section.objects.filter(kind="group").update(capacity=4)
    Seat.objects.filter(patient=ana).update(during=DateRange(LATER, None))
    nia = newcomer("Nia", evening, dana, ines, now)
    stands = stands_of(ines)
    fuller = tuple(replace(one, patients=(*one.patients, str(nia.pk))) for one in stands.groups)
    week = offered(Solution(fuller, (*stands.individual, alone(nia, dana, 2, 16))), ines, now)
    with pytest.raises(services.NoLongerHolds, match="more than its 4 people"):
        services.accept_proposal(proposal=week, by=ines, at=now + timedelta(hours=1))
    assert held(nia, MONDAY) == []


def test_the_page_says_whose_changes_pass(cover, as_user, ines, now, time_machine):
    time_machine.move_to(now + timedelta(hours=2), tick=False)
    browser, address = as_user(ines), reverse("timetable:proposal", args=[cover.pk])
    assert "for this week alone" in browser.get(address).text
    services.accept_proposal(proposal=cover, by=ines, at=now + timedelta(hours=2))
    page = browser.get(address).text
    assert "What was planned before stands again from Monday 7 December" in page
    assert "Ana Ortiz" in page
