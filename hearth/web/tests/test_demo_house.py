"""What stands in the demo once it is loaded: the named cast, a week that keeps the rules, locked notes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from hearth.accounts.models import User
from hearth.admission.barrier_models import Barrier
from hearth.admission.coverage_models import Coverage
from hearth.admission.models import Episode
from hearth.aftercare.models import FollowUp
from hearth.background.models import Background, BackgroundAnswer
from hearth.circle.challenging import challenges_for
from hearth.circle.choosing import in_touch
from hearth.circle.gathering import coming_for
from hearth.circle.models import Membership, Post
from hearth.circle.places import own_membership
from hearth.circle.support_groups import groups_for
from hearth.circle.thanking import my_thanks
from hearth.lib import tenancy
from hearth.measures.models import Response
from hearth.medical.models import Medication, NaloxoneGiven, Reconciliation
from hearth.people.models import Patient
from hearth.plan.models import Problem
from hearth.program.models import Booking
from hearth.safety.models import Concern, SafetyPlan
from hearth.safety.plan_queries import plan_reviews, versions_of
from hearth.sessions.doses import attendance_summary
from hearth.sessions.models import Attendance, Authorisation, ProgressNote, Session
from hearth.sessions.rules.notes import digest
from hearth.timetable.rules import violations
from hearth.timetable.week_board import board_of_week
from hearth.trauma.models import NextDayCheck
from hearth.web import demo
from hearth.web.demo.cast import ALUMNA, STAFF, STUDENTS

AT = datetime(2026, 11, 24, 23, 48, tzinfo=UTC)
WITHIN_A_STAY: tuple[tuple[Any, str], ...] = (
    (Membership, "joined_at"),
    (Membership, "agreed_at"),
    (Post, "written_at"),
    (Medication, "written_at"),
    (NaloxoneGiven, "at"),
    (Reconciliation, "at"),
    (SafetyPlan, "saved_at"),
    (Response, "answered_at"),
    (Authorisation, "recorded_at"),
)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """One demo for all tests here, since loading takes its time; what each does to it is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield demo.load(seed=1, at=AT, students=30).pk
        transaction.set_rollback(True)


@pytest.fixture
def house(loaded, db):
    with tenancy.within(loaded):
        yield


def test_the_named_cast_is_there_mid_way(house):
    people = {patient.name: patient for patient in Patient.objects.all()}
    assert {f"{each.chosen} {each.family}" for each in STUDENTS} <= set(people)
    assert {each.name for each in STAFF} <= set(User.objects.values_list("name", flat=True))
    maya = Episode.objects.active().get(patient=people["Maya Reyes"])
    assert (AT.date() - maya.starts_on).days // 7 == 5
    jonah = Concern.objects.open().get(patient=people["Jonah Park"])
    assert jonah.severity == "urgent"
    told = {row.patient.name for row in Background.objects.exclude(signed_at=None).select_related("patient")}
    assert told == {f"{each.chosen} {each.family}" for each in STUDENTS}
    waiting = Background.objects.filter(signed_at=None).order_by("patient__chosen_name")
    assert [(row.patient.chosen_name, row.told_at is None) for row in waiting] == [
        ("Elias", True),
        ("Pilar", False),
    ]
    episode = Episode.objects.active().get(patient=people["Jonah Park"])
    assert attendance_summary(episodes=[episode], at=AT)[episode.pk].missed_in_a_row >= 3
    assert len(versions_of(people["Maya Reyes"])) == 2
    named = [people[name].pk for name in ("Maya Reyes", "Jonah Park", "Amina Bashir")]
    reviews = plan_reviews(named)
    assert [reviews[pk] for pk in named] == ["nothing", "no_plan", "since_concern"]


def test_what_is_told_of_the_named_cast_agrees_with_itself(house):
    people = {patient.name: patient for patient in Patient.objects.all()}
    told: dict[str, dict[str, Any]] = {name: {} for name in people}
    for row in BackgroundAnswer.objects.order_by("at").select_related("patient"):
        told[row.patient.name][row.item] = row.value
    takers = {row.patient.name: row.name for row in Medication.objects.taken().select_related("patient")}
    assert {told[name]["taking"] for name in takers} == {"as_written"}
    assert told["Wendell Hargreave"]["conditions"] == "High blood pressure."
    assert told["Jonah Park"]["legal"] == ["probation"]
    assert Barrier.objects.get(patient=people["Jonah Park"]).kind == "curfew"
    ways = Coverage.objects.filter(patient=people["Maya Reyes"]).values_list("terms", flat=True)
    became = Barrier.objects.get(patient=people["Maya Reyes"]).became
    assert "20 dollars" in became
    assert list(ways) == ["20 dollars for each day"]
    first = dict(Problem.objects.filter(is_primary=True).values_list("patient__chosen_name", "code"))
    assert (first["Maya"], first["Tomás"]) == ("F10.20", "F11.20")


