"""Answers as they come: from a file, a form, or a phone that sends them along. Pure."""

import json
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hearth.inquiry.selfcheck import reading, rules
from hearth.inquiry.selfcheck.rules import AUDIENCES, Answer, Question

LONGEST = 4000  # characters of carried answers


class UnusableAnswers(ValueError):
    """These are no answers to this self-check; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Who it is about and what was answered; skipped questions are left out."""

    audience: str
    answers: Mapping[str, Answer]

    @property
    def population(self) -> str:
        """Adult or adolescent, as the groups are; empty where it was not said, or there are no groups for them."""
        ages = {"adult": "adult", "teen": "adolescent"}
        return ages.get(self.one("age"), "") if self.audience == "other" else self.audience

    @property
    def is_about_a_child(self) -> bool:
        """Whether it is about somebody too young for any of the groups."""
        return self.audience == "other" and self.one("age") == "child"

    def one(self, question: str) -> str:
        """The answer to a question that has one."""
        return next(iter(self.all(question)), "")

    def all(self, question: str) -> tuple[str, ...]:
        """Everything chosen there."""
        return rules.chosen(self.answers, question)

    def as_json(self) -> dict[str, Any]:
        """The form in which answers are stored, sent along and read from files."""
        values = {name: given if isinstance(given, str) else list(given) for name, given in self.answers.items()}
        return {"version": reading.check().version, "audience": self.audience, "answers": values}


def strictly(given: object) -> Filled:
    """These answers, or UnusableAnswers with the first thing that is wrong."""
    if not isinstance(given, dict) or not {"version", "audience", "answers"} <= given.keys():
        raise UnusableAnswers('The answers must be of the form {"version", "audience", "answers"}.')
    version = reading.check().version
    if isinstance(given["version"], bool) or str(given["version"]) != str(version):
        raise UnusableAnswers(f"These answers are for version {given['version']}; the questions are version {version}.")
    audience = given["audience"]
    if audience not in AUDIENCES:
        raise UnusableAnswers(f"The audience must be one of {', '.join(AUDIENCES)}.")
    if not isinstance(given["answers"], dict):
        raise UnusableAnswers('"answers" must hold a value for each question answered.')
    known = {question.id: question for question in reading.check().of(audience)}
    for name in given["answers"]:
        if name not in known:
            raise UnusableAnswers(f"There is no question “{name}” for {audience}.")
    return Filled(audience, {name: _checked(known[name], value) for name, value in given["answers"].items()})


def _checked(question: Question, value: object) -> Answer:
    several = value if isinstance(value, list) else [value]
    for one in several:
        if not isinstance(one, str) or one not in question.choices:
            said = textwrap.shorten(str(one), 40, placeholder="…")
            raise UnusableAnswers(f"“{said}” is no answer to “{question.id}”; they are {_listed(question)}.")
    if not question.many and len(several) != 1:
        raise UnusableAnswers(f"“{question.id}” takes one answer.")
    return _in_order(question, several) if question.many else str(several[0])


def _listed(question: Question) -> str:
    return "two letters of a state" if question.id == "state" else ", ".join(question.choices)


def loosely(audience: str, values: Mapping[str, object]) -> Filled:
    """What of `values` answers a question that was asked; all else is left out. For pages, which never scold."""
    check = reading.check()
    audience = audience if audience in AUDIENCES else "adult"
    answers: dict[str, Answer] = {}
    for question in check.of(audience):
        found = values.get(question.id)
        several = found if isinstance(found, list | tuple) else [found]
        valid = _in_order(question, [one for one in several if isinstance(one, str)])
        if valid and question in rules.asked(check, audience, answers):
            answers[question.id] = valid if question.many else valid[0]
    return Filled(audience, answers)


def read(text: str) -> Filled | None:
    """Answers that a page carried as JSON text; None where there are none, or they are not ours."""
    return stored(_parsed(text))


def read_or_nothing_told(text: str) -> Filled:
    """The same, for pages that have something for everybody: who skipped all questions is still of their age."""
    found = _parsed(text)
    audience = found.get("audience") if isinstance(found, dict) else ""
    return stored(found) or Filled(audience if audience in AUDIENCES else "", {})


def _parsed(text: str) -> object:
    try:
        return json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        return None


def stored(found: object) -> Filled | None:
    """Answers as they were stored or carried; None where there are none."""
    if not isinstance(found, dict) or not isinstance(found.get("answers"), dict):
        return None
    filled = loosely(str(found.get("audience")), found["answers"])
    return filled if filled.answers else None


def no_longer_asked(found: object) -> list[tuple[str, list[str]]]:
    """What of these stored answers today's questions do not know, as (question, codes): it was said all the same."""
    if not isinstance(found, dict) or not isinstance(found.get("answers"), dict):
        return []
    known = {question.id: question.choices for question in reading.check().of(str(found.get("audience")))}
    left = []
    for name, given in found["answers"].items():
        several = given if isinstance(given, list) else [given]
        if codes := [str(one) for one in several if one not in known.get(name, ())]:
            left.append((str(name), codes))
    return left


def _in_order(question: Question, several: list[Any]) -> tuple[str, ...]:
    """The choices taken, each once; “none of these” gives way to anything else."""
    taken = tuple(code for code in question.choices if code in several)
    return tuple(code for code in taken if code != question.none) or taken
