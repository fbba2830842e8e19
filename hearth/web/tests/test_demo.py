"""The demo loads, is the same for the same seed, is believable, and no page asks more when it grows."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from hearth.accounts.models import User
from hearth.lib import tenancy
from hearth.people.models import Patient
from hearth.plan.models import Goal
from hearth.sessions.models import Attendance, CoSignatureAsked, ProgressNote, Session
from hearth.web import demo
from hearth.web.demo.cast import STUDENTS
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
SATURDAY = AT + timedelta(days=4)


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


@pytest.mark.parametrize("weekday", [4, 5, 6])
def test_the_counselor_leads_something_on_fridays_and_at_weekends_too(weekday):
    cohorts, rooms = cohorts_on(weekday), {site: [name for name, _ in several] for site, several in ROOMS.items()}
    random, today = Random(1), date(2026, 11, 23) + timedelta(days=weekday)
    names = Names(random, taken=NAMED)
    lives = lives_of(cohorts, named=STUDENTS, students=8, today=today, names=names, random=random)
    meetings = week_of(cohorts, lives, rooms, weekday=weekday)
    assert [each for each in meetings if each.day == weekday and each.leader == "Dana Kim"]


def test_the_same_seed_makes_the_same_demo_also_on_a_saturday_with_something_to_lead(db):
    def found():
        dana = User.objects.get(email="dana@hearthside.example")
        starts = Session.objects.filter(facilitator=dana).values_list("starts_at", flat=True)
        assert SATURDAY.astimezone(dana.zone).date() in {each.astimezone(dana.zone).date() for each in starts}
        return contents()

    first, again = undone(found, at=SATURDAY, students=8), undone(found, at=SATURDAY, students=8)
    assert first == again


def test_another_seed_makes_other_people():
    def people(seed):
        random, today = Random(seed), date(2026, 11, 23)
        names = Names(random, taken=NAMED)
        lives = lives_of(cohorts_on(0), named=(), students=8, today=today, names=names, random=random)
        return [(one.chosen, one.family) for one in lives]

    assert people(1) == people(1) != people(2)


def test_several_houses_stand_side_by_side_each_with_notes_that_wait_for_a_co_signature(db):
    with load(times=2, students=8):
        waiting = CoSignatureAsked.objects.exclude(note__co_signatures__isnull=False)
        assert len({each.note.signed_by_id for each in waiting.select_related("note")}) >= 3


def test_a_house_that_is_furnished_already_is_left_alone(organisation):
    with pytest.raises(demo.AlreadyFurnished):
        demo.load(seed=1, at=AT)


def test_no_page_breaks_or_asks_more_when_the_house_grows(db, settings, time_machine):
    """At the end of a working day, when every list has something in both houses: an empty one asks less."""
    settings.ALLOWED_HOSTS = ["*"]
    time_machine.move_to(AT)

    def count():
        visits = walk(times=0, readers=READERS)
        assert [each for each in visits if each.status != 200] == []
        return {(each.page, each.reader): each.queries for each in visits}

    small = undone(count, students=18)
    large = undone(count, students=36)
    assert len(small) > 80
    grown = {key: (small[key], large[key]) for key in small.keys() & large.keys() if large[key] > small[key]}
    assert grown == {}
