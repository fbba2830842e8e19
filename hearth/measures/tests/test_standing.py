from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.measures import queries, services, standing
from hearth.measures.testing import PHQ_9_MILD, make_response
from hearth.program.pack import DueRule

WEEK = timedelta(days=7)


@pytest.fixture
def asked(maya, dana, now):
    """Maya has been asked PHQ-9 and WHO-5 every two weeks for eight weeks."""
    rules = [DueRule("phq-9", True, 14), DueRule("who-5", True, 14)]
    services.follow_rules(patient=maya, rules=rules, started_on=(now - 8 * WEEK).date(), by=dana, at=now)
    return maya


def stand(patient, now):
    today = now.date()
    return standing.standings(
        patient, today, responses=queries.responses_of(patient), due=queries.due_measures(patient, today)
    )


def test_a_glance_tells_change_course_and_what_is_overdue(asked, now):
    make_response(asked, "phq-9", [2] * 9, at=now - 8 * WEEK)
    make_response(asked, "phq-9", [2] * 9, at=now - 4 * WEEK)
    make_response(asked, "phq-9", [3] * 8 + [0], at=now)
    make_response(asked, "who-5", [1] * 5, at=now - 8 * WEEK)
    phq, who = stand(asked, now)
    assert (phq.instrument.id, phq.standing, phq.values) == ("phq-9", "off", [18, 18, 24])
    assert phq.change is not None
    assert phq.change.direction == "worse"
    assert phq.expected is not None
    assert phq.expected < 12
    assert (phq.overdue_since, who.standing) == (None, "unknown")
    assert who.overdue_since == (now - 6 * WEEK).date()


def test_what_was_never_answered_is_overdue_all_the_same(as_user, asked, dana, now):
    phq, who = stand(asked, now)
    assert (phq.instrument.id, phq.totals, phq.latest) == ("phq-9", (), None)
    assert (phq.overdue_since, who.overdue_since) == ((now - 8 * WEEK).date(), (now - 8 * WEEK).date())
    for page in ("measures:of-patient", "web:chart"):
        assert "overdue since" in as_user(dana).get(reverse(page, args=[asked.pk])).text


def test_the_measures_page_reads_answers_and_rules_once(as_user, asked, dana, now):
    make_response(asked, "phq-9", [2] * 9, at=now - 4 * WEEK)
    client, page = as_user(dana), reverse("measures:of-patient", args=[asked.pk])
    with CaptureQueriesContext(connection) as asked_for:
        client.get(page)
    everything = [one["sql"] for one in asked_for if 'ORDER BY "measures_response"."answered_at" DESC' in one["sql"]]
    assert len(everything) == 1


def test_an_earlier_stay_is_no_baseline(asked, now):
    make_response(asked, "phq-9", [3] * 8 + [0], at=now - 30 * WEEK)
    make_response(asked, "phq-9", PHQ_9_MILD, at=now)
    phq = next(one for one in stand(asked, now) if one.instrument.id == "phq-9")
    assert phq.values == [7]
    assert phq.change is None


def test_the_chart_and_the_measures_page_show_the_strip(as_user, asked, dana, now):
    make_response(asked, "phq-9", [2] * 9, at=now - 4 * WEEK)
    make_response(asked, "phq-9", [3] * 8 + [0], at=now)
    for page in ("measures:of-patient", "web:chart"):
        text = as_user(dana).get(reverse(page, args=[asked.pk])).text
        assert "not on track" in text
        assert "6 points higher: at least the 6 that count" in text
