"""Which rules an incident comes under, and until when something must be told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.lib.states import STATES
from hearth.safety.incident_models import Incident
from hearth.safety.incident_rules import Event, Standing, Unit, book, deadline, duties_of, may_review, standing
from hearth.safety.incident_words import KINDS, TELLINGS, within
from hearth.safety.models import Severity

DENVER = ZoneInfo("America/Denver")
SINCE_2020 = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=7000)).map(lambda passed: SINCE_2020 + passed)
FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=DENVER)


def event(kind="fall", **said):
    facts: dict[str, Any] = {"harm": "none", "state": "CO", "is_near_miss": False, "involves_staff": False}
    return Event(kind, **(facts | {"on": FRIDAY.date()} | said))


def ids(one):
    return [duty.id for duty in duties_of(one, book().duties)]


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (event(), []),
        (event(harm="hospital"), []),
        (event(harm="hospital", involves_staff=True), ["osha_hospital"]),
        (event("death", harm="death", involves_staff=True), ["osha_death"]),
        (event("death", harm="death", involves_staff=True, on=date(2014, 12, 31)), []),
        (event("privacy"), ["breach_people", "breach_media", "breach_secretary_many", "breach_secretary_few"]),
        (event("privacy", is_near_miss=True), []),
        (event("allegation"), ["co_child", "co_elder"]),
        (event("allegation", state="NM"), []),
    ],
)
def test_an_incident_comes_under_the_rules_of_its_kind_harm_people_state_and_day(one, found):
    assert ids(one) == found


@pytest.mark.parametrize(
    ("amount", "unit", "until"),
    [
        (8, Unit.HOURS, datetime(2026, 11, 21, 0, 30, tzinfo=DENVER)),
        *((0, unit, FRIDAY) for unit in Unit),
        (60, Unit.DAYS, datetime(2027, 1, 19, 23, 59, tzinfo=DENVER)),
        (1, Unit.BUSINESS_DAYS, datetime(2026, 11, 23, 23, 59, tzinfo=DENVER)),
        (5, Unit.BUSINESS_DAYS, datetime(2026, 11, 27, 23, 59, tzinfo=DENVER)),
        (60, Unit.DAYS_AFTER_YEAR, datetime(2027, 3, 1, 23, 59, tzinfo=DENVER)),
    ],
)
def test_a_deadline_counts_from_when_the_house_learned_of_it(amount, unit, until):
    assert deadline(amount, unit, learned_at=FRIDAY, zone=DENVER) == until


def test_a_day_is_the_day_in_the_house_not_in_london():
    late = datetime(2026, 11, 21, 2, tzinfo=ZoneInfo("UTC"))  # still Friday in Denver
    assert deadline(1, Unit.DAYS, learned_at=late, zone=DENVER) == datetime(2026, 11, 21, 23, 59, tzinfo=DENVER)


@given(MOMENTS, st.integers(1, 90), st.sampled_from(list(Unit)))
def test_more_time_is_never_a_sooner_deadline(learned, amount, unit):
    until = deadline(amount, unit, learned_at=learned, zone=DENVER)
    assert learned < until < deadline(amount + 1, unit, learned_at=learned, zone=DENVER)


@pytest.mark.parametrize(
    ("settled", "left", "found"),
    [
        ("", timedelta(0), Standing.OVERDUE),
        ("", timedelta(hours=24), Standing.SOON),
        ("", timedelta(hours=25), Standing.OPEN),
        ("told", timedelta(hours=-1), Standing.TOLD),
        ("not_due", timedelta(hours=-1), Standing.NOT_DUE),
    ],
)
def test_what_must_be_told_is_overdue_until_somebody_settled_it(settled, left, found):
    assert standing(settled, FRIDAY + left, at=FRIDAY) == found


def test_nobody_reviews_what_they_were_in():
    assert may_review(has_role=True, is_involved=False)
    assert not may_review(has_role=True, is_involved=True)
    assert not may_review(has_role=False, is_involved=False)


def test_the_file_is_whole_and_every_rule_names_its_source():
    found = book()
    assert found.version == "2026-11-30.2"
    assert set(KINDS) == set(found.kinds)
    assert {one.id for one in found.duties} == set(TELLINGS)
    assert {one.concern for one in found.kinds.values()} <= {"", *Severity.values}
    for one in found.duties:
        assert one.source
        assert one.kinds <= set(KINDS)
        assert one.harms <= set(Incident.Harm.values)
        assert one.states <= {letters for letters, _name in STATES}
        assert one.is_checked or one.effective or one.states


def test_every_deadline_of_the_file_is_the_one_we_know_so_that_none_changes_unseen():
    assert {one.id: (one.within, one.unit) for one in book().duties} == {
        "osha_death": (8, "hours"),
        "osha_hospital": (24, "hours"),
        "breach_people": (60, "days"),
        "breach_media": (60, "days"),
        "breach_secretary_many": (60, "days"),
        "breach_secretary_few": (60, "days_after_year"),
        "co_child": (0, "hours"),
        "co_elder": (24, "hours"),
    }


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (0, "hours", "at once"),
        (1, "hours", "within 1 hour"),
        (24, "hours", "within 24 hours"),
        (60, "days", "within 60 days"),
        (1, "business_days", "within 1 business day"),
        (60, "days_after_year", "within 60 days after the year"),
    ],
)
def test_a_deadline_is_said_in_words(amount, unit, words):
    assert within(amount, unit) == words


def test_what_is_still_to_be_read_at_its_source_is_known():
    assert {one.id for one in book().duties if not one.is_checked} == {"breach_people", "breach_media"}
