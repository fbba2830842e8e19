from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.safety.models import Severity
from hearth.safety.rules import ANSWER_WITHIN, Area, State, areas_at, state

RAISED = datetime(2026, 11, 24, 12, tzinfo=UTC)


def where(severity="urgent", *, after=0, taken=False, resolved=False):
    at = RAISED + timedelta(minutes=after)
    return state(
        severity, raised_at=RAISED, taken_at=RAISED if taken else None, resolved_at=at if resolved else None, at=at
    )


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
def test_a_concern_nobody_has_taken_becomes_overdue(severity, minutes, expected):
    assert where(severity, after=minutes) == expected


def test_what_somebody_has_taken_or_dealt_with_is_not_overdue():
    assert where(after=600, taken=True) == State.TAKEN
    assert where(after=600, resolved=True) == State.RESOLVED


def test_every_severity_has_a_time():
    assert set(ANSWER_WITHIN) == set(Severity.values)


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
