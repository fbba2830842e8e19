"""Parts of a proposal, proposals for some programs, taking back, and what is only asked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.lib import tenancy
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.timetable import facts, services
from hearth.timetable.board import Span
from hearth.timetable.board_json import parse_board, parse_solution, solution_as_json
from hearth.timetable.models import Availability, Proposal, Seat, Section, WeekNotice
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program
from hearth.timetable.tests.boards import group, individual, solution
from hearth.timetable.tests.conftest import MONDAY, SECONDS
from hearth.timetable.what_if import Hire, Nothing, as_json

LATER = MONDAY + timedelta(weeks=1)


def worked_out(by: User, at, *, week_of=MONDAY, **asked) -> Proposal:
    proposal = services.propose(week_of=week_of, by=by, at=at, **asked)
    return solved(proposal)


def solved(proposal: Proposal) -> Proposal:
    services.solve_proposal(proposal_id=proposal.pk, organisation_id=tenancy.current(), seconds=SECONDS, workers=1)
    proposal.refresh_from_db()
    return proposal


def places() -> set[tuple[str, int, str]]:
    """Who holds which place from then on."""
    held = Seat.objects.filter(during__endswith=None, section__ended_on=None).select_related("section", "patient")
    return {(seat.patient.chosen_name, seat.section.weekday, f"{seat.section.starts:%H:%M}") for seat in held}


@pytest.fixture
def standing(class_of_four, dana, ines, now):
    """A week that was accepted by hand: everyone in a group on Monday at 16:00, Maya alone on Tuesday at 16:00."""
    people = [str(one.pk) for one in class_of_four]
    week = solution(
        group(
            *people,
            topic="mental_health",
            start=16 * 60,
            minutes=150,
            staff=str(dana.pk),
            modality="virtual",
            room=None,
        ),
        individual(people[0], staff=str(dana.pk), start=16 * 60, modality="virtual"),
    )
    return services.accept_proposal(proposal=offered(week, ines, now), by=ines, at=now)


def offered(week, by: User, at, **fields) -> Proposal:
    """A proposal ready to be decided on, with this solution."""
    proposal = services.propose(week_of=MONDAY, by=by, at=at)
    Proposal.objects.filter(pk=proposal.pk).update(
        status=Proposal.Status.READY, solution=solution_as_json(week), **fields
    )
    proposal.refresh_from_db()
    return proposal


@pytest.fixture
def other(standing, class_of_four, ines, now):
    """A proposal that moves the group to Wednesday and Maya's hour to Thursday."""
    week = parse_solution(standing.solution)
    moved = solution(replace(week.groups[0], day=2), replace(week.individual[0], day=3))
    return offered(moved, ines, now)


def test_a_part_changes_the_chosen_people_alone_and_the_rest_can_still_be_decided_on(other, maya, ines, now):
    hour = (3, 16 * 60, other.solution["individual"][0]["staff"])

    accepted = services.accept_part(proposal=other, people=[], sections=[hour], by=ines, at=now)

    assert ("Maya", 3, "16:00") in places()
    assert {("Maya", 0, "16:00"), ("Ana", 0, "16:00")} <= places()
    other.refresh_from_db()
    assert (other.status, accepted.status, accepted.based_on) == (
        Proposal.Status.READY,
        Proposal.Status.ACCEPTED,
        other,
    )
    services.accept_proposal(proposal=other, by=ines, at=now)
    assert ("Ana", 2, "16:00") in places()


def test_a_part_that_would_break_a_rule_is_refused_with_its_name_and_nothing_changes(other, class_of_four, ines, now):
    before = places()

    with pytest.raises(services.NoLongerHolds) as refused:
        services.accept_part(proposal=other, people=[str(class_of_four[1].pk)], sections=[], by=ines, at=now)

    assert "Too few or too many people: " in str(refused.value)
    assert places() == before
    assert Proposal.objects.filter(based_on=other).count() == 0


