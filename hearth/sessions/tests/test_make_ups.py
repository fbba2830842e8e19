"""Whoever missed a session is offered real other times, takes one while it is free, and the dose says so."""

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.outbox.models import Message
from hearth.program import pack
from hearth.program.models import Booking, Closure
from hearth.program.services import close
from hearth.sessions import make_ups, services
from hearth.sessions.appointments import appointments_of
from hearth.sessions.doses import attendance_summary, ledgers_of
from hearth.sessions.make_ups import options_of
from hearth.sessions.models import Attendance, MakeUp
from hearth.sessions.policies import policy_of_pack
from hearth.sessions.rules.ledger import Why
from hearth.sessions.tests.making_up import (
    DENVER,
    MONDAY,
    MORNING,
    UNTIL,
    WEDNESDAY,
    House,
    admitted,
    offer,
    sessions_in,
)
from hearth.timetable.models import KeepApart, OneOff, Seat
from hearth.timetable.testing import make_section


@pytest.fixture
def house(dana, theo, ines):
    return House(dana, theo, ines)


def test_a_missed_group_brings_real_groups_with_a_free_place_and_a_mail_that_says_nothing(house):
    missed, at = house.misses(house.mondays)
    Message.objects.all().delete()
    (row,) = offer(house, at)
    assert (row.missed, row.status) == (missed, "open")
    assert [one.section for one in sessions_in(row)] == [house.wednesdays, house.wednesdays]
    assert [one.starts_at for one in options_of(row)] == [WEDNESDAY, WEDNESDAY + timedelta(weeks=1)]
    assert row.until == at + timedelta(hours=48)
    mail = Message.objects.get()
    for word in ("group", "Wednesday", "missed", "Theo", "Hearthside", "make"):
        assert word not in re.sub(r"before .*?: http\S+", "", f"{mail.subject} {mail.body}")
    assert not offer(house, at + timedelta(minutes=10))
    assert Message.objects.count() == 1


def test_a_session_that_is_not_ended_or_was_attended_brings_nothing(house):
    assert not offer(house, house.first(house.mondays).ends_at + timedelta(hours=1))
    session = house.first(house.mondays)
    services.mark(attendance=session.roster.get(patient=house.ana), status="late", by=house.dana, at=session.starts_at)
    services.end(session=session, by=house.dana, at=session.ends_at)
    assert [row.patient for row in offer(house, session.ends_at)] == house.others[:1]


def test_nothing_is_offered_for_what_falls_into_a_rest(house):
    session = house.first(house.mondays)
    services.excuse_on_hold(patient=house.ana, before=session.ends_at, by=None, at=MORNING)
    for row in session.roster.exclude(patient=house.ana):
        services.mark(attendance=row, status="present", by=house.dana, at=session.ends_at)
    services.end(session=session, by=house.dana, at=session.ends_at)
    assert not offer(house, session.ends_at)
    session.roster.filter(patient=house.ana).update(reason="At the dentist's")
    assert len(offer(house, session.ends_at)) == 1


def test_taking_a_time_seats_them_on_that_one_roster_and_the_ledger_says_what_was_made_up(house):
    missed, at = house.misses(house.mondays)
    (row,) = offer(house, at)
    key = options_of(row)[0].key
    place = services.accept_make_up(make_up=row, choice=key, by=house.ana.user, at=at + timedelta(hours=1))
    session = place.session
    assert (session.section, session.starts_at) == (house.wednesdays, WEDNESDAY)
    assert session.roster.count() == 3
    assert not Attendance.objects.filter(patient=house.ana, session__starts_at=WEDNESDAY + timedelta(weeks=1)).exists()
    assert Booking.objects.filter(resource_id=house.ana.pk, purpose_id=session.pk).count() == 1
    assert session.pk in {one.uid for one in appointments_of(user=house.ana.user, at=at)}
    for each in session.roster.all():
        services.mark(attendance=each, status="present", by=house.ines, at=session.starts_at)
    services.end(session=session, by=house.ines, at=session.ends_at)
    after = session.ends_at + timedelta(days=5)
    episode = house.ana.episodes.get()
    week = ledgers_of(episodes=[episode], at=after)[episode.pk].weeks[0]
    gaps = {gap.why: (gap.minutes, gap.on) for gap in week.gaps}
    assert gaps[Why.MADE_UP] == (150, WEDNESDAY.date())
    assert Why.ABSENT not in gaps
    told = attendance_summary(episodes=[episode], at=after)[episode.pk]
    assert (told.came, told.absent, told.sessions) == (1, 0, 1)
    assert missed.make_up.place == place


