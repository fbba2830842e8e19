"""A worker killed while it works a week out, and a database that goes while a week is accepted: all or nothing."""

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.lib.testing import PATIENCE, database_url, start_worker, until
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.timetable import facts, services
from hearth.timetable.board_json import parse_board, parse_solution
from hearth.timetable.models import Proposal, Seat, Section
from hearth.timetable.queries import monday_of
from hearth.timetable.rules import violations
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program, put_on_duty
from hearth.timetable.tests.conftest import SECONDS

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"])
GONE = 10.0  # seconds


@pytest.fixture
def house(stored_organisation):
    return stored_organisation.pk


@pytest.fixture
def planner(stored_organisation, house):
    """Inés, who plans for four students of Dana's; everything is stored for good."""
    now = datetime.now(UTC)
    with tenancy.within(house):
        ines = make_user("Inés Alvarado", Role.COORDINATOR, organisation=stored_organisation)
        dana = make_user("Dana Kim", Role.COUNSELOR, title="LPC", organisation=stored_organisation)
        program = make_program()
        put_on_duty(dana, since=now.date() - timedelta(days=60))
        for name in ("Ana", "Ben", "Cleo", "Dov"):
            person = make_patient(name, "Ortiz", at=now)
            CareTeamMember.objects.create(
                patient=person, member=dana, role=Role.COUNSELOR, is_primary=True, since=now.date()
            )
            make_plan(make_episode(person, program, by=ines, at=now), by=dana, at=now)
            make_hours(person, by=dana, at=now)
    return ines


def propose(house, planner):
    with tenancy.within(house):
        at = datetime.now(UTC)
        return services.propose(week_of=monday_of(at.date() + timedelta(days=7)), by=planner, at=at)


def stored(house):
    """How the proposal stands, and what is published of it."""
    with tenancy.within(house):
        return Proposal.objects.get().status, Section.objects.count(), Seat.objects.count()


def jobs(status):
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'timetable.solve' AND status = %s", [status]
        )
        return cursor.fetchone()[0]


def test_a_week_whose_worker_was_killed_is_taken_up_by_the_next_and_nothing_holds_meanwhile(house, planner, tmp_path):
    proposal = propose(house, planner)
    with tenancy.within(house):
        Proposal.objects.select_for_update().get()  # held: the worker cannot come to an end
        first = start_worker(tmp_path)
        until(lambda: jobs("doing") == 1)
        first.kill()
        first.wait()
    assert stored(house) == (Proposal.Status.SOLVING, 0, 0)

    second = start_worker(tmp_path)
    until(lambda: weeks_found(house) > 0)
    second.kill()  # it would go on for as long as a proposal may take
    second.wait()
    assert stored(house)[1:] == (0, 0)
    solve(house, proposal)  # as the next worker would
    assert stored(house) == (Proposal.Status.READY, 0, 0)
    with tenancy.within(house):
        proposal.refresh_from_db()
        assert violations(parse_board(proposal.board), parse_solution(proposal.solution)) == []


def weeks_found(house):
    with tenancy.within(house):
        return Proposal.objects.get().progress.get("count", 0)


def solve(house, proposal):
    services.solve_proposal(proposal_id=proposal.pk, organisation_id=house, seconds=SECONDS, workers=1)


@pytest.fixture
def worked_out(house, planner):
    proposal = propose(house, planner)
    solve(house, proposal)
    return proposal


def accept(house, planner, proposal):
    with tenancy.within(house):
        services.accept_proposal(proposal=proposal, by=planner, at=datetime.now(UTC))


def cut_off(**_):
    """End this very connection on the server, as a database that goes away does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with psycopg.connect(database_url("default"), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


def of_database(statement, url):
    """Say this of the test's database from outside it."""
    name = str(conninfo_to_dict(url)["dbname"])
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as outside:
        outside.execute(sql.SQL(statement).format(name=sql.Literal(name), db=sql.Identifier(name)))


@contextmanager
def gone_while_accepting():
    """In the middle of accepting the database ends whoever is in it and lets nobody in, for `GONE` seconds."""
    owner, web = database_url("owner"), database_url("default")

    def go_away(**_):
        facts.proposal_accepted.disconnect(go_away)
        back.start()
        of_database("ALTER DATABASE {db} ALLOW_CONNECTIONS false", owner)
        ends = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {name} AND usename = current_user"
        )
        of_database(ends, web)

    back = threading.Timer(GONE, of_database, ["ALTER DATABASE {db} ALLOW_CONNECTIONS true", owner])
    facts.proposal_accepted.connect(go_away)
    yield
    back.join()


def test_a_database_gone_for_ten_seconds_publishes_nothing_and_who_accepts_meanwhile_need_only_wait(
    house, planner, worked_out
):
    with gone_while_accepting():
        with pytest.raises(DatabaseError):
            accept(house, planner, worked_out)
        connection.close()
        accept(house, planner, worked_out)  # waits, as whoever presses the button again does
    status, sections, seats = stored(house)
    assert (status, bool(sections), bool(seats)) == (Proposal.Status.ACCEPTED, True, True)


def test_nothing_is_published_where_the_database_goes_while_a_week_is_accepted(house, planner, worked_out):
    facts.proposal_accepted.connect(cut_off)
    try:
        with pytest.raises(DatabaseError):
            accept(house, planner, worked_out)
    finally:
        facts.proposal_accepted.disconnect(cut_off)
        connection.close()
    assert stored(house) == (Proposal.Status.READY, 0, 0)

    accept(house, planner, worked_out)  # the database is there again
    status, sections, seats = stored(house)
    assert status == Proposal.Status.ACCEPTED
    assert sections
    assert seats


def test_nobody_sees_half_a_week_while_it_is_accepted(house, planner, worked_out):
    reached, may_go_on = threading.Event(), threading.Event()

    def wait(**_):
        reached.set()
        assert may_go_on.wait(PATIENCE)

    def accept_elsewhere():
        try:
            accept(house, planner, worked_out)
        finally:
            connections.close_all()

    facts.proposal_accepted.connect(wait)
    thread = threading.Thread(target=accept_elsewhere)
    try:
        thread.start()
        assert reached.wait(PATIENCE)
        assert stored(house) == (Proposal.Status.READY, 0, 0)
    finally:
        may_go_on.set()
        thread.join()
        facts.proposal_accepted.disconnect(wait)
    assert stored(house)[0] == Proposal.Status.ACCEPTED


def test_no_seat_can_be_stored_twice_even_where_the_services_are_passed_by(house, planner, worked_out):
    accept(house, planner, worked_out)
    with tenancy.within(house):
        seat = Seat.objects.order_by("pk")[0]
        twice = Seat(section=seat.section, patient=seat.patient, during=seat.during, modality=seat.modality)
        with (
            pytest.raises(DatabaseError, match="one_seat_per_student_and_section_at_a_time"),
            transaction.atomic(),
        ):
            Seat.objects.bulk_create([twice])


def test_a_proposal_dropped_while_it_is_worked_out_is_let_go_of_soon(house, planner):
    proposal = propose(house, planner)

    def drop():
        with tenancy.within(house):
            services.drop_proposal(proposal=proposal, by=planner, at=datetime.now(UTC))
        connections.close_all()

    later = threading.Timer(3.0, drop)  # long after the last better week of four people
    later.start()
    began = time.monotonic()
    status = services.solve_proposal(proposal_id=proposal.pk, organisation_id=house, seconds=90, workers=1)
    later.join()
    assert status == Proposal.Status.DROPPED
    assert time.monotonic() - began < 60
