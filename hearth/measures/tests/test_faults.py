"""What goes wrong around a grave answer: a line lost before its alert, two answers at once, a clock turned back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections

from hearth.lib import tenancy
from hearth.lib.testing import line_cut_before
from hearth.measures import queries, services
from hearth.measures.models import Response
from hearth.measures.testing import PHQ_9_MILD, PHQ_9_WITH_ITEM_9
from hearth.people.testing import make_patient
from hearth.safety.models import Concern

GRAVER = [*PHQ_9_WITH_ITEM_9[:-1], 3]


def say(patient, answers, at, **more):
    return services.store_answers(
        patient=patient, instrument_id="phq-9", answers=answers, language="en", by=patient.user, at=at, **more
    )


@pytest.fixture
def student(stored_organisation, now):
    with tenancy.within(stored_organisation.pk):
        return make_patient("Maya", "Reyes", at=now)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("lost_before", ['INSERT INTO "safety_concern"', 'INSERT INTO "audit_event"'])
def test_a_line_lost_between_answer_and_alert_keeps_neither_and_sent_again_both_are_there(student, now, lost_before):
    house, token = student.organisation_id, uuid4()
    with pytest.raises(DatabaseError), line_cut_before(lost_before), tenancy.within(house):
        say(student, PHQ_9_WITH_ITEM_9, now, token=token)
    with tenancy.within(house):
        assert not Response.objects.exists()
        assert not Concern.objects.exists()
    for _ in range(2):  # the phone, which had no answer, sends it until it has one
        with tenancy.within(house):
            say(student, PHQ_9_WITH_ITEM_9, now, token=token)
    with tenancy.within(house):
        assert Response.objects.count() == 1
        assert Concern.objects.get().severity == "urgent"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize(("other", "kept"), [(PHQ_9_WITH_ITEM_9, 1), (GRAVER, 2)])
def test_two_answers_at_once_are_each_kept_and_each_other_one_rings(student, now, other, kept):
    together, token = Barrier(2), uuid4()

    def tap(answers):
        try:
            with tenancy.within(student.organisation_id):
                together.wait()
                say(student, answers, now, token=token)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(tap, (PHQ_9_WITH_ITEM_9, other)))
    with tenancy.within(student.organisation_id):
        assert Response.objects.count() == kept
        assert Concern.objects.open().count() == kept


def test_answers_of_the_hour_that_comes_twice_stand_in_the_order_in_which_they_were_written(maya):
    first = datetime(2026, 11, 1, 7, 40, tzinfo=UTC)  # 01:40 in Denver; an hour later it is 01:20 for the second time
    second, arrived = first + timedelta(minutes=40), first + timedelta(hours=6)
    say(maya, PHQ_9_MILD, arrived, written_at=second)
    say(maya, PHQ_9_WITH_ITEM_9, arrived + timedelta(minutes=1), written_at=first)
    assert [row.answered_at for row in queries.responses_of(maya)] == [second, first]
    assert [point.value for point in queries.trajectory(maya, "phq-9").points] == [12, 7]
    assert "2026-11-01 01:40 → 2026-11-01 06:41" in Concern.objects.get().summary


def test_the_clock_of_a_student_far_away_moves_no_answer_and_no_concern(maya, now):
    maya.user.time_zone = "Asia/Tokyo"
    maya.user.save()
    response = say(maya, PHQ_9_WITH_ITEM_9, now, written_at=now - timedelta(hours=5))
    concern = Concern.objects.get()
    assert (response.answered_at, concern.raised_at) == (now - timedelta(hours=5), now)
    house = maya.organisation.zone
    assert f"{response.answered_at.astimezone(house):%Y-%m-%d %H:%M} →" in concern.summary
