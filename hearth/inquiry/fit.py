"""Does an intensive outpatient program fit? Answers in, a suggestion with reasons and next steps out. Pure.

These are Hearth's own plain rules, written to err towards more help; they are no diagnosis and no criteria of
anybody else. Every path ends with a next step. What codes say in words stands in `fit_words`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 4000  # characters of carried answers


class Suggestion(StrEnum):
    """Least support first."""

    WEEKLY = "weekly"
    IOP = "iop"
    HIGHER = "higher"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Question:
    """One question and the codes that answer it; `many` lets several be chosen."""

    id: str
    choices: tuple[str, ...]
    many: bool = False
    required: bool = True


QUESTIONS = (
    Question("who", ("me", "other")),
    Question("age", ("adult", "teen")),
    Question("danger", ("no", "thoughts", "now")),
    Question("body", ("alcohol", "opioids", "pregnant", "medical", "senses"), many=True, required=False),
    Question(
        "what",
        ("depression", "anxiety", "ocd", "substances", "grief", "trauma", "stress", "other"),
        many=True,
        required=False,
    ),
    Question("daily", ("holds", "slipping", "hard", "stopped")),
    Question("home", ("safe", "shaky", "unsafe")),
    Question("support", ("some", "little", "nobody"), required=False),
    Question("before", ("nothing", "weekly", "hospital", "released"), required=False),
    Question("times", ("morning", "afternoon", "evening", "weekend"), many=True, required=False),
    Question("how", ("in_person", "virtual", "either"), required=False),
)


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, as the codes of QUESTIONS; empty where a question was skipped. `state`: two letters."""

    who: str = ""
    age: str = ""
    danger: str = ""
    body: frozenset[str] = frozenset()
    what: frozenset[str] = frozenset()
    daily: str = ""
    home: str = ""
    support: str = ""
    before: str = ""
    times: frozenset[str] = frozenset()
    how: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """`reasons` and `next_steps` are codes, most telling first; there is always a next step."""

    suggestion: Suggestion
    urgent: bool
    reasons: tuple[str, ...]
    next_steps: tuple[str, ...]


# Why something stronger comes first, in the order it is said, each with the step that belongs to it.
_BODY_FIRST = {
    "alcohol": "medical_withdrawal",
    "pregnant": "pregnancy_care",
    "medical": "doctor_today",
    "senses": "psychiatric_today",
}


def answers_from(values: Mapping[str, object]) -> Answers:
    """Answers from a form's values; what is no known choice is left out."""
    known: dict[str, str | frozenset[str]] = {}
    for question in QUESTIONS:
        given = values.get(question.id)
        chosen = given if isinstance(given, list | tuple | set | frozenset) else [given]
        valid = [one for one in question.choices if one in chosen]
        known[question.id] = frozenset(valid) if question.many else next(iter(valid), "")
    state = values.get("state")
    is_state = isinstance(state, str) and len(state) == 2 and state.isalpha()
    return Answers(**known, state=state if is_state else "")  # type: ignore[arg-type]


def read(text: str) -> Answers:
    """Answers that a page carried as JSON text; none where it was tampered with."""
    try:
        values = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        return Answers()
    return answers_from(values) if isinstance(values, dict) else Answers()


def as_values(answers: Answers) -> dict[str, str | list[str]]:
    """These answers as JSON can hold them; skipped ones are left out."""
    found: dict[str, str | list[str]] = {}
    for question in QUESTIONS:
        value = getattr(answers, question.id)
        if value:
            found[question.id] = [one for one in question.choices if one in value] if question.many else value
    return found | ({"state": answers.state} if answers.state else {})


def judge(answers: Answers, *, served: frozenset[str]) -> Result:
    """What would help most. `served`: the states where the organisation is licensed (two letters)."""
    if answers.danger == "now":
        return Result(Suggestion.EMERGENCY, True, ("danger_now",), ("call_911", "call_988", "come_back"))
    higher = _why_higher(answers)
    if higher:
        return _higher(answers, higher)
    more = _why_more_than_weekly(answers)
    if more:
        steps = ("talk_iop", *_aside(answers, served=served))
        return Result(Suggestion.IOP, answers.danger == "thoughts", more, steps)
    return Result(
        Suggestion.WEEKLY, False, ("life_holds",), ("find_weekly", "talk_anyway", *_aside(answers, served=served))
    )


def _why_higher(answers: Answers) -> tuple[str, ...]:
    found = [code for code in _BODY_FIRST if code in answers.body]
    if answers.home == "unsafe":
        found.append("home_unsafe")
    if answers.daily == "stopped":
        found.append("daily_stopped")
    return tuple(found)


def _higher(answers: Answers, reasons: tuple[str, ...]) -> Result:
    steps = [_BODY_FIRST[code] for code in reasons if code in _BODY_FIRST]
    if answers.danger == "thoughts":
        steps.insert(0, "call_988")
    if "home_unsafe" in reasons:
        steps.append("safe_place")
    if "daily_stopped" in reasons:
        steps.append("find_higher")
    if "opioids" in answers.body:
        steps.append("opioid_medicine")
    urgent = answers.danger == "thoughts" or reasons != ("daily_stopped",)
    return Result(Suggestion.HIGHER, urgent, reasons, (*steps, "talk_bridge"))


def _why_more_than_weekly(answers: Answers) -> tuple[str, ...]:
    slipping = answers.daily in ("slipping", "hard")
    thin = answers.support == "nobody" or answers.home == "shaky"
    signs = {
        "thoughts": answers.danger == "thoughts",
        "opioids": "opioids" in answers.body,
        "daily_hard": answers.daily == "hard",
        "stepping_down": answers.before == "hospital",
        "coming_home": answers.before == "released",
        "weekly_not_enough": answers.before == "weekly" and slipping,
        "substances_slipping": "substances" in answers.what and slipping,
        "thin_support": thin and slipping,
        "several_at_once": len(answers.what - {"other"}) >= 3 and slipping,
    }
    return tuple(code for code, is_so in signs.items() if is_so)


def _aside(answers: Answers, *, served: frozenset[str]) -> tuple[str, ...]:
    """What else belongs to the way on."""
    asides = {
        "call_988": answers.danger == "thoughts",
        "opioid_medicine": "opioids" in answers.body,
        "other_state": bool(answers.state) and answers.state not in served,
        "teen_guardian": answers.age == "teen",
        "ask_them": answers.who == "other",
    }
    return tuple(code for code, is_so in asides.items() if is_so)
