from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.safety.models import Severity
from hearth.safety.rules import (
    ANSWER_WITHIN,
    FIRST_AFTER,
    STEP,
    Area,
    Clock,
    Missing,
    Numbers,
    Rung,
    State,
    areas_at,
    missing_to_close,
    next_step,
    numbers,
    state,
)

RAISED = datetime(2026, 11, 24, 12, tzinfo=UTC)


def clock(severity="urgent", **minutes):
    """A concern raised at RAISED, to which things happened so many minutes later."""
    moments = {name: RAISED + timedelta(minutes=after) for name, after in minutes.items()}
    return replace(Clock(severity, RAISED), **moments)  # type: ignore[arg-type]


def where(severity="urgent", *, after=0, **minutes):
    return state(clock(severity, **minutes), at=RAISED + timedelta(minutes=after))


@pytest.mark.parametrize(
    ("severity", "minutes", "expected"),
    [
        ("emergency", 14, State.WAITING),
        ("emergency", 15, State.OVERDUE),
        ("urgent", 59, State.WAITING),
        ("urgent", 60, State.OVERDUE),
        ("watch", 24 * 60 - 1, State.WAITING),
        ("watch", 24 * 60, State.OVERDUE),
    ],
)
def test_a_concern_nobody_answers_becomes_overdue(severity, minutes, expected):
    assert where(severity, after=minutes) == expected


def test_taking_it_stops_nothing_and_only_speaking_with_them_answers_it():
    assert where(after=59, taken_at=0) == State.TAKEN
    assert where(after=60, taken_at=0) == State.OVERDUE
    assert where(after=600, taken_at=0, reached_at=20) == State.REACHED
    assert where(after=600, resolved_at=600) == State.RESOLVED


def test_a_try_gives_the_same_time_once_more():
    assert where(after=100, taken_at=0, tried_at=50) == State.TAKEN
    assert where(after=110, taken_at=0, tried_at=50) == State.OVERDUE


def test_every_severity_has_its_times():
    assert set(ANSWER_WITHIN) == set(STEP) == set(FIRST_AFTER) == set(Severity.values)


def told_until(severity="urgent", *, after, **minutes):
    """Who was told at which minute, where the worker looks every minute."""
    told: list[tuple[int, Rung]] = []
    for minute in range(after + 1):
        at = RAISED + timedelta(minutes=minute)
        last = RAISED + timedelta(minutes=told[-1][0]) if told else None
        if rung := next_step(clock(severity, **minutes), told=len(told), last_told_at=last, at=at):
            told.append((minute, rung))
    return told


def test_the_counselor_is_told_at_once_then_each_next_and_the_last_again_and_again():
    rungs = [Rung.COUNSELOR, Rung.SUPERVISOR, Rung.DIRECTOR, Rung.DIRECTOR, Rung.DIRECTOR]
    assert told_until(after=60) == list(zip((0, 15, 30, 45, 60), rungs, strict=True))
    assert told_until("emergency", after=20) == list(zip((0, 5, 10, 15, 20), rungs, strict=True))


def test_what_is_only_to_be_watched_rings_with_nobody_on_the_first_day():
    assert told_until("watch", after=24 * 60 - 1) == []
    assert told_until("watch", after=24 * 60) == [(24 * 60, Rung.COUNSELOR)]


def test_a_worker_that_was_away_goes_on_with_the_next_step_and_skips_none():
    assert next_step(clock(), told=1, last_told_at=RAISED, at=RAISED + timedelta(hours=9)) == Rung.SUPERVISOR


def test_speaking_with_them_ends_the_telling_and_a_try_delays_it():
    assert told_until(after=60, reached_at=0) == []
    assert told_until(after=60, resolved_at=0) == []
    assert [minute for minute, _rung in told_until(after=60, tried_at=20)] == [35, 50]


