from datetime import timedelta

import pytest
from django.urls import reverse

from hearth.measures import services, standing
from hearth.measures.testing import PHQ_9_MILD, make_response
from hearth.program.pack import DueRule

WEEK = timedelta(days=7)


@pytest.fixture
def asked(maya, dana, now):
    """Maya has been asked PHQ-9 and WHO-5 every two weeks for eight weeks."""
    rules = [DueRule("phq-9", True, 14), DueRule("who-5", True, 14)]
    services.follow_rules(patient=maya, rules=rules, started_on=(now - 8 * WEEK).date(), by=dana, at=now)
    return maya


def test_a_glance_tells_change_course_and_what_is_overdue(asked, now):
    make_response(asked, "phq-9", [2] * 9, at=now - 8 * WEEK)
    make_response(asked, "phq-9", [2] * 9, at=now - 4 * WEEK)
    make_response(asked, "phq-9", [3] * 8 + [0], at=now)
    make_response(asked, "who-5", [1] * 5, at=now - 8 * WEEK)
    phq, who = standing.standings(asked, now.date())
    assert (phq.instrument.id, phq.standing, phq.values) == ("phq-9", "off", [18, 18, 24])
    assert phq.change is not None
    assert phq.change.direction == "worse"
    assert phq.expected is not None
    assert phq.expected < 12
    assert (phq.overdue_since, who.standing) == (None, "unknown")
    assert who.overdue_since == (now - 6 * WEEK).date()


def test_an_earlier_stay_is_no_baseline(asked, now):
    make_response(asked, "phq-9", [3] * 8 + [0], at=now - 30 * WEEK)
    make_response(asked, "phq-9", PHQ_9_MILD, at=now)
    (phq,) = standing.standings(asked, now.date())
    assert phq.values == [7]
    assert phq.change is None


def test_the_chart_and_the_measures_page_show_the_strip(as_user, asked, dana, now):
    make_response(asked, "phq-9", [2] * 9, at=now - 4 * WEEK)
    make_response(asked, "phq-9", [3] * 8 + [0], at=now)
    for page in ("measures:of-patient", "web:chart"):
        text = as_user(dana).get(reverse(page, args=[asked.pk])).text
        assert "not on track" in text
        assert "6 points higher: at least the 6 that count" in text
