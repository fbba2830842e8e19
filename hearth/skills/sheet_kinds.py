"""The working sheets as sheets.toml tells them, and what a filled-in one says. Pure: no Django, no clock."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "sheets.toml"
SORTS = ("text", "line", "ten", "hundred", "yes")
LANGUAGES = ("en", "es")

type Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to write. Without a hint, its `hint` is empty in every language."""

    id: str
    sort: str
    label: Words
    hint: Words


@dataclass(frozen=True, slots=True)
class Steps:
    """Fields that come again, up to `most` times, after `after` of the single ones."""

    label: Words
    after: int
    most: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One sheet. `with_counselor`: it is planned together, and says so. `lessons` of the pack lead to it."""

    id: str
    version: int
    title: Words
    lead: Words
    with_counselor: bool
    lessons: tuple[str, ...]
    fields: tuple[Field, ...]
    steps: Steps | None


@dataclass(frozen=True, slots=True)
class Said:
    """One answer with its label, in the reader's language. A tick has no value: `is_yes` tells it."""

    label: str
    value: str
    is_yes: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Answers that belong together: single fields that stand beside each other, or one step with its title."""

    title: str
    said: tuple[Said, ...]


@cache
def kinds() -> Mapping[str, Kind]:
    """Every sheet by its id, in the order of the file. Raises where a word is missing in a language."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {one["id"]: _kind(one) for one in told["sheet"]}


def kinds_for(lesson_id: str) -> list[Kind]:
    """The sheets on which what this lesson teaches is worked out."""
    return [kind for kind in kinds().values() if lesson_id in kind.lessons]


def in_words(words: Words, language: str) -> str:
    """These words in `language`, or in English."""
    return words.get(language, words["en"])


def parts(kind: Kind, answers: Mapping[str, Any], language: str) -> list[Part]:
    """What was written, in the order of the sheet, without what was left empty."""
    if kind.steps is None:
        found = [Part("", _said(kind.fields, answers, language))]
    else:
        label, after = in_words(kind.steps.label, language), kind.steps.after
        found = [
            Part("", _said(kind.fields[:after], answers, language)),
            *(
                Part(f"{label} {number}", _said(kind.steps.fields, step, language))
                for number, step in enumerate(answers.get("steps", ()), 1)
            ),
            Part("", _said(kind.fields[after:], answers, language)),
        ]
    return [part for part in found if part.said]


def name_of(kind: Kind, answers: Mapping[str, Any]) -> str:
    """The first words that were written: how its owner tells one sheet from another."""
    steps = answers.get("steps", ())
    lines = [answers.get(field.id, "") for field in kind.fields if field.sort in ("text", "line")]
    lines += [step.get(field.id, "") for step in steps[:1] for field in (kind.steps.fields if kind.steps else ())]
    return next((line for line in lines if isinstance(line, str) and line), "")


def _said(fields: tuple[Field, ...], answers: Mapping[str, Any], language: str) -> tuple[Said, ...]:
    given = [(field, answers.get(field.id)) for field in fields]
    return tuple(
        Said(in_words(field.label, language), "" if field.sort == "yes" else str(value), is_yes=field.sort == "yes")
        for field, value in given
        if value is not None and value is not False and value != ""
    )


def _kind(told: Mapping[str, Any]) -> Kind:
    fields = tuple(_field(one) for one in told["field"])
    return Kind(
        id=told["id"],
        version=told["version"],
        title=_words(told["title"]),
        lead=_words(told["lead"]),
        with_counselor=told.get("with_counselor", False),
        lessons=tuple(told.get("lessons", ())),
        fields=fields,
        steps=_steps(told["steps"], [field.id for field in fields]) if "steps" in told else None,
    )


def _steps(told: Mapping[str, Any], names: list[str]) -> Steps:
    after = names.index(told["after"]) + 1 if "after" in told else 0
    return Steps(_words(told["label"]), after, told["most"], tuple(_field(one) for one in told["field"]))


def _field(told: Mapping[str, Any]) -> Field:
    if told["sort"] not in SORTS:
        raise ValueError(f"{told['id']}: there is no such sort of field: {told['sort']}")
    hint = told.get("hint")
    return Field(
        told["id"], told["sort"], _words(told["label"]), _words(hint) if hint else dict.fromkeys(LANGUAGES, "")
    )


def _words(told: Mapping[str, str]) -> Words:
    missing = [language for language in LANGUAGES if not told.get(language)]
    if missing:
        raise ValueError(f"{told}: words are missing in {missing}")
    return dict(told)
