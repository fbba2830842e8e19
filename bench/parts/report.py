"""Figures as every bench tells them: a table for people, a file for machines."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def figure(
    value: float | None, unit: str, goal: float | None, *, better: str = "less", places: int | None = None
) -> Json:
    """One figure, told with so many decimal `places` and judged without rounding; not measured is not met."""
    met = None
    if goal is not None:
        met = value is not None and (value >= goal if better == "more" else value <= goal)
    told = value if value is None or places is None else round(value, places)
    return {"value": told, "unit": unit, "goal": goal, "better": better, "met": met}


def show(figures: dict[str, Json], *, wide: tuple[int, int, int]) -> None:
    """A line for each, its name, value and unit so many letters wide."""
    name, number, word = wide
    for key, each in figures.items():
        goal = "" if each["goal"] is None else f"goal {each['goal']:g}, {'met' if each['met'] else 'not met'}"
        print(f"{key:<{name}} {each['value']:>{number}g} {each['unit']:<{word}} {goal}")


def finish(
    bench: str, figures: dict[str, Json], *, to: str | None, whole: bool = True, cores: int | None = None
) -> int:
    """Write the report to the file `to`, if one is named; returns the exit status, 0 where every goal is met.

    They are not where something was left out, so that the `whole` was not run.
    """
    met = whole and all(each["met"] is not False for each in figures.values())
    report = {
        "bench": bench,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": cores or os.cpu_count()},
        "figures": figures,
        "met": met,
    }
    if to:
        Path(to).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0 if met else 1
