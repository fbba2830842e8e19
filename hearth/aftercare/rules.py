"""Whether a stay meets its program's completion criteria. Plain data in, a verdict with reasons out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol


class Criterion(Protocol):
    """One thing a program's pack asks for (see program.pack)."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def limits(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Stay:
    """What is known of a stay on the day it is judged."""

    today: date
    ends_on: date
    prescribed_sessions: int
    attended_sessions: int
    goals: int
    goals_reviewed_on: date | None
    measure_change: Mapping[str, tuple[int, int, bool]]  # instrument: first total, latest total, reliably better
    next_provider: str
    follow_up_on: date | None


@dataclass(frozen=True, slots=True)
class Met:
    """One criterion judged. `figures` is what was compared, for the screen."""

    id: str
    required: bool
    met: bool
    figures: str


def judge(criteria: Sequence[Criterion], stay: Stay) -> tuple[Met, ...]:
    """Every criterion with whether this stay meets it. An unknown kind is an error, never a pass."""
    return tuple(_judge(one, stay) for one in criteria)


def may_complete(verdict: Sequence[Met]) -> bool:
    """Whether every required criterion is met."""
    return all(one.met for one in verdict if one.required)


def _judge(criterion: Criterion, stay: Stay) -> Met:
    met, figures = KINDS[criterion.kind](criterion.limits, stay)
    return Met(criterion.id, criterion.required, met, figures)


def _attendance(limits: Mapping[str, Any], stay: Stay) -> tuple[bool, str]:
    share = stay.attended_sessions / stay.prescribed_sessions if stay.prescribed_sessions else 0.0
    return share >= limits["at_least"], f"{stay.attended_sessions} / {stay.prescribed_sessions}"


def _goals(limits: Mapping[str, Any], stay: Stay) -> tuple[bool, str]:
    if stay.goals == 0 or stay.goals_reviewed_on is None:
        return False, "–"
    recent = stay.goals_reviewed_on >= stay.today - timedelta(days=limits["within_days"])
    return recent, stay.goals_reviewed_on.isoformat()


def _measure(limits: Mapping[str, Any], stay: Stay) -> tuple[bool, str]:
    known = stay.measure_change.get(limits["instrument"])
    if known is None:
        return False, "–"
    first, latest, reliable = known
    return reliable or latest < limits["or_below"], f"{first} → {latest}"


def _transition(limits: Mapping[str, Any], stay: Stay) -> tuple[bool, str]:
    if not stay.next_provider or stay.follow_up_on is None:
        return False, "–"
    in_time = stay.follow_up_on <= max(stay.today, stay.ends_on) + timedelta(days=limits["follow_up_within_days"])
    return in_time, stay.follow_up_on.isoformat()


KINDS = {
    "attendance_share": _attendance,
    "goals_reviewed": _goals,
    "measure_response": _measure,
    "transition_plan": _transition,
}
