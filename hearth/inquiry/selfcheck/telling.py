"""The self-check's result in words, and its data as the phone judges by it. Pure."""

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from hearth.inquiry.selfcheck import reading, rules
from hearth.inquiry.selfcheck.filled import Filled


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do; `href` and `label` where somebody can be reached at once."""

    text: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody is told: the suggestion, why, and what to do next."""

    suggestion: str
    urgent: bool
    title: str
    lead: str
    reasons: tuple[tuple[str, str], ...]
    """(words, source)."""
    steps: tuple[Step, ...]


def result(filled: Filled, *, served: Collection[str], language: str) -> Told:
    """What these answers lead to. `served`: the states where the organisation is licensed (two letters)."""
    state = filled.one("state")
    facts = {"served": "yes" if state in served else "no"} if state else {}
    found = rules.judge(reading.check(), filled.audience, {**filled.answers, **facts})
    words = reading.words(language)
    return Told(
        suggestion=found.suggestion,
        urgent=found.urgent,
        title=words.titles[found.suggestion],
        lead=words.leads[found.suggestion],
        reasons=tuple((words.rules[rule.id], reading.sources()[rule.source]) for rule in found.reasons),
        steps=tuple(_step(code, words) for code in found.steps),
    )


def is_urgent(filled: Filled) -> bool:
    """Whether somebody should look today."""
    return rules.judge(reading.check(), filled.audience, filled.answers).urgent


def answers_in_words(filled: Filled, *, language: str) -> list[tuple[str, list[str]]]:
    """What was answered, as (question, choices); skipped questions are left out."""
    asked = reading.words(language).asked
    found = []
    for question in reading.check().of(filled.audience):
        given = filled.all(question.id)
        if given:
            said = asked[question.id, filled.audience]
            found.append((said.text, [words for code, words in said.choices if code in given]))
    return found


def _step(code: str, words: reading.Words) -> Step:
    href = reading.reach().get(code, "")
    label = re.sub(r"^tel:(\+1)?", "", href) if href.startswith("tel:") else href.removeprefix("https://")
    return Step(words.steps[code], href, re.sub(r"^(\d{3})(\d{3})(\d{4})$", r"1-\1-\2-\3", label))


def as_data(*, served: Collection[str], language: str) -> dict[str, Any]:
    """Everything the phone needs to ask, judge and tell by itself."""
    check, words = reading.check(), reading.words(language)
    data = asdict(check)
    return data | {
        "sources": reading.sources(),
        "reach": reading.reach(),
        "served": sorted(served),
        "words": {
            "parts": words.parts,
            "titles": words.titles,
            "leads": words.leads,
            "rules": words.rules,
            "steps": words.steps,
            "asked": _asked(words),
        },
    }


def _asked(words: reading.Words) -> dict[str, Any]:
    """Each question once, and again for an audience to which it is put differently."""
    found: dict[str, Any] = {}
    for (question, audience), said in words.asked.items():
        row = {"text": said.text, "hint": said.hint, "by": said.by, "choices": [text for _code, text in said.choices]}
        if found.setdefault(question, row) != row:
            found[f"{question} {audience}"] = row
    return found
