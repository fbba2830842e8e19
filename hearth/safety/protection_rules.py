"""Who else may be in danger, what rules ask of us then, until when, and who decides. Pure; the rules are data."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hearth.safety.incident_rules import Unit, deadline

FILE = Path(__file__).with_name("protection.toml")
WIDEST = 60  # the youngest age that makes somebody an elder in a state we know


class Decides(StrEnum):
    """Who may say that what a duty asks is done."""

    ANYONE = "anyone"
    CLINICIAN = "clinician"


class Outcome(StrEnum):
    """How a duty was settled."""

    DONE = "done"
    NOT_DUE = "not_due"


class Standing(StrEnum):
    """Where a duty stands. `ACTED`: somebody was told or kept safe, and it is still to be settled."""

    OVERDUE = "overdue"
    OPEN = "open"
    ACTED = "acted"
    DONE = "done"
    NOT_DUE = "not_due"


class Lacks(StrEnum):
    """Why a duty cannot be settled as asked."""

    ACT = "act"
    REASON = "reason"
    LICENCE = "licence"


@dataclass(frozen=True, slots=True)
class Danger:
    """One kind of danger. `within` holds where no rule of the state gives a time."""

    id: str
    decides: Decides
    within: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Rule:
    """What a law asks or allows. Empty `states` hold everywhere; without `within` it sets no time."""

    id: str
    dangers: frozenset[str]
    states: frozenset[str]
    within: int | None
    unit: Unit
    effective: date | None
    source: str
    is_checked: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """When a line answers, on its own clock. Monday is 0; it closes at `until`."""

    days: tuple[int, ...]
    since: time
    until: time


@dataclass(frozen=True, slots=True)
class Line:
    """Who takes reports of a danger in a state. No `hours`: day and night. No `phone`: each county has its own."""

    danger: str
    state: str
    phone: str
    hours: tuple[Hours, ...]
    zone: ZoneInfo | None
    online: str
    source: str
    address: str
    is_checked: bool

    def is_open(self, at: datetime) -> bool:
        """Whether somebody answers at `at`. Holidays of a state are not known here."""
        if not self.hours:
            return True
        local = at.astimezone(self.zone)
        return any(
            local.weekday() in one.days and one.since <= local.time().replace(tzinfo=None) < one.until
            for one in self.hours
        )


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Who counts as an adult at risk, and whom to tell. `elder` is the age from which age alone counts, None: never."""

    state: str
    elder: int | None
    whom: tuple[str, ...]
    source: str
    is_checked: bool


ANYWHERE = AtRisk(state="", elder=WIDEST, whom=("protection_or_police",), source="", is_checked=False)
"""What is asked where the state is not known, or has no row: rather too many than one too few."""


@dataclass(frozen=True, slots=True)
class Book:
    """The file, read."""

    version: str
    dangers: dict[str, Danger]
    rules: tuple[Rule, ...]
    lines: tuple[Line, ...]
    adults: dict[str, AtRisk]


@cache
def book() -> Book:
    """The rules as they are written in the file."""
    return read(tomllib.loads(FILE.read_text(encoding="utf-8")))


def read(found: dict[str, Any]) -> Book:
    dangers = [Danger(one["id"], Decides(one["decides"]), one["within"], Unit(one["unit"])) for one in found["danger"]]
    return Book(
        version=found["version"],
        dangers={one.id: one for one in dangers},
        rules=tuple(_rule(one) for one in found["rule"]),
        lines=tuple(_line(one) for one in found["line"]),
        adults={one["state"]: _at_risk(one) for one in found["adult"]},
    )


def _rule(one: dict[str, Any]) -> Rule:
    return Rule(
        id=one["id"],
        dangers=frozenset(one["dangers"]),
        states=frozenset(one.get("states", ())),
        within=one.get("within"),
        unit=Unit(one.get("unit", Unit.HOURS)),
        effective=one.get("effective"),
        source=one["source"],
        is_checked=_is_seen(one),
    )


def _line(one: dict[str, Any]) -> Line:
    """A row with hours needs a zone, one that was seen says where and when."""
    is_checked = _is_seen(one)
    hours = tuple(Hours(tuple(each["days"]), each["from"], each["to"]) for each in one.get("hours", ()))
    return Line(
        danger=one["danger"],
        state=one["state"],
        phone=one.get("phone", ""),
        hours=hours,
        zone=ZoneInfo(one["zone"]) if hours else None,
        online=one.get("online", ""),
        source=one["source"],
        address=one["address"] if is_checked else one.get("address", ""),
        is_checked=is_checked,
    )


def _at_risk(one: dict[str, Any]) -> AtRisk:
    return AtRisk(one["state"], one.get("elder"), tuple(one["whom"]), one["source"], _is_seen(one))


def _is_seen(one: dict[str, Any]) -> bool:
    """What was seen has the day it was seen on. Raises KeyError."""
    return one["status"] == "seen" and isinstance(one["checked_on"], date)


def line_of(danger: str, *, state: str) -> Line | None:
    """Who takes reports of this danger in this state."""
    return next((one for one in book().lines if one.danger == danger and one.state == state), None)


def at_risk_in(state: str) -> AtRisk:
    """Who counts as an adult at risk there."""
    return book().adults.get(state, ANYWHERE)


def rules_of(danger: str, *, state: str, on: date) -> list[Rule]:
    """What holds for this danger in this state on this day, the state's own first."""
    found = [
        one
        for one in book().rules
        if danger in one.dangers
        and (not one.states or state in one.states)
        and (one.effective is None or one.effective <= on)
    ]
    return sorted(found, key=lambda one: not one.states)


def due_at(danger: str, rules: list[Rule], *, learned_at: datetime, zone: ZoneInfo) -> datetime:
    """Until when it must be done: the soonest time that a rule sets, else Hearth's own."""
    timed = [(one.within, one.unit) for one in rules if one.within is not None]
    own = book().dangers[danger]
    return min(
        deadline(within, unit, learned_at=learned_at, zone=zone) for within, unit in timed or [(own.within, own.unit)]
    )


def standing(outcome: str, *, has_acted: bool, due_at: datetime, at: datetime) -> Standing:
    """Where it stands at `at`; `outcome` is empty until it was settled."""
    if outcome:
        return Standing(outcome)
    if has_acted:
        return Standing.ACTED
    return Standing.OVERDUE if due_at <= at else Standing.OPEN


def may_be_met_untold(danger: str) -> bool:
    """Whether another step than telling is what the duty asks, too. Where whoever knows must report, none is."""
    return book().dangers[danger].decides is Decides.CLINICIAN


def lacking(danger: str, outcome: Outcome, *, has_acted: bool, is_licensed: bool, words: str) -> Lacks | None:
    """What stands in the way of settling it so. That nothing need be done is always a licensed clinician's to say."""
    needs_licence = outcome is Outcome.NOT_DUE or book().dangers[danger].decides is Decides.CLINICIAN
    if needs_licence and not is_licensed:
        return Lacks.LICENCE
    if outcome is Outcome.DONE and not has_acted:
        return Lacks.ACT
    if outcome is Outcome.NOT_DUE and not words.strip():
        return Lacks.REASON
    return None
