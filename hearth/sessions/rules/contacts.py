"""Notes of contacts outside sessions: what each kind says, and what it still lacks. Pure.

A crisis note says what the risk was, what was done and how it ended; a collateral note who spoke, what they said, and
what they were told under which consent. Where no consent allows it they are listened to and told nothing.
"""

from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum

from hearth.sessions.rules.merging import Fields, Value, merge
from hearth.sessions.rules.notes import RISKS


class Kind(StrEnum):
    """What kind of contact it was."""

    PHONE = "phone"
    CRISIS = "crisis"
    COLLATERAL = "collateral"


class How(StrEnum):
    """By which way."""

    PHONE = "phone"
    VIDEO = "video"
    IN_PERSON = "in_person"
    WRITING = "writing"


class Relation(StrEnum):
    """Who somebody is to the student."""

    FAMILY = "family"
    FRIEND = "friend"
    PROVIDER = "provider"
    SCHOOL_OR_WORK = "school_or_work"
    COURT = "court"
    OTHER = "other"


class Disposition(StrEnum):
    """Where a crisis left the student."""

    AT_HOME = "at_home"
    WITH_SOMEBODY = "with_somebody"
    HIGHER_CARE = "higher_care"
    MOBILE_CRISIS = "mobile_crisis"
    EMERGENCY_ROOM = "emergency_room"
    EMERGENCY_CALL = "emergency_call"


EMERGENCIES = frozenset({Disposition.MOBILE_CRISIS, Disposition.EMERGENCY_ROOM, Disposition.EMERGENCY_CALL})
"""After these a concern is an emergency."""

ALWAYS = ("day", "clock", "minutes", "how")
PARTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.PHONE: ("about", "done", "risk", "risk_text", "plan"),
    Kind.CRISIS: (
        *("location", "presenting", "assessment", "interventions", "safety_plan"),
        *("disposition", "follow_up", "contacted", "risk"),
    ),
    Kind.COLLATERAL: ("who", "relation", "said", "disclosed", "risk", "risk_text", "plan"),
}
"""What each kind says, in the order of its form and of the signed note."""

MAY_BE_EMPTY = frozenset({"risk_text", "disclosed"})
LONG = frozenset(
    ("about", "done", "risk_text", "plan", "presenting", "assessment", "interventions", "safety_plan", "follow_up")
) | {"contacted", "said", "disclosed"}
"""Fields of words: two texts written at once stand one below the other."""

NOT_ALLOWED, TO_COME, RISK_TEXT = "not_allowed", "to_come", "risk_text"


def fields_of(kind: Kind) -> tuple[str, ...]:
    """Every field of this kind's form, in order."""
    return (*ALWAYS, *PARTS[kind])


def lacking(kind: Kind, said: Fields, *, is_past: bool, may_tell: bool) -> list[str]:
    """What must still be written or taken out before signing, in the order of the form; empty if it can be signed."""
    found = [name for name in fields_of(kind) if name not in MAY_BE_EMPTY and not _is_said(name, said.get(name))]
    if not is_past:
        found.append(TO_COME)
    if "risk_text" in PARTS[kind] and said.get("risk") in ("known", "new") and not said.get("risk_text"):
        found.append(RISK_TEXT)
    if said.get("disclosed") and not may_tell:
        found.append(NOT_ALLOWED)
    return found


def _is_said(name: str, value: Value) -> bool:
    return value in RISKS if name == "risk" else bool(value)


def brought_together(*, base: Fields, current: Fields, mine: Fields) -> dict[str, Value]:
    """What stands once `mine`, begun from `base`, is saved over `current`: no words are lost, whoever wrote them."""
    merged = merge(base=base, current=current, mine=mine)
    stands = dict(merged.fields)
    for name, typed in merged.beside.items():
        stands[name] = _both(str(stands.get(name) or ""), str(typed)) if name in LONG else typed
    return stands


def _both(stored: str, typed: str) -> str:
    """The words of both. Who goes on writing while a save is still on its way sends the stored words again."""
    if stored in typed or typed in stored:
        return max(stored, typed, key=len)
    return f"{stored}\n{typed}"


def when(said: Fields) -> tuple[date, time] | None:
    """The day and the clock time that were typed, if both make sense."""
    try:
        return date.fromisoformat(str(said.get("day"))), time.fromisoformat(str(said.get("clock")))
    except ValueError:
        return None
