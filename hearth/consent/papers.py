"""Which papers somebody is asked to read, and where each stands. Plain data, no database, no clock."""

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "papers.toml"


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper and whom it concerns; empty conditions hold for everyone."""

    id: str
    source: str
    form: str = "consent"  # or details: a few facts about the person
    needed: bool = False
    states: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    own_from_age: int = 0
    by_program: bool = False  # asked of those alone whose program's pack says so


@dataclass(frozen=True, slots=True)
class Signed:
    """One consent that was signed; `stands`: in force still. `current`: its text is today's text."""

    kind: str
    by_patient: bool
    at: datetime
    stands: bool
    is_taken_back: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody put a paper off, or said no to it as it stood then."""

    paper: str
    by_patient: bool
    is_no: bool
    at: datetime
    is_current: bool


class State(StrEnum):
    TO_DO = "to_do"
    CHANGED = "changed"  # signed, and the text was changed since
    LATER = "later"
    DECLINED = "declined"
    DONE = "done"


class Why(StrEnum):
    """Why a paper is asked of somebody, beside what their program says."""

    NEEDED = "needed"
    STATE = "state"
    MODALITY = "modality"
    EVERYBODY = "everybody"


OPEN = frozenset({State.TO_DO, State.CHANGED})


@cache
def papers() -> tuple[Paper, ...]:
    """Every paper there is, in order."""
    rows: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["papers"]
    return tuple(_paper(row) for row in rows)


def _paper(row: dict[str, Any]) -> Paper:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Paper(**values)


def papers_for(every: Sequence[Paper], *, state: str, modality: str, asked: Collection[str] = ()) -> tuple[Paper, ...]:
    """Those that concern somebody who lives in `state` and comes as `modality` says, whoever signs them.

    `asked`: what the pack of their program asks for; it can add to what everybody is asked, and takes nothing away.
    """
    return tuple(
        paper
        for paper in every
        if (not paper.states or state in paper.states)
        and (not paper.modalities or modality in paper.modalities)
        and (not paper.by_program or paper.id in asked)
    )


def whys(paper: Paper) -> tuple[Why, ...]:
    """Why it is asked, from the rules of the file; none where the pack alone asks for it and answers itself."""
    found = [
        why
        for why, holds in ((Why.STATE, paper.states), (Why.MODALITY, paper.modalities), (Why.NEEDED, paper.needed))
        if holds
    ]
    return tuple(found) if found or paper.by_program else (Why.EVERYBODY,)


def is_asked(paper: Paper, *, age: int, by_patient: bool) -> bool:
    """Whether this signer is asked: a guardian for what is signed alone, whoever is too young for it not."""
    if not by_patient:
        return paper.form == "consent"
    return age >= paper.own_from_age


def state_of(
    paper: Paper, signed: Collection[Signed], answers: Collection[Answer], *, by_patient: bool, is_filled: bool = False
) -> State:
    """Where a paper stands for one signer. What was done last counts; a changed text is read anew."""
    if paper.form == "details" and is_filled:
        return State.DONE
    own = [one for one in signed if one.kind == paper.id and one.by_patient == by_patient]
    said = [one for one in answers if one.paper == paper.id and one.by_patient == by_patient]
    last = max(own, key=lambda one: one.at, default=None)
    word = max(said, key=lambda one: one.at, default=None)
    is_signed = last is not None and last.stands and last.is_current
    if word and word.is_current and not is_signed and (last is None or word.at >= last.at):
        return State.DECLINED if word.is_no else State.LATER
    if last and last.is_taken_back:
        return State.DECLINED if last.is_current else State.TO_DO
    if last and last.stands:
        return State.DONE if last.is_current else State.CHANGED
    return State.TO_DO
