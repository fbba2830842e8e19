"""What was offered for a missed session ends when it should, and waits for nobody else's work."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.lib import tenancy
from hearth.outbox.models import Message
from hearth.safety.models import Concern
from hearth.sessions import services, tasks
from hearth.sessions.make_ups import options_of
from hearth.sessions.models import Attendance, MakeUp
from hearth.sessions.testing import make_session
from hearth.sessions.tests.making_up import DENVER, House, offer, sessions_in


@pytest.fixture
def house(dana, theo, ines):
    return House(dana, theo, ines)


def was_there(house, missed, at):
    services.mark(attendance=missed, status="present", by=house.dana, at=at, reason="was there")


def test_who_was_there_after_all_is_offered_nothing_more(house, as_user, time_machine):
    missed, at = house.misses(house.mondays)
    (row,) = offer(house, at)
    choice = options_of(row)[0].key
    was_there(house, missed, at)
    time_machine.move_to(at, tick=False)
    Message.objects.all().delete()
    address = reverse("sessions:my-make-up", args=[row.pk])
    page = as_user(house.ana.user).post(address, {"choice": choice}, follow=True)
    assert "This question is closed" in page.text
    row.refresh_from_db()
    assert (row.status, row.place, row.decided_by) == ("not_needed", None, house.ana.user)
    assert not Message.objects.exists()


def test_staff_who_look_once_more_for_what_was_not_missed_close_it(house, as_user, time_machine):
    missed, at = house.misses(house.mondays)
    (row,) = offer(house, at)
    services.decline_make_up(make_up=row, reason="", by=house.dana, at=at)
    was_there(house, missed, at)
    time_machine.move_to(at, tick=False)
    address = reverse("sessions:make-up", args=[row.pk])
    assert "They were there after all" in as_user(house.dana).post(address, {"do": "look-again"}, follow=True).text
    with pytest.raises(services.MakeUpClosed):
        services.look_again(make_up=row, by=house.dana, at=at)


@pytest.mark.parametrize("status", ["again", "nothing"])
def test_what_found_no_time_lapses_when_its_days_are_over(house, status, as_user, time_machine):
    _missed, at = house.misses(house.mondays)
    (row,) = offer(house, at)
    MakeUp.objects.update(status=status)
    night = datetime(2026, 12, 7, 23, 30, tzinfo=DENVER)
    for later, stands in ((night, status), (night + timedelta(hours=1), "lapsed")):
        services.close_make_ups(organisation=house.dana.organisation, at=later)
        row.refresh_from_db()
        assert row.status == stands
    time_machine.move_to(night + timedelta(hours=1), tick=False)
    assert "No other time was found in time" in as_user(house.dana).get(reverse("sessions:make-ups")).text


def test_the_list_is_read_in_pages_and_each_reading_is_written_down(house, theo, as_user, time_machine):
    missed, at = house.misses(house.mondays)
    for days in range(26):
        session = make_session(
            house.dana, house.ana, starts_at=missed.session.starts_at - timedelta(hours=4 * days + 4)
        )
        facts = {"missed": session.roster.get(), "status": "declined", "looked_at": at}
        MakeUp.objects.create(patient=house.ana, **facts)
    time_machine.move_to(at, tick=False)

    def read_by(user):
        return set(Event.objects.filter(verb="make_ups.read", actor_id=user.pk).values_list("patient_id", flat=True))

    address = reverse("sessions:make-ups")
    assert "Ana" not in as_user(theo).get(address).text
    assert "1 to 25 of 26" in as_user(house.dana).get(address).text
    assert "26 to 26 of 26" in as_user(house.dana).get(f"{address}?page=2").text
    assert (read_by(theo), read_by(house.dana)) == (set(), {house.ana.pk})


# --- beside each other -----------------------------------------------------------------------------------------


def stored_house(organisation):
    """A house that is stored for good, with what Ana missed and is offered for it."""
    with tenancy.within(organisation.pk):
        dana, theo = (make_user(name, Role.COUNSELOR, organisation=organisation) for name in ("Dana", "Theo"))
        house = House(dana, theo, make_user("Inés Alvarado", Role.COORDINATOR, organisation=organisation))
        _missed, at = house.misses(house.mondays)
        (row,) = offer(house, at)
    return row, at


def wait_for_somebody_who_waits_for_us(answer):
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    with connection.cursor() as cursor:
        while not answer.done():
            cursor.execute(blocked)
            if cursor.fetchone()[0]:
                return


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_nobody_is_seated_in_a_session_that_begins_while_they_say_yes(stored_organisation):
    row, at = stored_house(stored_organisation)
    choice = options_of(row)[0].key

    def say_yes():
        try:
            with tenancy.within(stored_organisation.pk):
                services.accept_make_up(make_up=row, choice=choice, by=row.patient.user, at=at)
        except services.NoLongerFits:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(1) as threads:
        with tenancy.within(stored_organisation.pk):
            (session, *_later) = sessions_in(row)
            services.start(session=session, by=session.facilitator, at=at)
            answer = threads.submit(say_yes)
            wait_for_somebody_who_waits_for_us(answer)
        assert answer.result() is False
    with tenancy.within(stored_organisation.pk):
        assert not Attendance.objects.filter(session=session, patient=row.patient).exists()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_the_worker_closes_is_free_before_it_looks_for_other_times(stored_organisation, time_machine):
    row, _at = stored_house(stored_organisation)
    time_machine.move_to(row.until, tick=False)
    with CaptureQueriesContext(connection) as asked:
        tasks.make_up(timestamp=0)
    done = [each["sql"] for each in asked]
    closed = next(place for place, each in enumerate(done) if "SKIP LOCKED" in each)
    looked = next(place for place, each in enumerate(done) if 'FROM "care_sessions_attendance"' in each)
    assert "COMMIT" in done[closed:looked]
    with tenancy.within(stored_organisation.pk):
        row.refresh_from_db()
    assert row.status == "lapsed"


def test_words_of_danger_in_a_no_are_a_concern_and_help_is_shown(house, as_user, time_machine):
    _missed, at = house.misses(house.mondays)
    (row,) = offer(house, at)
    time_machine.move_to(at, tick=False)
    said = {"do": "decline", "reason": "I am going to kill myself tonight"}
    page = as_user(house.ana.user).post(reverse("sessions:my-make-up", args=[row.pk]), said, follow=True)
    assert "You do not have to carry this alone" in page.text
    assert (Concern.objects.get().patient, Concern.objects.get().severity) == (house.ana, "emergency")
