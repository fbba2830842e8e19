"""The demo loads, is the same for the same seed, is believable, and no page asks more when it grows."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from hearth.accounts.models import Organisation, User
from hearth.admission.barrier_models import Barrier
from hearth.admission.coverage_models import Coverage
from hearth.admission.models import Episode
from hearth.background.models import Background, BackgroundAnswer
from hearth.circle.models import Membership, Post
from hearth.lib import tenancy
from hearth.measures.models import Response
from hearth.medical.models import Medication, NaloxoneGiven, Reconciliation
from hearth.people.models import Patient
from hearth.plan.models import Goal, Problem
from hearth.program.models import Booking
from hearth.safety.models import Concern, SafetyPlan
from hearth.safety.plan_queries import plan_reviews, versions_of
from hearth.sessions.doses import attendance_summary
from hearth.sessions.models import Attendance, Authorisation, CoSignatureAsked, ProgressNote, Session
from hearth.sessions.rules.notes import digest
from hearth.timetable.rules import violations
from hearth.timetable.week_board import board_of_week
from hearth.web import demo
from hearth.web.demo.cast import STAFF, STUDENTS
from hearth.web.demo.cohorts import cohorts_on
from hearth.web.demo.decided import pick
from hearth.web.demo.helped import who_needs_interpreting, with_helpers
from hearth.web.demo.house import ROOMS
from hearth.web.demo.lives import IN_CARE, NAMED, lives_of, newcomers_of
from hearth.web.demo.names import Names
from hearth.web.demo.week import week_of
from hearth.web.testing import walk

READERS = ("walt@hearthside.example", "dana@hearthside.example", "maya.reyes@students.example")
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


def load(**changes: Any):
    asked: dict[str, Any] = {"seed": 1, "at": AT, "students": 12} | changes
    organisation = demo.load(**asked)
    return tenancy.within(organisation.pk)


def contents():
    """A digest of what stands in the rows, without the ids that only services make."""
    found = {
        "patients": list(
            Patient.objects.order_by("family_name", "chosen_name").values_list(
                "chosen_name", "family_name", "birth_date"
            )
        ),
        "goals": list(Goal.objects.order_by("pk").values_list("pk", "words", "progress")),
        "places": sorted(
            Attendance.objects.values_list("patient__family_name", "session__starts_at", "status", "minutes"), key=str
        ),
        "notes": sorted(ProgressNote.objects.values_list("digest", flat=True)),
    }
    return hashlib.sha256(json.dumps(found, cls=DjangoJSONEncoder).encode()).hexdigest()


def undone(work, **changes):
    """What `work` finds in a demo that is gone afterwards."""
    with transaction.atomic():
        with load(**changes):
            found = work()
        transaction.set_rollback(True)
    return found


def test_the_named_cast_is_there_mid_way(db):
    with load():
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


def test_what_is_told_of_the_named_cast_agrees_with_itself(db):
    with load():
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


def test_the_week_keeps_every_rule_of_the_timetable(db):
    with load(students=30):
        walt = User.objects.get(email="walt@hearthside.example")
        week = board_of_week(viewer=walt, week_of=(AT - timedelta(days=1)).date())
        assert len(week.board.patients) - len(week.board.kept) == 30
        assert not week.left_out
        assert week.board.current is not None
        assert any(group.co_staff for group in week.board.current.groups)
        assert any(group.interpreter for group in week.board.current.groups)
        assert violations(week.board, week.board.current) == []


@pytest.mark.parametrize("weekday", [0, 1, 6])
def test_two_lead_one_group_and_somebody_who_signs_has_an_interpreter_in_all_of_theirs(weekday):
    cohorts, rooms = cohorts_on(weekday), {site: [name for name, _ in several] for site, several in ROOMS.items()}
    random, today = Random(1), date(2026, 11, 23) + timedelta(days=weekday)
    names = Names(random, taken=NAMED)
    lives = lives_of(cohorts, named=STUDENTS, students=IN_CARE - 6, today=today, names=names, random=random)
    meetings = with_helpers(week_of(cohorts, lives, rooms, weekday=weekday), interpreted=True)

    (pair,) = [each for each in meetings if each.second]
    assert not [
        each
        for each in meetings
        if each != pair
        and pair.second in (each.leader, each.second)
        and each.day == pair.day
        and each.starts < pair.starts + pair.minutes
        and pair.starts < each.starts + each.minutes
    ]
    signs = who_needs_interpreting(meetings)
    assert signs is not None
    own = [each for each in meetings if signs in each.lives and each.kind in ("group", "skills")]
    assert own == [each for each in meetings if each.interpreter]


def test_whoever_is_decided_about_was_here_for_weeks_and_is_the_same_on_every_weekday():
    picked = []
    for weekday in range(7):
        cohorts, today = cohorts_on(weekday), date(2026, 11, 23) + timedelta(days=weekday)
        random = Random(1)
        names = Names(random, taken=NAMED)
        new = newcomers_of(cohorts, today=today, names=names, random=random)
        lives = lives_of(cohorts, named=STUDENTS, students=IN_CARE - 6, today=today, names=names, random=random)
        found = pick([*lives, *new], today=today)
        assert found is not None
        assert today - found.steady.starts_on >= timedelta(weeks=6)
        assert found.steady.course in ("shining", "steady")
        for one in (found.steady, found.away, found.asked):
            assert today - one.starts_on >= timedelta(weeks=2)
            assert one not in new
            assert (one.chosen, one.family) not in NAMED
        picked.append([one.key for one in (found.steady, found.away, found.asked)])
    assert all(each == picked[0] for each in picked)
    assert pick(lives[: len(STUDENTS)], today=today) is None


def test_nothing_is_told_of_a_stay_before_it_began_or_after_it_ended(db):
    with load():
        stays = {row.patient_id: row for row in Episode.objects.all()}
        told = [
            (model.__name__, patient, at)
            for model, field in WITHIN_A_STAY
            for patient, at in model.objects.values_list("patient", field)
            if patient in stays
        ]
        assert {name for name, _, _ in told} == {model.__name__ for model, _ in WITHIN_A_STAY}
        assert [one for one in told if one[2] < stays[one[1]].admitted_at] == []
        ended = {pk: row.ended_at for pk, row in stays.items() if row.ended_at}
        assert ended
        assert [one for one in told if one[1] in ended and one[2] > ended[one[1]]] == []


def test_notes_are_locked_as_signing_locks_them(db):
    with load():
        for note in ProgressNote.objects.all()[:50]:
            assert note.digest == digest(note.body)
        held = Session.objects.filter(ended_at__isnull=False).values_list("pk", flat=True)[0]
        assert Booking.objects.filter(purpose_id=held).count() >= 2


@pytest.mark.parametrize("days", [3, 4, 5])
def test_something_takes_place_on_fridays_and_at_weekends_too(db, days):
    at = AT + timedelta(days=days)
    with load(at=at, students=8):
        today = at.astimezone(Organisation.objects.get().zone).date()
        dana = User.objects.get(email="dana@hearthside.example")
        starts = Session.objects.filter(facilitator=dana).values_list("starts_at", flat=True)
        assert today in {each.astimezone(dana.zone).date() for each in starts}


def test_the_same_seed_makes_the_same_demo(db):
    first, again = undone(contents), undone(contents)
    other = undone(contents, seed=2)
    assert first == again != other


def test_several_houses_stand_side_by_side_each_with_notes_that_wait_for_a_co_signature(db):
    with load(times=2, students=8):
        waiting = CoSignatureAsked.objects.exclude(note__co_signatures__isnull=False)
        assert len({each.note.signed_by_id for each in waiting.select_related("note")}) >= 3


def test_a_house_that_is_furnished_already_is_left_alone(organisation):
    with pytest.raises(demo.AlreadyFurnished):
        demo.load(seed=1, at=AT)


def test_the_sign_ins_name_their_columns(db):
    with load():
        columns, *rows = demo.sign_ins()
        assert columns[0] == "Role"
        assert {len(row) for row in rows} == {len(columns)}
        assert "maya.reyes@students.example" in {row[2] for row in rows}


def test_no_page_breaks_or_asks_more_when_the_house_grows(db, settings, time_machine):
    """At the end of a working day, when every list has something in both houses: an empty one asks less."""
    settings.ALLOWED_HOSTS = ["*"]
    time_machine.move_to(AT)

    def count():
        visits = walk(readers=READERS)
        assert [each for each in visits if each.status != 200] == []
        return {(each.page, each.reader): each.queries for each in visits}

    small = undone(count, students=18)
    large = undone(count, students=36)
    assert len(small) > 80
    grown = {key: (small[key], large[key]) for key in small.keys() & large.keys() if large[key] > small[key]}
    assert grown == {}