def test_a_part_does_not_answer_for_what_the_standing_week_breaks_already(other, class_of_four, ines, now):
    Availability.objects.filter(patient=class_of_four[1]).update(hours=[{"day": 2, "from": "16:00", "to": "21:00"}])
    hour = (3, 16 * 60, other.solution["individual"][0]["staff"])

    services.accept_part(proposal=other, people=[], sections=[hour], by=ines, at=now)

    assert {("Maya", 3, "16:00"), ("Ana", 0, "16:00")} <= places()


def test_choosing_what_does_not_change_accepts_nothing(standing, class_of_four, ines, now):
    same = offered(parse_solution(standing.solution), ines, now)

    with pytest.raises(services.NothingChosen):
        services.accept_part(proposal=same, people=[str(class_of_four[0].pk)], sections=[], by=ines, at=now)


def test_those_whose_week_changes_are_told_and_only_they(other, maya, ines, now):
    WeekNotice.objects.all().delete()
    hour = (3, 16 * 60, other.solution["individual"][0]["staff"])

    services.accept_part(proposal=other, people=[], sections=[hour], by=ines, at=now)

    assert set(WeekNotice.objects.values_list("user__name", flat=True)) == {"Maya Reyes", "Dana Kim"}


def test_taking_back_brings_the_week_before_back_and_tells_whose_week_it_is(other, ines, now):
    before = places()
    services.accept_proposal(proposal=other, by=ines, at=now)
    assert places() != before
    WeekNotice.objects.all().delete()

    services.take_back_proposal(proposal=other, by=ines, at=now)

    assert places() == before
    assert Proposal.objects.get(pk=other.pk).status == Proposal.Status.UNDONE
    assert WeekNotice.objects.count() == 5  # four students and Dana


def test_taking_back_that_sessions_cannot_follow_leaves_the_week_as_accepted(other, ines, now):
    services.accept_proposal(proposal=other, by=ines, at=now)
    accepted = places()

    def refuse(**_):
        raise facts.Refused("Dana is booked elsewhere.")

    facts.proposal_taken_back.connect(refuse)
    try:
        with pytest.raises(facts.Refused):
            services.take_back_proposal(proposal=other, by=ines, at=now)
    finally:
        facts.proposal_taken_back.disconnect(refuse)

    assert places() == accepted
    assert Proposal.objects.get(pk=other.pk).status == Proposal.Status.ACCEPTED


def test_a_first_week_taken_back_leaves_nothing(standing, ines, now):
    services.take_back_proposal(proposal=standing, by=ines, at=now)

    assert places() == set()
    assert not Section.objects.current().exists()


def test_nothing_is_taken_back_from_its_monday_on(standing, ines, now):
    with pytest.raises(services.CannotTakeBack) as refused:
        services.take_back_proposal(proposal=standing, by=ines, at=now + timedelta(days=7))

    assert refused.value.begun


def test_nothing_is_taken_back_under_a_newer_week_or_a_place_moved_since(standing, other, ines, now):
    services.accept_proposal(proposal=other, by=ines, at=now + timedelta(minutes=1))
    with pytest.raises(services.CannotTakeBack):
        services.take_back_proposal(proposal=standing, by=ines, at=now)
    Seat.objects.filter(section__proposal=other)[0].delete()

    with pytest.raises(services.CannotTakeBack) as refused:
        services.take_back_proposal(proposal=other, by=ines, at=now)

    assert not refused.value.begun


@pytest.mark.parametrize(("as_proposed", "days"), [(True, (2, 3)), (False, (0, 1))])
def test_what_is_pinned_stays_while_the_week_is_worked_out_again(other, maya, ines, now, as_proposed, days):
    again = services.propose_again(
        proposal=other, people=[str(maya.pk)], sections=[], as_proposed=as_proposed, by=ines, at=now
    )

    week = parse_solution(solved(again).solution)

    assert any(one.day == days[0] and str(maya.pk) in one.patients for one in week.groups)
    assert any((one.day, one.patient) == (days[1], str(maya.pk)) for one in week.individual)
    assert (again.based_on, again.figures["coverage"]) == (other, 1)


