"""The assessment read from its files: what is asked, and the words for it in each language. Files in, values out.

A question that is the self-check's keeps its codes and words, so that what was told there answers it here.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hearth.background.rules import DECLINED, Item, Questions, Section, Value, chosen
from hearth.background.wording import WOULD_RATHER_NOT
from hearth.inquiry.selfcheck import reading as selfcheck

FOLDER = Path(__file__).parent / "questions"
LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as somebody reads it; `choices` are (code, words)."""

    text: str
    hint: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Titled:
    """A section as somebody reads it: for the student, for staff, and what is said under the student's title."""

    title: str
    staff: str
    lead: str


@dataclass(frozen=True, slots=True)
class Words:
    """Everything the assessment says in one language to one population."""

    language: str
    sections: Mapping[str, Titled]
    items: Mapping[str, Asked]

    def said(self, item: Item, value: Value) -> str:
        """This answer as a line of text."""
        if item.kind == "text":
            return str(value)
        words = dict(self.items[item.id].choices) | {DECLINED: str(WOULD_RATHER_NOT)}
        return " · ".join(words.get(code, code) for code in chosen({item.id: value}, item.id))


@cache
def questions() -> Questions:
    """The questionnaire in force."""
    table = tomllib.loads((FOLDER / "questions.toml").read_text(encoding="utf-8"))
    return Questions(version=table["version"], sections=tuple(_section(row) for row in table["section"]))


@cache
def dated() -> str:
    """The day of the version in force, ISO."""
    return str(tomllib.loads((FOLDER / "questions.toml").read_text(encoding="utf-8"))["date"])


def _section(row: dict[str, Any]) -> Section:
    part2 = row.get("part2", False)
    return Section(
        id=row["id"],
        items=tuple(_item(one, part2=part2) for one in row["item"]),
        sensitive=row.get("sensitive", False),
        referral=tuple(row.get("referral", ())),
        measures=tuple(row.get("measures", ())),
    )


def _item(row: dict[str, Any], *, part2: bool) -> Item:
    shape: dict[str, Any] = {name: row[name] for name in ("kind", "none") if name in row}
    shape["choices"] = tuple(row.get("choices", ()))
    if "check" in row:
        question = next(one for one in selfcheck.check().questions if one.id == row["check"])
        shape = {
            "kind": "many" if question.many else "one",
            "choices": question.choices,
            "none": question.none,
            "check": question.id,
        }
    asked_if = row.get("asked_if")
    return Item(
        id=row["id"],
        asks=row.get("asks", "both"),
        known=tuple(row.get("known", ())),
        again=row.get("again", False),
        discreet=row.get("discreet", False),
        part2=row.get("part2", part2),
        dimensions=tuple(row.get("dimensions", ())),
        asked_if={name: tuple(codes) for name, codes in asked_if.items()} if asked_if else None,
        urgent=tuple(row.get("urgent", ())),
        emergency=tuple(row.get("emergency", ())),
        **shape,
    )


@cache
def words(language: str, population: str = "adult") -> Words:
    """What is said in this language, or in English where we do not speak it."""
    spoken = language.split("-")[0]
    spoken = spoken if spoken in LANGUAGES else "en"
    table = tomllib.loads((FOLDER / f"words.{spoken}.toml").read_text(encoding="utf-8"))
    return Words(
        language=spoken,
        sections={name: Titled(**row) for name, row in table["section"].items()},
        items={one.id: _asked(one, table["item"].get(one.id, {}), spoken, population) for one in questions().items},
    )


def _asked(item: Item, row: dict[str, Any], language: str, population: str) -> Asked:
    if item.check:
        theirs = selfcheck.words(language).asked[item.check, population]
        own = row.get("choices")
        choices = tuple((code, own[code]) for code in item.choices) if own else theirs.choices
        return Asked(row.get("text", theirs.text), row.get("hint", ""), choices)
    return Asked(row["text"], row.get("hint", ""), tuple((code, row["choices"][code]) for code in item.choices))
