"""What would help most? Answers in, a suggestion with reasons and next steps out. Pure.

`static/inquiry/js/rules.js` judges the same data in the same way on the phone; a journey holds them together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Answer = str | tuple[str, ...]
Answers = Mapping[str, Answer]
Condition = Sequence[Mapping[str, Sequence[str] | int]]
"""Alternatives, each a map of what must be so: one of these answers ([]: none was given), or a number at least."""

AUDIENCES = ("adult", "adolescent", "other")
SUGGESTIONS = ("weekly", "iop", "higher", "emergency")
"""Least support first."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question and the codes that answer it; `many` lets several be chosen, `none` rules out the others."""

    id: str
    part: str
    choices: tuple[str, ...]
    audiences: tuple[str, ...] = AUDIENCES
    many: bool = False
    none: str = ""
    asked_if: Condition = ()


@dataclass(frozen=True, slots=True)
class Score:
    """A number: the sum of `items`, if all were answered, or how many of `of` were chosen at `count`."""

    items: tuple[str, ...] = ()
    count: str = ""
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """When it holds, and what follows. Without a suggestion it only adds its reason and steps."""

    id: str
    when: Condition
    source: str
    suggests: str = ""
    urgent: bool = False
    at_once: bool = False
    steps: tuple[str, ...] = ()
    audiences: tuple[str, ...] = AUDIENCES


@dataclass(frozen=True, slots=True)
class Check:
    """The whole self-check as data. `last_steps`: what each suggestion ends with."""

    version: int
    questions: tuple[Question, ...]
    scores: Mapping[str, Score]
    rules: tuple[Rule, ...]
    last_steps: Mapping[str, tuple[str, ...]]

    def of(self, audience: str) -> tuple[Question, ...]:
        """The questions that may be asked of this audience."""
        return tuple(one for one in self.questions if audience in one.audiences)


@dataclass(frozen=True, slots=True)
class Result:
    """`reasons` are rules and `steps` codes, most telling first; there is always a step."""

    suggestion: str
    urgent: bool
    reasons: tuple[Rule, ...]
    steps: tuple[str, ...]


def judge(check: Check, audience: str, answers: Answers) -> Result:
    """What would help most, judged by all answers given, however few they are."""
    held = tuple(rule for rule in check.rules if audience in rule.audiences and holds(check, rule.when, answers))
    suggestion = max((rule.suggests for rule in held if rule.suggests), key=SUGGESTIONS.index)
    said = tuple(rule for rule in held if _is_said(rule, suggestion))
    notes = [step for rule in said if not rule.suggests for step in rule.steps]
    first = [step for rule in said if rule.suggests for step in rule.steps]
    steps = tuple(dict.fromkeys([*first, *check.last_steps[suggestion], *notes]))
    return Result(suggestion, any(rule.urgent for rule in held), said, steps)


def at_once(check: Check, audience: str, answers: Answers) -> tuple[Rule, ...]:
    """The rules that hold already and whose help cannot wait for the last question."""
    held = (rule for rule in check.rules if rule.at_once and audience in rule.audiences)
    return tuple(rule for rule in held if holds(check, rule.when, answers))


def asked(check: Check, audience: str, answers: Answers) -> tuple[Question, ...]:
    """The questions that these answers lead to, in order."""
    return tuple(one for one in check.of(audience) if not one.asked_if or holds(check, one.asked_if, answers))


def holds(check: Check, condition: Condition, answers: Answers) -> bool:
    """Whether one of the condition's alternatives is so."""
    return any(all(_is_so(check, name, wanted, answers) for name, wanted in each.items()) for each in condition)


def _is_so(check: Check, name: str, wanted: Sequence[str] | int, answers: Answers) -> bool:
    if isinstance(wanted, int):
        return _number(check.scores[name], answers) >= wanted
    given = chosen(answers, name)
    return any(one in given for one in wanted) if wanted else not given


def _number(score: Score, answers: Answers) -> int:
    if score.count:
        return len({*chosen(answers, score.count)} & {*score.of})
    given = [chosen(answers, item) for item in score.items]
    return sum(int(one[0]) for one in given) if all(given) else -1


def chosen(answers: Answers, name: str) -> tuple[str, ...]:
    """What was chosen there; nothing where it was skipped."""
    given = answers.get(name, ())
    return (given,) if isinstance(given, str) else tuple(given)


def _is_said(rule: Rule, suggestion: str) -> bool:
    """In an emergency only what cannot wait is said; else what led here, what is urgent, and the notes."""
    if rule.suggests == suggestion or rule.urgent:
        return True
    return not rule.suggests and suggestion != "emergency"
