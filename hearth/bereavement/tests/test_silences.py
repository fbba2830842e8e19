"""Each sender and reaction by itself: what is sent to others still leaves, and no two deeds wait for each other."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.admission.models import Episode
from hearth.bereavement.services import record_death, take_back
from hearth.consent.testing import make_release
from hearth.outbox.models import Message
from hearth.people.models import Relationship
from hearth.program.models import Program
from hearth.sessions import reactions as of_sessions
from hearth.sessions import services as sessions
from hearth.sessions.models import MakeUp
from hearth.sessions.testing import make_episode, make_section, make_session
from hearth.sessions.tests.making_up import MORNING, House, admitted
from hearth.timetable import reactions as of_timetable
from hearth.timetable.models import ChangeOffer
from hearth.timetable.services import tell_week_changed

BEGAN = date(2026, 11, 2)
LOCKING = re.compile(r"pg_advisory_xact_lock|FOR UPDATE|^UPDATE|^DELETE")


def record(patient, by, at):
    return record_death(patient=patient, died_on=None, told_by="Rosa Reyes", known_how="She called.", by=by, at=at)


def the_stay_goes_on(patient):
    """As whoever has read before the death was recorded goes on with it."""
    Episode.objects.filter(patient=patient).update(ended_at=None, end_reason="")
    User.objects.filter(patient=patient).update(is_active=True, email="former@home.example")


def left_for():
    return sorted(Message.objects.filter(withheld_at=None).values_list("to", flat=True))


def stopped_for():
    return sorted(Message.objects.filter(withheld_at__isnull=False).values_list("to", flat=True))


def test_another_time_for_what_was_missed_is_offered_to_the_others_alone(dana, theo, ines, ruth):
    house = House(dana, theo, ines)
    ana, bea = house.ana, admitted("Bea", house.program, counselor=dana, by=ines, at=MORNING)
    missed = house.first(house.mondays)
    missed.roster.exclude(patient=ana).update(patient=bea)
    sessions.end(session=missed, by=dana, at=missed.ends_at)
    record(ana, ruth, missed.ends_at)
    Message.objects.all().delete()
    offered = sessions.offer_make_ups(organisation=ruth.organisation, at=missed.ends_at)
    assert [row.patient for row in offered] == [bea]
    assert left_for() == [bea.user.email]

    the_stay_goes_on(ana)
    offered = sessions.offer_make_ups(organisation=ruth.organisation, at=missed.ends_at)
    assert [(row.patient, row.status) for row in offered] == [(ana, MakeUp.Status.OPEN)]
    assert stopped_for() == ["former@home.example"]
    assert left_for() == [bea.user.email]


def test_the_family_of_others_alone_is_asked_to_come(maya, jonah, dana, ruth, organisation, now):
    for patient, name in ((maya, "Rosa Reyes"), (jonah, "Hana Park")):
        make_episode(patient, by=dana, starts_on=BEGAN)
        person = make_user(name, Role.FAMILY, organisation=organisation)
        Relationship.objects.create(patient=patient, person=person, kind=Relationship.Kind.PARENT)
        make_release(patient, name, at=now)
    Program.objects.update(pack="adolescent-after-school")
    rosa, hana = (User.objects.get(name=name).email for name in ("Rosa Reyes", "Hana Park"))
    record(maya, ruth, now)
    assert sessions.invite_families(at=now + timedelta(days=60)) == 1
    assert left_for() == [hana]

    the_stay_goes_on(maya)
    assert sessions.invite_families(at=now + timedelta(days=60)) == 2
    assert stopped_for() == [rosa]
    assert left_for() == [hana]


def test_a_change_of_the_week_is_told_to_the_others_alone(maya, jonah, ruth, now):
    record(maya, ruth, now)
    maya.refresh_from_db()
    tell_week_changed(people=[maya.user, jonah.user], week_of=now.date(), by=ruth, at=now)
    assert (left_for(), stopped_for()) == ([jonah.user.email], [])

    the_stay_goes_on(maya)
    tell_week_changed(people=[User.objects.get(patient=maya)], week_of=now.date(), by=ruth, at=now)
    assert (left_for(), stopped_for()) == ([jonah.user.email], ["former@home.example"])


@pytest.fixture
def busy(maya, jonah, theo, dana, now):
    """Maya sits in a group, has a session to come, something to make up and a change to answer."""
    make_episode(maya, by=dana, starts_on=BEGAN)
    section = make_section(theo, maya, jonah, since=BEGAN)
    missed = make_session(theo, maya, jonah, starts_at=now - timedelta(days=7), section=section)
    make_session(theo, maya, jonah, starts_at=now + timedelta(days=2), section=section)
    facts = {"status": MakeUp.Status.OPEN, "options": [], "looked_at": now, "until": now + timedelta(days=2)}
    MakeUp.objects.create(patient=maya, missed=missed.roster.get(patient=maya), **facts)
    ChangeOffer.objects.create(
        patient=maya,
        from_section=section,
        weekday=2,
        starts=section.starts,
        from_on=now.date() + timedelta(days=7),
        until=now + timedelta(days=2),
        offered_by=theo,
        offered_at=now,
    )
    return maya


def locking(asked):
    return [one["sql"] for one in asked if LOCKING.search(one["sql"])]


@pytest.mark.parametrize(
    "react",
    [
        of_timetable.free_places_after_an_episode,
        of_timetable.let_go_after_a_death,
        of_sessions.free_the_hours_after_an_episode,
        of_sessions.let_go_after_a_death,
    ],
)
def test_whoever_lets_go_of_places_waits_for_whoever_changes_the_week_before_any_row_is_locked(react, busy, ruth, now):
    episode = Episode.objects.get(patient=busy)
    with CaptureQueriesContext(connection) as asked:
        react(patient_id=busy.pk, episode_id=episode.pk, by_id=ruth.pk, at=now, on=now.date())
    first, *rest = locking(asked)
    assert "pg_advisory_xact_lock" in first
    assert rest


def test_recording_a_death_and_taking_it_back_wait_there_too(busy, ruth, now):
    with CaptureQueriesContext(connection) as recording:
        death = record(busy, ruth, now)
    with CaptureQueriesContext(connection) as taking_back:
        take_back(death=death, why="It was her aunt", by=ruth, at=now)
    for asked in (recording, taking_back):
        first, *rest = locking(asked)
        assert "pg_advisory_xact_lock" in first
        assert any('"people_patient"' in one for one in rest)
