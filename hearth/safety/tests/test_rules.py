from datetime import UTC, datetime, timedelta

import pytest

from hearth.safety.models import Severity
from hearth.safety.rules import ANSWER_WITHIN, State, state

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