def test_a_place_that_is_gone_is_refused_with_nothing_stored_and_what_is_left_is_shown(house, as_user, time_machine):
    _missed, at = house.misses(house.mondays)
    (row,) = offer(house, at)
    gone, left = options_of(row)
    session = sessions_in(row)[0]
    house.wednesdays.capacity = 2
    house.wednesdays.save()
    with pytest.raises(services.NoLongerFits):
        services.accept_make_up(make_up=row, choice=gone.key, by=house.ana.user, at=at)
    assert session.roster.count() == 2
    Seat.objects.filter(section=house.wednesdays, patient=house.others[1]).update(
        during=(MONDAY, MONDAY + timedelta(days=7))
    )
    services.settle_seats(by=house.ines, at=at)
    time_machine.move_to(at, tick=False)
    page = as_user(house.ana.user).post(
        reverse("sessions:my-make-up", args=[row.pk]), {"choice": gone.key}, follow=True
    )
    assert "This time is gone" in page.text
    row.refresh_from_db()
    assert [one.key for one in options_of(row)] == [left.key]


def test_nobody_is_offered_whom_they_are_kept_from_a_full_group_or_an_hour_they_are_busy(house, dana):
    missed, at = house.misses(house.mondays)

    def found():
        desk = make_ups.Desk(dana.organisation, at)
        return [one.starts_at for one in make_ups.times_for(desk, missed, until=UNTIL)]

    both = [WEDNESDAY, WEDNESDAY + timedelta(weeks=1)]
    assert found() == both
    apart = KeepApart.objects.create(
        patient=house.ana, other=house.others[1], reason="-", entered_by=dana, entered_at=at
    )
    assert found() == []
    KeepApart.objects.filter(pk=apart.pk).update(ended_at=at, ended_by=dana)
    busy = OneOff.objects.create(
        patient=house.ana, first_on=both[0].date(), last_on=both[0].date(), entered_by=dana, entered_at=at
    )
    assert found() == both[1:]
    busy.delete()
    close(name="Snow", first_on=both[1].date(), last_on=both[1].date(), site=None, by=house.ines, at=at)
    assert Closure.objects.exists()
    assert found() == both[:1]
    house.ana.state = "TX"  # nobody here is licensed there, and the group meets by video
    house.ana.save()
    assert found() == []


def test_an_hour_alone_is_made_up_with_the_counselor_when_both_are_free(house, dana):
    _missed, at = house.misses(house.hour)
    (row,) = offer(house, at)
    options = options_of(row)
    assert len(options) == 3
    assert {one.session for one in options} == {None}
    assert len({one.starts_at.astimezone(DENVER).date() for one in options}) == 3
    place = services.accept_make_up(make_up=row, choice=options[0].key, by=dana, at=at)
    session = place.session
    assert (session.section, session.kind, session.facilitator, session.minutes) == (None, "individual", dana, 60)
    held = Booking.objects.filter(purpose_id=session.pk).values_list("resource_id", flat=True)
    assert set(held) == {dana.pk, house.ana.pk}
    with pytest.raises(services.MakeUpClosed):
        services.accept_make_up(make_up=row, choice=options[1].key, by=house.ana.user, at=at)


def test_a_make_up_outlives_a_week_that_is_settled_and_gives_way_to_whoever_gets_a_seat(house):
    _missed, at = house.misses(house.mondays)
    (row,) = offer(house, at)
    place = services.accept_make_up(make_up=row, choice=options_of(row)[0].key, by=house.ana.user, at=at)
    services.settle_seats(by=house.ines, at=at)
    assert place.session.roster.count() == 3
    newcomer = admitted("Newt", house.program, counselor=house.dana, by=house.ines, at=at)
    house.wednesdays.capacity = 3
    house.wednesdays.save()
    Seat.objects.create(section=house.wednesdays, patient=newcomer, during=(MONDAY, None), modality="virtual")
    Message.objects.all().delete()
    services.make_sessions(section=house.wednesdays, until=UNTIL, by=house.ines, at=at)
    assert {one.patient for one in place.session.roster.all()} == {*house.others, newcomer}
    row.refresh_from_db()
    assert (row.status, row.place) == ("again", None)
    assert [one.to for one in Message.objects.all()] == [house.ana.user.email]
    assert not Booking.objects.filter(resource_id=house.ana.pk, purpose_id=place.session_id).exists()


def test_what_is_called_off_is_offered_once_more(house):
    _missed, at = house.misses(house.mondays)
    (row,) = offer(house, at)
    place = services.accept_make_up(make_up=row, choice=options_of(row)[0].key, by=house.ana.user, at=at)
    services.cancel(session=place.session, reason="Theo is ill", by=house.ines, at=at)
    row.refresh_from_db()
    assert row.status == "again"
    (again,) = offer(house, at + timedelta(minutes=10))
    assert [one.starts_at for one in options_of(again)] == [WEDNESDAY + timedelta(weeks=1)]


def test_it_lapses_at_its_deadline_and_closes_when_it_turns_out_that_they_were_there(house):
    missed, at = house.misses(house.mondays)
    (row,) = offer(house, at)
    with pytest.raises(services.MakeUpClosed):
        services.accept_make_up(make_up=row, choice=options_of(row)[0].key, by=house.ana.user, at=row.until)
    offer(house, row.until)
    row.refresh_from_db()
    assert row.status == "lapsed"
    MakeUp.objects.update(status="open")
    services.mark(attendance=missed, status="present", by=house.dana, at=at, reason="was there")
    offer(house, at)
    row.refresh_from_db()
    assert row.status == "not_needed"


