"""Who of those who wait is asked first, and why. The order is data (`waitlist_order.toml`). Pure."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "waitlist_order.toml"


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the order: its code, where it comes from, and `seen`, `to_check` or `default`."""

    id: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Priority:
    """A step for whoever is all of `when`."""

    when: frozenset[str]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Order:
    """The rules of one version."""

    version: str
    federal_tracks: frozenset[str]
    priorities: tuple[Priority, ...]
    risks: dict[int, Reason]
    interim_within: timedelta
    interim: Reason


@dataclass(frozen=True, slots=True)
class Person:
    """What counts for the order. `is_federal`: the program takes the block grant; `risk` 0 to 2."""

    since: datetime
    track: str
    is_federal: bool = False
    pregnant: bool = False
    injects: bool = False
    risk: int = 0


DATE = Reason("date", "Hearth product default", "default")
"""What decides where nothing else does."""


@cache
def order() -> Order:
    """The order as it is written in the file."""
    return read(tomllib.loads(FILE.read_text(encoding="utf-8")))


def read(found: dict[str, Any]) -> Order:
    interim = found["interim"]
    return Order(
        version=found["version"],
        federal_tracks=frozenset(found["federal"]["tracks"]),
        priorities=tuple(Priority(frozenset(one["when"]), _reason(one)) for one in found["priority"]),
        risks={one["value"]: _reason(one) for one in found["risk"]},
        interim_within=timedelta(hours=interim["within_hours"]),
        interim=Reason("interim", interim["source"], interim["status"]),
    )


def _reason(one: dict[str, Any]) -> Reason:
    return Reason(one["id"], one["source"], one["status"])


def reasons(person: Person, rules: Order) -> list[Reason]:
    """Why this person stands where they stand, what weighs most first; the time of waiting last."""
    found = [one.reason for one in rules.priorities[_step(person, rules) :][:1]]
    if person.risk in rules.risks:
        found.append(rules.risks[person.risk])
    return [*found, DATE]


def rank(person: Person, rules: Order) -> tuple[int, int, datetime]:
    """Sorts those who wait: whoever is asked first has the smallest rank."""
    return (_step(person, rules), -person.risk, person.since)


def is_by_grant(person: Person, rules: Order) -> bool:
    """Whether the federal grant pays for this care, so that its order holds."""
    return person.is_federal and person.track in rules.federal_tracks


def _step(person: Person, rules: Order) -> int:
    """Which priority is theirs; beyond the last for everyone else, and for all care that the grant does not pay."""
    if not is_by_grant(person, rules):
        return len(rules.priorities)
    holds = {name for name, is_so in (("pregnant", person.pregnant), ("injects", person.injects)) if is_so}
    return next((place for place, one in enumerate(rules.priorities) if one.when <= holds), len(rules.priorities))


def in_order[Key](people: Iterable[tuple[Key, Person]], rules: Order) -> list[Key]:
    """The keys of these people, whoever is asked first first; equal ones as they came."""
    return [key for key, _person in sorted(people, key=lambda pair: rank(pair[1], rules))]
