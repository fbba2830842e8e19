from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from hearth.measures import queries, services
from hearth.measures.instrument import UnknownInstrument
from hearth.measures.models import Response
from hearth.measures.rules import UnusableAnswers
from hearth.measures.testing import PHQ_9_MILD, PHQ_9_WITH_ITEM_9, make_response
from hearth.people.testing import make_patient
from hearth.program import pack
from hearth.safety.models import Concern

DAY = timedelta(days=1)


@pytest.fixture
def asked(maya, dana, now):
    """Maya follows the adult evening program's rules from today."""
    rules = pack.get("adult-evening").due_for("mental-health")
    services.follow_rules(patient=maya, rules=rules, started_on=now.date(), by=dana, at=now)
    return maya


def due_names(patient, day):
    return [one.instrument.id for one in queries.due_measures(patient, day)]


def test_answers_are_scored_and_kept(maya, now):
    response = make_response(maya, "phq-9", PHQ_9_MILD, at=now)
    assert (response.total, response.band, response.is_complete, response.alerts) == (7, "mild", True, [])
    assert not Concern.objects.exists()


def test_item_nine_raises_a_concern_that_names_its_source(maya, now):
    response = make_response(maya, "phq-9", PHQ_9_WITH_ITEM_9, at=now)
    concern = Concern.objects.get()
    assert (concern.source_kind, concern.source_id, concern.severity) == ("measures.response", response.pk, "urgent")
    assert concern.patient_id == maya.pk
    assert concern.is_open
    assert "self-harm" in concern.summary


def test_several_alerts_of_one_severity_are_one_concern_with_every_reason(maya, now):
    make_response(maya, "follow-up", [1, 9, 0, 1], at=now)
    concern = Concern.objects.get()
    for words in ("very hard", "Cravings", "Would like a call"):
        assert words in concern.summary


def test_the_same_form_sent_twice_is_stored_once(maya, now):
    given = {
        "patient": maya,
        "instrument_id": "phq-9",
        "answers": PHQ_9_WITH_ITEM_9,
        "language": "en",
        "by": maya.user,
        "token": uuid4(),
    }
    first = services.store_answers(**given, at=now)
    second = services.store_answers(**given, at=now + DAY)
    assert first.pk == second.pk
    assert Response.objects.count() == Concern.objects.count() == 1


def test_unusable_answers_are_told_in_sentences_and_leave_nothing(maya, now):
    with pytest.raises(UnusableAnswers, match="Item 2 takes one of 0, 1, 2, 3, not 7"):
        make_response(maya, "phq-9", [1, 7, 1, 1, 1, 1, 1, 0, 0], at=now)
    with pytest.raises(UnknownInstrument):
        make_response(maya, "phq-99", [1], at=now)
    assert not Response.objects.exists()


def test_staff_of_the_care_team_write_answers_down_and_strangers_do_not(maya, dana, theo, jonah, now):
    given = {"patient": maya, "instrument_id": "gad-7", "answers": [1] * 7, "language": "es", "at": now}
    response = services.store_answers(**given, by=dana)
    assert (response.answered_by, response.language) == (dana, "es")
    for stranger in (theo, jonah.user):
        with pytest.raises(PermissionDenied):
            services.store_answers(**given, by=stranger)


def test_an_answer_can_never_be_changed(maya, now):
    response = make_response(maya, "phq-9", PHQ_9_MILD, at=now)
    response.total = 0
    with pytest.raises(DatabaseError), transaction.atomic():
        response.save()


def test_what_is_due_follows_the_rules(asked, now):
    today = now.date()
    assert due_names(asked, today) == ["gad-7", "phq-9", "who-5"]
    make_response(asked, "phq-9", PHQ_9_MILD, at=now)
    assert due_names(asked, today) == ["gad-7", "who-5"]
    assert "phq-9" not in due_names(asked, today + 13 * DAY)
    assert "phq-9" in due_names(asked, today + 14 * DAY)


