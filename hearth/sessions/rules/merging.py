"""Bringing together what two people write in one draft at the same time, so that nothing is lost. Pure.

A draft is a set of fields, each with a value of its own. Whoever saves says which value each field had when they began
(`base`). What only one of them changed is taken over; where both changed the same field to different values, the stored
one stands and the other is kept beside it until somebody chooses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hearth.sessions.rules.notes import Draft, Line

Value = str | int | None | tuple[str, ...]
Fields = Mapping[str, Value]

SHARED = ("text", "interventions", "process", "plan")
WORDS = frozenset({"text", "process", "plan", "risk_text"})
"""Fields that hold words: two versions of them can stand one after the other."""


@dataclass(frozen=True, slots=True)
class Change:
    """One saved version: its number, and each field it changed with the value before and after."""

    number: int
    changes: Mapping[str, tuple[Value, Value]]


@dataclass(frozen=True, slots=True)
class Merged:
    """`fields` as they stand now, `changed` with before and after, and what is `beside` a field that two changed."""

    fields: Fields
    changed: Mapping[str, tuple[Value, Value]]
    beside: Fields


def merge(*, base: Fields, current: Fields, mine: Fields) -> Merged:
    """What stands once `mine`, begun from `base`, is saved over `current`."""
    fields, beside = dict(current), {}
    for key, typed in mine.items():
        began, stands = base.get(key), current.get(key)
        if _same(typed, began) or _same(typed, stands):
            continue
        if _same(stands, began):
            fields[key] = typed
        elif isinstance(typed, tuple):
            fields[key] = _both(began, stands, typed)
        else:
            beside[key] = typed
    changed = {key: (current.get(key), value) for key, value in fields.items() if not _same(value, current.get(key))}
    return Merged(fields, changed, beside)


def _same(one: Value, other: Value) -> bool:
    return one == other or not (one or other)  # nothing yet and emptied are the same


def _both(began: Value, stands: Value, typed: tuple[str, ...]) -> tuple[str, ...]:
    """Sets merge by themselves: what either added is in, what either took out is out."""
    old = frozenset(began) if isinstance(began, tuple) else frozenset()
    now = stands if isinstance(stands, tuple) else ()
    gone = old - frozenset(typed)
    return (
        *(each for each in now if each not in gone),
        *(each for each in typed if each not in old and each not in now),
    )


def at_version(current: Fields, history: Sequence[Change], bases: Mapping[str, int], *, base: int) -> dict[str, Value]:
    """Each field's value when version `bases[field]` (or else `base`) had been saved. `history` in order."""
    found = dict(current)
    for key in {key for each in history for key in each.changes}:
        wanted = bases.get(key, base)
        until = [each.changes[key][1] for each in history if key in each.changes and each.number <= wanted]
        after = [each.changes[key][0] for each in history if key in each.changes and each.number > wanted]
        found[key] = until[-1] if until else after[0]
    return found


def flat(draft: Draft) -> dict[str, Value]:
    """The fields of a draft: those said for all by their name, a student's as `id-name`."""
    own = {f"{pk}-{name}": getattr(line, name) for pk, line in draft.lines.items() for name in Line.__slots__}
    return {**{name: getattr(draft, name) for name in SHARED}, **own}


def unflat(fields: Fields) -> Draft:
    """The draft with these fields."""
    lines: dict[str, dict[str, Value]] = {}
    for key, value in fields.items():
        if key not in SHARED:
            pk, name = split(key)
            lines.setdefault(pk, {})[name] = value
    shared = {name: fields[name] for name in SHARED if name in fields}
    return Draft(**shared, lines={pk: Line(**own) for pk, own in lines.items()})  # type: ignore[arg-type]


def split(key: str) -> tuple[str, str]:
    """The student's id ("" for what is said for all) and the name of a field."""
    pk, _, name = key.rpartition("-")
    return pk, name


def joins(key: str) -> bool:
    """Whether two values of this field can stand one after the other."""
    return split(key)[1] in WORDS
