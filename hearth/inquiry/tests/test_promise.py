from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from hearth.inquiry.promise import promised_by

DENVER = ZoneInfo("America/Denver")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=DENVER)


@pytest.mark.parametrize(
    ("received", "hours", "answered"),
    [
        ("2026-11-24T10:00", 4, "2026-11-24T14:00"),
        ("2026-11-24T13:00", 4, "2026-11-24T17:00"),
        ("2026-11-24T15:30", 4, "2026-11-25T11:30"),
        ("2026-11-24T02:00", 4, "2026-11-24T13:00"),
        ("2026-11-24T23:48", 4, "2026-11-25T13:00"),
        ("2026-11-27T16:00", 4, "2026-11-30T12:00"),
        ("2026-11-28T12:00", 4, "2026-11-30T13:00"),
        ("2026-11-24T10:00", 20, "2026-11-26T14:00"),
        ("2026-10-30T16:00", 2, "2026-11-02T10:00"),
    ],
)
def test_only_working_hours_count(received, hours, answered):
    assert promised_by(at(received), hours=hours, zone=DENVER) == at(answered)
