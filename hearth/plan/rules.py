"""Whether a dose and a length fit the level of care and the program. Plain data in, reasons out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
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


def week_of_program(starts_on: date, day: date) -> int:
    """Which week of a stay `day` is in, 1 for the first; 0 before it starts."""
    return max(0, (day - starts_on).days // 7 + 1)


def dose_in_week(dose: Mapping[str, Any], steps: Sequence[Mapping[str, Any]], week: int) -> dict[str, Any]:
    """The dose of this week of the program (1 is the first): the newest step down that has come, else `dose`."""
    come = [step["dose"] for step in steps if step["from_week"] <= week]
    return dict(come[-1] if come else dose)


def steps_down(
    dose: Mapping[str, Any],
    usual: Mapping[str, Any],
    phases: Iterable[tuple[int, str, Mapping[str, Any]]],
    *,
    week: int,
) -> list[dict[str, Any]]:
    """Where a dose set in this week of the program falls later, as a plan's `steps`.

    `usual` is the program's dose and `phases` are its phases: first week, id and dose. What is as usual in `dose`
    follows the phases that give less than usual; what was set otherwise for this person stays as it was set.
    """
    found: list[dict[str, Any]] = []
    for first_week, phase, theirs in phases:
        if first_week <= week or minutes_a_week(theirs) >= minutes_a_week(usual):
            continue
        step = {part: theirs[part] if dose[part] == usual[part] else dose[part] for part in dose}
        if step != (found[-1]["dose"] if found else dict(dose)):
            found.append({"from_week": first_week, "phase": phase, "dose": step})
    return found


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
