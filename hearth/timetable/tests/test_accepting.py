from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hearth.accounts.models import User
from hearth.lib import tenancy
from hearth.people.models import Licence
from hearth.timetable import facts, services
from hearth.timetable.board_json import parse_board, parse_solution
from hearth.timetable.models import Availability, Proposal, Seat, Section
from hearth.timetable.rules import violations
from hearth.timetable.tests.conftest import MONDAY, SECONDS


def worked_out(by: User, at, *, week_of=MONDAY) -> Proposal:
    proposal = services.propose(week_of=week_of, by=by, at=at)
    services.solve_proposal(proposal_id=proposal.pk, organisation_id=tenancy.current(), seconds=SECONDS, workers=1)
    proposal.refresh_from_db()
    return proposal


@pytest.fixture
def heard():
    """Facts that were sent."""
    found = []

    def hear(**fact):
        found.append(fact["proposal_id"])

    facts.proposal_accepted.connect(hear)
    yield found
    facts.proposal_accepted.disconnect(hear)


def test_a_week_is_worked_out_within_the_rules_and_nothing_stands_before_it_is_accepted(class_of_four, ines, now):
    proposal = worked_out(ines, now)

    board, solution = parse_board(proposal.board), parse_solution(proposal.solution)
    assert proposal.status == Proposal.Status.READY
    assert proposal.figures["coverage"] > 0.9
    assert proposal.progress["count"] >= 1
    assert violations(board, solution) == []
    assert not Section.objects.exists()


def test_a_small_week_takes_less_of_the_solvers_time_than_a_large_one(class_of_four, ines, now):
    proposal = services.propose(week_of=MONDAY, by=ines, at=now)
    assert services.LEAST_SECONDS < proposal.progress["of"] < services.SECONDS


def test_accepting_makes_sections_and_seats_and_tells_of_it(class_of_four, ines, maya, now, heard):
    proposal = worked_out(ines, now)

    services.accept_proposal(proposal=proposal, by=ines, at=now)

    solution = parse_solution(proposal.solution)
    seats = Seat.objects.filter(patient=maya)
    assert Section.objects.count() == len(solution.groups) + len(solution.individual)
    assert seats.count() == sum(str(maya.pk) in group.patients for group in solution.groups) + sum(
        one.patient == str(maya.pk) for one in solution.individual
    )
    assert {seat.during.lower for seat in seats} == {MONDAY}
    assert {section.time_zone for section in Section.objects.all()} == {"America/Denver"}
    assert not any("Maya" in section.name for section in Section.objects.all())
    assert heard == [proposal.pk]


def test_accepting_twice_changes_nothing(class_of_four, ines, now, heard):
    proposal = worked_out(ines, now)
    services.accept_proposal(proposal=proposal, by=ines, at=now)
    before = sorted(Seat.objects.values_list("pk", "during"))

    services.accept_proposal(proposal=proposal, by=ines, at=now + timedelta(minutes=1))

    assert sorted(Seat.objects.values_list("pk", "during")) == before
    assert len(heard) == 1


def test_what_is_in_both_weeks_goes_on(class_of_four, ines, now):
    services.accept_proposal(proposal=worked_out(ines, now), by=ines, at=now)
    sections = {row.pk: row.started_on for row in Section.objects.all()}
    seats = set(Seat.objects.values_list("pk", flat=True))

    services.accept_proposal(proposal=worked_out(ines, now, week_of=MONDAY + timedelta(weeks=1)), by=ines, at=now)

    assert {row.pk: row.started_on for row in Section.objects.current()} == sections
    assert set(Seat.objects.values_list("pk", flat=True)) == seats


def test_someone_who_leaves_the_week_gives_up_their_seats_on_its_monday(class_of_four, ines, maya, now):
    services.accept_proposal(proposal=worked_out(ines, now), by=ines, at=now)
    held = Seat.objects.filter(patient=maya).count()
    Availability.objects.filter(patient=maya).delete()
    later = MONDAY + timedelta(weeks=1)

    services.accept_proposal(proposal=worked_out(ines, now, week_of=later), by=ines, at=now)

    seats = Seat.objects.filter(patient=maya)
    assert seats.count() == held > 0
    assert {seat.during for seat in seats} == {DateRange(MONDAY, later)}
    alone = Section.objects.filter(kind="individual", seats__patient=maya)
    assert {section.ended_on for section in alone} == {later}


