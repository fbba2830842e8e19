"""Which rules hold for a danger, until when, who settles it; and that everything in the file has words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.safety.protection_models import ProtectiveDuty
from hearth.safety.protection_rules import (
    Lacks,
    Outcome,
    Standing,
    book,
    due_at,
    lacking,
    may_be_met_untold,
    rules_of,
    standing,
)
from hearth.safety.protection_words import CHILD_LINE, COLORADO_LINE, PATHWAYS, RULES, numbers

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 23, 48, tzinfo=UTC)
DENVER = ZoneInfo("America/Denver")


def minutes_left(danger, state):
    found = rules_of(danger, state=state, on=TODAY)
    return (due_at(danger, found, learned_at=NOW, zone=DENVER) - NOW) / timedelta(minutes=1)


def test_everything_in_the_file_has_words_and_everything_with_words_stands_in_it():
    assert list(book().dangers) == list(PATHWAYS)
    assert {one.id for one in book().rules} == set(RULES)
    assert {danger for one in book().rules for danger in one.dangers} <= set(PATHWAYS)
    assert max(map(len, PATHWAYS)) <= (ProtectiveDuty._meta.get_field("danger").max_length or 0)


@pytest.mark.parametrize(
    ("danger", "state", "minutes"),
    [
        ("threat", "CO", 0),
        ("threat", "WY", 60),
        ("child", "CO", 0),
        ("child", "WY", 0),
        ("child", "", 0),
        ("at_risk_adult", "CO", 24 * 60),
        ("at_risk_adult", "NY", 24 * 60),
        ("at_risk_adult", "TX", 0),
        ("at_risk_adult", "CA", 0),
        ("threat", "CA", 60),
        ("threat", "TX", 60),
        ("child", "UT", 0),
        ("partner", "CO", 24 * 60),
        ("trafficking", "CO", 24 * 60),
        ("grave_disability", "CO", 60),
    ],
)
def test_the_state_gives_the_time_and_hearth_where_it_gives_none(danger, state, minutes):
    assert minutes_left(danger, state) == minutes


def test_a_rule_of_one_state_holds_in_no_other_and_none_before_it_was_in_force():
    assert "co_threat" in {one.id for one in rules_of("threat", state="CO", on=TODAY)}
    assert "co_threat" not in {one.id for one in rules_of("threat", state="CA", on=TODAY)}
    assert [one.id for one in rules_of("at_risk_adult", state="CO", on=date(2016, 6, 30))] == ["hipaa_adult"]


def test_law_of_which_only_an_old_copy_was_read_is_to_be_read_again():
    old = {one.id for one in book().rules if one.states and not one.is_checked}
    assert old == {"co_child", "co_hold", "ca_at_risk_adult", "tx_child", "ut_threat", "ut_at_risk_adult"}


def test_the_hotline_of_a_state_is_shown_to_those_of_that_state():
    assert COLORADO_LINE in numbers("child", "CO")
    assert COLORADO_LINE not in numbers("child", "UT")
    assert numbers("child", "UT")[0] == CHILD_LINE


def test_the_states_own_rule_is_read_first():
    assert rules_of("threat", state="CO", on=TODAY)[0].id == "co_threat"


@pytest.mark.parametrize(
    ("outcome", "has_acted", "minutes", "expected"),
    [
        ("", False, 1, Standing.OPEN),
        ("", False, 0, Standing.OVERDUE),
        ("", True, -60, Standing.ACTED),
        ("done", True, -60, Standing.DONE),
        ("not_due", False, -60, Standing.NOT_DUE),
    ],
)
def test_it_is_overdue_when_nobody_acted_in_time(outcome, has_acted, minutes, expected):
    due = NOW + timedelta(minutes=minutes)
    assert standing(outcome, has_acted=has_acted, due_at=due, at=NOW) == expected


@pytest.mark.parametrize(
    ("danger", "may"),
    [("child", False), ("at_risk_adult", False), ("threat", True)],
)
def test_nothing_takes_the_place_of_a_report_that_whoever_knows_must_make(danger, may):
    assert may_be_met_untold(danger) == may


@pytest.mark.parametrize(
    ("danger", "outcome", "has_acted", "is_licensed", "words", "lacks"),
    [
        ("child", Outcome.DONE, True, False, "", None),
        ("child", Outcome.DONE, False, True, "", Lacks.ACT),
        ("child", Outcome.NOT_DUE, False, False, "She is 20", Lacks.LICENCE),
        ("child", Outcome.NOT_DUE, False, True, "  ", Lacks.REASON),
        ("threat", Outcome.DONE, True, False, "", Lacks.LICENCE),
        ("threat", Outcome.DONE, True, True, "", None),
        ("threat", Outcome.NOT_DUE, False, True, "Meant a film", None),
    ],
)
def test_it_is_settled_by_who_may_after_something_was_done_or_with_a_reason(
    danger, outcome, has_acted, is_licensed, words, lacks
):
    assert lacking(danger, outcome, has_acted=has_acted, is_licensed=is_licensed, words=words) == lacks


@given(
    danger=st.sampled_from(sorted(PATHWAYS)),
    state=st.sampled_from(["AZ", "CA", "CO", "NY", "TX", "UT", ""]),
    hours=st.integers(0, 200_000),
    zone=st.sampled_from([DENVER, ZoneInfo("Pacific/Auckland"), UTC]),
)
def test_it_is_due_never_before_it_was_learned_nor_more_than_a_day_later(danger, state, hours, zone):
    learned_at = NOW - timedelta(hours=hours)
    found = rules_of(danger, state=state, on=learned_at.date())
    assert timedelta() <= due_at(danger, found, learned_at=learned_at, zone=zone) - learned_at <= timedelta(hours=24)
