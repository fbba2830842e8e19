"""A promised place: taken on the board for everyone else, and seats for whoever it was promised to once admitted."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connections
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.program.models import Room
from hearth.timetable import drafts, services, tasks
from hearth.timetable.board import Group, Solution
from hearth.timetable.models import PlaceOffer, Proposal, Seat, Section, WaitlistEntry
from hearth.timetable.moving import End, Move, Reseat, Shift, spot_of
from hearth.timetable.rules import violations
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program, make_section, put_on_duty
from hearth.timetable.tests import boards
from hearth.timetable.tests.conftest import SECONDS
from hearth.timetable.tests.test_waitlist import MONDAY, NEEDS
from hearth.timetable.week_board import board_of_week


@pytest.fixture(autouse=True)
def _at_that_time(time_machine, now):
    """The clock of every request stands at `now`."""
    time_machine.move_to(now, tick=False)


def full_week(class_of_four, evening, team):
    """Three evening groups and a skills group with a seat for one more than Maya and Ana, who are in them."""
    dana, theo = team
    seated, start = class_of_four[:2], date(2026, 11, 23)
    Room.objects.update(seats=4)
    where = {"room": Room.objects.get(), "modality": "in_person"}
    for weekday, leader in ((0, dana), (1, theo), (2, dana)):
        make_section(evening, leader, seated, on=start, weekday=weekday, minutes=150, **where)
    make_section(evening, theo, seated, on=start, weekday=3, kind="skills", topic="", minutes=90, **where)


@pytest.fixture
def pilar(organisation, now):
    """Pilar is on her way in."""
    return make_patient("Pilar", "Quintanar", at=now)


@pytest.fixture
def offer(class_of_four, evening, team, pilar, ines, now):
    """The last place of every evening group is promised to Pilar."""
    full_week(class_of_four, evening, team)
    services.join_waitlist(program=evening, needs=NEEDS, patient=pilar, by=ines, at=now)
    return PlaceOffer.objects.get()


def admit(patient, program, *, by, counselor, at):
    CareTeamMember.objects.create(
        patient=patient, member=counselor, role=Role.COUNSELOR, is_primary=True, since=at.date()
    )
    make_plan(make_episode(patient, program, by=by, at=at), by=counselor, at=at)
    make_hours(patient, by=counselor, at=at)


def test_a_rule_holds_every_place_that_is_kept():
    board = boards.board(boards.patient("ana"), boards.patient("ben"))
    stands = boards.solution(boards.group("ana", "ben"))
    kept = replace(board, current=stands, kept=frozenset({"ben"}))
    moved = boards.solution(replace(boards.group("ana", "ben"), day=4))
    for week, holds in ((stands, True), (moved, False), (Solution(), False)):
        broken = [one for one in violations(kept, week) if one.rule == "a place that is kept stays"]
        assert (broken == []) is holds


def test_the_board_has_whoever_was_promised_a_place_in_their_seats(offer, ines):
    week = board_of_week(viewer=ines, week_of=MONDAY)
    key = str(offer.entry_id)
    assert week.board.kept == {key}
    assert week.names[key] == "Pilar Quintanar (waits)"
    found = violations(week.board, week.board.current or Solution())
    assert all(one.patient != key for one in found)
    places = [one for one in week.standing.values() if isinstance(one, Group) and key in one.patients]
    assert len(places) == 4


def test_no_move_by_hand_takes_a_promised_place_or_moves_it(offer, class_of_four, ines, now):
    found = drafts.draft_of_week(viewer=ines, week_of=MONDAY)
    key, group = next((key, one) for key, one in found.sessions.items() if isinstance(one, Group))
    other = str(class_of_four[2].pk)
    spot = spot_of(group)
    moves: tuple[Move, ...] = (
        Reseat(other, None, key),  # the last seat is promised
        Shift(key, spot, replace(spot, start=spot.start - 60)),
        End(key),
        Reseat(str(offer.entry_id), key, None),
    )
    for move in moves:
        with pytest.raises(services.CannotMove) as refused:
            services.make_move(week_of=MONDAY, move=move, version="0", by=ines, at=now)
        assert refused.value.broken

    services.pass_on_place(offer=offer, by=ines, at=now)
    services.make_move(week_of=MONDAY, move=Reseat(other, None, key), version="0", by=ines, at=now)


def propose(ines, now, organisation):
    proposal = services.propose(week_of=MONDAY, by=ines, at=now)
    services.solve_proposal(proposal_id=proposal.pk, organisation_id=organisation.pk, seconds=SECONDS, workers=1)
    proposal.refresh_from_db()
    return proposal


def test_a_proposal_leaves_a_promised_place_and_accepting_it_keeps_it(offer, ines, now, organisation):
    proposal = propose(ines, now, organisation)
    assert proposal.status == Proposal.Status.READY
    services.accept_proposal(proposal=proposal, by=ines, at=now)
    key = str(offer.entry_id)
    week = board_of_week(viewer=ines, week_of=MONDAY)
    assert sum(isinstance(one, Group) and key in one.patients for one in week.standing.values()) == 4
    assert not Seat.objects.exclude(patient__episodes__isnull=False).exists()


def test_a_proposal_worked_out_before_the_promise_lapsed_can_still_be_accepted(offer, ines, now, organisation):
    proposal = propose(ines, now, organisation)
    services.pass_on_place(offer=offer, by=ines, at=now)
    WaitlistEntry.objects.update(status=WaitlistEntry.Status.REMOVED, ended_at=now)
    assert services.accept_proposal(proposal=proposal, by=ines, at=now).status == Proposal.Status.ACCEPTED


def test_yes_makes_seats_where_they_are_admitted_and_a_proposal_from_before_keeps_them(
    offer, pilar, evening, ines, dana, now, organisation
):
    proposal = propose(ines, now, organisation)
    admit(pilar, evening, by=ines, counselor=dana, at=now)
    services.accept_place(offer=offer, by=ines, at=now)
    assert pilar.seats.filter(section__kind="group").count() == 3
    assert WaitlistEntry.objects.get().status == WaitlistEntry.Status.PLACED
    services.accept_proposal(proposal=proposal, by=ines, at=now + timedelta(minutes=1))
    assert pilar.seats.filter(section__kind="group", during__endswith=None).count() == 3


def test_yes_before_admission_is_kept_and_becomes_seats_by_itself_afterwards(
    offer, pilar, evening, ines, dana, now, organisation
):
    services.accept_place(offer=offer, by=ines, at=now)
    assert not pilar.seats.exists()
    assert services.seat_whoever_was_admitted(organisation=organisation, at=now) == 0
    admit(pilar, evening, by=ines, counselor=dana, at=now)
    tasks.offer_places(str(organisation.pk))
    assert pilar.seats.filter(section__kind="group").count() == 3


def test_where_the_seats_cannot_be_nothing_is_stored(offer, pilar, evening, ines, dana, now):
    admit(pilar, evening, by=ines, counselor=dana, at=now)
    pilar.availabilities.update(hours=[{"day": 6, "from": "09:00", "to": "12:00"}])
    with pytest.raises(services.NoLongerHolds, match="Not free then"):
        services.accept_place(offer=offer, by=ines, at=now)
    assert PlaceOffer.objects.get().status == PlaceOffer.Status.OPEN
    assert not pilar.seats.exists()


def test_intake_is_told_whether_they_have_their_seats(offer, pilar, evening, ines, dana, now, as_user):
    browser, address = as_user(ines), reverse("timetable:answer-place", args=[offer.pk])
    assert "kept for them until" in browser.post(address, {"answer": "yes"}, follow=True).text
    assert "kept for them until" in browser.post(address, {"answer": "seat"}, follow=True).text
    admit(pilar, evening, by=ines, counselor=dana, at=now)
    assert "They have their seats" in browser.post(address, {"answer": "seat"}, follow=True).text
    assert as_user(dana).post(address, {"answer": "seat"}).status_code == 403


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"])
def test_fifty_at_once_never_sell_a_promised_place_twice(stored_organisation, now):
    house = stored_organisation.pk
    with tenancy.within(house):
        ines = make_user("Inés Alvarado", Role.COORDINATOR, organisation=stored_organisation)
        team = [
            make_user(name, Role.COUNSELOR, organisation=stored_organisation) for name in ("Dana Kim", "Theo Brandt")
        ]
        for number, one in enumerate(team):
            put_on_duty(one, since=date(2026, 1, 1), number=f"LPC.{number}")
        evening, people = make_program(), []
        for name in ("Ana", "Ben", "Cleo", "Dov"):
            people.append(make_patient(name, "Ortiz", at=now))
            admit(people[-1], evening, by=ines, counselor=team[0], at=now)
        full_week(people, evening, team)
        pilar = make_patient("Pilar", "Quintanar", at=now)
        services.join_waitlist(program=evening, needs=NEEDS, patient=pilar, by=ines, at=now)
        offer = PlaceOffer.objects.get()
        admit(pilar, evening, by=ines, counselor=team[0], at=now)
        groups = [str(pk) for pk in Section.objects.filter(kind="group").values_list("pk", flat=True)]
    together, said = threading.Barrier(50), []

    def take(number):
        try:
            together.wait(60)
            with tenancy.within(house):
                if number % 2:
                    services.accept_place(offer=offer, by=ines, at=now)
                else:
                    move = Reseat(str(people[2 + number // 2 % 2].pk), None, groups[number % 3])
                    services.make_move(week_of=MONDAY, move=move, version="0", by=ines, at=now)
            said.append("done")
        except (services.AnsweredBefore, services.CannotMove) as refused:
            said.append(type(refused).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=[number]) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(said)) == ["AnsweredBefore", "CannotMove", "done"]
    assert said.count("done") == 1
    with tenancy.within(house):
        for section in Section.objects.filter(kind="group"):
            holders = list(section.seats.values_list("patient__chosen_name", flat=True))
            assert sorted(holders) == ["Ana", "Ben", "Pilar"]
            if section.room:
                assert len(holders) <= section.seats_in_all()
