"""Which rules hold for a danger, until when, who settles it; and that everything in the file has words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.safety.protection_models import ProtectiveDuty
from hearth.safety.protection_rules import (
    WIDEST,
    Lacks,
    Outcome,
    Standing,
    book,
    due_at,
    lacking,
    may_be_met_untold,
    read,
    rules_of,
    standing,
)
from hearth.safety.protection_words import CHILD_LINE, LINES, PATHWAYS, RULES, WHOM, numbers, pathway

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
    assert old == {"ca_at_risk_adult", "tx_child", "ut_at_risk_adult"}
    assert {one.id for one in book().rules if not one.states and not one.is_checked} == {
        "hipaa_child",
        "part2_premises",
    }


STATES_WITH_LINES = ("AZ", "CA", "CO", "TX", "UT")


def test_each_state_we_know_has_a_line_for_children_and_one_for_adults():
    lines = [(one.danger, one.state) for one in book().lines]
    assert sorted(lines) == sorted((danger, state) for danger in LINES for state in STATES_WITH_LINES)
    assert all(one.address.startswith("https://") for one in book().lines if one.is_checked)
    assert {(one.danger, one.state) for one in book().lines if not one.is_checked} == {
        ("child", "CA"),
        ("at_risk_adult", "UT"),
    }


@pytest.mark.parametrize(
    ("danger", "state", "shown"),
    [
        ("child", "AZ", "888 767 2445"),
        ("child", "CO", "844 264 5437"),
        ("child", "TX", "800 252 5400"),
        ("child", "UT", "855 323 3237"),
        ("child", "WY", CHILD_LINE.shown),
        ("child", "", CHILD_LINE.shown),
        ("at_risk_adult", "AZ", "877 767 2385"),
        ("at_risk_adult", "CA", "833 401 0832"),
        ("at_risk_adult", "TX", "800 252 5400"),
        ("at_risk_adult", "UT", "800 371 7897"),
    ],
)
def test_the_line_of_the_state_is_called_first(danger, state, shown):
    assert numbers(danger, state, at=NOW)[0].shown == shown


def test_where_each_county_has_its_own_number_none_is_dialled():
    for danger, state in (("child", "CA"), ("at_risk_adult", "CO")):
        own = numbers(danger, state, at=NOW)[0]
        assert (own.tel, own.shown) == ("", "Each county has its own number")


PHOENIX = ZoneInfo("America/Phoenix")


@pytest.mark.parametrize(
    ("state", "local", "is_open"),
    [
        ("AZ", datetime(2026, 11, 24, 6, 59, tzinfo=PHOENIX), False),
        ("AZ", datetime(2026, 11, 24, 7, tzinfo=PHOENIX), True),
        ("AZ", datetime(2026, 11, 24, 19, tzinfo=PHOENIX), False),
        ("AZ", datetime(2026, 11, 28, 9, tzinfo=PHOENIX), False),
        ("AZ", datetime(2026, 11, 28, 17, 59, tzinfo=PHOENIX), True),
        ("UT", datetime(2026, 11, 24, 16, 59, tzinfo=DENVER), True),
        ("UT", datetime(2026, 11, 28, 12, tzinfo=DENVER), False),
        ("TX", datetime(2026, 11, 28, 3, tzinfo=DENVER), True),
    ],
)
def test_a_line_that_is_closed_says_what_to_do_instead(state, local, is_open):
    own = numbers("at_risk_adult", state, at=local.astimezone(UTC))[0]
    assert ("Closed now: report on their page" in own.note) is not is_open


def test_hours_stand_beside_the_number_on_the_clock_of_its_state():
    assert (
        numbers("at_risk_adult", "AZ", at=NOW)[0].note == "Mon to Fri 07:00 to 19:00, Sat to Sun 10:00 to 18:00 (MST)."
    )
    assert numbers("child", "TX", at=NOW)[0].note == "Day and night."


def test_a_number_we_did_not_find_at_an_official_source_says_so():
    assert "not found this at an official source" in numbers("at_risk_adult", "UT", at=NOW)[0].note


@pytest.mark.parametrize(
    ("state", "asks", "whom"),
    [
        ("AZ", "Age alone does not count here", "Adult protective services, or the police where that person lives"),
        ("CA", "somebody of 60 or more", "The state's adult protective services"),
        ("CO", "somebody of 70 or more", "The police where that person lives"),
        ("TX", "somebody of 65 or more", "The state's adult protective services"),
        ("UT", "somebody of 65 or more", "Adult protective services, or the police where that person lives"),
        ("WY", "somebody of 60 or more", "Adult protective services, or the police where that person lives"),
        ("", "somebody of 60 or more", "Adult protective services, or the police where that person lives"),
    ],
)
def test_who_is_an_adult_at_risk_and_whom_to_tell_is_the_states_own(state, asks, whom):
    found = pathway("at_risk_adult", state)
    assert asks in str(found.asks)
    assert str(found.whom[0]) == whom


def test_where_the_state_is_not_known_nobody_is_left_out_whom_a_state_counts():
    elders = [one.elder for one in book().adults.values() if one.elder is not None]
    assert min(elders) == WIDEST
    assert {one for found in book().adults.values() for one in found.whom} <= set(WHOM)


@pytest.mark.parametrize("part", ["address", "checked_on"])
def test_a_line_that_was_seen_says_where_and_when(part):
    row = {"danger": "child", "state": "CO", "source": "-", "address": "-", "status": "seen", "checked_on": TODAY}
    found = {"version": "-", "danger": [], "rule": [], "adult": [], "line": [row]}
    assert read(found).lines[0].is_checked
    del row[part]
    with pytest.raises(KeyError):
        read(found)


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
