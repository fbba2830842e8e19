"""What a note still needs before it can be signed, how old an unsigned one is, and its digest. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from hearth.sessions.rules.attendance import HERE, Status

DUE = timedelta(hours=24)  # product default: a note is due
OVERDUE = timedelta(hours=72)  # product default: a note is overdue
RISKS = ("none", "known", "new")
"""No risk seen or said; a known one, unchanged; a new or higher one (raises a concern when it is signed)."""
PROGRESS = ("forward", "same", "back")
"""Where the goal stands after the session: a step forward, as before, a step back."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the note says of one student alone. `took_part` is 1 to 5, `goal` its number in the plan.

    `text` is empty as long as nobody has kept or changed what was proposed.
    """

    text: str = ""
    took_part: int | None = None
    risk: str = ""
    risk_text: str = ""
    goal: int | None = None
    progress: str = ""
    plan: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A group note before signing: said once for all, and each student's line by attendance id."""

    text: str = ""
    interventions: tuple[str, ...] = ()
    process: str = ""
    plan: str = ""
    lines: Mapping[str, Line] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OnRoster:
    """What the rules must know of one student of the roster."""

    id: str
    status: Status
    is_virtual: bool
    has_goals: bool = True


class Lack(StrEnum):
    """What may be missing before a note can be signed."""

    NOT_OVER = "not_over"
    TOPIC = "topic"
    SHARED_TEXT = "shared_text"
    INTERVENTIONS = "interventions"
    PLAN = "plan"
    STATUS = "status"
    TEXT = "text"
    TOOK_PART = "took_part"
    RISK = "risk"
    RISK_TEXT = "risk_text"
    GOAL = "goal"
    PROGRESS = "progress"
    LOCATION = "location"
    TWO_TEXTS = "two_texts"


class Gap(StrEnum):
    """What a note should say and only others can add to the chart."""

    DIAGNOSIS = "diagnosis"
    GOALS = "goals"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing left; `of` is the attendance id, None for what is said for all."""

    what: Lack
    of: str | None = None


def missing(
    draft: Draft, roster: Sequence[OnRoster], *, is_over: bool, is_group: bool = True, topic: str = ""
) -> list[Missing]:
    """What must still be done before signing, in the order of the page; empty if the note is complete.

    The items are those payers ask of a group note (facts.md, "Group note, one per client") and its writer can mend;
    what others must mend (a diagnosis, a consent, a title) is said in the note as it is.
    """
    found = [] if is_over else [Missing(Lack.NOT_OVER)]
    anyone = not is_over or any(each.status in HERE for each in roster)
    if is_group and anyone and not topic.strip():
        found.append(Missing(Lack.TOPIC))
    if is_group and anyone and not draft.text.strip():
        found.append(Missing(Lack.SHARED_TEXT))
    if anyone and not draft.interventions:
        found.append(Missing(Lack.INTERVENTIONS))
    for each in roster:
        if each.status is Status.EXPECTED:
            found.append(Missing(Lack.STATUS, each.id))
        elif each.status in HERE:
            found += _missing_in(draft.lines.get(each.id, Line()), each, shared_plan=draft.plan)
    return found


def _missing_in(line: Line, student: OnRoster, *, shared_plan: str) -> list[Missing]:
    lacks = {
        Lack.TEXT: not line.text.strip(),
        Lack.TOOK_PART: line.took_part not in range(1, 6),
        Lack.RISK: line.risk not in RISKS,
        Lack.RISK_TEXT: line.risk in ("known", "new") and not line.risk_text.strip(),
        Lack.GOAL: student.has_goals and line.goal is None,
        Lack.PROGRESS: student.has_goals and line.progress not in PROGRESS,
        Lack.PLAN: not (shared_plan.strip() or line.plan.strip()),
        Lack.LOCATION: student.is_virtual and not line.location.strip(),
    }
    return [Missing(what, student.id) for what, lacking in lacks.items() if lacking]


def digest(body: Mapping[str, Any]) -> str:
    """SHA-256 of a note's body in one canonical form, as hexadecimal digits."""
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def note_state(*, over_at: datetime, at: datetime) -> str:
    """How urgent an unsigned note is: "new", "due" from 24 hours after the session, "overdue" from 72."""
    age = at.astimezone(UTC) - over_at.astimezone(UTC)
    return "overdue" if age >= OVERDUE else "due" if age >= DUE else "new"