@given(st.integers(0, 50), st.integers(0, 5000), st.sampled_from(sorted(STEP)), st.booleans())
def test_while_nobody_was_spoken_with_somebody_is_always_told_in_the_end(told, waited, severity, taken):
    since = RAISED + timedelta(minutes=waited)
    asked = clock(severity, **({"taken_at": 0} if taken else {}))
    late = since + ANSWER_WITHIN["watch"] + STEP["watch"]
    rung = next_step(asked, told=told, last_told_at=since if told else None, at=late)
    assert rung == (Rung.COUNSELOR, Rung.SUPERVISOR, Rung.DIRECTOR)[min(told, 2)]


@pytest.mark.parametrize(
    ("contacts", "assessments", "unsettled", "action", "missing"),
    [
        (1, 1, 0, "Called", ()),
        (0, 1, 0, "Called", (Missing.CONTACT,)),
        (3, 0, 0, "Called", (Missing.ASSESSMENT,)),
        (3, 1, 1, "Called", (Missing.PROTECTION,)),
        (0, 0, 2, "  ", (Missing.CONTACT, Missing.ASSESSMENT, Missing.PROTECTION, Missing.ACTION)),
    ],
)
def test_a_concern_is_closed_only_with_a_contact_an_assessment_an_action_and_nobody_else_in_danger(
    contacts, assessments, unsettled, action, missing
):
    found = missing_to_close(contacts=contacts, assessments=assessments, unsettled=unsettled, action=action)
    assert found == missing


DENVER = Area("denver", "CO", "Denver", frozenset({"80202", "80014"}))
ARAPAHOE = Area("arapahoe", "CO", "Arapahoe County", frozenset({"80014"}))
COLORADO = Area("colorado", "CO")
LARAMIE = Area("laramie", "WY", "Laramie", frozenset({"82001"}))
AREAS = [COLORADO, LARAMIE, ARAPAHOE, DENVER]


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ({"state": "CO", "postal_code": "80202"}, [DENVER, COLORADO]),
        ({"state": "co", "postal_code": "80202-1234", "county": "denver county"}, [DENVER, COLORADO]),
        ({"state": "CO", "postal_code": "80014"}, [ARAPAHOE, DENVER, COLORADO]),
        ({"state": "CO", "postal_code": "80014", "county": "Arapahoe"}, [ARAPAHOE, COLORADO]),
        ({"state": "CO", "postal_code": "80999", "county": "County of Denver"}, [DENVER, COLORADO]),
        ({"state": "CO", "county": "county"}, [COLORADO]),
        ({"state": "CO"}, [COLORADO]),
        ({"state": "WY", "postal_code": "80202"}, []),
        ({"state": "NM", "county": "Denver"}, []),
    ],
)
def test_an_address_lies_in_its_own_county_first(place, found):
    assert list(areas_at(AREAS, **place)) == found


@given(
    st.permutations(AREAS),
    st.sampled_from(["CO", "WY", "NM"]),
    st.sampled_from(["", "Denver", "arapahoe", "Laramie", "nowhere"]),
    st.sampled_from(["", "80202", "80014", "82001", "99999"]),
)
def test_help_is_never_looked_for_in_another_state_and_order_does_not_matter(areas, state, county, code):
    found = areas_at(areas, state=state, county=county, postal_code=code)
    assert found == areas_at(AREAS, state=state, county=county, postal_code=code)
    assert {area.state for area in found} <= {state}
    assert len(set(found)) == len(found)
    assert [area.county == "" for area in found] == sorted(area.county == "" for area in found)


@pytest.mark.parametrize(
    ("dispatch", "crisis", "said"),
    [
        (None, date(2026, 11, 1), Numbers.MISSING),
        (date(2026, 11, 1), None, Numbers.KNOWN),
        (date(2026, 11, 1), date(2026, 5, 1), Numbers.OLD),
        (date(2026, 6, 4), date(2026, 11, 1), Numbers.KNOWN),
        (date(2026, 6, 3), date(2026, 11, 1), Numbers.OLD),
    ],
)
def test_numbers_of_a_place_are_known_missing_or_not_checked_for_long(dispatch, crisis, said):
    assert numbers(dispatch=dispatch, crisis=crisis, today=date(2026, 12, 1)) == said