def test_pins_that_break_a_rule_are_refused_before_anything_is_worked_out(other, maya, ines, now):
    Availability.objects.filter(patient=maya).update(hours=[{"day": 6, "from": "08:00", "to": "09:00"}])

    with pytest.raises(services.NoLongerHolds, match="Not free then: Maya Reyes"):
        services.propose_again(proposal=other, people=[str(maya.pk)], sections=[], as_proposed=True, by=ines, at=now)

    assert not Proposal.objects.filter(based_on=other).exists()


def test_a_week_for_one_program_leaves_everyone_elses_as_it_is(standing, dana, ines, now):
    day = make_program(name="Adult evening two", site=None)
    for chosen in ("Eva", "Finn"):
        person = make_patient(chosen, "Moss", at=now)
        CareTeamMember.objects.create(
            patient=person, member=dana, role=Role.COUNSELOR, is_primary=True, since=now.date()
        )
        make_plan(make_episode(person, day, by=ines, at=now), by=dana, at=now)
        make_hours(person, by=dana, at=now)
    before = places()

    proposal = worked_out(ines, now, programs=[day.pk])
    services.accept_proposal(proposal=proposal, by=ines, at=now)

    assert len(proposal.board["patients"]) == 2
    assert before < places()
    assert {name for name, *_ in places() - before} == {"Eva", "Finn"}


def test_weeks_of_two_programs_are_worked_out_side_by_side_and_one_of_each(standing, evening, ines, now):
    whole = services.propose(week_of=LATER, by=ines, at=now)

    one = services.propose(week_of=LATER, by=ines, at=now, programs=[evening.pk])

    assert one != whole
    assert services.propose(week_of=LATER, by=ines, at=now, programs=[evening.pk]) == one


def test_a_what_if_is_worked_out_beside_the_week_with_nothing_changed_and_never_accepted(class_of_four, ines, now):
    hire = Hire(("adult",), ("mental_health",), ("es",), (Span(1, 960, 1200),))

    asked = solved(services.ask_what_if(week_of=MONDAY, change=hire, by=ines, at=now))

    plain = Proposal.objects.get(change=as_json(Nothing()))
    assert (asked.status, plain.status) == (Proposal.Status.READY, Proposal.Status.SOLVING)
    assert len(parse_board(asked.board).staff) == len(parse_board(plain.board).staff) + 1
    with pytest.raises(services.NotReady):
        services.accept_proposal(proposal=asked, by=ines, at=now)
    with pytest.raises(services.NotReady):
        services.accept_part(proposal=asked, people=[], sections=[], by=ines, at=now)
    assert services.propose(week_of=MONDAY, by=ines, at=now).change is None


def test_the_database_refuses_to_accept_what_is_only_asked(class_of_four, ines, now):
    asked = services.ask_what_if(week_of=MONDAY, change=Nothing(), by=ines, at=now)

    with pytest.raises(IntegrityError, match="what_would_be_is_never_accepted"), transaction.atomic():
        Proposal.objects.filter(pk=asked.pk).update(status="accepted")


def test_a_job_taken_up_again_after_its_worker_was_killed_starts_afresh(class_of_four, ines, now):
    proposal = services.propose(week_of=MONDAY, by=ines, at=now)
    Proposal.objects.filter(pk=proposal.pk).update(progress=proposal.progress | {"seconds": 3.0, "count": 7})

    solved(proposal)

    assert proposal.status == Proposal.Status.READY
    assert proposal.progress["count"] < 7


def test_a_counselor_decides_nothing(other, dana, now):
    with pytest.raises(PermissionDenied):
        services.accept_part(proposal=other, people=[], sections=[], by=dana, at=now)
    with pytest.raises(PermissionDenied):
        services.take_back_proposal(proposal=other, by=dana, at=now)
    with pytest.raises(PermissionDenied):
        services.ask_what_if(week_of=MONDAY, change=Nothing(), by=dana, at=now)