def test_who_said_beforehand_that_they_want_no_other_time_is_not_asked(house):
    _missed, at = house.misses(house.mondays, status="excused")
    OneOff.objects.create(
        patient=house.ana, first_on=MONDAY, last_on=MONDAY, wants_make_up=False, entered_by=house.dana, entered_at=at
    )
    assert not offer(house, at)
    OneOff.objects.update(wants_make_up=True)
    assert len(offer(house, at)) == 1


@pytest.fixture
def packs(monkeypatch, tmp_path):
    """`packs(old, new)`: the same programs, with this changed in what they share."""

    def change(old, new):
        copy = shutil.copytree(pack.FOLDER, tmp_path / "packs", dirs_exist_ok=True)
        common = copy / "common" / "common.toml"
        common.write_text(common.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        read = tuple(pack.read(folder) for folder in pack.folders(copy))
        monkeypatch.setattr(pack, "all_packs", lambda: read)
        policy_of_pack.cache_clear()

    yield change
    policy_of_pack.cache_clear()


def test_the_program_says_whether_and_until_when_it_may_be_made_up(house, packs):
    _missed, at = house.misses(house.mondays)
    packs('makes_up = ["absent", "excused"]', 'makes_up = ["excused"]')
    assert not offer(house, at)
    packs("make_up_within_days = { value = 14", "make_up_within_days = { value = 7")
    (row,) = offer(house, at)
    assert [one.starts_at for one in options_of(row)] == [WEDNESDAY]


def test_only_they_and_who_cares_for_them_see_and_answer_it(house, theo, jonah, as_user, time_machine):
    _missed, at = house.misses(house.mondays)
    (row,) = offer(house, at)
    time_machine.move_to(at, tick=False)
    mine, theirs = reverse("sessions:my-make-up", args=[row.pk]), reverse("sessions:make-up", args=[row.pk])
    browser = as_user(house.ana.user)
    assert "2 times fit your week" in browser.get(reverse("web:today")).text
    assert "Look at the times" in browser.get(reverse("sessions:my-week")).text
    assert "Wednesdays" in browser.get(mine).text
    assert as_user(jonah.user).get(mine).status_code == 403
    browser = as_user(theo)  # leads the group, and cares for others
    assert browser.get(theirs).status_code == 403
    assert "Ana" not in browser.get(reverse("sessions:make-ups")).text
    with pytest.raises(PermissionDenied):
        services.decline_make_up(make_up=row, reason="", by=theo, at=at)
    browser = as_user(house.dana)
    assert "Ana" in browser.get(reverse("sessions:make-ups")).text
    assert "Waiting for an answer" in browser.get(reverse("sessions:dose-of-patient", args=[house.ana.pk])).text
    page = browser.post(theirs, {"do": "decline", "reason": "Works that week"}, follow=True)
    assert "Works that week" in page.text
    assert "Look once more" in page.text
    row.refresh_from_db()
    assert (row.status, row.decided_by) == ("declined", house.dana)


def test_the_list_asks_the_same_however_long_it_is(house, as_user, count_queries, time_machine):
    _missed, at = house.misses(house.mondays)
    offer(house, at)
    time_machine.move_to(at, tick=False)
    browser, address = as_user(house.dana), reverse("sessions:make-ups")
    few = count_queries(browser, address)
    _missed, later = house.misses(house.hour)
    offer(house, later)
    assert MakeUp.objects.count() == 2
    assert count_queries(browser, address) == few


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_last_place_is_given_once_however_many_say_yes_at_once(stored_organisation):
    with tenancy.within(stored_organisation.pk):
        dana, theo = (make_user(name, Role.COUNSELOR, organisation=stored_organisation) for name in ("Dana", "Theo"))
        ines = make_user("Inés Alvarado", Role.COORDINATOR, organisation=stored_organisation)
        house = House(dana, theo, ines, others=2, capacity=3)
        program = house.program
        asking = [admitted(f"P{number}", program, counselor=dana, by=ines, at=MORNING) for number in range(6)]
        extra = make_section(program, dana, asking, on=MONDAY, weekday=3, minutes=150)
        services.make_sessions(section=extra, until=UNTIL, by=ines, at=MORNING)
        session = house.first(extra)
        services.end(session=session, by=dana, at=session.ends_at)
        at = session.ends_at
        rows = [row for row in offer(house, at) if row.patient in asking]
        wanted = house.wednesdays.sessions.get(starts_at=WEDNESDAY + timedelta(weeks=1))
        asked = [(row, str(wanted.pk)) for row in rows if str(wanted.pk) in {one.key for one in options_of(row)}]
        assert len(asked) == 6

    def say_yes(row, key):
        try:
            with tenancy.within(stored_organisation.pk):
                services.accept_make_up(make_up=row, choice=key, by=row.patient.user, at=at)
        except services.NoLongerFits:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda one: say_yes(*one), asked))
    assert sum(answers) == 1
    with tenancy.within(stored_organisation.pk):
        assert wanted.roster.count() == 3
