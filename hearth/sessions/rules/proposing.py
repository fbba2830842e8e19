"""What a student's line can say from what is already known: facts alone, nothing about how anyone was. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Known:
    """What the roster, the plan and the student's own tools say of one student in one session."""

    minutes: int
    planned: int
    is_virtual: bool
    late_by: int = 0
    left_early_by: int = 0
    took_part: int | None = None
    mood_in: int | None = None
    mood_out: int | None = None
    rounds: tuple[tuple[str, int], ...] = ()  # a word and a number of each check-in round
    goal: str = ""
    progress: str = ""
    last_on: date | None = None
    practised: int = 0
    handed_in: tuple[str, ...] = ()


class Fact(StrEnum):
    """The kinds of sentence, in the order they are said."""

    HERE = "here"
    VIDEO = "video"
    LATE = "late"
    LEFT = "left"
    TOOK_PART = "took_part"
    MOOD = "mood"
    MOOD_IN = "mood_in"
    MOOD_OUT = "mood_out"
    ROUND = "round"
    HANDED_IN = "handed_in"
    PRACTISED = "practised"
    GOAL = "goal"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One fact with what its words need."""

    fact: Fact
    values: Mapping[str, object]


def proposed(known: Known) -> list[Sentence]:
    """The sentences that are true of this student, in order; what is not known is not said."""
    found = [Sentence(Fact.VIDEO if known.is_virtual else Fact.HERE, {"minutes": known.minutes, "of": known.planned})]
    if known.late_by:
        found.append(Sentence(Fact.LATE, {"minutes": known.late_by}))
    if known.left_early_by:
        found.append(Sentence(Fact.LEFT, {"minutes": known.left_early_by}))
    if known.took_part is not None:
        found.append(Sentence(Fact.TOOK_PART, {"much": known.took_part}))
    found += _mood(known)
    if known.rounds:
        found.append(Sentence(Fact.ROUND, {"rounds": known.rounds}))
    if known.last_on and known.handed_in:
        found.append(Sentence(Fact.HANDED_IN, {"lessons": known.handed_in}))
    if known.last_on and known.practised:
        found.append(Sentence(Fact.PRACTISED, {"times": known.practised, "since": known.last_on}))
    if known.goal:
        found.append(Sentence(Fact.GOAL, {"goal": known.goal, "progress": known.progress}))
    return found


def _mood(known: Known) -> list[Sentence]:
    if known.mood_in is not None and known.mood_out is not None:
        return [Sentence(Fact.MOOD, {"before": known.mood_in, "after": known.mood_out})]
    if known.mood_in is not None:
        return [Sentence(Fact.MOOD_IN, {"before": known.mood_in})]
    if known.mood_out is not None:
        return [Sentence(Fact.MOOD_OUT, {"after": known.mood_out})]
    return []
