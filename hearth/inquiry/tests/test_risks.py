from datetime import date

import pytest

from hearth.inquiry.packet import Measure
from hearth.inquiry.risks import disclosed

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("loinc", "value", "on", "tells"),
    [
        ("44260-8", 1.0, "2026-11-01", True),
        ("44260-8", 0.0, "2026-11-01", False),
        ("44260-8", 3.0, "2019-11-01", False),
        ("44260-8", 3.0, None, False),
        ("44261-6", 27.0, "2026-11-01", False),
        ("93374-7", "High risk", "2026-11-01", True),
        ("93374-7", "Moderate risk", "2026-11", True),
        ("93374-7", "Low risk", "2026-11-01", False),
        ("93374-7", "No risk indicated", "2026-11-01", False),
    ],
)
def test_only_recent_signs_of_suicidal_thoughts_tell_of_danger(loinc, value, on, tells):
    measure = Measure("any", loinc, value, on=on)
    assert bool(disclosed([measure], on=TODAY)) == tells
