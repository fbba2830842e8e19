"""The data of this strand: methods by name, the lines of the readiness checklist, and the text students choose under.

Plain data from the files beside it, in the reader's language; no database, no clock.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hearth.program.pack import in_language

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the readiness checklist. `minors`: asked of those under 18 alone."""

    id: str
    words: Mapping[str, str]
    source: str
    minors: bool = False

    def said(self, language: str) -> str:
        return in_language(self.words, language)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen, and what it means."""

    id: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class ChoiceText:
    """What a student reads before they choose."""

    language: str
    version: str
    title: str
    lead: str
    means: tuple[str, ...]
    options: tuple[Option, ...]

    @property
    def plain(self) -> str:
        """All its words, one after the other."""
        options = [words for option in self.options for words in (f"{option.title}.", option.words)]
        return "\n".join((f"{self.title}.", self.lead, *self.means, *options))

    @property
    def digest(self) -> str:
        """What stands for exactly this text: its SHA-256."""
        return hashlib.sha256(self.plain.encode()).hexdigest()


@cache
def readiness_lines() -> tuple[Line, ...]:
    """Every line, in the order in which they are gone through."""
    return tuple(Line(**row) for row in _read("readiness.toml")["lines"])


def lines_for(*, is_minor: bool) -> tuple[Line, ...]:
    """Those that are asked of this person."""
    return tuple(line for line in readiness_lines() if is_minor or not line.minors)


@cache
def methods() -> Mapping[str, Mapping[str, str]]:
    """Names by id, then by language, in the order of the list."""
    return {row["id"]: row["name"] for row in _read("methods.toml")["methods"]}


def method_name(method: str, language: str) -> str:
    """What this method is called; its id where the list has it no longer."""
    names = methods().get(method)
    return in_language(names, language) if names else method


@cache
def choice_text(language: str) -> ChoiceText:
    """The text in this language, in English where it is not translated."""
    chosen = language[:2] if language[:2] in LANGUAGES else "en"
    facts = _read("choice.toml")
    words = facts[chosen]
    options = tuple(Option(key, each["title"], each["words"]) for key, each in words["choices"].items())
    return ChoiceText(
        language=chosen,
        version=facts["version"],
        title=words["title"],
        lead=words["lead"],
        means=tuple(words["means"]),
        options=options,
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
