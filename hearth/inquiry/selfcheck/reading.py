"""The self-check read from its files: what is asked and judged, and the words for it in each language.

Pure: files in, frozen values out. Items of instruments (PHQ-2, GAD-2, AUDIT-C) keep the instrument's own words.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hearth.inquiry.selfcheck.rules import AUDIENCES, Check, Question, Rule, Score
from hearth.lib.states import STATES
from hearth.measures import instrument

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as somebody reads it; `choices` are (code, words), `by` whose question it is if it is not ours."""

    text: str
    hint: str
    choices: tuple[tuple[str, str], ...]
    by: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Everything the self-check says in one language."""

    language: str
    parts: Mapping[str, str]
    titles: Mapping[str, str]
    leads: Mapping[str, str]
    rules: Mapping[str, str]
    steps: Mapping[str, str]
    asked: Mapping[tuple[str, str], Asked]
    """By question and audience."""


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "check.toml").read_text(encoding="utf-8"))


@cache
def sources() -> dict[str, str]:
    """Where each rule comes from, in words, by the code rules name."""
    return {code: row["text"] for code, row in _table()["source"].items()}


@cache
def reach() -> dict[str, str]:
    """The address (tel:, https:) of each step that has one."""
    return dict(_table()["reach"])


@cache
def check() -> Check:
    """The self-check in force."""
    table = _table()
    return Check(
        version=table["version"],
        questions=tuple(_question(row) for row in table["question"]),
        scores={name: _score(row) for name, row in table["score"].items()},
        rules=tuple(_rule(row) for row in table["rule"]),
        last_steps={name: tuple(row["steps"]) for name, row in table["suggestion"].items()},
    )


def _question(row: dict[str, Any]) -> Question:
    if "item" in row:
        choices = tuple(str(value) for value in instrument.get(row["item"][0]).item(row["item"][1]).values)
    elif row["choices"] == "states":
        choices = tuple(code for code, _name in STATES)
    else:
        choices = tuple(row["choices"])
    return Question(
        id=row["id"],
        part=row["part"],
        choices=choices,
        audiences=tuple(row.get("audiences", AUDIENCES)),
        many=row.get("many", False),
        none=row.get("none", ""),
        asked_if=tuple(row.get("asked_if", ())),
    )


def _score(row: dict[str, Any]) -> Score:
    return Score(items=tuple(row.get("sum", ())), count=row.get("count", ""), of=tuple(row.get("of", ())))


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(
        id=row["id"],
        when=tuple(row["when"]),
        source=row["source"],
        suggests=row.get("suggests", ""),
        urgent=row.get("urgent", False),
        at_once=row.get("at_once", False),
        steps=tuple(row.get("steps", ())),
        audiences=tuple(row.get("audiences", AUDIENCES)),
    )


@cache
def words(language: str) -> Words:
    """What is said in this language, or in English where we do not speak it."""
    spoken = language.split("-")[0]
    spoken = spoken if spoken in LANGUAGES else "en"
    table = tomllib.loads((FOLDER / f"words.{spoken}.toml").read_text(encoding="utf-8"))
    items: dict[str, list[str]] = {row["id"]: row["item"] for row in _table()["question"] if "item" in row}
    return Words(
        language=spoken,
        parts=table["part"],
        titles={name: row["title"] for name, row in table["suggestion"].items()},
        leads={name: row["lead"] for name, row in table["suggestion"].items()},
        rules=table["rule"],
        steps=table["step"],
        asked={
            (question.id, audience): (
                _of_instrument(items[question.id], spoken)
                if question.id in items
                else _of_ours(question, table["question"][question.id], audience)
            )
            for question in check().questions
            for audience in question.audiences
        },
    )


def _of_instrument(item: list[str], language: str) -> Asked:
    instrument_id, link_id = item
    found = instrument.get(instrument_id)
    form = found.form(language)
    question = next(one for one in form.questions if one.link_id == link_id)
    choices = tuple((str(answer.value), answer.text) for answer in question.answers)
    return Asked(question.text, form.instruction, choices, by=found.licence.attribution)


def _of_ours(question: Question, row: dict[str, Any], audience: str) -> Asked:
    said = row | row.get(audience, {})
    spoken = dict(STATES) if question.choices == tuple(code for code, _name in STATES) else row["choices"]
    return Asked(said["text"], said.get("hint", ""), tuple((code, spoken[code]) for code in question.choices))
