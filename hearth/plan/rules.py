"""Whether a dose and a length fit the level of care and the program. Plain data in, reasons out."""

from collections.abc import Mapping
from typing import Any, Protocol

KINDS = ("group", "skills", "individual", "family")

LEAST = {"adult": 540, "adolescent": 360}
MOST = {"adult": 1140, "adolescent": 1140}
"""Weekly minutes of ASAM level 2.1: 9 to 19 hours for adults, 6 to 19 for adolescents (12VAC30-130-5090)."""


class Length(Protocol):
    """Weeks a program lasts."""

    @property
    def least(self) -> int: ...
    @property
    def most(self) -> int: ...


def minutes_a_week(dose: Mapping[str, Any]) -> int:
    """All minutes of a weekly dose."""
    return sum(int(dose[kind]["count"]) * int(dose[kind]["minutes"]) for kind in KINDS)


def problems(dose: Mapping[str, Any], weeks: int, *, population: str, length: Length, why: str) -> tuple[str, ...]:
    """Codes of what is wrong, worded in `plan.forms`; empty if the plan can be used."""
    minutes = minutes_a_week(dose)
    found = {
        "below_level": minutes < LEAST[population],
        "above_level": minutes > MOST[population],
        "too_many_days": not 1 <= int(dose["days"]) <= 5,
        "more_groups_than_days": int(dose["group"]["count"]) > int(dose["days"]) * int(dose["group"]["per_day"]),
        "too_short": weeks < length.least,
        "too_long": weeks > length.most,
        "why_missing": not why.strip(),
    }
    return tuple(code for code, holds in found.items() if holds)