def test_before_a_talk_alone_its_questions_are_due(asked, now):
    today = now.date()
    assert "weekly-check" not in due_names(asked, today)
    services.expect_individual(days={asked.pk: today + DAY})
    assert "weekly-check" in due_names(asked, today)
    make_response(asked, "weekly-check", [7, 1, 0, 0], at=now)
    assert "weekly-check" not in due_names(asked, today + DAY)
    services.expect_individual(days={})
    assert "weekly-check" not in due_names(asked, today + 7 * DAY)


def test_nobody_is_asked_for_more_minutes_a_week_than_promised(maya, dana, now):
    rules = pack.get("adult-evening").due_for("mental-health")
    services.follow_rules(patient=maya, rules=rules, started_on=now.date(), by=dana, at=now, minutes_a_week=4)
    assert due_names(maya, now.date()) == ["gad-7", "who-5"]
    make_response(maya, "who-5", [4] * 5, at=now)
    make_response(maya, "gad-7", [0] * 7, at=now)
    assert due_names(maya, now.date()) == []
    assert due_names(maya, now.date() + 7 * DAY) == ["phq-9"]


def test_too_little_answered_stays_due(asked, now):
    make_response(asked, "phq-9", [1, 1, 1, None, None, None, None, None, None], at=now)
    assert "phq-9" in due_names(asked, now.date())


def test_after_completion_the_completion_answers_and_follow_ups_are_asked(asked, dana, now):
    today = now.date()
    for instrument, answers in (("phq-9", PHQ_9_MILD), ("gad-7", [0] * 7), ("who-5", [4] * 5)):
        make_response(asked, instrument, answers, at=now)
    on = today + 84 * DAY
    assert services.complete_rules(patient=asked, on=on, by=dana, at=now + 84 * DAY) == 5
    assert services.complete_rules(patient=asked, on=on + DAY, by=dana, at=now + 85 * DAY) == 0
    assert due_names(asked, on) == ["gad-7", "phq-9", "who-5"]
    assert due_names(asked, on + 30 * DAY)[-1] == "follow-up"
    assert not queries.completed(asked, "phq-9", since=on)
    make_response(asked, "phq-9", PHQ_9_MILD, at=now + 84 * DAY)
    assert queries.completed(asked, "phq-9", since=on)


def test_an_evening_answer_counts_for_the_organisations_day(asked, now):
    late = now.replace(hour=3)  # 20:00 the day before in Denver
    make_response(asked, "who-5", [4] * 5, at=late)
    assert queries.completed(asked, "who-5", since=now.date() - DAY)
    assert not queries.completed(asked, "who-5", since=now.date())


def test_a_trajectory_tells_the_change_and_its_bands(maya, now):
    make_response(maya, "phq-9", [2] * 9, at=now)
    make_response(maya, "phq-9", PHQ_9_MILD, at=now + 14 * DAY)
    found = queries.trajectory(maya, "phq-9")
    assert [point.value for point in found.points] == [18, 7]
    assert found.change is not None
    assert found.change.direction == "better"
    assert [(band.low, band.high) for band in found.bands] == [(0, 4), (5, 9), (10, 14), (15, 19), (20, 27)]
    assert queries.bands_of(queries.trajectory(maya, "who-5").instrument)[-1].tone == "pine"
    ends = queries.first_and_last(maya, "phq-9", since=now.date())
    assert ends is not None
    first, last = ends
    assert (first.total, last.total) == (18, 7)


def test_lists_ask_as_many_queries_for_ten_people_as_for_one(maya, dana, now, django_assert_num_queries):
    people = [maya, *(make_patient(f"Ana{n}", "Diaz", at=now) for n in range(9))]
    rules = pack.get("adult-evening").due_for("co-occurring")
    for one in people:
        services.follow_rules(patient=one, rules=rules, started_on=now.date(), by=dana, at=now)
        make_response(one, "phq-9", PHQ_9_MILD, at=now)
    for some in (people[:1], people):
        with django_assert_num_queries(1):
            latest = queries.latest_by_instrument(some)
        with django_assert_num_queries(1):
            assert queries.totals_by_instrument(some)[maya.pk] == {"phq-9": [7]}
        with django_assert_num_queries(3):
            queries.due_by_patient(some, now.date())
        assert {row["phq-9"].total for row in latest.values()} == {7}