def test_nothing_is_told_of_a_stay_before_it_began_or_after_it_ended(house):
    stays = {row.patient_id: row for row in Episode.objects.all()}
    afterwards = set(FollowUp.objects.values_list("response", flat=True))
    for model in (Membership, Post):
        afterwards |= set(model.objects.filter(circle__is_alumni=True).values_list("pk", flat=True))
    told = [
        (model.__name__, patient, at)
        for model, field in WITHIN_A_STAY
        for pk, patient, at in model.objects.values_list("pk", "patient", field)
        if patient in stays and pk not in afterwards
    ]
    assert {name for name, _, _ in told} == {model.__name__ for model, _ in WITHIN_A_STAY}
    assert [one for one in told if one[2] < stays[one[1]].admitted_at] == []
    ended = {pk: row.ended_at for pk, row in stays.items() if row.ended_at}
    assert ended
    assert [one for one in told if one[1] in ended and one[2] > ended[one[1]]] == []


def test_those_who_completed_meet_again_and_circles_do_things_together(house):
    nadia = User.objects.get(name=" ".join(ALUMNA[:2]))
    found = in_touch(viewer=nadia, at=AT)
    assert found.own_way
    assert found.place.circle.population == "adult"
    maya = User.objects.get(name="Maya Reyes")
    place = own_membership(viewer=maya, at=AT)
    assert place is not None
    walk = challenges_for(place, today=AT.date(), language="en")[0]
    assert walk.takes_part
    assert walk.times == 14
    assert [one.is_coming for one in coming_for(place, at=AT)] == [True, False, False]
    assert coming_for(place, at=AT)[1].event.called_off_at == AT
    assert len(groups_for(viewer=maya, at=AT)) == 6
    assert [one.is_released for one in my_thanks(viewer=maya, at=AT).given] == [None, True]


def test_the_week_keeps_every_rule_of_the_timetable(house):
    walt = User.objects.get(email="walt@hearthside.example")
    week = board_of_week(viewer=walt, week_of=(AT - timedelta(days=1)).date())
    assert len(week.board.patients) - len(week.board.kept) == 30
    assert not week.left_out
    assert week.board.current is not None
    assert any(group.co_staff for group in week.board.current.groups)
    assert any(group.interpreter for group in week.board.current.groups)
    assert violations(week.board, week.board.current) == []


def test_notes_are_locked_as_signing_locks_them(house):
    for note in ProgressNote.objects.all()[:50]:
        assert note.digest == digest(note.body)
    held = Session.objects.filter(ended_at__isnull=False).values_list("pk", flat=True)[0]
    assert Booking.objects.filter(purpose_id=held).count() >= 2


def test_the_sign_ins_name_their_columns(house):
    columns, *rows = demo.sign_ins()
    assert columns[0] == "Role"
    assert {len(row) for row in rows} == {len(columns)}
    assert "maya.reyes@students.example" in {row[2] for row in rows}


def test_maya_works_through_something_painful_at_her_own_pace(house):
    check = NextDayCheck.objects.select_related("processing__training", "patient").get()
    row = check.processing
    assert (check.patient.name, row.patient_id) == ("Maya Reyes", check.patient_id)
    assert row.training.holder_id == row.by_id == row.attendance.session.facilitator_id
    assert row.attendance.session.kind == "individual"
    assert check.patient.trauma_choices.get().what == "work"
    assert (check.answered_at is None) == (check.opens_at + timedelta(minutes=72) >= AT)


def test_somebody_with_a_seat_in_the_evening_groups_room_takes_part_by_video_today(house):
    row = Attendance.objects.get(by_video_at__isnull=False, patient__family_name="Lindgren")
    assert (row.session.modality, row.modality, row.planned) == ("either", "virtual", "in_person")
    assert row.location


def test_maya_keeps_a_notebook_and_shares_one_entry_of_it(house):
    maya = Patient.objects.get(chosen_name="Maya", family_name="Reyes")
    assert maya.notebook_entries.count() == 3
    assert [one.text.count("Alma") for one in maya.shared_entries.all()] == [1]