def test_a_second_week_for_the_same_monday_replaces_the_first(class_of_four, ines, maya, now):
    services.accept_proposal(proposal=worked_out(ines, now), by=ines, at=now)
    Availability.objects.filter(patient=maya).delete()

    services.accept_proposal(proposal=worked_out(ines, now), by=ines, at=now)

    assert not Seat.objects.filter(patient=maya).exists()


def test_a_proposal_that_no_longer_holds_is_refused_with_names_and_stores_nothing(class_of_four, ines, maya, now):
    proposal = worked_out(ines, now)
    Availability.objects.filter(patient=maya).update(hours=[{"day": 6, "from": "08:00", "to": "09:00"}])

    with pytest.raises(services.NoLongerHolds) as refused:
        services.accept_proposal(proposal=proposal, by=ines, at=now)

    assert any("Maya Reyes" in sentence for sentence in refused.value.sentences)
    assert not Section.objects.exists()
    proposal.refresh_from_db()
    assert proposal.status == Proposal.Status.READY


def test_a_licence_that_lapsed_since_keeps_a_video_week_from_being_accepted(class_of_four, ines, dana, theo, now):
    for person in class_of_four:
        person.modality = "virtual"
        person.save()
    proposal = worked_out(ines, now)
    Licence.objects.all().delete()

    with pytest.raises(services.NoLongerHolds) as refused:
        services.accept_proposal(proposal=proposal, by=ines, at=now)

    assert any("Leader not licensed in their state" in sentence for sentence in refused.value.sentences)


def test_a_week_before_one_that_was_accepted_is_refused(class_of_four, ines, now):
    first = worked_out(ines, now)
    later = worked_out(ines, now, week_of=MONDAY + timedelta(weeks=1))
    services.accept_proposal(proposal=later, by=ines, at=now)

    with pytest.raises(services.LaterWeekStands):
        services.accept_proposal(proposal=first, by=ines, at=now)


def test_a_listener_that_cannot_follow_undoes_everything(class_of_four, ines, now):
    proposal = worked_out(ines, now)

    def refuse(**_):
        raise facts.Refused("Dana is booked elsewhere.")

    facts.proposal_accepted.connect(refuse)
    try:
        with pytest.raises(facts.Refused):
            services.accept_proposal(proposal=proposal, by=ines, at=now)
    finally:
        facts.proposal_accepted.disconnect(refuse)

    assert not Section.objects.exists()
    assert Proposal.objects.get().status == Proposal.Status.READY


def test_a_dropped_proposal_is_not_worked_out_nor_accepted(class_of_four, ines, now):
    proposal = services.propose(week_of=MONDAY, by=ines, at=now)
    services.drop_proposal(proposal=proposal, by=ines, at=now)

    status = services.solve_proposal(proposal_id=proposal.pk, organisation_id=tenancy.current(), seconds=1)

    assert status == Proposal.Status.DROPPED
    with pytest.raises(services.NotReady):
        services.accept_proposal(proposal=proposal, by=ines, at=now)


def test_asking_twice_for_a_week_gives_the_one_that_is_being_worked_out(class_of_four, ines, now):
    first = services.propose(week_of=MONDAY, by=ines, at=now)

    assert services.propose(week_of=MONDAY, by=ines, at=now) == first


def test_nothing_is_proposed_where_nobody_can_be_placed(class_of_four, ines, now):
    Availability.objects.all().delete()

    with pytest.raises(services.NothingToPlace) as refused:
        services.propose(week_of=MONDAY, by=ines, at=now)

    assert len(refused.value.left_out) == 4


def test_a_counselor_neither_proposes_nor_accepts(class_of_four, ines, dana, now):
    with pytest.raises(PermissionDenied):
        services.propose(week_of=MONDAY, by=dana, at=now)
    with pytest.raises(PermissionDenied):
        services.accept_proposal(proposal=worked_out(ines, now), by=dana, at=now)


def test_the_database_refuses_two_seats_at_a_time_in_one_section(class_of_four, ines, now):
    services.accept_proposal(proposal=worked_out(ines, now), by=ines, at=now)
    seat = Seat.objects.order_by("pk")[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(
            section=seat.section,
            patient=seat.patient,
            during=DateRange(MONDAY + timedelta(days=3), date(2027, 1, 1)),
            modality=seat.modality,
        )
