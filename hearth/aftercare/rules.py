"""What speaks for completing a stay, going on or stepping down. Plain data in, a verdict with its figures out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol


class State(StrEnum):
    """How far something asked for is true; what nobody knows is never a yes."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Proposal(StrEnum):
    """What the evidence speaks for. A person decides."""

    COMPLETE = "complete"
    EXTEND = "extend"
    STEP_DOWN = "step_down"
    SAFETY_FIRST = "safety_first"
    GO_ON = "go_on"


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
    open_concerns: int = 0
    safety_plan_looked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Met:
    """One criterion judged. `figures` is what was compared, for the screen."""

    id: str
    required: bool
    state: State
    figures: str

    @property
    def met(self) -> bool:
        return self.state == State.MET


def judge(criteria: Sequence[Criterion], stay: Stay) -> tuple[Met, ...]:
    """Every criterion with whether this stay meets it. An unknown kind is an error, never a pass."""
    return tuple(_judge(one, stay) for one in criteria)


def may_complete(verdict: Sequence[Met]) -> bool:
    """Whether every required criterion is met."""
    return all(one.met for one in verdict if one.required)


NEAR_THE_END = timedelta(days=14)
"""From here on it is decided whether a stay is complete or goes on. Product default."""


def propose(verdict: Sequence[Met], stay: Stay, *, may_step_down: bool) -> Proposal:
    """What speaks loudest: safety first, then the end if it is near, then fewer days a week."""
    kinds = {one.id: one for one in verdict}
    safety = kinds.get("safety")
    if safety and safety.state == State.NOT_MET:
        return Proposal.SAFETY_FIRST
    if stay.ends_on - stay.today <= NEAR_THE_END:
        return Proposal.COMPLETE if may_complete(verdict) else Proposal.EXTEND
    is_steady = all(one.met for one in verdict if one.id != "what-comes-next")
    return Proposal.STEP_DOWN if may_step_down and is_steady else Proposal.GO_ON


def _judge(criterion: Criterion, stay: Stay) -> Met:
    state, figures = KINDS[criterion.kind](criterion.limits, stay)
    return Met(criterion.id, criterion.required, state, figures)


def _as_state(holds: bool) -> State:
    return State.MET if holds else State.NOT_MET


def _attendance(limits: Mapping[str, Any], stay: Stay) -> tuple[State, str]:
    if not stay.prescribed_sessions:
        return State.UNKNOWN, "–"
    share = stay.attended_sessions / stay.prescribed_sessions
    return _as_state(share >= limits["at_least"]), f"{stay.attended_sessions} / {stay.prescribed_sessions}"


def _goals(limits: Mapping[str, Any], stay: Stay) -> tuple[State, str]:
    if stay.goals == 0 or stay.goals_reviewed_on is None:
        return State.UNKNOWN, "–"
    recent = stay.goals_reviewed_on >= stay.today - timedelta(days=limits["within_days"])
    return _as_state(recent), stay.goals_reviewed_on.isoformat()


def _measure(limits: Mapping[str, Any], stay: Stay) -> tuple[State, str]:
    known = stay.measure_change.get(limits["instrument"])
    if known is None:
        return State.UNKNOWN, "–"
    first, latest, reliable = known
    return _as_state(reliable or latest < limits["or_below"]), f"{first} → {latest}"


def _transition(limits: Mapping[str, Any], stay: Stay) -> tuple[State, str]:
    if not stay.next_provider or stay.follow_up_on is None:
        return State.NOT_MET, "–"
    in_time = stay.follow_up_on <= max(stay.today, stay.ends_on) + timedelta(days=limits["follow_up_within_days"])
    return _as_state(in_time), stay.follow_up_on.isoformat()


def _safety(limits: Mapping[str, Any], stay: Stay) -> tuple[State, str]:
    """No concern is open, and somebody looked at the safety plan with them lately."""
    if stay.open_concerns:
        return State.NOT_MET, f"{stay.open_concerns}"
    looked = stay.safety_plan_looked_on
    if looked is None:
        return State.UNKNOWN, "–"
    return _as_state(looked >= stay.today - timedelta(days=limits["looked_within_days"])), looked.isoformat()


KINDS = {
    "attendance_share": _attendance,
    "goals_reviewed": _goals,
    "measure_response": _measure,
    "transition_plan": _transition,
    "safety": _safety,
}
