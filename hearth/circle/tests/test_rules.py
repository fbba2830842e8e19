"""Quiet hours, when a host reads next, what rules lead to, and what may be decided."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.circle import rules

DENVER = ZoneInfo("America/Denver")


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=DENVER)


@pytest.mark.parametrize(
    ("written", "appears"),
    [
        (at(24, 12), at(24, 12)),
        (at(24, 21, 59), at(24, 21, 59)),
        (at(24, 22), at(25, 7)),
        (at(25, 0, 30), at(25, 7)),
        (at(25, 7), at(25, 7)),
    ],
)
def test_what_is_written_in_quiet_hours_appears_in_the_morning(written, appears):
    assert rules.appears_at(written, zone=DENVER) == appears


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (at(24, 12), at(24, 12)),  # Tuesday within hours
        (at(24, 20), at(25, 9)),
        (at(27, 21), at(30, 9)),  # Friday night: Monday
        (at(23, 3), at(23, 9)),
    ],
)
def test_a_person_reads_next_in_the_hosts_hours(written, read):
    assert rules.read_next(written, hours=rules.HOURS, zone=DENVER) == read


def test_nobody_reads_where_there_are_no_hours():
    assert rules.read_next(at(24, 12), hours=[], zone=DENVER) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds it
def test_nothing_appears_before_it_was_written_or_in_quiet_hours(moment):
    shown = rules.appears_at(moment, zone=DENVER)
    assert moment <= shown <= moment + timedelta(hours=10)
    assert not rules.is_quiet(shown, zone=DENVER)
    assert rules.read_next(moment, hours=rules.HOURS, zone=DENVER) >= moment


@pytest.mark.parametrize(
    ("text", "reasons", "severity"),
    [
        ("I slept six hours.", (), ""),
        ("Text me tonight", ("exchange",), ""),
        ("I want to die", ("suicide",), "urgent"),
        ("I'm going to kill myself tonight, text me", ("now", "suicide", "exchange"), "emergency"),
        ("selling xans $5 each hmu", ("exchange", "selling"), ""),
    ],
)
def test_a_text_is_held_for_each_rule_it_meets_and_danger_has_a_severity(text, reasons, severity):
    assert rules.judge(text) == rules.Verdict(reasons, severity)


def test_where_a_host_reads_first_everything_is_held():
    assert rules.judge("Good morning", reads_first=True) == rules.Verdict((rules.READ_FIRST,), "")


STATES = ("shown", "held", "returned", "hidden", "taken_back", "staff_only")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("is_appealed", [True, False])
def test_what_may_be_decided_leads_somewhere(state, is_appealed):
    for what in rules.choices(state, is_appealed=is_appealed):
        assert rules.becomes(state, what) in STATES
    if state in ("taken_back", "staff_only"):
        assert rules.choices(state, is_appealed=is_appealed) == ()


def test_what_was_told_about_a_post_that_the_others_no_longer_read_can_be_closed():
    assert rules.choices("taken_back", is_appealed=False, is_reported=True) == ("keep",)
    assert "keep" in rules.choices("hidden", is_appealed=False, is_reported=True)
    assert "keep" not in rules.choices("held", is_appealed=False, is_reported=True)


def test_an_appeal_is_answered_before_anything_else():
    assert rules.choices("hidden", is_appealed=True) == ("restore", "uphold")
    assert rules.choices("hidden", is_appealed=False) == ("restore", "strike")
